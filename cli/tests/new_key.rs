//! `wotrus order create --new-key`: the key of an order that was sent is never lost.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{LEDGER, Shell};

const FLAGS: [&str; 10] = [
    "order",
    "create",
    "--product",
    "pdf",
    "--months",
    "12",
    "--common-name",
    "沃通",
    "--org-name",
    "沃通电子认证服务有限公司",
];

fn order<'a>(further: &[&'a str]) -> Vec<&'a str> {
    [&FLAGS[..], further].concat()
}

#[test]
fn the_key_and_its_request_are_made_for_the_order() {
    let shell = Shell::immediate();
    fs::write(shell.path("password"), "secret\n").unwrap();
    let further = ["--new-key", "a.pem", "--new-key-algorithm", "p256", "--idempotence-id", "i-1"];
    let issued = ["--wait", "--output-dir", "pem", "--pfx", "a.pfx", "--password-file", "password"];
    let (code, json) = shell.json(&order(&[&further[..], &issued].concat()));
    assert_eq!(code, 0, "{json}");
    assert_eq!(json["matches_key"], true, "the new key is that of the PFX file");
    assert_eq!(json["matches_csr"], true);
    let key = shell.path("a.pem");
    let run = shell.run(&["cert", "inspect", "pem/leaf.pem", "--key", &key, "--csr", "a.csr"]);
    assert_eq!(run.code, 0, "{}", run.err);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }

    // The same order is sent again with its request; the key is not made again.
    let before = fs::read(&key).unwrap();
    let run = shell.run(&order(&further));
    assert_eq!(run.code, 9, "{}", run.err);
    assert!(run.err.contains("--csr a.csr"), "{}", run.err);
    let (code, again) = shell.json(&order(&["--csr", "a.csr", "--idempotence-id", "i-1"]));
    assert_eq!((code, &again["order_id"]), (0, &json["order_id"]), "{again}");
    assert_eq!(fs::read(&key).unwrap(), before);
    assert_eq!(shell.sandbox.management().orders().len(), 1);
}

#[test]
fn nothing_is_made_or_sent_if_the_flags_are_refused() {
    let shell = Shell::immediate();
    fs::write(shell.path("taken.csr"), "old").unwrap();
    let csr = fs::read_to_string(support::CSR).unwrap();
    let json = serde_json::json!({"orderinfoPost": {"csR_RSA": csr}}).to_string();
    fs::write(shell.path("order.json"), json).unwrap();
    for (further, code, problem) in [
        (&["--new-key", "a.pem", "--csr", "x.csr"][..], 2, "cannot be used with"),
        (&["--new-key", "a.pem", "--new-key-algorithm", "sm2"], 2, "wotrus key new"),
        (&["--new-key", "a.pem", "--from", "order.json"], 2, "has a CSR already"),
        (&["--new-key", "a.csr"], 2, "must not end with .csr"),
        (&["--new-key", "-"], 2, "must be a file"),
        (&["--new-key", "taken.pem"], 9, "never overwritten"),
        (&["--new-key", "no/folder/a.pem"], 9, "no/folder/a.pem"),
        (&["--new-key", "a.pem", "--months", "0"], 2, "--months"),
        (&["--new-key-algorithm", "p256"], 2, "--new-key"),
    ] {
        let run = shell.run(&order(further));
        assert_eq!(run.code, code, "{further:?}: {}", run.err);
        assert!(run.err.contains(problem), "{further:?}: {}", run.err);
        let keys = fs::read_dir(shell.folder.path()).unwrap();
        let names: Vec<String> =
            keys.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert!(!names.iter().any(|name| name.ends_with(".pem") && name != "ca.pem"), "{names:?}");
    }
    let run = shell.run(&order(&["--new-key", "a.pem", "--dry-run"]));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!fs::exists(shell.path("a.pem")).unwrap());
    assert!(shell.sandbox.management().orders().is_empty());
}

#[test]
fn no_key_is_made_for_an_order_that_the_ledger_has() {
    let shell = Shell::immediate();
    shell.recorded_order("i-1");
    let further = ["--new-key", "a.pem", "--ledger", LEDGER];
    let run = shell.run(&order(&[&further[..], &["--idempotence-id", "i-1"]].concat()));
    assert!(run.code == 2 && run.err.contains("--csr"), "{}", run.err);
    assert!(!fs::exists(shell.path("a.pem")).unwrap());

    // A new id is known before the key exists, because a repeated command needs both.
    let run = shell.run(&order(&further));
    let (id, key) = (run.err.find("--idempotence-id"), run.err.find("new private key"));
    assert!(run.code == 0 && id.is_some() && id < key, "{}", run.err);
    assert_eq!(shell.sandbox.management().orders().len(), 2);
}

#[test]
fn host_names_of_the_order_are_in_the_request() {
    let shell = Shell::immediate();
    let mut with_host = order(&["--new-key", "b.pem"]);
    with_host.iter_mut().filter(|it| **it == "沃通").for_each(|it| *it = "例子.中国");
    let run = shell.run(&with_host);
    assert!(run.code == 0 && !run.err.contains("--host"), "it has no such flag: {}", run.err);
    let run = shell.run(&order(&[
        "--new-key",
        "a.pem",
        "--new-key-algorithm",
        "p256",
        "--set",
        "orderinfoPost.hosts=www.例子.中国;10.0.0.1",
        "--set",
        "state=广东",
        "--set",
        &format!("city={}", "深".repeat(129)),
    ]));
    assert_eq!(run.code, 0, "{}", run.err);
    let csr = fs::read_to_string(shell.path("a.csr")).unwrap();
    let der = wotrus::pki::blocks(&csr).next().unwrap().unwrap().der().unwrap();
    let has = |bytes: &[u8]| der.windows(bytes.len()).any(|window| window == bytes);
    assert!(has(b"\x82\x1awww.xn--fsqu00a.xn--fiqs8s\x87\x04\x0a\0\0\x01"));
    assert!(has("沃通电子认证服务有限公司".as_bytes()) && has("广东".as_bytes()));
    assert!(!has("深".as_bytes()), "what does not fit into a request is left out");
}

/// Kills the command at moments spread over its run, and compares every order of the sandbox with the key that is on
/// disk.
#[test]
fn a_kill_never_loses_the_key_of_an_order_that_was_sent() {
    const KILLS: u32 = 60;
    let shell = Shell::immediate();
    let run = |index: u32, kill_after: Option<Duration>| {
        let (key, id) = (format!("{index}.pem"), format!("kill-{index}"));
        let mut command = shell.command();
        command.args(order(&["--new-key", &key, "--idempotence-id", &id]));
        command.args(["--new-key-algorithm", "p256"]);
        let begin = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if let Some(after) = kill_after {
            thread::sleep(after);
            // SIGKILL; an error means that the command has ended.
            let _ = child.kill();
        }
        child.wait().unwrap();
        begin.elapsed()
    };
    // How long a run takes decides when the others are killed.
    let whole = (0..3).map(|index| run(index, None)).max().unwrap();
    for index in 3..KILLS {
        run(index, Some(whole * (index * 7 % KILLS) / KILLS));
    }

    let requests = requests(shell.folder.path());
    let orders = shell.sandbox.management().orders();
    for order in &orders {
        let pem = &order.certificate.as_ref().expect("issued at once").pem;
        let der = wotrus::pki::blocks(pem).next().unwrap().unwrap().der().unwrap();
        let certificate = wotrus::pki::Certificate::from_der(der).unwrap();
        let key = requests.iter().find(|(_, key)| certificate.public_key().as_ref() == Some(key));
        let (key_file, _) = key.unwrap_or_else(|| panic!("the key of {} is lost", order.order_id));
        fs::write(shell.path("leaf.crt"), pem).unwrap();
        let inspect = shell.run(&["cert", "inspect", "leaf.crt", "--key", key_file]);
        assert_eq!(inspect.code, 0, "{key_file}: {}", inspect.err);
    }
    // The kills were spread over the whole run.
    let made = orders.len();
    assert!(made >= 3 && requests.len() < KILLS as usize, "{made} orders, {} keys", requests.len());
}

/// The public keys of the requests in a folder, by the name of their private key's file.
fn requests(folder: &Path) -> BTreeMap<String, wotrus::pki::PublicKey> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csr") {
            let text = fs::read_to_string(&path).unwrap();
            let der = wotrus::pki::blocks(&text).next().unwrap().unwrap().der().unwrap();
            let request = wotrus::pki::CertificateRequest::from_der(der).unwrap();
            let name = path.with_extension("pem").file_name().unwrap().to_str().unwrap().to_owned();
            found.insert(name, request.public_key().unwrap());
        }
    }
    found
}

#[test]
fn the_error_of_an_order_with_a_new_key_keeps_the_key() {
    let shell = Shell::immediate();
    let mut command = shell.command();
    // Nothing listens on port 1.
    command.env("WOTRUS_BASE_URL", "https://127.0.0.1:1").env("WOTRUS_RETRIES", "0");
    command.arg("--json").args(order(&["--new-key", "a.pem", "--new-key-algorithm", "p256"]));
    let run = support::Run::of(&mut command);
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["error"]["delivery"], "not_sent", "{json}");
    assert!(run.err.contains("a.pem"), "{}", run.err);
    assert!(fs::exists(shell.path("a.pem")).unwrap() && fs::exists(shell.path("a.csr")).unwrap());
}
