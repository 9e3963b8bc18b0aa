//! The customer's page behind `pendingLink`, and the CSR that is submitted there or by the management interface.

mod support;

use support::{Answer, CSR, Client, OV, PDF, order};
use wotrus_sandbox::{Config, ManagementError, Sandbox, Status, policy};

fn sandbox() -> Sandbox {
    let mut config = Config::immediate();
    config.policies.missing_csr = policy::MissingCsr::Wait;
    Sandbox::start(config).unwrap()
}

fn order_without_csr(client: &mut Client, product: &str) -> String {
    let mut body = order(product);
    body["orderinfoPost"]["csR_RSA"] = "".into();
    body["orderinfoPost"]["commonName"] = "<b>a & b".into();
    client.create(&body)
}

/// The path of the order's link.
fn link(client: &mut Client, sandbox: &Sandbox, id: &str) -> String {
    let link = client.query(id)["pendingLink"].as_str().unwrap().to_owned();
    link.strip_prefix(sandbox.http_url()).unwrap().to_owned()
}

fn submit(client: &mut Client, path: &str, csr: &str) -> Answer {
    let form: String =
        form_urlencoded::Serializer::new(String::new()).append_pair("csr", csr).finish();
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    client.request("POST", path, &headers, form.as_bytes())
}

#[test]
fn a_customer_submits_the_csr_without_a_token() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let id = order_without_csr(&mut client, PDF);
    let path = link(&mut client, &sandbox, &id);
    let page = client.request("GET", &path, &[], b"");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.text().contains(&id) && page.text().contains("<textarea"));
    assert!(page.text().contains("&lt;b&gt;a &amp; b") && !page.text().contains("<b>"));

    for wrong in ["", "no csr", include_str!("fixtures/rsa1024.csr")] {
        let page = submit(&mut client, &path, wrong);
        assert!(page.text().contains("role=alert") && page.text().contains("<textarea"));
        assert_eq!(client.query(&id)["status"], "pending");
    }
    let page = submit(&mut client, &path, CSR);
    assert!(page.text().contains("<dd>issued") && !page.text().contains("<textarea"));
    assert_eq!(client.query(&id)["isCSRSubmited"], true);
    assert!(submit(&mut client, &path, CSR).text().contains("role=alert"));

    let large = submit(&mut client, &path, &"x".repeat(64 << 10));
    assert_eq!(large.status, 413);
    let other = path.replace("/pending/", "/pending/0");
    assert_eq!(client.request("GET", &other, &[], b"").status, 404);
    let journal = sandbox.management().journal();
    let secret = path.rsplit('/').next().unwrap();
    assert!(journal.iter().all(|entry| !entry.path.contains(&secret[..16])));
}

#[test]
fn the_management_interface_submits_the_csr() {
    let sandbox = sandbox();
    let (mut client, management) = (Client::new(&sandbox), sandbox.management());
    let id = order_without_csr(&mut client, OV);
    let invalid = management.hand_in_csr(&id, "no csr").unwrap_err();
    assert_eq!(invalid, ManagementError::Invalid("CSR 格式错误".to_owned()));
    management.hand_in_csr(&id, CSR).unwrap();
    assert_eq!(management.order(&id).unwrap().status, Status::PendingCaIssued);
    assert!(management.hand_in_csr(&id, CSR).is_err());
    assert!(matches!(management.hand_in_csr("X", CSR), Err(ManagementError::NotFound(_))));
}
