//! Cancelling from another thread ends a call at once, whatever it is doing, and the client works
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
    CallOptions, Cause, Client, Delivery, Document, DocumentType, Error, Event, Kind, OrderRequest,
    WaitOptions, product,
};

/// The longest time from `cancel` to the end of the call. wine, where the tests for Windows run, may take seconds on a
/// busy machine; the cause shows there that the cancel ended the call.
const CANCEL_LIMIT: Duration = Duration::from_millis(if cfg!(windows) { 5000 } else { 300 });
const QUERIED: &str = r#"{"isSuccess":true,"data":{"id":"A1","status":"pending"}}"#;

fn request() -> OrderRequest {
    OrderRequest::new(product::PDF_SIGNING, "cancelled", 12, "cancelled")
}

/// Starts a call on another thread, waits until `started` returns, cancels the call, and checks that it
/// ends in time. Returns its error.
fn cancelled(
    client: &Client,
    started: impl FnOnce(),
    call: impl FnOnce(&Client) -> Result<(), Error> + Send + 'static,
) -> Error {
    let other = client.clone();
    let (sender, result) = mpsc::channel();
    thread::spawn(move || {
        let result = call(&other);
        sender.send((result, Instant::now())).unwrap();
    });
    started();
    // Time to reach the blocking operation.
    thread::sleep(Duration::from_millis(150));
    let at = Instant::now();
    client.cancel();
    let (result, ended) =
        result.recv_timeout(Duration::from_secs(30)).expect("the call did not end");
    let took = ended.saturating_duration_since(at);
    let error = result.expect_err("the call was not cancelled");
    assert!(ended > at, "the call ended before it was cancelled: {error}");
    assert!(took <= CANCEL_LIMIT, "cancelling took {took:?}: {error}");
    assert_eq!(error.cause(), Cause::Cancelled, "{error}");
    error
}

/// A listener that runs `first` on its first connection and answers a query on later ones.
fn listener(first: impl Fn(TcpStream) + Send + 'static) -> (SocketAddr, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (accepted, was_accepted) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        accepted.send(()).unwrap();
        first(stream);
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let answer =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{QUERIED}", QUERIED.len());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, was_accepted)
}

fn client(url: String) -> Client {
    Client::builder().token(TOKEN).base_url(url).build().unwrap()
}

#[test]
fn cancel_while_connecting() {
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
    let (client, sending) =
        notify_on(&client(format!("http://{}", address.as_socket().unwrap())), "sending");
    let wait = || sending.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.create_order(&request()).map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
}

#[test]
fn cancel_during_tls_handshake() {
    let (address, accepted) = listener(|stream| {
        let _ = (&stream).read(&mut [0; 4096]);
        thread::sleep(Duration::from_secs(1));
    });
    let client = client(format!("https://{address}"));
    let wait = || accepted.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.create_order(&request()).map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
}

#[test]
fn cancel_before_the_response() {
    let (address, accepted) = listener(|stream| {
        let _ = (&stream).read(&mut [0; 4096]);
        thread::sleep(Duration::from_secs(1));
    });
    let client = client(format!("http://{address}"));
    let wait = || accepted.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.create_order(&request()).map(drop));
    assert_eq!(error.kind(), Kind::UnknownOutcome, "the order may exist: {error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

#[test]
fn cancel_during_the_response() {
    let (address, accepted) = listener(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{");
        thread::sleep(Duration::from_secs(1));
    });
    let client = client(format!("http://{address}"));
    let wait = || accepted.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.query_order("A1").map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

#[test]
fn cancel_during_an_upload() {
    let (address, accepted) = listener(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
        thread::sleep(Duration::from_secs(1));
    });
    let client = client(format!("http://{address}"));
    let mut order = request();
    let document = Document::from_bytes(vec![7; 20 << 20], ".pdf").unwrap();
    order.add_document(DocumentType::BusinessLicence, document);
    let wait = || accepted.recv().unwrap();
    let error = cancelled(&client, wait, move |client| client.create_order(&order).map(drop));
    assert_eq!(error.kind(), Kind::Cancelled, "the request was incomplete: {error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
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
fn cancel_during_back_off() {
    let busy = Act::Answer(429, "Retry-After: 20\r\n", String::new());
    let server = Server::start([busy, Act::Answer(200, "", QUERIED.into())]);
    let (client, retrying) =
        notify_on(&server.builder().timeout(Duration::from_secs(60)).build().unwrap(), "retrying");
    let wait = || retrying.recv().unwrap();
    let error = cancelled(&client, wait, |client| client.create_order(&request()).map(drop));
    assert_eq!((error.kind(), error.delivery()), (Kind::Cancelled, Delivery::NotSent), "{error}");
    assert_eq!((error.http_status(), error.attempts()), (Some(429), 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

#[test]
fn cancel_while_waiting_for_a_certificate() {
    let server = Server::answering([QUERIED; 3]);
    let (client, waiting) = notify_on(&server.client(), "waiting");
    let wait = || waiting.recv().unwrap();
    let error = cancelled(&client, wait, |client| {
        let minute = Duration::from_secs(60);
        client.wait_for_certificate("A1", &WaitOptions::new().pauses(minute, minute)).map(drop)
    });
    assert_eq!(error.kind(), Kind::Cancelled, "{error}");
    assert_eq!(client.query_order("A1").unwrap().value().id, "A1");
}

#[test]
fn cancel_many_concurrent_calls_repeatedly() {
    let server = Server::start(vec![Act::Silence(Duration::from_secs(2)); 400]);
    let (stop, active) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let count = active.clone();
    let client = server.client().with(CallOptions::new().observer(move |event| {
        let begun = matches!(event, Event::Sending { attempt: 1, .. });
        count.fetch_add(begun.into(), Ordering::SeqCst);
    }));
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let (client, stop, active) = (client.clone(), stop.clone(), active.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let error = client.query_order("A1").map(drop).unwrap_err();
                    assert_eq!(error.cause(), Cause::Cancelled, "{error}");
                    active.fetch_sub(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(20));
        client.cancel();
    }
    // The last cancel ends only calls that have started before it.
    let end = Instant::now() + Duration::from_secs(10);
    while active.load(Ordering::SeqCst) < callers.len() {
        assert!(Instant::now() < end, "a thread does not call");
        thread::sleep(Duration::from_millis(1));
    }
    stop.store(true, Ordering::SeqCst);
    let at = Instant::now();
    client.cancel();
    for caller in callers {
        caller.join().unwrap();
    }
    assert!(at.elapsed() <= CANCEL_LIMIT, "{:?}", at.elapsed());
}
