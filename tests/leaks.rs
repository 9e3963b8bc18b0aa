//! 10,000 calls, failing ones included, leave nothing behind: no descriptor, no thread, no byte.
//! One test in a process of its own, because all of it is counted.
#![cfg(target_os = "linux")]
// Counting bytes takes an allocator, which is unsafe by its nature.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicIsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wotrus::{Cause, Client, Document, Kind, OrderRequest, RevokeRequest, product};

/// Bytes that are allocated and not freed, but for what the server's threads hold.
struct Counting;

thread_local! {
    static OF_THE_SERVER: Cell<bool> = const { Cell::new(false) };
}

static BYTES: AtomicIsize = AtomicIsize::new(0);

fn count(size: isize) {
    if !OF_THE_SERVER.try_with(Cell::get).unwrap_or(false) {
        BYTES.fetch_add(size, Ordering::Relaxed);
    }
}

// SAFETY: everything is done by the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller vouches.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as the caller vouches.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

const QUERIED: &str = r#"{"isSuccess":true,"data":{"id":"A1","status":"pending"}}"#;

/// A server that does what the path says; its port.
fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // A thread a connection would be made and ended at our cost.
    for _ in 0..6 {
        let listener = listener.try_clone().unwrap();
        thread::spawn(move || {
            OF_THE_SERVER.set(true);
            for stream in listener.incoming().flatten() {
                let _ = answer(stream);
            }
        });
    }
    port
}

fn answer(stream: TcpStream) -> Option<()> {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let start = head.len();
            (reader.read_line(&mut head).ok()? > 0).then_some(())?;
            if let Some(value) = head[start..].to_ascii_lowercase().strip_prefix("content-length: ")
            {
                length = value.trim().parse().unwrap();
            }
        }
        std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink()).ok()?;
        let whole = |status, body: &str| {
            format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        };
        let answer = match head.split('/').nth(1)? {
            "good" => whole(200, QUERIED),
            "html" => whole(200, "<html>"),
            "token" => whole(401, ""),
            "cut" => {
                let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{";
                return writer.write_all(cut).ok();
            }
            _ => return None,
        };
        writer.write_all(answer.as_bytes()).ok()?;
    }
}

/// Calls that fail in each way, and calls that do not, 10 a round.
fn round(client: &dyn Fn(&str) -> Client, good: &Client, nobody: &Client) {
    for _ in 0..4 {
        assert!(good.query_order("A1").is_ok());
    }
    assert_eq!(good.query_order("").unwrap_err().kind(), Kind::Argument);
    for (path, expected) in
        [("lost", Kind::Network), ("html", Kind::Protocol), ("token", Kind::Auth)]
    {
        assert_eq!(client(path).query_order("A1").unwrap_err().kind(), expected);
    }
    let proof = Document::from_bytes(vec![1; 30_000], ".pdf").unwrap();
    let revocation = RevokeRequest::new("A1", "leaks", proof);
    let error = client("cut").revoke_certificate(&revocation).unwrap_err();
    assert_eq!(error.kind(), Kind::UnknownOutcome);
    let order = OrderRequest::new(product::PDF_SIGNING, "leaks", 12, "leaks");
    assert_eq!(nobody.create_order(&order).unwrap_err().cause(), Cause::Connect);
}

#[test]
fn ten_thousand_calls_leave_nothing_behind() {
    const ROUNDS: usize = 1000;
    let port = serve();
    let client =
        |url: String| Client::builder().token("tk_leaks").base_url(url).retries(0).build().unwrap();
    let at = |path: &str| client(format!("http://127.0.0.1:{port}/{path}"));
    // Looked up, so that the memory of names has its part too.
    let named = || client(format!("http://localhost:{port}/good"));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = |rounds| {
        let (good, nobody) = (named(), client(format!("http://{closed}")));
        for _ in 0..rounds {
            round(&at, &good, &nobody);
        }
    };
    // What is made once in a process is made now.
    run(50);
    settle(0, 0);
    let before = (descriptors(), threads(), BYTES.load(Ordering::Relaxed));
    run(ROUNDS);
    settle(before.0, before.1);
    let after = (descriptors(), threads(), BYTES.load(Ordering::Relaxed));
    println!("{} calls: {before:?} before, {after:?} after", ROUNDS * 10);
    assert!(after.0 <= before.0, "descriptors: {} before, {} after", before.0, after.0);
    assert!(after.1 <= before.1, "threads: {} before, {} after", before.1, after.1);
    // The test's own output is not free; a byte a call would be 10,000.
    let bytes = after.2 - before.2;
    assert!(bytes.abs() < 2048, "{bytes} bytes more");
}

/// Waits until connections that were closed are gone at their other end too.
fn settle(descriptors_at_most: usize, threads_at_most: usize) {
    thread::sleep(Duration::from_millis(500));
    let until = Instant::now() + Duration::from_secs(2);
    while Instant::now() < until
        && (descriptors() > descriptors_at_most || threads() > threads_at_most)
    {
        thread::sleep(Duration::from_millis(20));
    }
}
