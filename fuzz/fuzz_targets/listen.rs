//! Requests to `wotrus push listen`: all bytes of a connection, sent over loopback to the
//! command's own HTTP server. A body that is answered with 200 is a push.
#![no_main]

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;
use libfuzzer_sys::fuzz_target;
use tokio::sync::watch;
use wotrus::Push;

#[allow(dead_code)]
#[path = "../../cli/src/push/connections.rs"]
mod connections;
#[path = "../../cli/src/push/server.rs"]
mod server;

struct Receiver;

impl server::Handler for Receiver {
    fn path(&self) -> Option<&str> {
        Some("/push")
    }

    fn max_body(&self) -> usize {
        1024
    }

    async fn handle(&self, body: Result<Bytes, StatusCode>) -> StatusCode {
        match body.map(Push::parse) {
            Ok(Ok(_)) => StatusCode::OK,
            Ok(Err(_)) => StatusCode::BAD_REQUEST,
            Err(status) => status,
        }
    }
}

static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();

fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let (_stop, stopped) = watch::channel(false);
        server::serve(listener, Arc::new(Receiver), stopped).expect("the server runs");
    });
    address
}

fuzz_target!(|data: &[u8]| {
    let address = ADDRESS.get_or_init(start);
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a valid time");
    // The server may close the connection before it has read everything.
    let _ = stream.write_all(data);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "no end of the answer");
    }
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "no HTTP answer");
});
