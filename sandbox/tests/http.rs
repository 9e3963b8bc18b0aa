//! HTTP as it is on the wire: tokens, methods, bodies, connections, TLS.

mod support;

use std::io::{Read, Write};
use std::net::{Ipv6Addr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;
use support::{Client, PDF, connect, order};
use wotrus_sandbox::{Config, Sandbox, policy};

const PATHS: [(&str, &str); 7] = [
    ("POST", "/v1/Order/Create"),
    ("GET", "/v1/Order/644A3E60-F1AA-4E25-821A-ACFBC462BC37"),
    ("GET", "/v1/Certificate/RetrievePem?orderID=644A3E60-F1AA-4E25-821A-ACFBC462BC37"),
    ("POST", "/v1/Order/Cancel"),
    ("POST", "/v1/Certificate/RevokeRequest"),
    ("POST", "/v1/Certificate/ReissueRequest"),
    ("POST", "/v1/Notification/email"),
];

fn sandbox() -> Sandbox {
    Sandbox::start(Config::immediate()).unwrap()
}

#[test]
fn nothing_goes_without_the_token() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let json = ("Content-Type", "application/json");
    let almost = &sandbox.token()[1..];
    for (method, path) in PATHS.iter().chain(&[("GET", "/elsewhere")]) {
        for headers in
            [vec![json], vec![json, ("WoTrusToken", almost)], vec![json, ("WoTrusToken", "")]]
        {
            // A GET has no body, or its bytes would be the next request's.
            let body: &[u8] = if *method == "GET" { b"" } else { b"{}" };
            let answer = client.request(method, path, &headers, body);
            assert_eq!(answer.status, 401, "{method} {path}");
            assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
            assert!(answer.text().contains("401 Unauthorized"));
        }
    }
    let lower = [("wotrustoken", sandbox.token())];
    assert_eq!(client.request("GET", PATHS[1].1, &lower, b"").status, 200);
}

#[test]
fn the_body_beside_401_follows_policy() {
    for (value, content_type) in [
        (policy::Unauthorized::Json, Some("application/json; charset=utf-8")),
        (policy::Unauthorized::Empty, None),
    ] {
        let mut config = Config::immediate();
        config.policies.unauthorized = value;
        let sandbox = Sandbox::start(config).unwrap();
        let answer = Client::new(&sandbox).request("GET", "/v1/Order/1", &[], b"");
        assert_eq!((answer.status, answer.header("content-type")), (401, content_type));
        assert_eq!(answer.body.is_empty(), content_type.is_none());
    }
}

#[test]
fn the_request_id_comes_back_with_every_status() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let token = sandbox.token().to_owned();
    for (token, status) in [(token.as_str(), 200), ("wrong", 401)] {
        let headers = [("WoTrusToken", token), ("RequestID", "order 42/1")];
        let answer = client.request("GET", "/v1/Order/1", &headers, b"");
        assert_eq!((answer.status, answer.header("requestid")), (status, Some("order 42/1")));
    }
    assert_eq!(client.get("/v1/Order/1").header("requestid"), None);
}

#[test]
fn methods_paths_and_content_types_are_told_apart() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    for (method, path) in PATHS {
        let other = if method == "GET" { "PUT" } else { "DELETE" };
        let token = [("WoTrusToken", sandbox.token())];
        let answer = client.request(other, path, &token, b"");
        assert_eq!((answer.status, answer.header("allow")), (405, Some(method)), "{other} {path}");
    }
    assert_eq!(client.get("/").status, 404);
    assert_eq!(client.post("/v1/Order", b"{}").status, 404);
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        let headers = [("WoTrusToken", sandbox.token()), ("Content-Type", content_type)];
        assert_eq!(client.request("POST", PATHS[0].1, &headers, b"{}").status, 415);
    }
    let headers =
        [("WoTrusToken", sandbox.token()), ("Content-Type", "Application/JSON;charset=UTF-8")];
    assert_eq!(client.request("POST", PATHS[0].1, &headers, b"{}").status, 200);
}

#[test]
fn what_is_no_json_object_is_a_bad_request() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    for (_, path) in PATHS.iter().filter(|(method, _)| *method == "POST") {
        for body in ["", "{", "[]", "null", "\"x\"", "{\"orderID\":1,}"] {
            let answer = client.post(path, body.as_bytes());
            assert_eq!(answer.status, 400, "{path} {body}");
            assert_eq!(answer.json()["isSuccess"], false);
        }
        assert_eq!(client.post(path, b"{\"orderID\":\"\xff\"}").status, 400);
    }
}

#[test]
fn odd_order_ids_are_somebody_elses_orders() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    for id in ["..%2Fx", "a%3Fb", "%252e", "a%2Fb", "%E6%B2%83", "%ff", "Create"] {
        let answer = client.get(&format!("/v1/Order/{id}"));
        assert_eq!(answer.json()["errorMsg"], "订单不存在", "{id}");
    }
    let answer = client.get("/v1/Certificate/RetrievePem").json();
    assert_eq!(answer["errorMsg"], "参数 orderID 不能为空");
}

#[test]
fn a_large_document_is_read_and_a_larger_body_is_refused() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let mut body = order(PDF);
    body["documentsPost"] = json!([
        {"documentType": 2, "fileType": ".pdf", "fileContent": "JVBERi0x".repeat(1 << 20)}
    ]);
    client.create(&body);
    let answer = client.post("/v1/Order/Create", &vec![b' '; (64 << 20) + 1]);
    assert_eq!(answer.status, 413);
    assert_eq!(client.get("/v1/Order/1").status, 200, "the connection lives on");
}

#[test]
fn bodies_may_come_in_chunks_and_after_a_100() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let head = format!(
        "POST /v1/Order/Cancel HTTP/1.1\r\nHost: x\r\nWoTrusToken: {}\r\n\
         Content-Type: application/json\r\n",
        sandbox.token()
    );
    let chunked = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\"ord\r\n9\r\nerID\":1 }}\r\n0\r\n\r\n"
    );
    assert_eq!(client.raw(chunked.as_bytes()).json()["errorMsg"], "订单不存在");
    let mut stream = connect(sandbox.http_url());
    write!(stream, "{head}Expect: 100-continue\r\nContent-Length: 13\r\n\r\n").unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    let mut client = Client::over(Box::new(stream), &sandbox);
    assert_eq!(client.raw(b"{\"orderID\":1}").status, 200);
}

#[test]
fn garbage_ends_its_own_connection_only() {
    let sandbox = sandbox();
    let mut stream = connect(sandbox.http_url());
    stream.write_all(b"\x16\x03\x01 this is no HTTP\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"));
    let mut stream = connect(sandbox.https_url());
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    assert_eq!(Client::new(&sandbox).get("/v1/Order/1").status, 200);
}

#[test]
fn tls_holds_for_each_of_the_machines_names() {
    let sandbox = sandbox();
    let port: u16 = sandbox.https_url().rsplit_once(':').unwrap().1.parse().unwrap();
    for name in ["localhost", "127.0.0.1", "::1"] {
        let stream = connect(sandbox.https_url());
        let mut client = Client::tls(&sandbox, stream, name);
        let id = client.create(&order(PDF));
        assert_eq!(client.query(&id)["status"], "issued", "{name}");
    }
    // A machine without IPv6 has nothing to test here.
    if std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
        let stream = TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
        assert_eq!(Client::tls(&sandbox, stream, "localhost").get("/v1/Order/1").status, 200);
    }
}

#[test]
fn a_drop_is_quick_and_final_whatever_is_open() {
    let sandbox = sandbox();
    let idle: Vec<_> = (0..20).map(|_| connect(sandbox.http_url())).collect();
    let mut half = connect(sandbox.http_url());
    half.write_all(b"POST /v1/Order/Create HTTP/1.1\r\nContent-Length: 100\r\n\r\n{").unwrap();
    let mut client = Client::tls(&sandbox, connect(sandbox.https_url()), "localhost");
    assert_eq!(client.get("/v1/Order/1").status, 200);
    let address = sandbox.http_url().trim_start_matches("http://").to_owned();
    let start = Instant::now();
    drop(sandbox);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(TcpStream::connect(address).is_err());
    for mut stream in idle.into_iter().chain([half]) {
        let ended = stream.read(&mut [0; 1]);
        assert!(matches!(ended, Ok(0)) || ended.is_err());
    }
}

#[test]
fn it_starts_and_stops_inside_somebodys_async_code() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { drop(sandbox()) });
}

#[test]
fn the_token_is_chosen_or_made_and_never_shown() {
    let one = sandbox();
    assert!(one.token().starts_with("tk_sandbox_"));
    assert_ne!(one.token(), sandbox().token());
    let config = Config { token: Some("tk_mine".into()), ..Config::immediate() };
    assert!(!format!("{config:?}").contains("tk_mine"));
    let mine = Sandbox::start(config).unwrap();
    assert_eq!(mine.token(), "tk_mine");
    assert!(!format!("{mine:?}").contains("tk_mine"));
    assert_eq!(Client::new(&mine).get("/v1/Order/1").status, 200);
    for token in ["", "a b", "a\r\nb", "沃"] {
        let config = Config { token: Some(token.into()), ..Config::immediate() };
        assert!(matches!(Sandbox::start(config), Err(wotrus_sandbox::Error::Config(_))));
    }
}

#[test]
fn an_address_in_use_is_an_error_that_names_it() {
    let one = sandbox();
    let address = one.http_url().trim_start_matches("http://").parse().unwrap();
    let error = Sandbox::start(Config { http_listen: address, ..Config::default() }).unwrap_err();
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}

#[test]
fn the_ready_line_is_one_line_of_json() {
    let sandbox = sandbox();
    let line = sandbox.ready_line(Some("/tmp/沃 ca.pem".as_ref()));
    assert!(!line.contains('\n'));
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["http_url"], sandbox.http_url());
    assert_eq!(line["https_url"], sandbox.https_url());
    assert_eq!(line["token"], sandbox.token());
    assert_eq!(line["tls_ca_file"], "/tmp/沃 ca.pem");
    assert!(!sandbox.ready_line(None).contains("tls_ca_file"));
}
