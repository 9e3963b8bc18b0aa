//! A disk that fills up while certificates are written leaves no incomplete file.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use wotrus_sandbox::{Config, Sandbox};

const CSR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/example.csr");

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
