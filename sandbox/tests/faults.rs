//! Faults as a client meets them, with and without TLS.

mod support;

use std::io::ErrorKind;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use support::{Client, PATIENCE, PDF, connect, order};
use wotrus_sandbox::{Config, Sandbox};

fn sandbox(specs: &[&str]) -> Sandbox {
    let faults = specs.iter().map(|spec| spec.parse().unwrap()).collect();
    Sandbox::start(Config { faults, ..Config::immediate() }).unwrap()
}

/// A client of each kind, on a connection of its own.
fn clients(sandbox: &Sandbox) -> [Client; 2] {
    let stream = connect(sandbox.https_url());
    [Client::new(sandbox), Client::tls(sandbox, stream, "localhost")]
}

fn create(client: &Client) -> Vec<u8> {
    client.post_bytes("/v1/Order/Create", &order(PDF))
}

#[test]
fn http_errors_come_with_and_without_retry_after() {
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
fn a_reset_comes_before_the_work_or_after_it() {
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
fn a_hanging_answer_never_comes() {
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
        // It holds nobody else up, and ends with the sandbox.
        sandbox.management().disarm_all();
        Client::new(&sandbox).create(&order(PDF));
        let start = Instant::now();
        drop(sandbox);
        assert!(start.elapsed() < PATIENCE);
    }
}

#[test]
fn an_answer_is_cut_after_so_many_bytes() {
    for bytes in [0, 1, 20, 250] {
        let sandbox = sandbox(&[&format!("cut={bytes}")]);
        let [mut plain, mut tls] = clients(&sandbox);
        let (answer, end) = plain.until_end(&create(&plain));
        assert_eq!((answer.len(), end.is_ok()), (bytes, true), "{bytes}");
        assert!(b"HTTP/1.1 200 OK\r\n".starts_with(&answer[..bytes.min(17)]));
        let (answer, end) = tls.until_end(&create(&tls));
        // No goodbye: TLS can tell.
        assert_eq!(end.unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert_eq!(answer.len(), bytes);
        assert_eq!(sandbox.management().orders().len(), 2);
    }
}

#[test]
fn a_slow_answer_comes_whole() {
    let sandbox = sandbox(&["slow=1000"]);
    for mut client in clients(&sandbox) {
        let start = Instant::now();
        let answer = client.post_json("/v1/Order/Create", &order(PDF));
        assert_eq!(answer["isSuccess"], true);
        // Some 300 bytes, the last of them without a pause.
        assert!(start.elapsed() > Duration::from_millis(150), "{:?}", start.elapsed());
        sandbox.management().disarm_all();
        assert_eq!(client.get("/v1/Order/1").status, 200);
        sandbox.management().arm("slow=1000").unwrap();
    }
}

#[test]
fn a_delayed_answer_comes_late() {
    let sandbox = sandbox(&["delay=0.2"]);
    let start = Instant::now();
    Client::new(&sandbox).create(&order(PDF));
    assert!(start.elapsed() >= Duration::from_millis(200));
}

#[test]
fn json_can_be_broken_or_something_else() {
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
fn a_stale_connection_is_gone_when_it_is_used_again() {
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
fn faults_mean_operations_request_ids_and_shares() {
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

#[test]
fn nothing_goes_wrong_unless_asked_for_and_no_longer_than_asked_for() {
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
