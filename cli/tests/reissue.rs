//! `cert reissue` with a ledger: recorded before it is sent, finished after a lost answer, followed by `sync`.

#![cfg(unix)]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{CSR, LEDGER, LICENCE, Shell, calling, events, scripted_service};
use wotrus_sandbox::Action;

/// A shell with an issued order in the ledger, and its id.
fn issued() -> (Shell, String) {
    let shell = Shell::immediate();
    let id = shell.recorded_order("order-1");
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!(code, 0, "{lines:?}");
    (shell, id)
}

fn reissue(shell: &Shell, id: &str, more: &[&str]) -> (i32, Value) {
    let base = ["cert", "reissue", id, "--reason", "key lost", "--ledger", LEDGER];
    shell.json(&[&base[..], more].concat())
}

#[test]
fn a_reissue_is_an_order_that_sync_follows() {
    let (shell, old) = issued();
    // The case of an id does not count.
    let named = old.to_ascii_lowercase();
    let arguments = ["--new-key", "new.pem", "--idempotence-id", "re-1"];
    let (code, json) = reissue(&shell, &named, &arguments);
    assert_eq!(code, 0, "{json}");
    let new = json["order_id"].as_str().unwrap();
    assert_ne!(new, old);
    let row = "SELECT state || ' ' || order_id || ' ' || reissued_order_id || ' ' || reissues || ' ' || common_name
        FROM orders WHERE idempotence_id = 're-1'";
    let name = shell.select("SELECT common_name FROM orders WHERE id = 1").remove(0);
    assert_eq!(shell.select(row), [format!("created {new} {named} 1 {name}")]);
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!(code, 0, "{lines:?}");
    assert_eq!(
        events(&lines),
        [format!("status {new} issued"), format!("certificate {new} issued")]
    );
    assert_eq!(lines[0]["reissues"], json!(named));

    // The certificate is for the new key.
    let leaf = format!("certs/{new}/leaf.pem");
    let (code, json) = shell.json(&["cert", "inspect", &leaf, "--csr", "new.csr"]);
    assert_eq!((code, &json["matches_csr"]), (0, &json!(true)), "{json}");

    // The same idempotenceID is the same reissue, and needs no call.
    let (code, json) = reissue(&shell, &named, &["--csr", "new.csr", "--idempotence-id", "re-1"]);
    assert_eq!((code, json["order_id"].as_str()), (0, Some(new)), "{json}");
    let (code, json) = reissue(&shell, &old, &["--csr", CSR, "--idempotence-id", "re-1"]);
    assert_eq!(code, 2, "other content: {json}");
    assert_eq!(shell.sandbox.management().orders().len(), 2);
}

#[test]
fn the_certificate_of_a_reissue_is_due_instead_of_the_old_one() {
    let (shell, old) = issued();
    reissue(&shell, &old, &["--csr", CSR]);
    let due = |shell: &Shell| {
        let (_, lines) = shell.with_ledger(&["due", "--within", "9999d", "--all"]);
        lines.iter().filter_map(|it| it["order_id"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(due(&shell), std::slice::from_ref(&old), "the new one is not fetched yet");
    shell.with_ledger(&["sync"]);
    let new = shell.select("SELECT order_id FROM orders WHERE id = 2").remove(0);
    assert_eq!(due(&shell), std::slice::from_ref(&new));

    // A reissue of the reissue replaces both.
    reissue(&shell, &new, &["--csr", CSR]);
    shell.with_ledger(&["sync"]);
    let third = shell.select("SELECT order_id FROM orders WHERE id = 3 AND reissues = 1").remove(0);
    assert_eq!(due(&shell), std::slice::from_ref(&third));

    // Any of them is renewed as the order that was made first, once.
    for id in [&third, &new, &old] {
        let arguments = ["order", "renew", id, "--csr", CSR, "--ledger", LEDGER];
        let (code, json) = shell.json(&arguments);
        assert_eq!((code, &json["idempotence_id"]), (0, &json!("order-1-renewal-1")), "{json}");
    }
    assert_eq!(shell.sandbox.management().orders().len(), 4);
    shell.with_ledger(&["sync"]);
    let renewal = shell.select("SELECT order_id FROM orders WHERE renews = 1").remove(0);
    assert_eq!(due(&shell), [renewal]);
}

#[test]
fn a_reissue_whose_answer_was_lost_is_finished_under_the_same_id() {
    let (shell, old) = issued();
    fs::copy(LICENCE, shell.path("proof.pdf")).unwrap();
    let body = json!({"orderID": old, "csr": fs::read_to_string(CSR).unwrap(), "reason": "key lost",
        "idempotenceID": "re-1", "Note": "unknown-field", "path": "proof.pdf"});
    fs::write(shell.path("reissue.json"), body.to_string()).unwrap();
    shell.sandbox.management().arm("reset,when=after,on=reissue_certificate").unwrap();
    let arguments =
        ["--retries", "0", "cert", "reissue", "--from", "reissue.json", "--ledger", LEDGER];
    let (code, json) = shell.json(&arguments);
    assert_eq!((code, &json["error"]["kind"]), (6, &json!("unknown_outcome")), "{json}");
    let state = || shell.select("SELECT state FROM orders WHERE idempotence_id = 're-1'").remove(0);
    assert_eq!(state(), "unknown");
    let dump =
        shell.select("SELECT body || coalesce(reason, '') FROM orders WHERE id = 2").remove(0);
    assert!(!dump.contains("unknown-field") && !dump.contains("fileContent"), "{dump}");
    shell.sandbox.management().disarm_all();

    // The proof has changed: nothing is sent.
    fs::write(shell.path("proof.pdf"), "%PDF-1.4 another").unwrap();
    let (code, json) = shell.json(&["order", "resume", "--ledger", LEDGER]);
    assert_eq!(code, 6, "{json}");
    assert!(json["orders"][0]["reason"].as_str().unwrap().contains("not sent again"), "{json}");
    fs::remove_file(shell.path("proof.pdf")).unwrap();
    let (_, json) = shell.json(&["order", "resume", "--ledger", LEDGER]);
    assert!(json["orders"][0]["reason"].as_str().unwrap().contains("fileContent"), "{json}");

    fs::copy(LICENCE, shell.path("proof.pdf")).unwrap();
    let (code, json) = shell.json(&["order", "resume", "--ledger", LEDGER]);
    assert_eq!((code, &json["orders"][0]["state"]), (0, &json!("created")), "{json}");
    assert_eq!(state(), "created");
    assert_eq!(shell.sandbox.management().orders().len(), 2, "one reissue");
}

#[test]
fn the_type_of_a_proof_that_its_name_does_not_say_is_read_again() {
    let (shell, old) = issued();
    fs::create_dir(shell.path("folder")).unwrap();
    let csr = fs::read_to_string(CSR).unwrap();
    // The first type is that of no name, the second is another than that of the name.
    for (id, proof, file_type) in [("re-1", "proof.bin", ".pdf"), ("re-2", "proof.jpg", ".pdf")] {
        fs::copy(LICENCE, shell.path(proof)).unwrap();
        let body = json!({"orderID": old, "csr": csr, "reason": "key lost", "idempotenceID": id,
            "Path": proof, "fileTYPE": file_type});
        fs::write(shell.path("reissue.json"), body.to_string()).unwrap();
        shell.sandbox.management().arm("reset,when=after,on=reissue_certificate").unwrap();
        let from =
            ["--retries", "0", "cert", "reissue", "--from", "reissue.json", "--ledger", LEDGER];
        assert_eq!(shell.json(&from).0, 6);
        shell.sandbox.management().disarm_all();

        // The path in the file is relative to the folder of the first command.
        let mut resume = shell.command();
        let ledger = shell.path(LEDGER);
        resume.args(["--json", "order", "resume", "--ledger", &ledger]);
        let run = support::Run::of(resume.current_dir(shell.path("folder")));
        let json: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!((run.code, &json["orders"][0]["state"]), (0, &json!("created")), "{json}");
    }
    assert_eq!(shell.sandbox.management().orders().len(), 3);
}

#[test]
fn a_reissue_of_an_order_outside_the_ledger_is_followed() {
    let shell = Shell::immediate();
    let old = shell.order();
    let (code, json) = reissue(&shell, &old, &["--csr", CSR, "--idempotence-id", "re-1"]);
    assert_eq!(code, 0, "{json}");
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!((code, events(&lines).len()), (0, 2), "{lines:?}");
    // The service has told the name.
    assert_ne!(shell.select("SELECT common_name FROM orders"), [""]);
    let arguments = ["order", "renew", "re-1", "--csr", CSR, "--ledger", LEDGER];
    let (code, json) = shell.json(&arguments);
    assert_eq!(code, 2, "{json}");
    assert!(json["error"]["message"].to_string().contains("is a reissue"), "{json}");
}

#[test]
fn a_key_is_made_only_for_a_reissue_that_can_be_sent() {
    let (shell, old) = issued();
    fs::write(shell.path("taken.pem"), "another key").unwrap();
    let sm2 =
        json!({"orderID": old, "reason": "x", "csR_Encrypt": fs::read_to_string(CSR).unwrap()});
    fs::write(shell.path("sm2.json"), sm2.to_string()).unwrap();
    for (id, more, code) in [
        (&*old, &["--new-key", "taken.pem"][..], 9),
        (&old, &["--new-key", "new.pem", "--csr", CSR], 2),
        (&old, &["--new-key", "new.pem", "--reason", " "], 2),
        (&old, &["--new-key", "new.pem", "--idempotence-id", &"1".repeat(999)], 2),
        (&old, &["--new-key", "new.pem", "--idempotence-id", "order-1"], 2),
        (&old, &["--new-key", "new.pem", "--csr-encrypt", CSR], 2),
        (&old, &["--new-key", "new.pem", "--from", "sm2.json"], 2),
        ("no-such-order", &["--new-key", "new.pem"], 4),
    ] {
        let base = ["cert", "reissue", id, "--ledger", LEDGER];
        let reason = if more.contains(&"--reason") { &[][..] } else { &["--reason", "key lost"] };
        let (found, json) = shell.json(&[&base[..], reason, more].concat());
        assert_eq!(found, code, "{more:?} {json}");
    }
    assert!(!fs::exists(shell.path("new.pem")).unwrap());
    assert_eq!(fs::read_to_string(shell.path("taken.pem")).unwrap(), "another key");
    assert_eq!(shell.select("SELECT count(*) || '' FROM orders"), ["1"]);

    // A new id is known before the key exists, because a repeated command needs both.
    let arguments = ["cert", "reissue", &old, "--reason", "key lost", "--new-key", "new.pem"];
    let run = shell.run(&arguments);
    let (id, key) = (run.err.find("--idempotence-id"), run.err.find("new private key"));
    assert!(run.code == 0 && id.is_some() && id < key, "{}", run.err);
}

#[test]
fn a_reissue_that_kept_the_id_can_be_recorded_as_found() {
    let (shell, old) = issued();
    let other = shell.recorded_order("order-2");
    let management = shell.sandbox.management();
    management.set_policy("idempotence", "refuse").unwrap();
    management.arm("reset,when=after,on=reissue_certificate,count=1").unwrap();
    let json =
        json!({"orderID": old, "csr": fs::read_to_string(CSR).unwrap(), "reason": "key lost"});
    fs::write(shell.path("reissue.json"), json.to_string()).unwrap();
    let arguments = ["cert", "reissue", "--from", "reissue.json", "--idempotence-id", "re-1"];
    let lost = [&["--retries", "0"], &arguments[..], &["--ledger", LEDGER]].concat();
    assert_eq!(shell.json(&lost).0, 6);
    assert_eq!(shell.json(&["order", "resume", "--ledger", LEDGER]).0, 6);
    let found =
        |id: &str| shell.json(&["order", "resume", "re-1", "--found", id, "--ledger", LEDGER]);
    let (code, json) = found(&other);
    assert_eq!((code, &json["error"]["field"]), (2, &json!("--found")), "another order: {json}");
    let (code, json) = found(&old);
    assert_eq!((code, &json["orders"][0]["order_id"]), (0, &json!(old)), "{json}");
    assert_eq!(json["orders"][0]["state"], "created");
    // sync follows it.
    shell.with_ledger(&["sync"]);
    let asked = "SELECT idempotence_id FROM orders WHERE reissues = 1 AND queried_at IS NOT NULL";
    assert_eq!(shell.select(asked), ["re-1"]);
}

#[test]
fn sync_sees_a_cancellation_and_a_revocation_by_the_command() {
    let shell = Shell::stuck();
    let (first, second) = (shell.recorded_order("1"), shell.recorded_order("2"));
    shell.sandbox.management().act(&second, Action::Issue).unwrap();
    shell.with_ledger(&["sync"]);
    let cancel = ["order", "cancel", &first, "--reason", "twice", "--yes", "--ledger", LEDGER];
    assert_eq!(shell.json(&cancel).0, 0);
    let revoke = ["cert", "revoke", &second, "--reason", "lost", "--proof", LICENCE, "--yes"];
    let (code, json) = shell.json(&[&revoke[..], &["--ledger", LEDGER]].concat());
    assert_eq!(code, 0, "{json}");
    let (_, lines) = shell.with_ledger(&["sync"]);
    let events = events(&lines);
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(
        events.iter().any(|it| it.starts_with(&format!("status {first} closed"))),
        "{events:?}"
    );
    assert!(events.iter().any(|it| it.starts_with(&format!("status {second} "))), "{events:?}");

    // Without a ledger at the path the cancellation is still made.
    let third = shell.recorded_order("3");
    let cancel = ["order", "cancel", &third, "--reason", "twice", "--yes", "--ledger", "none.db"];
    let run = shell.run(&cancel);
    assert!(run.code == 0 && run.err.contains("none.db"), "{}", run.err);
    assert!(!fs::exists(shell.path("none.db")).unwrap());
}

/// A service whose reissue keeps the id of the order.
#[test]
fn a_reissue_that_keeps_the_id_waits_for_its_own_certificate() {
    let (shell, old) = issued();
    let pem = |id: &str| fs::read_to_string(shell.path(&format!("certs/{id}/leaf.pem"))).unwrap();
    let old_leaf = pem(&old);
    // The sandbox gives it a new id: its certificate stands for the one of the reissue.
    assert_eq!(reissue(&shell, &old, &["--new-key", "new.pem", "--idempotence-id", "re-1"]).0, 0);
    shell.with_ledger(&["sync", "--output-dir", "certs"]);
    let new = shell.select("SELECT order_id FROM orders WHERE id = 2").remove(0);
    let new_leaf = pem(&new);
    assert_ne!(old_leaf, new_leaf);
    let kept = "UPDATE orders SET order_id = 'A1', status = 'issued' WHERE id = 1;
        UPDATE orders SET order_id = 'A1', reissued_order_id = 'a1', status = NULL, fetched_at = NULL,
            fetched_to = NULL, queried_at = NULL WHERE id = 2;
        DELETE FROM certificates WHERE order_row = 2; DELETE FROM events;";
    for (leaf, fetched) in [(&old_leaf, 0), (&new_leaf, 1)] {
        let leaf = leaf.clone();
        let service = scripted_service(move |path| {
            let data = match path.contains("RetrievePem") {
                true => json!({"pem_RSA": leaf, "chains_RSA": null}),
                false => json!({"id": "A1", "status": "issued"}),
            };
            json!({"isSuccess": true, "errorMsg": "", "data": data}).to_string()
        });
        let url = format!("http://{service}");
        let connection = shell.open_ledger();
        connection.execute_batch(kept).unwrap();
        connection.execute("UPDATE orders SET base_url = ?1", [&url]).unwrap();
        drop(connection);
        let run = support::Run::of(
            calling(service)
                .args(["--json", "sync", "--ledger", &shell.path(LEDGER)])
                .args(["--output-dir", &shell.path("kept")]),
        );
        assert_eq!(run.code, 0, "{} {}", run.out, run.err);
        let summary: Value = serde_json::from_str(run.out.lines().last().unwrap()).unwrap();
        assert_eq!((&summary["asked"], &summary["fetched"]), (&json!(1), &json!(fetched)));
    }
    assert_eq!(fs::read_to_string(shell.path("kept/A1.2/leaf.pem")).unwrap(), new_leaf);
}

#[test]
fn no_key_is_made_for_the_subject_of_another_order() {
    let address = scripted_service(|_| {
        r#"{"isSuccess":true,"data":{"id":"OTHER-9","status":"issued","commonName":"c"}}"#
            .to_owned()
    });
    let folder = tempfile::tempdir().unwrap();
    let mut command = calling(address);
    let arguments = ["cert", "reissue", "A1", "--reason", "r", "--new-key", "new.pem"];
    let run = support::Run::of(command.current_dir(folder.path()).args(arguments));
    assert_eq!(run.code, 8, "{} {}", run.out, run.err);
    assert!(!folder.path().join("new.pem").exists());
}
