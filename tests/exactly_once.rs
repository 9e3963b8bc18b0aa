//! Orders against an unreliable service: refused connections, resets and HTTP 500 before and after the
//! order is created, truncated responses, delays, idle connections that close.

mod support;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use support::TOKEN;
use wotrus::{Client, Delivery, Kind, OrderRequest, product};

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Fault {
    None,
    /// The connection is reset before the request is read.
    ResetBefore,
    /// The order is created, then the connection is reset.
    ResetAfter,
    /// HTTP 500; no order is created.
    FailedBefore,
    /// HTTP 500; the order is created.
    FailedAfter,
    /// The order is created, and half of the response is sent.
    Cut,
    /// HTTP 429; no order is created.
    Busy,
    /// HTTP 503 from a gateway; the order is created.
    Unavailable,
    /// A complete response; then the connection closes without an announcement.
    Stale,
    /// A complete response after a delay.
    Delayed,
    /// The order is created, and the response comes after the call's timeout.
    TooLate,
}

impl Fault {
    /// Draws a fault for 60 % of the requests; refused connections come on top.
    fn draw(random: u64) -> Self {
        match random % 1000 {
            0..80 => Self::ResetBefore,
            80..170 => Self::ResetAfter,
            170..250 => Self::FailedBefore,
            250..340 => Self::FailedAfter,
            340..430 => Self::Cut,
            430..455 => Self::Busy,
            455..480 => Self::Unavailable,
            480..560 => Self::Stale,
            560..598 => Self::Delayed,
            598..600 => Self::TooLate,
            _ => Self::None,
        }
    }
}

/// What the service knows about the orders of one common name.
#[derive(Default)]
struct Known {
    /// The ids of the orders that exist: more than one is a duplicate.
    orders: Vec<String>,
    /// How many requests may have been processed: read completely, and not refused with 429.
    received: usize,
}

/// The service. Requests with the same idempotenceID create one order.
#[derive(Default)]
struct Service {
    known: Mutex<HashMap<String, Known>>,
    requests: AtomicUsize,
    faults: AtomicUsize,
    seed: AtomicU64,
}

const TIMEOUT: Duration = Duration::from_secs(4);

impl Service {
    fn start() -> (Arc<Self>, SocketAddr) {
        let service: Arc<Self> = Arc::default();
        let mut listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serving = service.clone();
        thread::spawn(move || {
            for accepted in 1_usize.. {
                let Ok((stream, _)) = listener.accept() else { continue };
                let service = serving.clone();
                thread::Builder::new()
                    .stack_size(128 * 1024)
                    .spawn(move || service.serve(stream))
                    .unwrap();
                if accepted % 400 == 0 {
                    // Connections are refused for a moment.
                    drop(listener);
                    thread::sleep(Duration::from_millis(10));
                    listener = TcpListener::bind(address).unwrap();
                }
            }
        });
        (service, address)
    }

    fn draw(&self) -> Fault {
        // splitmix64: every run draws the same sequence of faults.
        let mut z = self.seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Fault::draw((z ^ (z >> 31)) >> 8)
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).unwrap();
        let mut writer = stream.try_clone().unwrap();
        let mut reader = BufReader::new(stream);
        loop {
            // A connection that closes without a request is not counted.
            if reader.fill_buf().ok()?.is_empty() {
                return None;
            }
            let fault = self.draw();
            self.requests.fetch_add(1, Ordering::Relaxed);
            if fault != Fault::None {
                self.faults.fetch_add(1, Ordering::Relaxed);
            }
            if fault == Fault::ResetBefore {
                return reset(&writer);
            }
            let body = read(&mut reader)?;
            let order = self.process(&body, fault);
            let answer = format!(r#"{{"isSuccess":true,"data":{{"orderID":"{order}"}}}}"#);
            let length = answer.len();
            match fault {
                Fault::ResetAfter => return reset(&writer),
                Fault::FailedBefore | Fault::FailedAfter => {
                    send(&mut writer, "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n")?;
                    continue;
                }
                Fault::Busy => {
                    send(&mut writer, "HTTP/1.1 429 X\r\nContent-Length: 0\r\n\r\n")?;
                    continue;
                }
                Fault::Unavailable => {
                    send(&mut writer, "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n")?;
                    continue;
                }
                Fault::Cut => {
                    let half = &answer[..length / 2];
                    return send(
                        &mut writer,
                        &format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{half}"),
                    );
                }
                Fault::Delayed => thread::sleep(Duration::from_millis(100)),
                Fault::TooLate => thread::sleep(TIMEOUT + Duration::from_millis(200)),
                _ => {}
            }
            send(
                &mut writer,
                &format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{answer}"),
            )?;
            if fault == Fault::Stale {
                return None;
            }
        }
    }

    /// Processes a request, and returns the order's id.
    fn process(&self, body: &str, fault: Fault) -> String {
        let json: serde_json::Value = serde_json::from_str(body).unwrap();
        let info = &json["orderinfoPost"];
        let name = info["commonName"].as_str().unwrap().to_owned();
        let same = info["idempotenceID"].as_str() == Some(&name);
        let mut known = self.known.lock().unwrap();
        let known = known.entry(name.clone()).or_default();
        if fault != Fault::Busy {
            known.received += 1;
        }
        let creates = !matches!(fault, Fault::Busy | Fault::FailedBefore);
        let is_new = !same || known.orders.is_empty();
        if creates && is_new {
            known.orders.push(format!("{name}-{}", known.orders.len()));
        }
        known.orders.last().cloned().unwrap_or_default()
    }
}

fn send(writer: &mut TcpStream, text: &str) -> Option<()> {
    writer.write_all(text.as_bytes()).ok()
}

fn reset(stream: &TcpStream) -> Option<()> {
    let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
    None
}

/// Reads a request, and returns its body.
fn read(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.len() <= 2 {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = String::new();
    let read = reader.take(length).read_to_string(&mut body).ok()?;
    (read as u64 == length).then_some(body)
}

/// Whether there are fewer orders and clients: wine, which these tests run in on other systems, does one operation of
/// all sockets at a time.
const IS_SLOW: bool = cfg!(windows);

/// How many threads share a client.
const THREADS_PER_CLIENT: usize = 4;

/// Calls `check` for `count` orders from many threads; `make` builds the order of a number.
fn for_each_order(
    address: SocketAddr,
    (count, clients): (usize, usize),
    make: impl Fn(usize) -> OrderRequest + Sync,
    check: impl Fn(usize, &Client, &OrderRequest) + Sync,
) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..clients {
            let client = Client::builder()
                .token(TOKEN)
                .base_url(format!("http://{address}"))
                .timeout(TIMEOUT)
                .build()
                .unwrap();
            for _ in 0..THREADS_PER_CLIENT {
                let (client, next, make, check) = (client.clone(), &next, &make, &check);
                thread::Builder::new()
                    .stack_size(512 * 1024)
                    .spawn_scoped(scope, move || {
                        loop {
                            let number = next.fetch_add(1, Ordering::Relaxed);
                            if number >= count {
                                return;
                            }
                            check(number, &client, &make(number));
                        }
                    })
                    .unwrap();
            }
        }
    });
}

fn request(name: &str) -> OrderRequest {
    OrderRequest::new(product::PDF_SIGNING, name, 12, "exactly once")
}

#[test]
fn orders_with_an_idempotence_id_exist_exactly_once() {
    let (orders, clients) = if IS_SLOW { (500, 4) } else { (10_000, 64) };
    let (service, address) = Service::start();
    let started = Instant::now();
    let (unknown, absent) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let make = |number| {
        let name = format!("order-{number}");
        let mut order = request(&name);
        order.info.idempotence_id = Some(name);
        order
    };
    for_each_order(address, (orders, clients), make, |number, client, order| {
        let name = format!("order-{number}");
        // As a caller would: with the same id until the order's id is known.
        for round in 0.. {
            assert!(round < 100, "{name} has no result");
            match client.create_order(order) {
                Ok(created) => {
                    assert_eq!(
                        created.value().id(),
                        format!("{name}-0"),
                        "the id of another order"
                    );
                    return;
                }
                Err(error) => {
                    let exists = service
                        .known
                        .lock()
                        .unwrap()
                        .get(&name)
                        .is_some_and(|k| !k.orders.is_empty());
                    match error.delivery() {
                        Delivery::Unknown => {
                            unknown.fetch_add(1, Ordering::Relaxed);
                            assert_eq!(error.kind(), Kind::UnknownOutcome, "{error}");
                            assert!(error.message().contains("same idempotenceID"), "{error}");
                        }
                        // This error is about the last call only: an earlier one may have created the order.
                        _ if round > 0 => {}
                        _ => {
                            absent.fetch_add(1, Ordering::Relaxed);
                            assert!(!exists, "{name} exists, but the error denies it: {error}");
                        }
                    }
                }
            }
        }
    });
    let elapsed = started.elapsed();
    let known = service.known.lock().unwrap();
    assert_eq!(known.len(), orders);
    let twice = known.values().filter(|known| known.orders.len() != 1).count();
    assert_eq!(twice, 0, "orders do not exist exactly once");
    let (faults, requests) =
        (service.faults.load(Ordering::Relaxed), service.requests.load(Ordering::Relaxed));
    assert!(faults * 100 >= requests * 58, "only {faults} of {requests} requests had a fault");
    let (unknown, absent) = (unknown.into_inner(), absent.into_inner());
    assert!(
        unknown > orders / 100,
        "only {unknown} unknown outcomes: the faults do not reach the caller"
    );
    assert!(elapsed < Duration::from_secs(60), "{elapsed:?}");
    println!(
        "{orders} orders, {requests} requests, {faults} with a fault, {unknown} unknown outcomes, \
         {absent} known not to exist, {elapsed:.1?}"
    );
}

#[test]
fn orders_without_idempotence_id_are_processed_at_most_once() {
    let (orders, clients) = if IS_SLOW { (200, 2) } else { (2_000, 24) };
    let (service, address) = Service::start();
    let (known_ids, causes) = (AtomicUsize::new(0), Mutex::new(HashMap::new()));
    for_each_order(
        address,
        (orders, clients),
        |number| request(&format!("bare-{number}")),
        |number, client, order| {
            let name = format!("bare-{number}");
            let result = client.create_order(order);
            let known = service.known.lock().unwrap();
            let (existing, received) =
                known.get(&name).map_or((&[][..], 0), |k| (&k.orders[..], k.received));
            assert!(received <= 1, "{name} was sent {received} times");
            if let Err(error) = &result {
                *causes.lock().unwrap().entry(error.cause().as_str()).or_insert(0) += 1;
            }
            match result {
                Ok(created) => {
                    assert_eq!(existing, [created.value().id()]);
                    known_ids.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) if error.delivery() == Delivery::Unknown => {
                    assert_eq!(error.kind(), Kind::UnknownOutcome, "{error}");
                    assert!(error.message().contains("do not send it again"), "{error}");
                }
                Err(error) => {
                    assert!(existing.is_empty(), "{name} exists, but the error denies it: {error}")
                }
            }
        },
    );
    let known = service.known.lock().unwrap();
    assert!(known.values().all(|known| known.orders.len() <= 1 && known.received <= 1));
    let known_ids = known_ids.into_inner();
    assert!(known_ids > orders / 3, "only {known_ids} orders succeeded: {causes:?}");
}
