//! `wotrus cert inspect`, on certificates that the sandbox issued.

mod support;

use std::fs;

use support::{CSR, Shell};

const OTHER_CSR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/ecc.csr");

fn shell() -> Shell {
    let shell = Shell::immediate();
    let id = shell.order();
    assert_eq!(shell.run(&["cert", "fetch", &id, "--output-dir", "c"]).code, 0);
    shell
}

#[test]
fn the_order_of_a_chain_is_reported() {
    let shell = shell();
    let (code, json) = shell.json(&["cert", "inspect", "c/fullchain.pem", "--csr", CSR]);
    assert_eq!((code, &json["matches_csr"]), (0, &true.into()), "{json}");
    assert_eq!(json["chain"]["in_order"], true);
    assert_eq!(json["chain"]["signatures_hold"], true);
    assert_eq!(json["chain"]["root_included"], false);
    let leaf = &json["certificates"][0];
    assert!(leaf["subject"].as_str().unwrap().contains("CN=沃通"), "{leaf}");
    assert_eq!((&leaf["key"], &leaf["is_ca"]), (&"RSA 2048".into(), &false.into()));
    let days = leaf["days_left"].as_i64().unwrap();
    assert!((360..=366).contains(&days), "{days}");

    let (_, json) = shell.json(&["cert", "inspect", "c/root.pem", "c/chain.pem", "c/leaf.pem"]);
    assert_eq!(json["chain"]["in_order"], false);
    assert_eq!(json["chain"]["order"], serde_json::json!([3, 2, 1]));
    assert_eq!(json["chain"]["root_included"], true);
    let text = shell.run(&["cert", "inspect", "c/root.pem", "c/chain.pem", "c/leaf.pem"]).out;
    assert!(text.contains("OUT OF ORDER: a server needs 3 ← 2 ← 1"), "{text}");
    let (_, json) = shell.json(&["cert", "inspect", "c/leaf.pem", "c/root.pem"]);
    assert_eq!(json["chain"]["unrelated"], serde_json::json!([2]));
}

#[test]
fn a_ca_with_the_same_name_and_another_key_is_reported() {
    // The CAs of both sandboxes have the same names.
    let (one, two) = (shell(), shell());
    let foreign = two.path("c/chain.pem");
    let (code, json) = one.json(&["cert", "inspect", "c/leaf.pem", &foreign]);
    assert_eq!((code, &json["chain"]["signatures_hold"]), (0, &false.into()), "{json}");
    // The right CA is preferred.
    let (_, json) = one.json(&["cert", "inspect", "c/leaf.pem", &foreign, "c/chain.pem"]);
    assert_eq!(json["chain"]["order"], serde_json::json!([1, 3]));
    assert_eq!(json["chain"]["signatures_hold"], true);
}

#[test]
fn a_certificate_for_another_key_is_shown_with_an_error() {
    let shell = shell();
    let (code, json) = shell.json(&["cert", "inspect", "c/leaf.pem", "--csr", OTHER_CSR]);
    assert_eq!((code, &json["error"]["cause"]), (8, &"certificate".into()), "{json}");
    assert_eq!(json["certificates"].as_array().unwrap().len(), 1);
    let run = shell.run(&["cert", "inspect", "c/leaf.pem", "--csr", OTHER_CSR]);
    assert!(run.out.contains("for the CSR  NO") && run.err.contains("ecc.csr"), "{}", run.err);
}

#[test]
fn errors_name_the_content_of_files_without_certificates() {
    let shell = shell();
    fs::write(shell.path("empty"), "").unwrap();
    fs::write(shell.path("cut.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n").unwrap();
    fs::write(shell.path("der"), [0x30, 3, 1, 2, 3]).unwrap();
    for (file, says) in
        [(CSR, "--csr"), ("empty", "no certificate"), ("cut.pem", "PEM"), ("der", "DER")]
    {
        let run = shell.run(&["cert", "inspect", file]);
        assert!(run.code == 2 && run.err.contains(says), "{file}: {}", run.err);
    }
    assert_eq!(shell.run(&["cert", "inspect", "nowhere.pem"]).code, 9);
}
