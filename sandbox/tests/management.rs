//! The management interface, in Rust and over HTTP.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Answer, Client, DV, ORGANISATION, OV, PDF, connect, order, revocation};
use wotrus_sandbox::{Action, Config, ManagementError, Policies, Sandbox, Status, policy};

fn manual() -> Sandbox {
    let policies = Policies {
        review: policy::Review::Manual,
        domain_validation: policy::DomainValidation::Manual,
        revocation: policy::Revocation::Manual,
        ..Policies::default()
    };
    Sandbox::start(Config { policies, ..Config::immediate() }).unwrap()
}

/// A client of the management API.
struct Api {
    client: Client,
    host: String,
}

impl Api {
    fn new(sandbox: &Sandbox) -> Self {
        let url = sandbox.management_url().unwrap();
        let client = Client::over(Box::new(connect(url)), sandbox);
        Self { client, host: url.replace("http://", "") }
    }

    fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let host = self.host.clone();
        let named = headers.iter().any(|(name, _)| *name == "Host");
        let mut all = if named { vec![] } else { vec![("Host", host.as_str())] };
        all.extend(headers);
        let mut head = format!("{method} {path} HTTP/1.1\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in all {
            head += &format!("{name}: {value}\r\n");
        }
        self.client.raw(format!("{head}\r\n{body}").as_bytes())
    }

    fn get(&mut self, path: &str) -> Value {
        let answer = self.send("GET", path, &[], "");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let json = [("Content-Type", "application/json")];
        let answer = self.send("POST", path, &json, &body.to_string());
        (answer.status, answer.json())
    }
}

#[test]
fn actions_take_every_step_of_an_order() {
    let sandbox = manual();
    let (mut client, management) = (Client::new(&sandbox), sandbox.management());
    let act = |id: &str, action| management.act(id, action).unwrap();

    let pdf = client.create(&order(PDF));
    let record = management.order(&pdf).unwrap();
    assert_eq!(record.status, Status::Pending);
    assert_eq!(record.actions, [Action::Approve, Action::Reject, Action::Issue]);
    assert_eq!(act(&pdf, Action::Approve), Status::Issued);
    client.post_json("/v1/Certificate/RevokeRequest", &revocation(&pdf));
    assert_eq!(act(&pdf, Action::DenyRevocation), Status::Issued);
    assert_eq!(client.query(&pdf)["status"], "issued");
    client.post_json("/v1/Certificate/RevokeRequest", &revocation(&pdf));
    let record = management.order(&pdf).unwrap();
    assert_eq!(record.actions, [Action::ApproveRevocation, Action::DenyRevocation]);
    assert_eq!(act(&pdf, Action::ApproveRevocation), Status::Revoked);
    assert!(management.order(&pdf).unwrap().certificate.unwrap().revoked.is_some());

    let ov = client.create(&order(OV));
    assert_eq!(act(&ov, Action::Approve), Status::PendingDcv);
    assert_eq!(act(&ov, Action::Validate), Status::PendingCaIssued);
    assert_eq!(act(&ov, Action::Issue), Status::Issued);
    let rejected = client.create(&order(ORGANISATION));
    assert_eq!(act(&rejected, Action::Reject), Status::Rejected);
    assert_eq!(client.retrieve(&rejected)["errorMsg"], "订单已被拒绝");
    let at_once = client.create(&order(DV));
    assert_eq!(act(&at_once, Action::Issue), Status::Issued);
    assert_eq!(client.retrieve(&at_once)["isSuccess"], true);

    let newest: Vec<_> = management.orders().into_iter().map(|order| order.order_id).collect();
    assert_eq!(newest, [at_once, rejected, ov, pdf]);
}

#[test]
fn an_action_that_the_status_forbids_is_refused_with_the_reason() {
    let sandbox = manual();
    let (mut client, management) = (Client::new(&sandbox), sandbox.management());
    let id = client.create(&order(PDF));
    let denied = management.act(&id, Action::Validate).unwrap_err();
    assert_eq!(
        denied,
        ManagementError::Conflict(
            "the order's status is pending, which does not allow this".into()
        )
    );
    let mut no_csr = order(OV);
    no_csr["orderinfoPost"]["csR_RSA"] = "".into();
    let no_csr = client.create(&no_csr);
    let denied = management.act(&no_csr, Action::Issue).unwrap_err();
    assert!(denied.to_string().contains("waits for its CSR"));
    assert_eq!(management.order(&no_csr).unwrap().actions, [Action::Reject]);
    assert!(matches!(management.act("X", Action::Issue), Err(ManagementError::NotFound(_))));
    for (_, action) in Action::ALL {
        let possible = management.order(&id).unwrap().actions.contains(&action);
        let fresh = client.create(&order(PDF));
        assert_eq!(management.act(&fresh, action).is_ok(), possible, "{action:?}");
    }
}

#[test]
fn the_clock_can_be_set_forward() {
    let config = Config::default().with_delays(Duration::from_secs(24 * 3600));
    let sandbox = Sandbox::start(config).unwrap();
    let (mut client, management) = (Client::new(&sandbox), sandbox.management());
    let id = client.create(&order(PDF));
    assert_eq!(client.query(&id)["status"], "pending");
    management.forward(Duration::from_secs(24 * 3600));
    assert_eq!(client.query(&id)["status"], "pendingCAIssued");
    let mut api = Api::new(&sandbox);
    let (status, record) = api.post("/api/clock", &json!({"forward": 86400.5}));
    assert_eq!((status, &record["ahead"]), (200, &json!(172_800.5)));
    assert_eq!(client.query(&id)["status"], "issued");
    assert_eq!(api.post("/api/clock", &json!({"forward": -1})).0, 400);
    // The end of the calendar is the limit.
    management.forward(Duration::MAX);
    management.forward(Duration::MAX);
    let id = client.create(&order(PDF));
    assert!(client.query(&id)["createTime"].as_str().unwrap().starts_with("9999-12-31T"));
    assert!(management.crl_pem().starts_with("-----BEGIN X509 CRL-----\n"));
    management.reset();
    assert_eq!(management.status().ahead, 0.0);
}

#[test]
fn the_api_and_the_rust_interface_agree() {
    let sandbox = manual();
    let (mut client, mut api) = (Client::new(&sandbox), Api::new(&sandbox));
    let ids: Vec<String> = (0..3).map(|_| client.create(&order(PDF))).collect();
    let list = api.get("/api/orders?limit=1&skip=1");
    assert_eq!((&list["total"], &list["orders"][0]["order_id"]), (&json!(3), &json!(ids[1])));
    let (status, record) = api.post(&format!("/api/orders/{}/approve", ids[0]), &json!({}));
    assert_eq!((status, &record["status"]), (200, &json!("issued")));
    assert_eq!(api.get(&format!("/api/orders/{}", ids[0])), record);
    let pem = client.retrieve(&ids[0])["data"]["pem_RSA"].clone();
    assert_eq!(record["certificate"]["pem"], pem);
    assert_eq!(api.post(&format!("/api/orders/{}/approve", ids[0]), &json!({})).0, 409);
    assert_eq!(api.post("/api/orders/X/approve", &json!({})).0, 404);
    assert_eq!(api.post(&format!("/api/orders/{}/explode", ids[0]), &json!({})).0, 404);

    let (status, list) = api.post("/api/policies", &json!({"name": "review", "value": "auto"}));
    assert_eq!((status, list["policies"].as_array().unwrap().len() > 15), (200, true));
    let auto = client.create(&order(PDF));
    assert_eq!(client.query(&auto)["status"], "issued");
    let wrong = api.post("/api/policies", &json!({"name": "review", "value": "never"})).1;
    assert!(wrong["error"]["message"].as_str().unwrap().contains("auto, manual"), "{wrong}");

    assert_eq!(api.post("/api/reset", &json!({})).1["orders"], 0);
    assert_eq!(api.get("/api/orders")["total"], 0);
    assert_eq!(client.get(&format!("/v1/Order/{auto}")).json()["errorMsg"], "订单不存在");
    assert_eq!(api.get("/api/journal")["total"], 1);
}

#[test]
fn wrong_paths_methods_and_bodies_have_their_status() {
    let sandbox = manual();
    let mut api = Api::new(&sandbox);
    assert!(api.get("/api")["addresses"].as_array().unwrap().len() > 10);
    assert_eq!(api.send("GET", "/api/nowhere", &[], "").status, 404);
    let answer = api.send("POST", "/api/orders", &[], "");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET")));
    let answer = api.send("DELETE", "/api/pushes", &[], "");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST")));
    let body = r#"{"forward":1}"#;
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let answer = api.send("POST", "/api/clock", &[("Content-Type", kind)], body);
        assert_eq!(answer.status, 400, "{kind}");
    }
    let (status, error) = api.post("/api/clock", &json!({"forward": 1, "backward": 1}));
    assert_eq!(status, 400);
    assert!(error["error"]["message"].as_str().unwrap().contains("backward"), "{error}");
    let huge = json!({"forward": "x".repeat(1 << 20)});
    assert_eq!(api.post("/api/clock", &huge).0, 413);
}

#[test]
fn a_rejected_request_is_answered_before_its_body_is_sent() {
    let sandbox = manual();
    let mut api = Api::new(&sandbox);
    let head = "POST /api/reset HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 100000\r\n\r\n";
    assert_eq!(api.client.raw(head.as_bytes()).status, 403);
}

#[test]
fn pages_of_other_sites_are_rejected() {
    let sandbox = manual();
    let id = Client::new(&sandbox).create(&order(PDF));
    let mut api = Api::new(&sandbox);
    let path = format!("/api/orders/{id}/approve");
    let port = api.host.rsplit_once(':').unwrap().1.to_owned();
    let rebound = format!("evil.example:{port}");
    for headers in [
        [("Host", rebound.as_str())].as_slice(),
        &[("Origin", "http://evil.example")],
        &[("Origin", "null")],
        &[("Sec-Fetch-Site", "cross-site")],
    ] {
        for (method, path) in [("POST", path.as_str()), ("GET", "/api/orders")] {
            let answer = api.send(method, path, headers, "");
            assert_eq!(answer.status, 403, "{method} {headers:?}");
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    assert_eq!(sandbox.management().order(&id).unwrap().status, Status::Pending);
    let (named, origin) = (format!("localhost:{port}"), format!("http://localhost:{port}"));
    let ours = [("Host", named.as_str()), ("Origin", origin.as_str())];
    assert_eq!(api.send("POST", &path, &ours, "").status, 200);
}

#[test]
fn the_journal_keeps_no_secrets() {
    let sandbox = manual();
    let mut client = Client::new(&sandbox);
    let mut body = order(PDF);
    body["orderinfoPost"]["uKeyPassword"] = "pass-4711".into();
    body["organizationPost"]["UserMobile"] = "13900004711".into();
    body["organizationPost"]["IDCardNO"] = "110101199003078515".into();
    body["documentsPost"] =
        json!([{"documentType": 2, "fileType": ".jpg", "fileContent": "c2VjcmV0"}]);
    client.create(&body);
    let headers = [("WoTrusToken", "tk_of_somebody_real"), ("RequestID", "order 42")];
    client.request("GET", "/v1/Order/1", &headers, b"");
    client.request("GET", "/v1/Order/2", &[], b"");
    let journal = Api::new(&sandbox).get("/api/journal");
    let text = journal.to_string();
    let phone = body["organizationPost"]["UserMobile"].as_str().unwrap();
    for secret in
        ["pass-4711", "110101199003078515", "c2VjcmV0", phone, sandbox.token(), "somebody"]
    {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let entries = journal["journal"].as_array().unwrap();
    let tokens: Vec<_> = entries.iter().map(|entry| &entry["token"]).collect();
    assert_eq!(tokens, ["absent", "wrong", "right"]);
    assert_eq!(entries[1]["request_id"], "order 42");
    assert_eq!((&entries[1]["status"], &entries[2]["status"]), (&json!(401), &json!(200)));
    assert_eq!(entries[2]["body"]["orderinfoPost"]["month"], 12);
    assert_eq!(entries[2]["size"], body.to_string().len());
}

#[test]
fn it_listens_on_loopback_only_and_can_be_turned_off() {
    let listen = |address: &str| Config {
        management_listen: Some(address.parse().unwrap()),
        ..Config::immediate()
    };
    for address in ["0.0.0.0:0", "[::]:0"] {
        let error = Sandbox::start(listen(address)).unwrap_err().to_string();
        assert!(error.contains("loopback"), "{error}");
    }
    let sandbox = Sandbox::start(Config { management_listen: None, ..Config::immediate() });
    let sandbox = sandbox.unwrap();
    assert_eq!(sandbox.management_url(), None);
    assert!(!sandbox.ready_line(None).contains("management_url"));
    assert!(sandbox.management().orders().is_empty());
}
