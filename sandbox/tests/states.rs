//! The flows of orders as a client sees them while time passes.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{Client, DV, ORGANISATION, OV, PDF, order, revocation};
use wotrus_sandbox::{Config, Policies, Sandbox, policy};

fn slow(policies: Policies) -> Sandbox {
    let config = Config { policies, ..Config::default() };
    Sandbox::start(config.with_delays(Duration::from_millis(300))).unwrap()
}

#[test]
fn document_signing_is_reviewed_and_issued_automatically() {
    let sandbox = slow(Policies::default());
    let mut client = Client::new(&sandbox);
    for product in [PDF, ORGANISATION, "D4D30B75-68D5-471C-B66A-21299F1DFAA5"] {
        let id = client.create(&order(product));
        assert_eq!(client.retrieve(&id)["errorMsg"], "证书未签发");
        // On a busy machine a status may pass between two queries, but the order of those seen is fixed.
        let flow = ["pending", "pendingCAIssued", "issued"];
        let seen = client.wait(&id, "issued");
        assert!(in_order(&seen, &flow), "{seen:?}");
        assert_eq!(client.retrieve(&id)["isSuccess"], true);
    }
}

#[test]
fn ssl_is_issued_by_a_retrieve() {
    let sandbox = slow(Policies::default());
    let mut client = Client::new(&sandbox);
    for product in [DV, OV] {
        let id = client.create(&order(product));
        let seen = client.wait(&id, "pendingCAIssued");
        let flow = ["pendingSubmitOrderToCA", "pendingDCV", "pendingCAIssued"];
        assert!(in_order(&seen, &flow), "{seen:?}");
        let deadline = std::time::Instant::now() + support::PATIENCE;
        while client.retrieve(&id)["isSuccess"] == false {
            assert_eq!(client.query(&id)["status"], "pendingCAIssued");
            assert!(std::time::Instant::now() < deadline);
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(client.query(&id)["status"], "issued");
    }
}

#[test]
fn a_revocation_passes_its_review() {
    let sandbox = slow(Policies::default());
    let mut client = Client::new(&sandbox);
    let id = client.create(&order(PDF));
    client.wait(&id, "issued");
    let answer = client.post_json("/v1/Certificate/RevokeRequest", &revocation(&id));
    assert_eq!(answer["data"], json!({"revokeStatus": "pendingAudit", "revoked": false}));
    let seen = client.wait(&id, "revoked");
    assert!(in_order(&seen, &["pendingRevoke", "revoked"]), "{seen:?}");
}

#[test]
fn a_domain_validated_order_is_issued_automatically_if_the_policy_says_so() {
    let sandbox = slow(Policies { dv_flow: policy::DvFlow::AutoIssue, ..Policies::default() });
    let mut client = Client::new(&sandbox);
    let id = client.create(&order(DV));
    let seen = client.wait(&id, "issued");
    assert!(in_order(&seen, &["pendingAutoIssue", "issued"]), "{seen:?}");
}

fn in_order(seen: &[String], flow: &[&str]) -> bool {
    let mut flow = flow.iter();
    seen.iter().all(|status| flow.any(|step| step == status))
}
