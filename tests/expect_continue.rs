//! Large documents wait for "100 Continue": what a refusal before them means.

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use support::TOKEN;
use wotrus::{Client, Delivery, Document, DocumentType, Kind, OrderRequest, product};

const CREATED: &str = r#"{"isSuccess":true,"data":{"orderID":"A1"}}"#;

/// A service that answers a request with `Expect` by this status line and its headers before the
/// document, as often as `times` says, and takes every other request. The heads of the requests.
fn service(refusal: &'static str, times: usize) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let record = heads.clone();
    thread::spawn(move || {
        let mut refusals = times;
        for stream in listener.incoming().flatten() {
            let _ = serve(stream, refusal, &mut refusals, &record);
        }
    });
    (url, heads)
}

fn serve(
    mut stream: TcpStream,
    refusal: &str,
    refusals: &mut usize,
    heads: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    let length: u64 = length.unwrap().parse().unwrap();
    let expects = head.contains("Expect: 100-continue");
    heads.lock().unwrap().push(head);
    if expects && *refusals > 0 {
        *refusals -= 1;
        return write!(stream, "{refusal}\r\nContent-Length: 0\r\n\r\n");
    }
    if expects {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink())?;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{CREATED}", CREATED.len())
}

fn client(url: &str, retries: u32) -> Client {
    Client::builder().token(TOKEN).base_url(url).retries(retries).build().unwrap()
}

/// Without an idempotenceID, so that only what was not processed may be sent again.
fn order_with_a_large_document() -> OrderRequest {
    let mut order = OrderRequest::new(product::PDF_SIGNING, "沃通", 12, "沃通");
    let document = Document::from_bytes(vec![1; 1_500_000], ".pdf").unwrap();
    order.add_document(DocumentType::BusinessLicence, document);
    order
}

#[test]
fn after_417_the_order_is_sent_again_at_once_without_expect() {
    let (url, heads) = service("HTTP/1.1 417 Expectation Failed", usize::MAX);
    // It is not a retry.
    let created = client(&url, 0).create_order(&order_with_a_large_document()).unwrap();
    assert_eq!(created.value().id(), "A1");
    assert_eq!(created.reply().attempts(), 2);
    let heads = heads.lock().unwrap();
    let expects: Vec<bool> = heads.iter().map(|head| head.contains("Expect")).collect();
    assert_eq!(expects, [true, false]);
}

#[test]
fn a_5xx_before_the_document_was_not_processed_and_is_sent_again() {
    for status in [500, 502, 503, 504] {
        let refusal: &'static str =
            Box::leak(format!("HTTP/1.1 {status} X\r\nRetry-After: 0").into_boxed_str());
        let (url, heads) = service(refusal, 1);
        let created = client(&url, 1).create_order(&order_with_a_large_document()).unwrap();
        assert_eq!(created.reply().attempts(), 2, "{status}");
        assert_eq!(heads.lock().unwrap().len(), 2);

        let (url, _) = service(refusal, usize::MAX);
        let error = client(&url, 1).create_order(&order_with_a_large_document()).unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (Kind::Protocol, Delivery::Answered));
        assert_eq!(error.attempts(), 2, "{error}");
    }
}

#[test]
fn other_refusals_before_the_document_are_final() {
    for (status, kind) in [(401, Kind::Auth), (413, Kind::Protocol), (404, Kind::Protocol)] {
        let refusal: &'static str = Box::leak(format!("HTTP/1.1 {status} X").into_boxed_str());
        let (url, heads) = service(refusal, usize::MAX);
        let error = client(&url, 2).create_order(&order_with_a_large_document()).unwrap_err();
        assert_eq!((error.kind(), error.http_status()), (kind, Some(status)));
        assert_eq!(heads.lock().unwrap().len(), 1);
    }
}

#[test]
fn a_417_to_a_request_without_expect_is_final() {
    let server = support::Server::start([support::Act::Answer(417, "", String::new())]);
    let order = OrderRequest::new(product::PDF_SIGNING, "沃通", 12, "沃通");
    let error = server.client().create_order(&order).unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (Kind::Protocol, 1), "{error}");
}
