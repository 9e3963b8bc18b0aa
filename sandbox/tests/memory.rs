//! The memory that request bodies cost. The tests are alone in their program, because they measure the whole process.
#![cfg(target_os = "linux")]

mod support;

use std::io::Write;
use std::thread;

use support::{Client, connect};
use wotrus_sandbox::{Config, Sandbox};

const CLIENTS: usize = 12;
/// The size of one body in bytes, a little below the largest that is read.
const SIZE: usize = 60_000_000;

/// The largest resident memory of this process so far, in MiB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() >> 10
}

/// Sends large bodies from all clients at once. Returns the statuses, and by how many MiB the peak has grown.
fn send_all(sandbox: &Sandbox, token: &str) -> (Vec<u16>, usize) {
    let before = peak();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let mut stream = connect(sandbox.http_url());
            let mut client = Client::over(Box::new(stream.try_clone().unwrap()), sandbox);
            let head = format!(
                "POST /v1/Order/Create HTTP/1.1\r\nHost: x\r\nWoTrusToken: {token}\r\n\
                 Content-Type: application/json\r\nContent-Length: {SIZE}\r\n\r\n"
            );
            thread::spawn(move || {
                stream.write_all(head.as_bytes()).unwrap();
                // Not JSON from its first byte on, so that parsing takes no time.
                let piece = [b'x'; 60_000];
                for _ in 0..SIZE / piece.len() {
                    stream.write_all(&piece).unwrap();
                }
                client.raw(b"").status
            })
        })
        .collect();
    let statuses = clients.into_iter().map(|client| client.join().unwrap()).collect();
    (statuses, peak() - before)
}

#[test]
fn concurrent_bodies_cost_bounded_memory() {
    let sandbox = Sandbox::start(Config::immediate()).unwrap();
    // Without the token nothing of a body is kept; with it they are read one after the other.
    let (statuses, grown) = send_all(&sandbox, "wrong");
    assert_eq!(statuses, [401; CLIENTS]);
    assert!(grown < 30, "{grown} MiB without the token");
    let (statuses, grown) = send_all(&sandbox, sandbox.token());
    assert_eq!(statuses, [400; CLIENTS]);
    assert!(grown < 200, "{grown} MiB with the token");
}
