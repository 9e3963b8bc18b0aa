//! Faults as a client sees them, with and without TLS.

mod support;

use std::io::ErrorKind;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use support::{Answer, Client, PATIENCE, PDF, connect, order, revocation};
use wotrus_sandbox::{Config, Sandbox, policy};

fn sandbox(specs: &[&str]) -> Sandbox {
    let faults = specs.iter().map(|spec| spec.parse().unwrap()).collect();
    Sandbox::start(Config { faults, ..Config::immediate() }).unwrap()
}

/// A client over plain HTTP and one over TLS.
fn clients(sandbox: &Sandbox) -> [Client; 2] {
    let stream = connect(sandbox.https_url());
    [Client::new(sandbox), Client::tls(sandbox, stream, "localhost")]
}

fn create(client: &Client) -> Vec<u8> {
    client.post_bytes("/v1/Order/Create", &order(PDF))
}

#[test]
fn http_errors_have_the_configured_retry_after_and_body() {
    let sandbox = sandbox(&[
        "status=502,count=1",
        "status=429,retry_after=7,body=empty,count=1",
        "status=503,retry_after_date=60,body=json,count=1",
        "html,count=1",
        "status=504,when=after,count=1",
    ]);
    let mut client = Client::new(&sandbox);
    let body = order(PDF).to_string();
    let mut next = || client.post("/v1/Order/Create", body.as_bytes());

    let answer = next();
    assert_eq!((answer.status, answer.header("retry-after")), (502, None));
    assert!(answer.text().contains("<h1>502 Bad Gateway</h1>"));
    let answer = next();
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    assert!(answer.body.is_empty());
    let answer = next();
    let date = httpdate::parse_http_date(answer.header("retry-after").unwrap()).unwrap();
    let wait = date.duration_since(SystemTime::now()).unwrap();
    assert!(wait <= Duration::from_secs(60) && wait > Duration::from_secs(60) - PATIENCE);
    assert_eq!((answer.status, answer.json()["message"].is_string()), (503, true));
    let answer = next();
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!((answer.status, sandbox.management().orders().len()), (200, 0));
    assert_eq!((next().status, sandbox.management().orders().len()), (504, 1));
    assert_eq!((next().status, sandbox.management().orders().len()), (200, 2));
    assert!(sandbox.management().faults().iter().all(|fault| fault.spent && fault.struck == 1));
}

#[test]
fn a_reset_comes_before_or_after_the_order_is_created() {
    for (spec, orders) in [("reset", [0, 0]), ("reset,when=after", [1, 2])] {
        let sandbox = sandbox(&[spec]);
        for (mut client, orders) in clients(&sandbox).into_iter().zip(orders) {
            let (answer, end) = client.until_end(&create(&client));
            assert!(answer.is_empty());
            assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset, "{spec}");
            assert_eq!(sandbox.management().orders().len(), orders, "{spec}");
        }
        let journal = sandbox.management().journal();
        assert_eq!((journal[0].status, journal[0].fault.as_deref()), (None, Some(spec)));
    }
}

#[test]
fn a_hanging_response_is_never_sent() {
    for (spec, orders) in [("hang", 0), ("hang,when=after", 1)] {
        let sandbox = sandbox(&[spec]);
        let stream = connect(sandbox.http_url());
        let patience = Duration::from_millis(300);
        let mut client = Client::over(Box::new(stream.try_clone().unwrap()), &sandbox);
        stream.set_read_timeout(Some(patience)).unwrap();
        let (answer, end) = client.until_end(&create(&client));
        let kind = end.unwrap_err().kind();
        assert!(matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{kind}");
        assert!(answer.is_empty());
        assert_eq!(sandbox.management().orders().len(), orders, "{spec}");
        // Other clients are not delayed, and the connection ends with the sandbox.
        sandbox.management().disarm_all();
        Client::new(&sandbox).create(&order(PDF));
        let start = Instant::now();
        drop(sandbox);
        assert!(start.elapsed() < PATIENCE);
    }
}

#[test]
fn a_response_is_cut_after_the_configured_number_of_bytes() {
    for bytes in [0, 1, 20, 250] {
        let sandbox = sandbox(&[&format!("cut={bytes}")]);
        let [mut plain, mut tls] = clients(&sandbox);
        let (answer, end) = plain.until_end(&create(&plain));
        assert_eq!((answer.len(), end.is_ok()), (bytes, true), "{bytes}");
        assert!(b"HTTP/1.1 200 OK\r\n".starts_with(&answer[..bytes.min(17)]));
        let (answer, end) = tls.until_end(&create(&tls));
        // There is no close_notify.
        assert_eq!(end.unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert_eq!(answer.len(), bytes);
        assert_eq!(sandbox.management().orders().len(), 2);
    }
}

#[test]
fn a_slow_response_is_complete() {
    let sandbox = sandbox(&["slow=1000"]);
    for mut client in clients(&sandbox) {
        let start = Instant::now();
        let answer = client.post_json("/v1/Order/Create", &order(PDF));
        assert_eq!(answer["isSuccess"], true);
        // About 300 bytes, the last of them without a pause.
        assert!(start.elapsed() > Duration::from_millis(150), "{:?}", start.elapsed());
        sandbox.management().disarm_all();
        assert_eq!(client.get("/v1/Order/1").status, 200);
        sandbox.management().arm("slow=1000").unwrap();
    }
}

#[test]
fn a_delayed_response_is_sent_late() {
    let sandbox = sandbox(&["delay=0.2"]);
    let start = Instant::now();
    Client::new(&sandbox).create(&order(PDF));
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn json_can_be_broken_or_not_an_envelope() {
    let sandbox = sandbox(&["json=broken,count=1", "json=other,count=1"]);
    let mut client = Client::new(&sandbox);
    let broken = client.post("/v1/Order/Create", order(PDF).to_string().as_bytes());
    assert_eq!(broken.header("content-type"), Some("application/json; charset=utf-8"));
    assert!(broken.text().starts_with("{\"isSuccess\":true"));
    assert!(serde_json::from_slice::<Value>(&broken.body).is_err());
    let other = client.post_json("/v1/Order/Create", &order(PDF));
    assert_eq!(other, json!({"message": "ok", "code": 0}));
    assert_eq!(sandbox.management().orders().len(), 2);
}

#[test]
fn a_stale_connection_is_reset_when_it_is_used_again() {
    let sandbox = sandbox(&["stale"]);
    for (mut client, orders) in clients(&sandbox).into_iter().zip([1, 2]) {
        let answer = client.raw(&create(&client));
        assert_eq!((answer.status, answer.header("connection")), (200, None));
        let (answer, end) = client.until_end(&create(&client));
        assert!(answer.is_empty());
        assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(sandbox.management().orders().len(), orders);
    }
}

#[test]
fn faults_apply_to_operations_request_ids_and_shares() {
    let config = |seed| Config {
        faults: vec![
            "status=500,on=query_order,request_id=chaos-".parse().unwrap(),
            "status=503,on=query_order,percent=30".parse().unwrap(),
        ],
        seed,
        ..Config::immediate()
    };
    let statuses = |seed| -> Vec<u16> {
        let sandbox = Sandbox::start(config(seed)).unwrap();
        let mut client = Client::new(&sandbox);
        let id = client.create(&order(PDF));
        let token = sandbox.token().to_owned();
        let headers = [("WoTrusToken", token.as_str()), ("RequestID", "chaos-1")];
        assert_eq!(client.request("GET", "/v1/Order/1", &headers, b"").status, 500);
        (0..50).map(|_| client.get(&format!("/v1/Order/{id}")).status).collect()
    };
    let one = statuses(1);
    assert_eq!(one, statuses(1));
    assert_ne!(one, statuses(2));
    assert!(one.contains(&200) && one.contains(&503) && !one.contains(&500));
}

/// Creates `calls` orders at a gateway that answers an HTTP error to a share of them. Returns the statuses, and how many
/// orders exist.
fn through_gateway(spec: &str, seed: u64, calls: usize) -> (Vec<u16>, usize) {
    let faults = vec![spec.parse().unwrap()];
    let sandbox = Sandbox::start(Config { faults, seed, ..Config::immediate() }).unwrap();
    let mut client = Client::new(&sandbox);
    let body = order(PDF).to_string();
    let mut call = |_| {
        let answer = client.post("/v1/Order/Create", body.as_bytes());
        let expected = answer.status != 200 && spec.contains("retry_after");
        assert_eq!(answer.header("retry-after"), expected.then_some("1"), "{spec}");
        answer.status
    };
    let statuses = (0..calls).map(&mut call).collect();
    (statuses, sandbox.management().orders().len())
}

#[test]
fn a_gateway_error_for_a_share_of_calls_comes_after_or_before_the_work() {
    const CALLS: usize = 60;
    for (code, retry_after) in [(500, ""), (502, ""), (503, ",retry_after=1"), (504, "")] {
        let spec = |when| format!("status={code}{retry_after},when={when},percent=25");
        let (statuses, orders) = through_gateway(&spec("after"), 3, CALLS);
        let errors = statuses.iter().filter(|status| **status == code).count();
        assert!((5..30).contains(&errors), "{code}: {errors} of {CALLS}");
        assert_eq!(orders, CALLS, "{code}: the work was done each time");
        assert_eq!(through_gateway(&spec("after"), 3, CALLS).0, statuses, "same seed");
        assert_ne!(through_gateway(&spec("after"), 4, CALLS).0, statuses, "other seed");
        // Before the work, the same calls meet the error, and no order exists for them.
        assert_eq!(through_gateway(&spec("before"), 3, CALLS), (statuses, CALLS - errors));
    }
}

#[test]
fn a_417_answers_expect_before_the_body_is_read() {
    let sandbox = sandbox(&["expectation_failed"]);
    let body = order(PDF).to_string();
    let head = format!(
        "POST /v1/Order/Create HTTP/1.1\r\nHost: x\r\nWoTrusToken: {}\r\nContent-Type: application/json\r\n\
         Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        sandbox.token(),
        body.len()
    );
    for mut client in clients(&sandbox) {
        let answer = client.raw(head.as_bytes());
        assert_eq!((answer.status, answer.header("connection")), (417, Some("close")));
    }
    assert!(sandbox.management().orders().is_empty());
    // A request without the header is not affected.
    Client::new(&sandbox).create(&order(PDF));
    assert_eq!(sandbox.management().faults()[0].struck, 2);
}

#[test]
fn refusals_can_be_problem_details_a_list_or_an_object() {
    let sandbox = sandbox(&[
        "problem=400,count=1",
        "error_msg=list,count=1",
        "error_msg=object,when=after,count=1",
        "problem=500,when=after,count=1",
    ]);
    let mut client = Client::new(&sandbox);
    let body = order(PDF).to_string();
    let mut next = |orders| {
        let answer = client.post("/v1/Order/Create", body.as_bytes());
        assert_eq!(sandbox.management().orders().len(), orders);
        answer
    };
    let json = |answer: &Answer| serde_json::from_slice::<Value>(&answer.body).unwrap();
    let problem = next(0);
    assert_eq!(problem.status, 400);
    let content_type = problem.header("content-type").unwrap().to_owned();
    assert_eq!(content_type, "application/problem+json; charset=utf-8");
    let problem = json(&problem);
    assert_eq!(problem["status"], 400);
    assert!(problem["title"].is_string() && problem["detail"].is_string());
    assert!(problem["errors"]["orderinfoPost.month"].is_array());
    let list = json(&next(0));
    assert_eq!((&list["isSuccess"], list["errorMsg"].is_array()), (&json!(false), true));
    let object = json(&next(1));
    assert_eq!((&object["isSuccess"], object["errorMsg"].is_object()), (&json!(false), true));
    assert_eq!(next(2).status, 500);
    assert_eq!(next(3).status, 200);
}

#[test]
fn order_ids_can_be_zero_or_those_of_another_order() {
    const ZERO: &str = "00000000-0000-0000-0000-000000000000";
    let create = |spec: &str, field| {
        let mut config = Config::immediate();
        config.faults = vec![spec.parse().unwrap()];
        config.policies.order_id_field = field;
        let sandbox = Sandbox::start(config).unwrap();
        let data = Client::new(&sandbox).post_json("/v1/Order/Create", &order(PDF));
        let id = sandbox.management().orders()[0].order_id.clone();
        (data["data"]["orderID"].clone(), data["data"]["orderID_RSA"].clone(), json!(id))
    };
    let (sm2, rsa, _) = create("ids=zero", policy::OrderIdField::OrderId);
    assert_eq!((sm2, rsa), (json!(ZERO), json!(ZERO)));
    let (sm2, rsa, id) = create("ids=zero_absent", policy::OrderIdField::OrderIdRsa);
    assert_eq!((sm2, rsa), (json!(ZERO), id));
    let (sm2, rsa, id) = create("ids=other", policy::OrderIdField::OrderId);
    assert!(rsa.is_null() && sm2 != id, "{sm2} {id}");
    assert_eq!(sm2.as_str().unwrap().len(), 36);

    let sandbox = sandbox(&["ids=other,on=query_order", "ids=zero,on=reissue_certificate"]);
    let mut client = Client::new(&sandbox);
    let id = client.create(&order(PDF));
    let queried = client.query(&id);
    assert_ne!(queried["id"], json!(id));
    assert_eq!(queried["status"], "issued");
    let mut body = revocation(&id);
    body["csr"] = support::CSR.into();
    let reissued = client.post_json("/v1/Certificate/ReissueRequest", &body);
    assert_eq!(reissued["data"]["newOrderID"], ZERO);
    assert_eq!(sandbox.management().orders().len(), 2);
}

#[test]
fn no_fault_is_armed_by_default_and_none_stays_after_a_reset() {
    let sandbox = sandbox(&[]);
    let (management, mut client) = (sandbox.management(), Client::new(&sandbox));
    assert!(management.faults().is_empty());
    let id = management.arm("status=503").unwrap();
    assert_eq!(client.get("/v1/Order/1").status, 503);
    management.disarm(id).unwrap();
    assert!(management.disarm(id).unwrap_err().to_string().contains("no fault"));
    assert_eq!(client.get("/v1/Order/1").status, 200);
    assert!(management.arm("explode").unwrap_err().to_string().contains("there are"));
    management.arm("html").unwrap();
    management.reset();
    assert!(management.faults().is_empty());
}
