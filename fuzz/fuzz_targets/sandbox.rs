//! Requests to the simulated service: all bytes of a connection, sent over loopback.
#![no_main]

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use wotrus_fuzz::TOKEN;
use wotrus_sandbox::{Config, Sandbox};

/// The orders are removed after this number of inputs, so that memory stays bounded.
const RESET_AFTER: u32 = 256;

static SANDBOX: OnceLock<(Sandbox, SocketAddr)> = OnceLock::new();
static INPUTS: AtomicU32 = AtomicU32::new(0);

fn start() -> (Sandbox, SocketAddr) {
    let config = Config { token: Some(TOKEN.to_owned()), ..Config::immediate() };
    let sandbox = Sandbox::start(config).expect("the sandbox starts");
    let address = sandbox.http_url().trim_start_matches("http://").parse().expect("an address");
    (sandbox, address)
}

fuzz_target!(|data: &[u8]| {
    let (sandbox, address) = SANDBOX.get_or_init(start);
    if INPUTS.fetch_add(1, Ordering::Relaxed) % RESET_AFTER == 0 {
        sandbox.management().reset();
    }
    let mut stream = TcpStream::connect(address).expect("the sandbox listens");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a valid time");
    // The sandbox may close the connection before it has read everything.
    let _ = stream.write_all(data);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "no end of the answer");
    }
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "no HTTP answer");
});
