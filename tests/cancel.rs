//! Cancelling from another thread: wherever a call stands, it ends at once, and the client works
//! afterwards.

mod support;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use support::{Act, Server, TOKEN};
use wotrus::{
    CallOptions, Cause, Client, Document, DocumentType, Error, Event, Kind, OrderRequest,
    WaitOptions, product,
};

/// What is promised.
const AT_ONCE: Duration = Duration::from_millis(300);
const QUERIED: &str = r#"{"isSuccess":true,"data":{"id":"A1","status":"pending"}}"#;

fn request() -> OrderRequest {
    OrderRequest::new(product::PDF_SIGNING, "cancelled", 12, "cancelled")
}

/// Begins a call on another thread, cancels it a while after it was `begun`, and looks at the
/// clock: its error, and how long it took to come.
fn cancelled(
    client: &Client,
    begun: impl FnOnce(),
    call: impl FnOnce(&Client) -> Result<(), Error> + Send + 'static,
) -> Error {
    let other = client.clone();
    let (done, result) = mpsc::channel();
    thread::spawn(move || {
        let result = call(&other);
        done.send((result, Instant::now())).unwrap();
    });
    begun();
    // Time to come to where it blocks.
    thread::sleep(Duration::from_millis(150));
    let at = Instant::now();
    client.cancel();
    let (result, ended) = result.recv_timeout(Duration::from_secs(30)).expect("it never ended");
    let took = ended.saturating_duration_since(at);
    let error = result.expect_err("it was not cancelled");
    assert!(ended > at, "it ended before it was cancelled: {error}");
    assert!(took <= AT_ONCE, "it took {took:?}: {error}");
    assert_eq!(error.cause(), Cause::Cancelled, "{error}");
    error
}

/// A listener whose first connection does this; later ones answer a query.
fn listener(first: impl Fn(TcpStream) + Send + 'static) -> (SocketAddr, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        tell.send(()).unwrap();
        first(stream);
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let answer =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{QUERIED}", QUERIED.len());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, told)
}

fn client(url: String) -> Client {
    Client::builder().token(TOKEN).base_url(url).build().unwrap()
}

#[test]
fn while_connecting() {
    let socket =
        || socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    let full = socket();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    full.bind(&any.into()).unwrap();
    full.listen(0).unwrap();
    let address = full.local_addr().unwrap();
    let fillers: Vec<_> = (0..3).map(|_| socket()).collect();
    for filler in &fillers {
        filler.set_nonblocking(true).unwrap();
        let _ = filler.connect(&address);
    }
    let client = client(format!("http://{}", address.as_socket().unwrap()));
    let error = cancelled(&client, || {}, |client| client.create_order(&request()).map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
}

#[test]
fn in_the_tls_handshake() {
    let (address, begun) = listener(|stream| {
        let _ = (&stream).read(&mut [0; 4096]);
        thread::sleep(Duration::from_secs(1));
    });
    let client = client(format!("https://{address}"));
    let wait = || begun.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.create_order(&request()).map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
}

#[test]
fn waiting_for_the_answer() {
    let (address, begun) = listener(|stream| {
        let _ = (&stream).read(&mut [0; 4096]);
        thread::sleep(Duration::from_secs(1));
    });
    let client = client(format!("http://{address}"));
    let wait = || begun.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.create_order(&request()).map(drop));
    assert_eq!(error.kind(), Kind::UnknownOutcome, "the order may exist: {error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

#[test]
fn inside_the_answer() {
    let (address, begun) = listener(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{");
        thread::sleep(Duration::from_secs(1));
    });
    let client = client(format!("http://{address}"));
    let wait = || begun.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.query_order("A1").map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

#[test]
fn sending_a_document() {
    let (address, begun) = listener(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
        thread::sleep(Duration::from_secs(1));
    });
    let client = client(format!("http://{address}"));
    let mut order = request();
    let document = Document::from_bytes(vec![7; 20 << 20], ".pdf").unwrap();
    order.add_document(DocumentType::BusinessLicence, document);
    let wait = || begun.recv().unwrap();
    let error = cancelled(&client, wait, move |client| client.create_order(&order).map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "it was not sent whole: {error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

/// A copy of the client that tells when this event has come.
fn announcing(client: &Client, name: &'static str) -> (Client, mpsc::Receiver<()>) {
    let (tell, told) = mpsc::channel();
    let tell = Mutex::new(tell);
    let copy = client.with(CallOptions::new().observer(move |event| {
        if event.to_json().contains(&format!(r#""event":"{name}""#)) {
            let _ = tell.lock().unwrap().send(());
        }
    }));
    (copy, told)
}

#[test]
fn in_a_pause_before_it_is_sent_again() {
    let busy = Act::Answer(429, "Retry-After: 20\r\n", String::new());
    let server = Server::start([busy, Act::Answer(200, "", QUERIED.into())]);
    let (client, retrying) =
        announcing(&server.builder().timeout(Duration::from_secs(60)).build().unwrap(), "retrying");
    let wait = || retrying.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.create_order(&request()).map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

#[test]
fn waiting_for_a_certificate() {
    let server = Server::answering([QUERIED; 3]);
    let (client, waiting) = announcing(&server.client(), "waiting");
    let wait = || waiting.recv().unwrap();
    let error = cancelled(&client, wait, |client| {
        let minute = Duration::from_secs(60);
        client.wait_for_certificate("A1", &WaitOptions::new().pauses(minute, minute)).map(drop)
    });
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

#[test]
fn many_calls_at_once_and_again_and_again() {
    let server = Server::start(vec![Act::Silence(Duration::from_secs(2)); 400]);
    let (over, inside) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let count = inside.clone();
    let client = server.client().with(CallOptions::new().observer(move |event| {
        let begun = matches!(event, Event::Sending { attempt: 1, .. });
        count.fetch_add(begun.into(), Ordering::SeqCst);
    }));
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let (client, over, inside) = (client.clone(), over.clone(), inside.clone());
            thread::spawn(move || {
                while !over.load(Ordering::SeqCst) {
                    let error = client.query_order("A1").map(drop).unwrap_err();
                    assert_eq!(error.cause(), Cause::Cancelled, "{error}");
                    inside.fetch_sub(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(20));
        client.cancel();
    }
    // A call that begins behind the last cancel is not for it.
    let end = Instant::now() + Duration::from_secs(10);
    while inside.load(Ordering::SeqCst) < callers.len() {
        assert!(Instant::now() < end, "a caller does not call");
        thread::sleep(Duration::from_millis(1));
    }
    over.store(true, Ordering::SeqCst);
    let at = Instant::now();
    client.cancel();
    for caller in callers {
        caller.join().unwrap();
    }
    assert!(at.elapsed() <= AT_ONCE, "{:?}", at.elapsed());
}
