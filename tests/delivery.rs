//! What a failure says about delivery, and which calls are sent again.

mod support;

use std::net::TcpListener;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use support::{Act, Server, TOKEN};
use wotrus::{
    CallOptions, Cause, Client, Delivery, Document, DocumentType, Error, Event, Kind, OrderRequest,
    RevokeRequest, WaitOptions, product,
};

const CREATED: &str = r#"{"isSuccess":true,"data":{"orderID":"A1","orderID_RSA":null}}"#;
const QUERIED: &str = r#"{"isSuccess":true,"data":{"id":"A1","status":"pending"}}"#;

fn order(idempotence_id: Option<&str>) -> OrderRequest {
    let mut order = OrderRequest::new(product::PDF_SIGNING, "沃通", 12, "沃通");
    order.info.idempotence_id = idempotence_id.map(str::to_owned);
    order.info.ukey_password = Some("ukey-password".into());
    order
}

fn ok(body: &str) -> Act {
    Act::Answer(200, "", body.to_owned())
}

fn status(code: u16) -> Act {
    Act::Answer(code, "", "<html>gateway</html>".to_owned())
}

fn create(server: &Server, idempotence_id: Option<&str>) -> wotrus::Result<u32> {
    server.client().create_order(&order(idempotence_id)).map(|created| created.reply().attempts())
}

#[test]
fn order_without_idempotence_id_is_not_sent_again() {
    for act in [
        Act::CloseAfterRead,
        status(500),
        status(502),
        status(503),
        status(504),
        Act::Answer(503, "Retry-After: 0\r\n", String::new()),
        ok("<html>maintenance</html>"),
        ok(r#"{"isSuccess":true,"data":{}}"#),
        ok(r#"{"isSuccess":true,"data":null}"#),
        Act::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"isSuccess\":".to_vec()),
    ] {
        let server = Server::start([act, ok(CREATED)]);
        let error = create(&server, None).unwrap_err();
        assert_eq!(error.kind(), Kind::UnknownOutcome, "{error}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert_eq!(server.seen().len(), 1, "sent again: {error}");
        assert!(error.message().contains("do not send it again"), "{error}");
        assert!(error.message().contains(error.request_id().unwrap()), "{error}");
    }
}

#[test]
fn possibly_incomplete_responses_are_rejected() {
    let body = CREATED;
    let length = body.len();
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n");
    let cases = [
        (chunked.clone(), None),
        (format!("Content-Length: {length}\r\n\r\n{body}"), None),
        // Without a length the response ends with the connection, and must be complete JSON.
        (format!("\r\n{body}"), None),
        (format!("\r\n{}", &body[..length - 1]), Some(Cause::NotJson)),
        (format!("\r\n{body}x"), Some(Cause::NotJson)),
        (format!("Content-Length: {length}\r\nContent-Length: {length}\r\n\r\n{body}"), None),
        (format!("Content-Length: {length}, {length}\r\n\r\n{body}"), None),
        // Lines that other readers may understand otherwise never decide where the response ends.
        (
            format!("X: y\r\n z\r\nServer : x\r\noops\r\nContent-Length: {length}\r\n\r\n{body}"),
            None,
        ),
        (format!("Content-Length : 9\r\nTransfer-Encoding:\r\n chunked\r\n\r\n{body}"), None),
        (
            format!("Content-Length: 9\r\nContent-Length : {length}\r\n\r\n{body}"),
            Some(Cause::NotJson),
        ),
        (format!("Content-Length: {length}\r\nContent-Length: 9\r\n\r\n{body}"), Some(Cause::Http)),
        (format!("Content-Length: +{length}\r\n\r\n{body}"), Some(Cause::Http)),
        (format!("Content-Length: {length}\r\n{chunked}"), Some(Cause::Http)),
        (format!("Transfer-Encoding: gzip, chunked\r\n\r\n{body}"), Some(Cause::Http)),
        (
            format!("Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n{body}"),
            Some(Cause::Http),
        ),
        (format!("Content-Length: {}\r\n\r\n{body}", length + 1), Some(Cause::ConnectionLost)),
        ("Transfer-Encoding: chunked\r\n\r\nzz\r\n".into(), Some(Cause::Http)),
        (
            format!("Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n"),
            Some(Cause::ConnectionLost),
        ),
        (format!("Content-Length: {}\r\n\r\n{body} {{}}", length + 3), Some(Cause::NotJson)),
        (
            "Content-Length: 2000000\r\n\r\n".to_owned() + &" ".repeat(2_000_000),
            Some(Cause::TooLarge),
        ),
    ];
    for (answer, expected) in cases {
        let server = Server::start([Act::Raw(format!("HTTP/1.1 200 OK\r\n{answer}").into_bytes())]);
        let shown = &answer[..answer.len().min(90)];
        match (create(&server, None), expected) {
            (Ok(_), None) => {}
            (Err(error), Some(cause)) => {
                assert_eq!(
                    (error.kind(), error.cause()),
                    (Kind::UnknownOutcome, cause),
                    "{shown}: {error}"
                );
            }
            (result, _) => panic!("{shown}: {result:?}"),
        }
    }
}

#[test]
fn order_with_idempotence_id_is_sent_again_with_the_same_id() {
    for act in [Act::CloseAfterRead, status(500), ok("not json")] {
        let server = Server::start([act, ok(CREATED)]);
        assert_eq!(create(&server, Some("db-42")).unwrap(), 2);
        let seen = server.seen();
        assert_eq!(seen[0].body, seen[1].body);
        assert!(seen[0].body.contains(r#""idempotenceID":"db-42""#));
        assert_eq!(seen[0].header("RequestID"), seen[1].header("RequestID"));
    }
}

#[test]
fn refusal_after_a_lost_response_is_an_unknown_outcome() {
    let refusal = r#"{"isSuccess":false,"errorMsg":"幂等值重复"}"#;
    let server = Server::start([Act::CloseAfterRead, ok(refusal)]);
    let error = create(&server, Some("db-42")).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::UnknownOutcome, Cause::Refused));
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(error.service_message(), Some("幂等值重复"));
    assert_eq!(error.idempotence_id(), Some("db-42"));
    assert!(error.message().contains("is safe"), "{error}");

    let server = Server::start([ok(refusal)]);
    let error = create(&server, Some("db-42")).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (Kind::Refused, Delivery::Answered));
    assert_eq!(error.attempts(), 1);
}

#[test]
fn retry_after_is_respected() {
    // 429 means not processed. After 503 the idempotenceID makes a retry safe.
    for (code, idempotence_id) in [(429, None), (429, Some("db-42")), (503, Some("db-42"))] {
        let server =
            Server::start([Act::Answer(code, "Retry-After: 1\r\n", String::new()), ok(CREATED)]);
        let started = Instant::now();
        assert_eq!(create(&server, idempotence_id).unwrap(), 2);
        assert!(started.elapsed() >= Duration::from_secs(1));
    }
    // Longer than the call's timeout: reported instead of waited for.
    for (code, kind, delivery) in
        [(429, Kind::Protocol, Delivery::Answered), (503, Kind::UnknownOutcome, Delivery::Unknown)]
    {
        let server = Server::start([Act::Answer(code, "Retry-After: 3600\r\n", String::new())]);
        let error = create(&server, Some("db-42")).unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{error}");
        assert_eq!((error.http_status(), error.attempts()), (Some(code), 1));
    }
}

#[test]
fn the_status_of_the_last_answer_is_kept_when_a_later_attempt_has_none() {
    let server = Server::start([Act::Answer(503, "", String::new()), Act::CloseAfterRead]);
    let client = server.builder().retries(1).build().unwrap();
    let error = client.query_order("A1").unwrap_err();
    assert_eq!((error.cause(), error.attempts()), (Cause::ConnectionLost, 2), "{error}");
    assert_eq!(error.http_status(), Some(503));
}

#[test]
fn connection_failures_are_not_sent() {
    // A port without a listener.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = Client::builder()
        .token(TOKEN)
        .base_url(format!("http://127.0.0.1:{port}"))
        .retries(1)
        .build()
        .unwrap();
    let error = client.create_order(&order(None)).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Network, Cause::Connect), "{error}");
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 2));

    let client = Client::builder()
        .token(TOKEN)
        // A label of more than 63 letters is invalid, so no name server is queried.
        .base_url(format!("https://{}.example", "x".repeat(64)))
        .retries(0)
        .build()
        .unwrap();
    let error = client.create_order(&order(None)).unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Network, Cause::Dns), "{error}");
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[test]
fn reading_calls_are_sent_again_and_never_have_an_unknown_outcome() {
    let server = Server::start([Act::CloseAfterRead, status(502), ok(QUERIED)]);
    assert_eq!(server.client().query_order("A1").unwrap().reply().attempts(), 3);

    let server = Server::start(vec![Act::CloseAfterRead; 3]);
    let error = server.client().query_order("A1").unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Network, Cause::ConnectionLost));
    assert_eq!(error.attempts(), 3);

    let server = Server::start(vec![ok("<html>login</html>"); 3]);
    let error = server.client().query_order("A1").unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Protocol, Cause::NotJson));
    assert!(error.message().ends_with(": login"), "{error}");

    let server = Server::start(vec![ok(r#"{"isSuccess":true,"data":null}"#)]);
    let error = server.client().query_order("A1").unwrap_err();
    assert_eq!((error.kind(), error.cause()), (Kind::Protocol, Cause::Envelope));
}

#[test]
fn redirects_are_never_followed() {
    for code in [301, 302, 303, 307, 308] {
        let elsewhere = Server::start([ok(CREATED)]);
        let location: &'static str =
            Box::leak(format!("Location: {}/x\r\n", elsewhere.url).into_boxed_str());
        let server = Server::start([Act::Answer(code, location, String::new())]);
        for error in [create(&server, Some("db-42")).unwrap_err(), {
            let server = Server::start([Act::Answer(code, location, String::new())]);
            server.client().query_order("A1").map(drop).unwrap_err()
        }] {
            assert_eq!((error.kind(), error.cause()), (Kind::Protocol, Cause::Redirect));
            assert_eq!(error.attempts(), 1);
        }
        assert!(elsewhere.seen().is_empty(), "the redirect was followed");
    }
}

#[test]
fn http_errors_have_the_status_and_the_service_message() {
    let envelope = r#"{"isSuccess":false,"errorMsg":"token过期"}"#;
    for (code, body, kind) in [
        (401, envelope, Kind::Auth),
        (403, "", Kind::Auth),
        (400, "<h1>Bad</h1>", Kind::Protocol),
        (404, "", Kind::Protocol),
        (413, "", Kind::Protocol),
    ] {
        let server = Server::start([Act::Answer(code, "", body.to_owned()), ok(CREATED)]);
        let error = create(&server, Some("db-42")).unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (kind, Delivery::Answered), "{error}");
        assert_eq!(error.http_status(), Some(code));
        assert_eq!(server.seen().len(), 1);
        assert_eq!(error.service_message().is_some(), body == envelope);
    }
}

#[test]
fn echoed_secrets_are_redacted_in_errors() {
    let echo = format!("<p>{TOKEN} ukey-password</p>");
    let words = format!(r#"{{"isSuccess":false,"errorMsg":"bad {TOKEN} ukey-password"}}"#);
    for act in [
        Act::Answer(401, "", echo.clone()),
        Act::Answer(400, "", echo.clone()),
        ok(&echo),
        ok(&words),
        Act::Answer(500, "", words.clone()),
    ] {
        let server = Server::start([act]);
        let error = create(&server, None).unwrap_err();
        let shown = format!("{error} {error:?} {:?}", error.service_message());
        assert!(!shown.contains(TOKEN) && !shown.contains("ukey-password"), "{shown}");
        assert!(shown.contains("***"), "nothing was redacted: {shown}");
    }
}

#[test]
fn call_ends_within_its_timeout() {
    let server = Server::start([Act::Silence(Duration::from_secs(30))]);
    let client = server.builder().timeout(Duration::from_millis(300)).build().unwrap();
    let started = Instant::now();
    let error = client.create_order(&order(None)).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!((error.kind(), error.cause()), (Kind::UnknownOutcome, Cause::Timeout));
}

#[test]
fn calls_and_copies_share_one_connection() {
    let server = Server::start(vec![ok(QUERIED); 6]);
    let client = server.client();
    for call in 0..6 {
        let copy = client.with(CallOptions::new().request_id(format!("call-{call}")));
        let order = copy.query_order("A1").unwrap();
        assert_eq!(order.reply().request_id(), format!("call-{call}"));
    }
    assert!(server.seen().iter().all(|seen| seen.connection == 0));
}

/// A copy of the client, and a channel that receives a message at each event of this name.
fn notify_on(client: &Client, name: &'static str) -> (Client, mpsc::Receiver<()>) {
    let (sender, receiver) = mpsc::channel();
    let sender = Mutex::new(sender);
    let copy = client.with(CallOptions::new().observer(move |event| {
        if event.to_json().contains(&format!(r#""event":"{name}""#)) {
            let _ = sender.lock().unwrap().send(());
        }
    }));
    (copy, receiver)
}

#[test]
fn cancel_ends_a_call_a_back_off_and_a_wait() {
    let busy = Act::Answer(429, "Retry-After: 15\r\n", String::new());
    let silence = Act::Silence(Duration::from_secs(30));
    for (act, event, expected) in
        [(silence, "sending", Kind::UnknownOutcome), (busy, "retrying", Kind::Cancelled)]
    {
        let server = Server::start([act, ok(CREATED)]);
        let client = server.client();
        let (other, reached) = notify_on(&client, event);
        let caller = thread::spawn(move || other.create_order(&order(None)).map(drop));
        reached.recv().unwrap();
        while server.seen().is_empty() {
            thread::sleep(Duration::from_millis(5));
        }
        client.cancel();
        let error = caller.join().unwrap().unwrap_err();
        assert_eq!((error.kind(), error.cause()), (expected, Cause::Cancelled), "{error}");
        assert_eq!(client.create_order(&order(None)).unwrap().value().id(), "A1");
    }

    let server = Server::start(vec![ok(QUERIED); 2]);
    let client = server.client();
    let (other, reached) = notify_on(&client, "waiting");
    let waiter = thread::spawn(move || {
        let wait = WaitOptions::new().pauses(Duration::from_secs(60), Duration::from_secs(60));
        other.wait_for_certificate("A1", &wait).map(drop)
    });
    reached.recv().unwrap();
    client.cancel();
    let error = waiter.join().unwrap().unwrap_err();
    assert_eq!(error.kind(), Kind::Cancelled);
    assert!(client.query_order("A1").is_ok());
}

#[test]
fn observer_receives_every_event_and_can_stop_sending() {
    let server = Server::start([status(502), ok(CREATED)]);
    let events = Arc::new(Mutex::new(Vec::new()));
    let record = events.clone();
    let client = server
        .builder()
        .observer(move |event| {
            record.lock().unwrap().push(event.to_json());
        })
        .build()
        .unwrap();
    client.create_order(&order(Some("db-42"))).unwrap();
    let events = events.lock().unwrap().clone();
    let kinds: Vec<String> = events
        .iter()
        .map(|json| serde_json::from_str::<serde_json::Value>(json).unwrap()["event"].to_string())
        .collect();
    assert_eq!(
        kinds.join(" ").replace('"', ""),
        "sending answered failed retrying sending answered"
    );
    assert!(events.iter().all(|json| !json.contains(TOKEN) && !json.contains("ukey-password")));

    let stop = CallOptions::new().observer(|event| {
        if let Event::Sending { .. } = event {
            event.stop();
        }
    });
    let error = client.with(stop).create_order(&order(None)).unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (Kind::Cancelled, Delivery::NotSent));
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn changed_file_stops_the_request_before_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proof.pdf");
    let bytes = vec![7; 700_000];
    type Change = fn(&std::path::Path);
    let changes: [(Change, Cause); 4] = [
        (|path| std::fs::write(path, vec![7; 600_000]).unwrap(), Cause::FileChanged),
        (|path| std::fs::write(path, vec![7; 800_000]).unwrap(), Cause::FileChanged),
        (
            |path| {
                let file = std::fs::File::options().write(true).open(path).unwrap();
                file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
            },
            Cause::FileChanged,
        ),
        (|path| std::fs::remove_file(path).unwrap(), Cause::FileRead),
    ];
    for (change, cause) in changes {
        std::fs::write(&path, &bytes).unwrap();
        let proof = Document::from_path(&path).unwrap();
        change(&path);
        let server = Server::start([ok(r#"{"isSuccess":true,"data":{}}"#)]);
        let request = RevokeRequest::new("A1", "私钥泄露", proof);
        let error = server.client().revoke_certificate(&request).unwrap_err();
        assert_eq!((error.kind(), error.cause()), (Kind::File, cause), "{error}");
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 1));
        assert!(error.message().contains("proof.pdf"), "{error}");
    }
}

#[test]
fn retry_sends_the_document_from_its_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("licence.pdf");
    std::fs::write(&path, vec![9; 1_500_000]).unwrap();
    let mut request = order(Some("db-42"));
    request.add_document(DocumentType::BusinessLicence, Document::from_path(&path).unwrap());
    let server = Server::start([Act::CloseAfterRead, ok(CREATED)]);
    assert_eq!(server.client().create_order(&request).unwrap().reply().attempts(), 2);
    let seen = server.seen();
    assert!(seen[0].body == seen[1].body && seen[0].body.len() > 2_000_000);
}

#[test]
fn interrupted_upload_is_not_sent() {
    let mut request = order(None);
    let document = Document::from_bytes(vec![1; 8_000_000], ".pdf").unwrap();
    request.add_document(DocumentType::BusinessLicence, document);
    // Two connections close with most of the body unread; the third accepts the order.
    let server = Server::start([Act::CloseAfterHead, Act::CloseAfterHead, ok(CREATED)]);
    let created = server.client().create_order(&request).unwrap();
    assert_eq!(created.reply().attempts(), 3, "an incomplete request is sent again");
}

#[test]
fn invalid_documents_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let kind = |result: wotrus::Result<Document>| result.map_err(|e: Error| e.kind()).unwrap_err();
    assert_eq!(kind(Document::from_path(folder.path().join("none.pdf"))), Kind::File);
    assert_eq!(kind(Document::from_path_as(folder.path(), ".pdf")), Kind::File);
    assert_eq!(kind(Document::from_path(write("empty.pdf", b""))), Kind::Argument);
    assert_eq!(kind(Document::from_path(write("a.exe", b"MZ"))), Kind::Argument);
    assert_eq!(kind(Document::from_bytes(*b"x", "pdf")), Kind::Argument);
    assert_eq!(kind(Document::from_bytes(*b"x", ".p/f")), Kind::Argument);
    let document = Document::from_path(write("SCAN.JPEG", b"x")).unwrap();
    assert_eq!((document.file_type(), document.size()), (".jpg", 1));
    assert!(Document::from_path_as(write("scan", b"x"), ".tif").is_ok());
    #[cfg(unix)]
    {
        let fifo = folder.path().join("fifo.pdf");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        assert_eq!(kind(Document::from_path(&fifo)), Kind::File);
    }
}

#[test]
fn requests_ask_for_an_uncompressed_response() {
    let server = Server::start([ok(QUERIED)]);
    server.client().query_order("A1").unwrap();
    assert_eq!(server.seen()[0].header("Accept-Encoding"), Some("identity"));
}
