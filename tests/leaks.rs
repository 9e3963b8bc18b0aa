//! 10,000 calls, successful and failed, leak no descriptor, no thread and no memory. This is the only
//! test of its process, because the counts are process-wide.
#![cfg(target_os = "linux")]
// Counting bytes needs an allocator, and implementing one is unsafe.
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

/// Counts the bytes that are allocated and not freed, except those of the server's threads.
struct Counting;

thread_local! {
    static IS_SERVER_THREAD: Cell<bool> = const { Cell::new(false) };
}

static BYTES: AtomicIsize = AtomicIsize::new(0);

fn count(size: isize) {
    if !IS_SERVER_THREAD.try_with(Cell::get).unwrap_or(false) {
        BYTES.fetch_add(size, Ordering::Relaxed);
    }
}

// SAFETY: every call is passed to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's guarantees are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's guarantees are passed on.
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

/// Starts a server that answers according to the first part of the path, and returns its port.
fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // A thread for each connection would appear in the counts.
    for _ in 0..6 {
        let listener = listener.try_clone().unwrap();
        thread::spawn(move || {
            IS_SERVER_THREAD.set(true);
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
        let response = |status, body: &str| {
            format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        };
        let answer = match head.split('/').nth(1)? {
            "good" => response(200, QUERIED),
            "html" => response(200, "<html>"),
            "token" => response(401, ""),
            "cut" => {
                let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{";
                return writer.write_all(cut).ok();
            }
            _ => return None,
        };
        writer.write_all(answer.as_bytes()).ok()?;
    }
}

/// 10 calls: successful ones, and one for each way to fail.
fn round(client: &dyn Fn(&str) -> Client, good: &Client, refused: &Client) {
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
    assert_eq!(refused.create_order(&order).unwrap_err().cause(), Cause::Connect);
}

#[test]
fn ten_thousand_calls_leak_nothing() {
    const ROUNDS: usize = 1000;
    let port = serve();
    let client =
        |url: String| Client::builder().token("tk_leaks").base_url(url).retries(0).build().unwrap();
    let at = |path: &str| client(format!("http://127.0.0.1:{port}/{path}"));
    // A host name, so that the DNS cache is used too.
    let named = || client(format!("http://localhost:{port}/good"));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = |rounds| {
        let (good, refused) = (named(), client(format!("http://{closed}")));
        for _ in 0..rounds {
            round(&at, &good, &refused);
        }
    };
    // Allocations that a process makes only once happen here.
    run(50);
    settle(0, 0);
    let before = (descriptors(), threads(), BYTES.load(Ordering::Relaxed));
    run(ROUNDS);
    settle(before.0, before.1);
    let after = (descriptors(), threads(), BYTES.load(Ordering::Relaxed));
    println!("{} calls: {before:?} before, {after:?} after", ROUNDS * 10);
    assert!(after.0 <= before.0, "descriptors: {} before, {} after", before.0, after.0);
    assert!(after.1 <= before.1, "threads: {} before, {} after", before.1, after.1);
    // The tolerance is for the test's own output; a leak of one byte a call would be 10,000 bytes.
    let bytes = after.2 - before.2;
    assert!(bytes.abs() < 2048, "{bytes} bytes more");
}

/// Waits until the server has closed its ends of the connections.
fn settle(descriptors_at_most: usize, threads_at_most: usize) {
    thread::sleep(Duration::from_millis(500));
    let until = Instant::now() + Duration::from_secs(2);
    while Instant::now() < until
        && (descriptors() > descriptors_at_most || threads() > threads_at_most)
    {
        thread::sleep(Duration::from_millis(20));
    }
}
