//! `order renew`: one renewal of an order, whatever happens to a call.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{CSR, LEDGER, LICENCE, Shell};
use wotrus_sandbox::Action;

fn renew(shell: &Shell, arguments: &[&str]) -> (i32, Value) {
    shell.json(&[&["order", "renew", "--ledger", LEDGER], arguments].concat())
}

/// An order that was renewed, and the id of its renewal.
fn renewed() -> (Shell, String) {
    let shell = Shell::immediate();
    shell.recorded_order("order-1");
    let (_, renewal) = renew(&shell, &["order-1", "--csr", CSR]);
    (shell, renewal["order_id"].as_str().unwrap().to_owned())
}

fn reissue(shell: &Shell, id: &str) {
    let reissue = ["cert", "reissue", id, "--csr", CSR, "--reason", "r", "--ledger", LEDGER];
    assert_eq!(shell.json(&reissue).0, 0);
}

fn orders_at_the_service(shell: &Shell) -> usize {
    shell.sandbox.management().orders().len()
}

/// The body of the last order that was sent for a preview.
fn preview(shell: &Shell, arguments: &[&str]) -> Value {
    let (code, json) = renew(shell, &[arguments, &["--dry-run"]].concat());
    assert_eq!(code, 0, "{json}");
    json["would_send"].clone()
}

#[test]
fn renewing_twice_makes_one_order_with_the_content_of_the_old_one() {
    let shell = Shell::immediate();
    let old = shell.recorded_order("order-1");
    let body = preview(&shell, &[&old, "--csr", CSR]);
    assert_eq!(body["orderinfoPost"]["month"], 13);
    assert_eq!(body["orderinfoPost"]["commonName"], "沃通");
    assert_eq!(body["orderinfoPost"]["idempotenceID"], "order-1-renewal-1");
    assert_eq!(
        preview(&shell, &["order-1", "--csr", CSR, "--months", "24"])["orderinfoPost"]["month"],
        24
    );
    assert_ne!(old.to_ascii_lowercase(), old);
    assert_eq!(preview(&shell, &[&old.to_ascii_lowercase(), "--csr", CSR]), body, "in any case");
    assert_eq!(renew(&shell, &["order-1"]).0, 2, "a new CSR is required");
    assert_eq!(renew(&shell, &["no-such-order", "--csr", CSR]).0, 2);
    assert_eq!(orders_at_the_service(&shell), 1);

    let (code, first) = renew(&shell, &["order-1", "--new-key", "new.pem"]);
    assert_eq!((code, &first["renews"]), (0, &json!(old)), "{first}");
    assert!(fs::read_to_string(shell.path("new.pem")).unwrap().contains("PRIVATE KEY"));
    // The key of the second call is not made: nothing would use it.
    let (code, second) = renew(&shell, &[&old, "--new-key", "other.pem"]);
    assert_eq!((code, &second["order_id"]), (0, &first["order_id"]));
    assert!(!fs::exists(shell.path("other.pem")).unwrap());
    assert_eq!(orders_at_the_service(&shell), 2);
    let sql = "SELECT idempotence_id || renews || months FROM orders WHERE renews IS NOT NULL";
    assert_eq!(shell.select(sql), ["order-1-renewal-1113"]);

    // The renewal is renewed in turn.
    let id = first["order_id"].as_str().unwrap();
    assert_eq!(
        preview(&shell, &[id, "--csr", CSR])["orderinfoPost"]["idempotenceID"],
        "order-1-renewal-1-renewal-1"
    );
}

#[test]
fn a_renewal_after_a_lost_answer_is_still_one_order() {
    let shell = Shell::immediate();
    shell.recorded_order("order-1");
    shell.sandbox.management().arm("reset,when=after,on=create_order,count=1").unwrap();
    let mut lost = shell.command();
    lost.args([
        "--json",
        "--retries",
        "0",
        "order",
        "renew",
        "--ledger",
        LEDGER,
        "order-1",
        "--csr",
        CSR,
    ]);
    assert_eq!(support::Run::of(&mut lost).code, 6);
    assert_eq!(orders_at_the_service(&shell), 2);

    // Another key would be another order.
    let (code, json) = renew(&shell, &["order-1", "--new-key", "new.pem"]);
    assert_eq!(code, 6, "{json}");
    assert!(json["error"]["message"].as_str().unwrap().contains("order resume order-1-renewal-1"));
    assert!(!fs::exists(shell.path("new.pem")).unwrap());
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR]);
    assert_eq!(code, 0, "{json}");
    assert_eq!(orders_at_the_service(&shell), 2);
    assert_eq!(shell.select("SELECT state FROM orders"), ["created", "created"]);
}

#[test]
fn a_rejected_renewal_is_followed_by_another_one_only_if_asked() {
    let shell = Shell::stuck();
    shell.recorded_order("order-1");
    let (_, first) = renew(&shell, &["order-1", "--csr", CSR]);
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR, "--again"]);
    assert_eq!(code, 2, "{json}");
    shell.sandbox.management().act(first["order_id"].as_str().unwrap(), Action::Reject).unwrap();
    assert_eq!(shell.with_ledger(&["sync"]).0, 0);
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR]);
    assert_eq!(code, 2);
    assert!(json["error"]["message"].as_str().unwrap().contains("--again"), "{json}");
    let again = || renew(&shell, &["order-1", "--csr", CSR, "--again"]);
    let (code, json) = again();
    assert_eq!((code, &json["idempotence_id"]), (0, &json!("order-1-renewal-2")), "{json}");
    assert_eq!(again().0, 2, "the second renewal is not rejected");
    assert_eq!(orders_at_the_service(&shell), 3);
}

#[test]
fn a_revoked_renewal_counts_only_if_its_reissue_does_not_replace_it() {
    let (shell, first) = renewed();
    let set = |sql: &str| assert_eq!(shell.open_ledger().execute(sql, []).unwrap(), 1, "{sql}");
    set("UPDATE orders SET status = 'revoked' WHERE renews IS NOT NULL");
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR]);
    let message = json["error"]["message"].as_str().unwrap();
    assert!(code == 2 && message.contains("is revoked; --again"), "{json}");

    reissue(&shell, &first);
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR]);
    assert_eq!((code, json["order_id"].as_str()), (0, Some(&*first)), "{json}");
    assert_eq!(renew(&shell, &["order-1", "--csr", CSR, "--again"]).0, 2);
    set("UPDATE orders SET status = 'revoked' WHERE reissues IS NOT NULL");
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR, "--again"]);
    assert_eq!((code, &json["idempotence_id"]), (0, &json!("order-1-renewal-2")), "{json}");
}

#[test]
fn of_a_renewal_whose_reissue_kept_its_id_the_reissue_has_the_status() {
    let (shell, first) = renewed();
    let set = |sql: &str| assert_eq!(shell.open_ledger().execute(sql, []).unwrap(), 1, "{sql}");
    reissue(&shell, &first);
    set("UPDATE orders SET status = 'issued' WHERE renews IS NOT NULL");
    set("UPDATE orders SET status = 'revoked', order_id = (SELECT lower(order_id) FROM orders
             WHERE renews IS NOT NULL) WHERE reissues IS NOT NULL");
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR]);
    let message = json["error"]["message"].as_str().unwrap_or_default();
    assert!(code == 2 && message.contains("is revoked; --again"), "{json}");
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR, "--again"]);
    assert_eq!((code, &json["idempotence_id"]), (0, &json!("order-1-renewal-2")), "{json}");
}

#[test]
fn missing_parts_are_named_and_can_be_given_anew() {
    let shell = Shell::immediate();
    fs::copy(LICENCE, shell.path("licence.pdf")).unwrap();
    fs::write(shell.path("mobile"), "13800000000\n").unwrap();
    let created = shell.run(&[
        "order",
        "create",
        "--ledger",
        LEDGER,
        "--idempotence-id",
        "order-1",
        "--product",
        "organization",
        "--common-name",
        "沃通",
        "--org-name",
        "沃通",
        "--months",
        "24",
        "--csr",
        CSR,
        "--document",
        "licence=licence.pdf",
        "--secret-from",
        "UserMobile=mobile",
        "--set",
        "orderinfoPost.Note=secret-1",
    ]);
    assert_eq!(created.code, 0, "{}", created.err);
    fs::rename(shell.path("licence.pdf"), shell.path("moved.pdf")).unwrap();
    fs::remove_file(shell.path("mobile")).unwrap();
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR]);
    assert_eq!(code, 2);
    let missing = json["missing"].to_string();
    for part in ["documentsPost.0", "UserMobile", "Note"] {
        assert!(missing.contains(part), "{part} is not in {missing}");
    }
    assert!(!json.to_string().contains("secret-1"));
    assert_eq!(orders_at_the_service(&shell), 1);

    fs::write(shell.path("new-mobile"), "13900000000").unwrap();
    let given = [
        "order-1",
        "--csr",
        CSR,
        "--document",
        "licence=moved.pdf",
        "--secret-from",
        "UserMobile=new-mobile",
        "--set",
        "orderinfoPost.Note=other",
    ];
    let body = preview(&shell, &given);
    assert_eq!(
        (&body["orderinfoPost"]["month"], &body["orderinfoPost"]["Note"]),
        (&json!(25), &json!("other"))
    );
    assert_eq!(body["documentsPost"].as_array().unwrap().len(), 1);
    let (code, json) = renew(&shell, &given);
    assert_eq!(code, 0, "{json}");
    assert_eq!(orders_at_the_service(&shell), 2);
    // What the renewal was made of is recorded too, so that it can be resumed.
    let sql = "SELECT part || ' ' || kind FROM origins WHERE order_row = 2 ORDER BY part";
    let origins = shell.select(sql);
    assert!(origins.contains(&"documentsPost.0 file".to_owned()), "{origins:?}");
    assert_eq!(origins.len(), 3, "{origins:?}");
}

#[test]
fn every_part_of_an_imported_order_is_named_if_the_file_is_gone() {
    let shell = Shell::immediate();
    fs::copy(LICENCE, shell.path("a.pdf")).unwrap();
    fs::copy(CSR, shell.path("a.csr")).unwrap();
    let text = "idempotenceID,productID,commonName,csr,month,OrgName,UserMobile,IDCardNO,licence,identity,orderinfoPost.Note\n\
                order-1,organization,c,a.csr,12,o,13800000001,11010119900307123X,a.pdf,a.pdf,n\n";
    fs::write(shell.path("o.csv"), text).unwrap();
    assert_eq!(shell.json(&["order", "import", "o.csv", "--ledger", LEDGER]).0, 0);
    fs::remove_file(shell.path("o.csv")).unwrap();
    let missing = |arguments: &[&str]| {
        let (code, json) = renew(&shell, &[&["order-1"], arguments].concat());
        assert_eq!(code, 2, "{json}");
        let part = |it: &Value| it.as_str().unwrap().split(':').next().unwrap().to_owned();
        let mut parts: Vec<_> = json["missing"].as_array().unwrap().iter().map(part).collect();
        parts.sort();
        parts
    };
    let all = [
        "csR_RSA",
        "documentsPost.0",
        "documentsPost.1",
        "orderinfoPost.Note",
        "organizationPost.IDCardNO",
        "organizationPost.UserMobile",
    ];
    assert_eq!(missing(&[]), all);
    // What is given anew is not missing.
    let given = ["--csr", CSR, "--document", "licence=a.pdf", "--set", "orderinfoPost.Note=m"];
    assert_eq!(missing(&given), all[4..]);
    // The file is there again, but the documents are not: each is named with its column.
    fs::write(shell.path("o.csv"), text).unwrap();
    fs::remove_file(shell.path("a.pdf")).unwrap();
    let (code, json) = renew(&shell, &["order-1", "--csr", CSR]);
    let missing = json["missing"].to_string();
    assert!(code == 2 && missing.contains("licence") && missing.contains("identity"), "{json}");
    assert_eq!(orders_at_the_service(&shell), 1);
}

#[test]
fn parts_that_may_be_another_orders_now_are_named_and_nothing_is_sent() {
    let shell = Shell::immediate();
    fs::copy(LICENCE, shell.path("licence.pdf")).unwrap();
    let write = |id: &str, name: &str, mobile: &str| {
        let order = json!({
            "orderinfoPost": {"productID": "76ECE651-B59E-48F2-A47B-135614AADAD9", "commonName": name,
                "month": 12, "idempotenceID": id},
            "organizationPost": {"OrgName": name, "UserMobile": mobile},
            "documentsPost": [{"documentType": 1, "path": "licence.pdf"}],
        });
        fs::write(shell.path("order.json"), order.to_string()).unwrap();
    };
    let create = || shell.json(&["order", "create", "--ledger", LEDGER, "--from", "order.json"]).0;
    let missing = |arguments: &[&str]| {
        let (code, json) = renew(&shell, &[&["order-1", "--dry-run"], arguments].concat());
        let parts = json["missing"].as_array().cloned().unwrap_or_default();
        assert_eq!(code, if parts.is_empty() { 0 } else { 2 }, "{json}");
        let part =
            |text: &Value| text.as_str().unwrap().split([':', '：']).next().unwrap().to_owned();
        parts.iter().map(part).collect::<Vec<_>>()
    };
    write("order-1", "甲", "13800000001");
    assert_eq!(create(), 0);
    assert_eq!(missing(&[]), [] as [&str; 0]);

    // The file has the next customer's order now.
    write("order-2", "乙", "13900000002");
    assert_eq!(create(), 0);
    assert_eq!(missing(&[]), ["organizationPost.UserMobile", "documentsPost.0"]);
    assert_eq!(renew(&shell, &["order-1"]).0, 2);
    assert_eq!(orders_at_the_service(&shell), 2);
    fs::write(shell.path("mobile"), "13800000001").unwrap();
    let given = ["--secret-from", "UserMobile=mobile", "--document", "licence=licence.pdf"];
    assert_eq!(missing(&given), [] as [&str; 0]);

    // The file still has the same order, but the document has changed.
    write("order-1", "甲", "13800000001");
    fs::write(shell.path("licence.pdf"), "%PDF-1.4 another customer's").unwrap();
    assert_eq!(missing(&[]), ["documentsPost.0"]);
    fs::remove_file(shell.path("licence.pdf")).unwrap();
    assert_eq!(missing(&["--document", &format!("licence={LICENCE}")]), [] as [&str; 0]);
}

/// Loses the answer to a renewal, and resumes it.
fn lose_and_resume(shell: &Shell, arguments: &[&str]) {
    shell.sandbox.management().arm("reset,when=after,on=create_order,count=1").unwrap();
    let begin = ["--json", "--retries", "0", "order", "renew", "--ledger", LEDGER];
    let lost = support::Run::of(shell.command().args(begin).args(arguments));
    assert_eq!(lost.code, 6, "{} {}", lost.out, lost.err);
    let (code, json) = shell.json(&["order", "resume", "--ledger", LEDGER]);
    assert_eq!(code, 0, "{json}");
}

#[test]
fn a_renewal_with_other_fields_can_be_resumed_and_renewed() {
    let shell = Shell::immediate();
    shell.recorded_order("order-1");
    lose_and_resume(&shell, &["order-1", "--csr", CSR, "--set", "OrgPhone=0755-1"]);
    // The ledger has that field, so nothing is missing.
    let body = preview(&shell, &["order-1-renewal-1", "--csr", CSR]);
    assert_eq!(body["organizationPost"]["OrgPhone"], "0755-1");
}

#[test]
fn a_renewal_of_an_imported_order_has_its_own_documents() {
    let shell = Shell::immediate();
    fs::copy(LICENCE, shell.path("old.pdf")).unwrap();
    fs::copy(CSR, shell.path("old.csr")).unwrap();
    let new = [&fs::read(LICENCE).unwrap()[..], b"\n%new\n"].concat();
    fs::write(shell.path("new.pdf"), new).unwrap();
    let text = "idempotenceID,productID,commonName,csr,month,OrgName,UserMobile,licence\n\
                order-1,organization,c,old.csr,12,o,13800000001,old.pdf\n";
    fs::write(shell.path("o.csv"), text).unwrap();
    let (code, json) = shell.json(&["order", "import", "o.csv", "--ledger", LEDGER]);
    assert_eq!(code, 0, "{json}");
    // Files that the renewal does not need may be gone.
    fs::remove_file(shell.path("old.pdf")).unwrap();
    fs::remove_file(shell.path("old.csr")).unwrap();
    assert_eq!(renew(&shell, &["order-1", "--csr", CSR]).0, 2, "the licence is missing");
    lose_and_resume(&shell, &["order-1", "--csr", CSR, "--document", "licence=new.pdf"]);
    let length = fs::metadata(shell.path("new.pdf")).unwrap().len();
    let body = preview(&shell, &["order-1-renewal-1", "--csr", CSR]);
    let documents = body["documentsPost"].as_array().unwrap();
    assert_eq!(documents.len(), 1, "{documents:?}");
    assert!(documents[0].to_string().contains(&length.to_string()), "{documents:?}");
}

#[test]
fn a_renewal_of_an_order_from_json_has_its_own_documents() {
    let shell = Shell::immediate();
    fs::copy(LICENCE, shell.path("new.pdf")).unwrap();
    let json = json!({
        "orderinfoPost": {"productID": "organization", "commonName": "c", "month": 12,
            "csR_RSA": fs::read_to_string(CSR).unwrap(), "idempotenceID": "order-1"},
        "organizationPost": {"OrgName": "o", "UserMobile": "13800000001"},
        "documentsPost": [
            {"documentType": 2, "fileType": ".pdf", "fileContent": "JVBERi0xLjQK"},
            {"documentType": 1, "fileType": ".pdf", "fileContent": "JVBERi0xLjQK"}
        ]
    });
    fs::write(shell.path("o.json"), json.to_string()).unwrap();
    let product = ["--product", "organization"];
    let create = ["order", "create", "--from", "o.json", "--ledger", LEDGER];
    let (code, json) = shell.json(&[&create[..], &product].concat());
    assert_eq!(code, 0, "{json}");
    lose_and_resume(&shell, &["order-1", "--csr", CSR, "--document", "licence=new.pdf"]);
    let body = preview(&shell, &["order-1-renewal-1", "--csr", CSR]);
    assert_eq!(body["documentsPost"].as_array().unwrap().len(), 1);
}

#[test]
fn a_renewal_needs_new_requests_for_the_keys_of_sm2_too() {
    let shell = Shell::immediate();
    let csr = fs::read_to_string(CSR).unwrap();
    let order = json!({
        "orderinfoPost": {"productID": "76ECE651-B59E-48F2-A47B-135614AADAD9", "commonName": "c",
            "month": 12, "idempotenceID": "sm2-1", "Csr_Sign": csr, "Csr_Encrypt": csr, "Note": "n"},
        "organizationPost": {"OrgName": "o"},
    });
    fs::write(shell.path("sm2.json"), order.to_string()).unwrap();
    let create = ["order", "create", "--from", "sm2.json", "--ledger", LEDGER];
    assert_eq!(shell.json(&create).0, 0);
    let missing = |arguments: &[&str]| {
        let (code, json) = renew(&shell, &[&["sm2-1", "--dry-run"], arguments].concat());
        assert_eq!(code, 2, "{json}");
        let part = |it: &Value| it.as_str().unwrap().split(':').next().unwrap().to_owned();
        json["missing"].as_array().unwrap().iter().map(part).collect::<Vec<_>>()
    };
    let both = ["orderinfoPost.Csr_Encrypt", "orderinfoPost.Csr_Sign"];
    assert_eq!(missing(&[]), both);
    assert_eq!(missing(&["--csr", CSR]), both);
    // A name in another case would be a second field beside the old one.
    let other_case = ["--set", "orderinfoPost.csr_sign=x", "--set", "orderinfoPost.Csr_Encrypt=y"];
    assert_eq!(missing(&other_case), both[1..]);
    assert_eq!(renew(&shell, &["sm2-1"]).0, 2);
    assert_eq!(orders_at_the_service(&shell), 1);

    fs::write(shell.path("sign.csr"), "new-1").unwrap();
    let given = ["--secret-from", "orderinfoPost.Csr_Sign=sign.csr"];
    let given = [&["sm2-1"], &given[..], &["--set", "orderinfoPost.Csr_Encrypt=new-2"]].concat();
    let info = preview(&shell, &given)["orderinfoPost"].clone();
    assert_eq!(
        (&info["Csr_Sign"], &info["Csr_Encrypt"], &info["Note"]),
        (&json!("new-1"), &json!("new-2"), &json!("n"))
    );
}
