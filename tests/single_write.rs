//! The head and body of a small order are sent by one write: one TCP segment, or one TLS record.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use wotrus::{Client, OrderRequest, product};

#[test]
fn small_order_is_sent_by_one_write() {
    const ORDERS: usize = 20;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut requests = Vec::new();
        for _ in 0..ORDERS {
            // One read returns what one write has sent.
            let mut request = vec![0; 64 * 1024];
            let count = stream.read(&mut request).unwrap();
            requests.push(String::from_utf8(request[..count].to_vec()).unwrap());
            let answer = r#"{"isSuccess":true,"data":{"orderID":"A1"}}"#;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
            stream.write_all((head + answer).as_bytes()).unwrap();
        }
        requests
    });
    let client = Client::builder().base_url(url).token("tk_1").retries(0).build().unwrap();
    let mut order = OrderRequest::new(product::PDF_SIGNING, "single write", 12, "single write");
    order.info.csr_rsa = Some(include_str!("fixtures/example.csr").to_owned());
    order.info.idempotence_id = Some("single-write".to_owned());
    for _ in 0..ORDERS {
        client.create_order(&order).unwrap();
    }
    for request in server.join().unwrap() {
        let (head, body) = request.split_once("\r\n\r\n").expect("a complete head");
        let length = format!("Content-Length: {}", body.len());
        assert!(head.starts_with("POST /v1/Order/Create HTTP/1.1\r\n"), "{head}");
        for line in ["WoTrusToken: tk_1", "Content-Type: application/json", &length] {
            assert_eq!(head.lines().filter(|l| *l == line).count(), 1, "{line} in {head}");
        }
        assert_eq!(head.lines().filter(|line| line.starts_with("RequestID: ")).count(), 1);
        assert!(body.starts_with('{') && body.ends_with("]}"), "{body}");
    }
}
