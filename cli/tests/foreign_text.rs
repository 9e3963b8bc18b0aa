//! Text from the service or from a push is escaped for terminals and quoted for shells.

mod support;

use serde_json::{Value, json};
use support::{CSR, Run, bare, calling, scripted_service};

/// A title change, a C1 control sequence, a bidi override and a line separator.
const HOSTILE: &str = "x\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}\u{2028}y";

fn assert_harmless(run: &Run) {
    for text in [&run.out, &run.err] {
        let is_harmful =
            |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!text.contains(is_harmful), "{text:?}");
    }
}

#[test]
fn control_characters_of_the_service_do_not_reach_the_terminal() {
    let address = scripted_service(|request| {
        let order = json!({
            "id": "A1", "status": HOSTILE, "cn": HOSTILE, "productName": HOSTILE,
            "pendingLink": HOSTILE, "org": {"orgName": HOSTILE, "userFirstName": HOSTILE},
        });
        let is_refused = request.contains("refused");
        json!({"isSuccess": !is_refused, "errorMsg": HOSTILE, "successMsg": HOSTILE, "data": order})
            .to_string()
    });
    for arguments in [
        &["order", "show", "A1", "--show-secrets"][..],
        &["order", "show", "refused"],
        &["--lang", "zh", "order", "show", "refused"],
        &["--verbose", "order", "show", "refused"],
        &["api", "GET", "/v1/Order/A1"],
        &["order", "wait", "A1", "--wait-timeout", "0.1"],
        &["cert", "fetch", "A1"],
        &["doctor"],
        &["order", "show", "A1", HOSTILE],
        &["--lang", "zh", "order", "show", "A1", HOSTILE],
        &["order", "show", HOSTILE],
    ] {
        assert_harmless(&Run::of(calling(address).args(arguments)));
    }
    // The text output of `api` is still the same JSON.
    let run = Run::of(calling(address).args(["api", "GET", "/v1/Order/A1"]));
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["data"]["cn"], HOSTILE);
    let run = Run::of(calling(address).args(["--json", "order", "show", "A1"]));
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["data"]["cn"], HOSTILE);
}

#[test]
fn ids_are_quoted_in_commands_that_are_printed() {
    let address = scripted_service(|_| {
        json!({"isSuccess": true, "data": {"orderID": "x'; touch owned; '", "orderID_RSA": "-rf $(id)"}})
            .to_string()
    });
    let run = Run::of(calling(address).args([
        "order",
        "create",
        "--product",
        "organization",
        "--months",
        "12",
        "--common-name",
        "x",
        "--org-name",
        "x",
        "--csr",
        CSR,
        "--idempotence-id",
        "a b",
    ]));
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains(r"wotrus cert wait 'x'\''; touch owned; '\'''"), "{}", run.err);

    let folder = tempfile::tempdir().unwrap();
    let push = folder.path().join("push.json");
    let body = json!({"dataAction": "order", "orderID": "-x; id", "isIssued": true}).to_string();
    std::fs::write(&push, body).unwrap();
    let run = Run::of(bare().args(["push", "parse"]).arg(&push));
    assert!(run.err.contains("wotrus order show -- '-x; id'"), "{}", run.err);
}

#[test]
fn an_answer_about_another_order_is_a_warning() {
    let address = scripted_service(|_| {
        json!({"isSuccess": true, "data": {"id": "B-2\u{202e}", "status": "issued"}}).to_string()
    });
    let show = |id: &str| Run::of(calling(address).args(["order", "show", id]));
    let run = show("A1");
    assert_harmless(&run);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("warning: the answer is about order \"B-2"), "{}", run.err);
    let address = scripted_service(|_| {
        json!({"isSuccess": true, "data": {"id": " A-1b ", "status": "issued"}}).to_string()
    });
    let run = Run::of(calling(address).args(["order", "show", "a1B"]));
    assert_eq!((run.code, run.err.contains("warning")), (0, false), "{}", run.err);
    let run = Run::of(calling(address).args(["--json", "order", "show", "C3"]));
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert!(json["warnings"][0]["message"].as_str().unwrap().contains("C3"), "{json}");
}
