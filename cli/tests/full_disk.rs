//! A disk that fills up while certificates are written leaves no incomplete file.
#![cfg(unix)]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use support::{CSR, LEDGER, Run, Shell};
use wotrus_sandbox::{Config, Sandbox};

/// Runs the command with files limited to a number of blocks of 512 bytes.
fn fetch(sandbox: &Sandbox, folder: &Path, id: &str, blocks: &str) -> Output {
    let script = format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$@""#);
    fs::write(folder.join("ca.pem"), sandbox.tls_ca_pem()).unwrap();
    Command::new("sh")
        .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_wotrus")])
        .args(["cert", "fetch", id, "--csr", CSR, "--output-dir", "certs", "--force"])
        .env("WOTRUS_TOKEN", sandbox.token())
        .env("WOTRUS_BASE_URL", sandbox.https_url())
        .env("WOTRUS_CA_FILE", folder.join("ca.pem"))
        .env("LC_ALL", "C")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn no_incomplete_file_is_left() {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let certs = folder.path().join("certs");
    let create = Command::new(env!("CARGO_BIN_EXE_wotrus"))
        .args(["--json", "order", "create", "--product", "organization", "--common-name", "x"])
        .args(["--org-name", "x", "--months", "12", "--csr", CSR])
        .env("WOTRUS_TOKEN", sandbox.token())
        .env("WOTRUS_BASE_URL", sandbox.http_url())
        .output()
        .unwrap();
    let json: serde_json::Value = serde_json::from_slice(&create.stdout).unwrap();
    let id = json["order_id"].as_str().unwrap();

    // No file existed, and none is left.
    let output = fetch(&sandbox, folder.path(), id, "1");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(9), "{error}");
    assert!(names(&certs).is_empty(), "{:?}", names(&certs));

    // An existing file is unchanged.
    fs::write(certs.join("leaf.pem"), "the old one").unwrap();
    assert_eq!(fetch(&sandbox, folder.path(), id, "1").status.code(), Some(9));
    assert_eq!(names(&certs), ["leaf.pem"]);
    assert_eq!(fs::read_to_string(certs.join("leaf.pem")).unwrap(), "the old one");

    // With enough room the file is replaced.
    let output = fetch(&sandbox, folder.path(), id, "unlimited");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::read_to_string(certs.join("leaf.pem")).unwrap().starts_with("-----BEGIN"));
}

/// Runs the command in a shell's folder with files limited to a number of blocks of 512 bytes.
fn limited(shell: &Shell, blocks: u32, arguments: &[&str]) -> Run {
    let script = format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$@""#);
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_wotrus"), "--json"]).args(arguments);
    command.env("WOTRUS_TOKEN", shell.sandbox.token());
    command.env("WOTRUS_BASE_URL", shell.sandbox.https_url()).env("LC_ALL", "C");
    command.env("WOTRUS_CA_FILE", shell.path("ca.pem"));
    Run::of(command.current_dir(shell.folder.path()))
}

/// An import and a sync on a disk that has a little more room each time: each run ends with a clear error,
/// each order exists once, and each event is delivered.
#[test]
fn an_import_and_a_sync_on_a_full_disk_lose_nothing() {
    let shell = Shell::immediate();
    fs::copy(CSR, shell.path("a.csr")).unwrap();
    let row = |n: u32| format!("order-{n},organization,c{n},a.csr,12,o\n");
    let header = "idempotenceID,productID,commonName,csr,month,OrgName\n".to_owned();
    fs::write(shell.path("o.csv"), header + &(0..30).map(row).collect::<String>()).unwrap();
    let import = ["order", "import", "o.csv", "--ledger", LEDGER];
    let sync =
        ["sync", "--ledger", LEDGER, "--output-dir", "certs", "--rate", "1000", "--", "true"];
    let is_clear = |run: &Run| {
        // 6 if an order may exist whose outcome could not be recorded.
        (run.code == 9 || run.code == 6)
            && ["disk is full", "File too large", "I/O"].iter().any(|it| run.out.contains(it))
    };
    let (mut failed, mut ended) = (0, 0);
    for blocks in (0..1400).step_by(70) {
        let run = limited(&shell, blocks, &import);
        assert!(run.code == 0 || is_clear(&run), "import {blocks}: {} {}", run.out, run.err);
        if run.code == 0 {
            ended += 1;
        } else {
            failed += 1;
        }
        let orders = shell.sandbox.management().orders().len();
        assert!(orders <= 30, "{orders}");
        if !fs::exists(shell.path(LEDGER)).unwrap() {
            continue;
        }
        let run = limited(&shell, blocks, &sync);
        assert!(run.code == 0 || is_clear(&run), "sync {blocks}: {} {}", run.out, run.err);
    }
    assert!(failed > 2 && ended > 2, "{failed} {ended}");
    // With room again everything is finished.
    assert_eq!(shell.json(&["order", "resume", "--ledger", LEDGER]).0, 0);
    let (code, json) = shell.json(&import);
    assert_eq!((code, &json["created"]), (0, &serde_json::json!(30)), "{json}");
    assert_eq!(shell.with_ledger(&["sync", "--output-dir", "certs", "--", "true"]).0, 0);
    assert_eq!(shell.sandbox.management().orders().len(), 30);
    let count = |sql: &str| shell.select(&format!("SELECT count(*) || '' FROM {sql}")).remove(0);
    assert_eq!(count("events WHERE type = 'status' AND delivered_at IS NOT NULL"), "30");
    assert_eq!(count("events WHERE type = 'certificate' AND delivered_at IS NOT NULL"), "30");
    assert_eq!(count("orders WHERE fetched_to IS NOT NULL"), "30");
    for folder in fs::read_dir(shell.path("certs")).unwrap() {
        assert_eq!(names(&folder.unwrap().path()).len(), 4);
    }
}
