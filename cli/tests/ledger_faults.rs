//! Faults of a ledger's file: other files, other versions, no permission, no room.

mod support;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use support::{
    CREATE, CSR, Run, Shell, column, order_json, order_shell as shell, orders_at_the_service,
    states,
};

/// Runs `order create` with a ledger that cannot be used; nothing may be sent.
fn refused(shell: &Shell, ledger: &str, problem: &str) {
    let (code, json) = shell.json(&["order", "create", "--from", "order.json", "--ledger", ledger]);
    assert_eq!((code, &json["error"]["kind"]), (9, &json!("file")), "{json}");
    let message = json["error"]["message"].as_str().unwrap();
    let names_it = message.replace('\\', "/").contains(ledger);
    assert!(message.contains(problem) && names_it, "{message}");
    assert_eq!(orders_at_the_service(shell), 0);
}

#[test]
fn a_file_that_is_no_ledger_stays_as_it_is() {
    let shell = shell();
    fs::write(shell.path("text"), "this is not a database at all\n".repeat(50)).unwrap();
    refused(&shell, "text", "is not a ledger");
    let other = Connection::open(shell.path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    drop(other);
    let before = fs::read(shell.path("other.db")).unwrap();
    refused(&shell, "other.db", "is not a ledger");
    assert_eq!(fs::read(shell.path("other.db")).unwrap(), before);
    #[cfg(unix)]
    for name in ["text", "other.db"] {
        use std::os::unix::fs::PermissionsExt;
        let readable = fs::Permissions::from_mode(0o644);
        fs::set_permissions(shell.path(name), readable.clone()).unwrap();
        refused(&shell, name, "is not a ledger");
        assert_eq!(shell.run(&["order", "list", "--ledger", name]).code, 9);
        let mode = fs::metadata(shell.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, readable.mode(), "{name}");
    }
    fs::create_dir(shell.path("folder")).unwrap();
    refused(&shell, "folder", "");
    refused(&shell, "missing/l.db", "");
    #[cfg(unix)]
    {
        assert!(Command::new("mkfifo").arg(shell.path("fifo")).status().unwrap().success());
        refused(&shell, "fifo", "is not a regular file");
    }
}

#[test]
fn a_newer_locked_or_damaged_ledger_is_refused() {
    let shell = shell();
    assert_eq!(shell.run(&["order", "import", "x.csv", "--ledger", "n.db"]).code, 9);
    let make = |name: &str, sql: &str| {
        let ledger = shell.path(name);
        let unreachable = "http://127.0.0.1:1";
        let mut command = shell.command();
        command.args(["order", "create", "--from", "order.json", "--ledger", &ledger]);
        assert_eq!(Run::of(command.env("WOTRUS_BASE_URL", unreachable)).code, 7);
        let connection = Connection::open(ledger).unwrap();
        connection.execute_batch(sql).unwrap();
        connection
    };
    drop(make("new.db", "PRAGMA user_version = 99"));
    refused(&shell, "new.db", "has version 99");

    let holder = make("locked.db", "BEGIN IMMEDIATE");
    let started = Instant::now();
    refused(&shell, "locked.db", "is locked by another process");
    assert!(started.elapsed() > Duration::from_secs(5), "it waits for the other process");
    drop(holder);

    drop(make("half.db", "PRAGMA wal_checkpoint(TRUNCATE)"));
    let bytes = fs::read(shell.path("half.db")).unwrap();
    fs::write(shell.path("half.db"), &bytes[..bytes.len() / 2]).unwrap();
    refused(&shell, "half.db", "is damaged");
}

// It needs another user.
#[cfg(unix)]
#[test]
fn a_read_only_ledger_can_be_listed_only() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let shell = shell();
    assert_eq!(shell.json(&CREATE).0, 0);
    let wotrus = shell.path("wotrus");
    fs::copy(env!("CARGO_BIN_EXE_wotrus"), &wotrus).unwrap();
    // Root may write to every file, so another user runs the command.
    let is_root = rustix::process::geteuid().is_root();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&wotrus);
        command.args(arguments).env("LC_ALL", "C").current_dir(shell.folder.path());
        command.env("WOTRUS_TOKEN", shell.sandbox.token());
        command.env("WOTRUS_BASE_URL", shell.sandbox.http_url());
        if is_root { Run::of(command.uid(NOBODY).gid(NOBODY)) } else { Run::of(&mut command) }
    };
    for entry in fs::read_dir(shell.folder.path()).unwrap().flatten() {
        if is_root {
            chown(entry.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    if is_root {
        chown(shell.folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    fs::set_permissions(shell.path("l.db"), fs::Permissions::from_mode(0o400)).unwrap();
    let refused = run(&[&["--json"], &CREATE[..]].concat());
    assert!(refused.code == 9 && refused.out.contains("is read-only"), "{}", refused.out);
    let listed = run(&["--json", "order", "list", "--ledger", "l.db"]);
    assert!(listed.code == 0 && listed.out.contains("order-1"), "{} {}", listed.out, listed.err);

    // The file may be written, but SQLite's files cannot be made beside it.
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(shell.path(&format!("l.db{end}")));
    }
    fs::set_permissions(shell.path("l.db"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(shell.folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let refused = run(&[&["--json"], &CREATE[..]].concat());
    fs::set_permissions(shell.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(refused.code == 9 && refused.out.contains("folder is read-only"), "{}", refused.out);
    assert_eq!(orders_at_the_service(&shell), 1);
}

#[test]
fn no_ledger_is_made_beside_the_last_changes_of_one_that_was_moved() {
    let shell = shell();
    assert_eq!(shell.json(&CREATE).0, 0);
    // As after a kill; the ledger is then moved, but not the file beside it.
    fs::write(shell.path("l.db-wal"), [0x37; 4096]).unwrap();
    fs::rename(shell.path("l.db"), shell.path("moved.db")).unwrap();
    let (code, json) = shell.json(&CREATE);
    assert!(code == 9 && json.to_string().contains("l.db-wal"), "{code} {json}");
    assert!(
        !fs::exists(shell.path("l.db")).unwrap() && fs::exists(shell.path("l.db-wal")).unwrap()
    );
    assert_eq!(orders_at_the_service(&shell), 1);
}

#[test]
fn an_order_that_cannot_be_recorded_as_created_is_reported_to_exist() {
    let shell = shell();
    assert_eq!(shell.json(&CREATE).0, 0);
    let first = column(&shell, "SELECT order_id FROM orders").remove(0).unwrap();
    let connection = Connection::open(shell.path("l.db")).unwrap();
    let trigger = "CREATE TRIGGER full BEFORE UPDATE ON orders WHEN NEW.state = 'created'
        BEGIN SELECT RAISE(ABORT, 'no room'); END";
    connection.execute_batch(trigger).unwrap();
    let reissue = ["cert", "reissue", &first, "--csr", CSR, "--reason", "lost", "--ledger", "l.db"];
    for (count, arguments) in [
        (2, &[&CREATE[..], &["--idempotence-id", "order-2"]].concat()[..]),
        (3, &["order", "renew", "order-1", "--csr", CSR, "--ledger", "l.db"]),
        (4, &reissue),
    ] {
        let (code, json) = shell.json(arguments);
        assert_eq!((code, &json["error"]["delivery"]), (9, &json!("answered")), "{json}");
        assert!(json["error"]["message"].to_string().contains("the order exists"), "{json}");
        assert!(json["order_id"].is_string(), "{json}");
        assert_eq!(orders_at_the_service(&shell), count);
    }
    let (code, json) = shell.json(&["order", "resume", "--ledger", "l.db", "--jobs", "1"]);
    assert_eq!((code, &json["error"]["delivery"]), (6, &json!("unknown")), "{json}");
    connection.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(shell.json(&["order", "resume", "--ledger", "l.db"]).0, 0);
    assert_eq!(states(&shell), ["created"; 4]);
    assert_eq!(orders_at_the_service(&shell), 4);
}

// Windows has no limit of a file's size.
#[cfg(unix)]
#[test]
fn a_full_disk_sends_nothing_and_loses_nothing() {
    let shell = shell();
    assert_eq!(shell.json(&CREATE).0, 0);
    let mut sent = 0;
    // From no room at all to room for the whole record: at each point the disk can become full.
    for blocks in (0..480).step_by(16) {
        let id = format!("full-{blocks}");
        fs::write(shell.path("order.json"), order_json(&id, "licence.pdf")).unwrap();
        let script = format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$@""#);
        let wotrus = env!("CARGO_BIN_EXE_wotrus");
        let mut command = Command::new("sh");
        command.args(["-c", &script, "sh", wotrus, "--json"]).args(CREATE);
        command.env("WOTRUS_TOKEN", shell.sandbox.token());
        command.env("WOTRUS_BASE_URL", shell.sandbox.https_url());
        command.env("WOTRUS_CA_FILE", shell.path("ca.pem"));
        let run = Run::of(command.env("LC_ALL", "C").current_dir(shell.folder.path()));
        let at_the_service = orders_at_the_service(&shell) - 1;
        match run.code {
            0 => sent += 1,
            9 if at_the_service > sent => {
                // The order was made, and its outcome could not be recorded.
                sent += 1;
                assert!(run.out.contains("\"order_id\""), "{}", run.out);
                assert!(run.out.contains("\"delivery\":\"answered\""), "{}", run.out);
            }
            9 => {
                assert!(run.out.contains("disk is full") || run.out.contains("I/O"), "{}", run.out)
            }
            code => panic!("{code}: {} {}", run.out, run.err),
        }
        assert_eq!(at_the_service, sent);
    }
    assert!(sent > 0, "there was room at the end");
    // Every open order is finished, and exists once.
    let (code, json) = shell.json(&["order", "resume", "--ledger", "l.db"]);
    assert_eq!(code, 0, "{json}");
    let created = column(&shell, "SELECT order_id FROM orders WHERE state = 'created'").len();
    assert_eq!(created, orders_at_the_service(&shell));
    assert!(states(&shell).iter().all(|state| ["created", "not_sent"].contains(&&**state)));
}
