//! Files that orders came from are read once in a run: `order resume` and `order renew` take no time that
//! grows with the square of the rows.

#![cfg(unix)]

mod support;

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;
use support::{CSR, LEDGER, Shell};

/// Puts a FIFO in the place of a file, which gives its content to each reader. Returns the number of
/// readers so far.
fn counted(shell: &Shell, name: &str) -> Arc<AtomicUsize> {
    let path = shell.path(name);
    let content = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let readers = Arc::new(AtomicUsize::new(0));
    let count = readers.clone();
    thread::spawn(move || {
        // Opening it waits for a reader.
        while let Ok(mut fifo) = fs::OpenOptions::new().write(true).open(&path) {
            count.fetch_add(1, Ordering::SeqCst);
            let _ = std::io::Write::write_all(&mut fifo, &content);
            drop(fifo);
            // The next reader must not find this one's end still open.
            thread::sleep(std::time::Duration::from_millis(50));
        }
    });
    readers
}

#[test]
fn resume_reads_an_imported_file_once() {
    let shell = Shell::immediate();
    fs::copy(CSR, shell.path("a.csr")).unwrap();
    let row = |n: u32| format!("order-{n},organization,c{n},a.csr,12,o,1380000000{n}\n");
    let header = "idempotenceID,productID,commonName,csr,month,OrgName,UserMobile\n".to_owned();
    fs::write(shell.path("o.csv"), header + &(0..8).map(row).collect::<String>()).unwrap();
    assert_eq!(shell.json(&["order", "import", "o.csv", "--ledger", LEDGER]).0, 0);
    // As if each answer had been lost.
    let lost = "UPDATE orders SET state = 'unknown', order_id = NULL; UPDATE attempts SET delivery = 'unknown'";
    shell.open_ledger().execute_batch(lost).unwrap();
    let readers = counted(&shell, "o.csv");
    let (code, json) = shell.json(&["order", "resume", "--ledger", LEDGER]);
    assert_eq!(code, 0, "{json}");
    assert_eq!(shell.select("SELECT DISTINCT state FROM orders"), ["created"]);
    assert_eq!(readers.load(Ordering::SeqCst), 1);
    assert_eq!(shell.sandbox.management().orders().len(), 8);
}

#[test]
fn renew_reads_its_source_once() {
    let shell = Shell::immediate();
    let order = json!({
        "orderinfoPost": {"productID": "76ECE651-B59E-48F2-A47B-135614AADAD9", "commonName": "c",
            "month": 12, "idempotenceID": "order-1"},
        "organizationPost": {"OrgName": "o", "UserMobile": "13800000001"},
    });
    fs::write(shell.path("o.json"), order.to_string()).unwrap();
    let create = ["order", "create", "--from", "o.json", "--ledger", LEDGER];
    assert_eq!(shell.json(&create).0, 0);
    // Another token: the parts are compared in every way that there is.
    shell.open_ledger().execute("UPDATE orders SET body_hmac = '00'", []).unwrap();
    let readers = counted(&shell, "o.json");
    let (code, json) = shell.json(&["order", "renew", "order-1", "--ledger", LEDGER]);
    assert_eq!(code, 0, "{json}");
    assert_eq!(readers.load(Ordering::SeqCst), 1);
}
