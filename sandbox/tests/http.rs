//! The service over HTTP: tokens, methods, bodies, connections and TLS.

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
fn every_path_needs_the_token() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let json = ("Content-Type", "application/json");
    let almost = &sandbox.token()[1..];
    for (method, path) in PATHS.iter().chain(&[("GET", "/elsewhere")]) {
        for headers in
            [vec![json], vec![json, ("WoTrusToken", almost)], vec![json, ("WoTrusToken", "")]]
        {
            // A GET has no Content-Length, so a body would be read as the next request.
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
fn the_body_of_a_401_follows_the_policy() {
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
fn the_request_id_is_echoed_with_every_status() {
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
fn wrong_methods_paths_and_content_types_have_their_status() {
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
fn a_body_that_is_not_a_json_object_is_a_bad_request() {
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
fn unknown_order_ids_are_refused() {
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
fn a_large_document_is_read_and_a_too_large_body_is_refused() {
    let sandbox = sandbox();
    let mut client = Client::new(&sandbox);
    let mut body = order(PDF);
    body["documentsPost"] = json!([
        {"documentType": 2, "fileType": ".pdf", "fileContent": "JVBERi0x".repeat(1 << 20)}
    ]);
    client.create(&body);
    let answer = client.post("/v1/Order/Create", &vec![b' '; (64 << 20) + 1]);
    assert_eq!(answer.status, 413);
    assert_eq!(client.get("/v1/Order/1").status, 200, "the connection stays open");
    // Without a Content-Length the size is known only when it has been read.
    let head = format!(
        "POST /v1/Order/Create HTTP/1.1\r\nHost: x\r\nWoTrusToken: {}\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n",
        sandbox.token(),
        (64 << 20) + 1
    );
    let mut request = head.into_bytes();
    request.resize(request.len() + (64 << 20) + 1, b' ');
    request.extend_from_slice(b"\r\n0\r\n\r\n");
    assert_eq!(client.raw(&request).status, 413);
    assert_eq!(client.get("/v1/Order/1").status, 200, "the connection stays open");
}

#[test]
fn the_head_decides_before_the_body_is_sent() {
    let sandbox = sandbox();
    let json = "Content-Type: application/json\r\n";
    let token = format!("WoTrusToken: {}\r\n", sandbox.token());
    for (path, headers, status) in [
        ("/v1/Order/Create", json.to_owned(), 401),
        ("/v1/Order/Create", format!("{json}WoTrusToken: x\r\n"), 401),
        ("/v1/Order/Create", token.clone(), 415),
        ("/v1/Order/A-1", format!("{json}{token}"), 405),
        ("/v1/Nothing", format!("{json}{token}"), 404),
        ("/pending/0.html", String::new(), 404),
        ("/v1/Order/Create", format!("{json}{token}"), 413),
    ] {
        let length = if status == 413 { (64 << 20) + 1 } else { 1000 };
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {length}\r\n");
        // Nothing of the body is sent, and the response is there all the same.
        let mut client = Client::new(&sandbox);
        assert_eq!(client.raw(format!("{head}\r\n").as_bytes()).status, status, "{path}");
        // A client that waits for 100 Continue gets the final status instead, and the connection ends.
        let mut client = Client::new(&sandbox);
        let expect = format!("{head}Expect: 100-continue\r\n\r\n");
        assert_eq!(client.raw(expect.as_bytes()).status, status, "{path} with Expect");
    }
    let journal = sandbox.management().journal();
    assert!(journal.iter().all(|entry| entry.size == 0 && entry.body.is_none()));
}

#[test]
fn a_client_that_sends_its_whole_body_first_reads_the_401() {
    let sandbox = sandbox();
    for mut client in
        [Client::new(&sandbox), Client::tls(&sandbox, connect(sandbox.https_url()), "localhost")]
    {
        let body = vec![b' '; 8 << 20];
        let answer = client.request("POST", "/v1/Order/Create", &[("WoTrusToken", "x")], &body);
        assert_eq!(answer.status, 401);
        assert_eq!(client.get("/v1/Order/1").status, 200, "the connection stays open");
    }
}

#[test]
fn large_bodies_wait_for_each_other_and_small_ones_do_not() {
    let sandbox = sandbox();
    let mut request = format!(
        "POST /v1/Order/Create HTTP/1.1\r\nHost: x\r\nWoTrusToken: {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        sandbox.token(),
        40 << 20
    )
    .into_bytes();
    // Not JSON from its first byte on, so that parsing takes no time.
    request.resize(request.len() + (40 << 20), b'x');
    let (first_half, second_half) = request.split_at(request.len() / 2);
    // The first reserves more than half of the memory for bodies and does not finish. Its half is larger than all socket
    // buffers, so it is being read when this returns.
    let mut first = connect(sandbox.http_url());
    first.write_all(first_half).unwrap();
    let (sent, answered) = std::sync::mpsc::channel();
    let waiting = std::thread::spawn({
        let (request, stream) = (request.clone(), connect(sandbox.http_url()));
        let mut second = Client::over(Box::new(stream), &sandbox);
        move || sent.send(second.raw(&request).status).unwrap()
    });
    assert!(answered.recv_timeout(Duration::from_millis(500)).is_err(), "no memory is left");
    Client::new(&sandbox).create(&order(PDF));
    first.write_all(second_half).unwrap();
    let mut first = Client::over(Box::new(first), &sandbox);
    assert_eq!(first.raw(b"").status, 400);
    assert_eq!(answered.recv_timeout(support::PATIENCE).unwrap(), 400);
    waiting.join().unwrap();
}

#[test]
fn bodies_may_be_chunked_and_wait_for_100_continue() {
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
fn bytes_that_are_not_http_end_only_their_connection() {
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
fn the_certificate_is_valid_for_each_name_of_the_machine() {
    let sandbox = sandbox();
    let port: u16 = sandbox.https_url().rsplit_once(':').unwrap().1.parse().unwrap();
    for name in ["localhost", "127.0.0.1", "::1"] {
        let stream = connect(sandbox.https_url());
        let mut client = Client::tls(&sandbox, stream, name);
        let id = client.create(&order(PDF));
        assert_eq!(client.query(&id)["status"], "issued", "{name}");
    }
    // Only on a machine with IPv6.
    if std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
        let stream = TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
        assert_eq!(Client::tls(&sandbox, stream, "localhost").get("/v1/Order/1").status, 200);
    }
}

#[test]
fn dropping_ends_all_connections_at_once() {
    let sandbox = sandbox();
    let idle: Vec<_> = (0..20).map(|_| connect(sandbox.http_url())).collect();
    let mut half = connect(sandbox.http_url());
    let token = sandbox.token();
    write!(
        half,
        "POST /v1/Order/Create HTTP/1.1\r\nWoTrusToken: {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    )
    .unwrap();
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
fn it_starts_and_stops_inside_async_code() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { drop(sandbox()) });
}

#[test]
fn the_token_is_configured_or_generated_and_never_shown() {
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
fn addresses_beyond_loopback_are_reported() {
    assert!(sandbox().exposed().is_empty());
    let any = "0.0.0.0:0".parse().unwrap();
    let http = Sandbox::start(Config { http_listen: any, ..Config::immediate() }).unwrap();
    let port = http.http_url().rsplit_once(':').unwrap().1;
    assert_eq!(http.exposed(), [format!("http://0.0.0.0:{port}")]);
    let https = Sandbox::start(Config { https_listen: any, ..Config::immediate() }).unwrap();
    let port = https.https_url().rsplit_once(':').unwrap().1;
    assert_eq!(https.exposed(), [format!("https://0.0.0.0:{port}")]);
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
