//! A server on raw sockets that passes each connection to a behaviour and records the requests.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a behaviour does with one connection.
pub(crate) type Serve = Arc<dyn Fn(&mut Visit) + Send + Sync>;

/// What one server has received, and whether its call has ended.
#[derive(Default)]
pub(crate) struct Log {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    connections: usize,
    /// The heads of the requests that were read completely.
    requests: Vec<String>,
    /// What the client must never do.
    violations: Vec<&'static str>,
    over: bool,
}

impl Log {
    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }

    pub(crate) fn violations(&self) -> Vec<&'static str> {
        self.state.lock().unwrap().violations.clone()
    }

    /// Ends every behaviour that holds a connection.
    pub(crate) fn end(&self) {
        self.state.lock().unwrap().over = true;
        self.changed.notify_all();
    }

    fn is_over(&self) -> bool {
        self.state.lock().unwrap().over
    }
}

/// Listens on a free port until the log ends.
pub(crate) fn start(tls: Option<Arc<ServerConfig>>, serve: Serve) -> (u16, Arc<Log>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let log: Arc<Log> = Arc::default();
    let kept = log.clone();
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let number = {
                let mut state = kept.state.lock().unwrap();
                if state.over {
                    return;
                }
                state.connections += 1;
                state.connections - 1
            };
            let (log, tls, serve) = (kept.clone(), tls.clone(), serve.clone());
            thread::spawn(move || {
                let wire = Wire::new(socket, tls);
                serve(&mut Visit { wire: Some(wire), number, log });
            });
        }
    });
    (port, log)
}

/// A connection, plain or with TLS.
enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Wire {
    fn new(socket: TcpStream, tls: Option<Arc<ServerConfig>>) -> Self {
        let _ = socket.set_nodelay(true);
        // An upper bound for every read.
        let _ = socket.set_read_timeout(Some(Duration::from_secs(20)));
        match tls {
            None => Self::Plain(socket),
            Some(config) => {
                let session = ServerConnection::new(config).unwrap();
                Self::Tls(Box::new(StreamOwned::new(session, socket)))
            }
        }
    }

    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &stream.sock,
        }
    }
}

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(into),
            Self::Tls(stream) => stream.read(into),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

/// One connection, as a behaviour handles it. Dropping it closes the socket without close_notify.
pub(crate) struct Visit {
    /// `None` only while the connection changes from plain to TLS.
    wire: Option<Wire>,
    /// The number of the connection, counted from 0.
    pub(crate) number: usize,
    log: Arc<Log>,
}

impl Visit {
    fn wire(&mut self) -> &mut Wire {
        self.wire.as_mut().unwrap()
    }

    /// Reads a head; `None` if the peer closes before its end.
    pub(crate) fn head(&mut self) -> Option<String> {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            match self.wire().read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                _ => return None,
            }
        }
        Some(String::from_utf8_lossy(&head).into_owned())
    }

    /// Reads a complete request, after 100 Continue where the client expects it, and returns its head.
    pub(crate) fn request(&mut self) -> Option<String> {
        let head = self.head()?;
        if head.contains("100-continue") {
            self.send("HTTP/1.1 100 Continue\r\n\r\n");
        }
        let length = length(&head);
        self.read(length)?;
        self.log.state.lock().unwrap().requests.push(head.clone());
        Some(head)
    }

    /// Reads a CONNECT request, checks it, and opens the tunnel.
    pub(crate) fn tunnel(&mut self, config: Arc<ServerConfig>) -> Option<()> {
        self.connect()?;
        self.send("HTTP/1.1 200 Connection established\r\n\r\n");
        self.begin_tls(config);
        Some(())
    }

    /// Reads a CONNECT request, and checks that it has no token.
    pub(crate) fn connect(&mut self) -> Option<()> {
        let head = self.head()?;
        let mut state = self.log.state.lock().unwrap();
        if head.contains(super::TOKEN) {
            state.violations.push("the proxy received the token");
        }
        if !head.starts_with("CONNECT wotrus.test:443 ") {
            state.violations.push("the proxy received another request");
        }
        Some(())
    }

    /// Reads `count` bytes.
    pub(crate) fn read(&mut self, count: usize) -> Option<()> {
        let read = io::copy(&mut self.wire().take(count as u64), &mut io::sink()).ok()?;
        (read == count as u64).then_some(())
    }

    /// Sends bytes. False if the peer has closed.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        let wire = self.wire();
        wire.write_all(bytes.as_ref()).and_then(|()| wire.flush()).is_ok()
    }

    /// Sends a byte every 20 ms.
    pub(crate) fn drip(&mut self, bytes: impl AsRef<[u8]>) {
        for byte in bytes.as_ref() {
            self.pause(20);
            if self.log.is_over() || !self.send([*byte]) {
                return;
            }
        }
    }

    /// Sends the same bytes as fast as the peer reads them, until it closes.
    pub(crate) fn flood(&mut self, bytes: impl AsRef<[u8]>) {
        let many = bytes.as_ref().repeat(64);
        while !self.log.is_over() && self.send(&many) {}
    }

    pub(crate) fn pause(&self, milliseconds: u64) {
        thread::sleep(Duration::from_millis(milliseconds));
    }

    /// Keeps the connection open without reading or sending until the call has ended.
    pub(crate) fn hold(&self) {
        let mut state = self.log.state.lock().unwrap();
        while !state.over {
            state = self.log.changed.wait(state).unwrap();
        }
    }

    /// Sends close_notify on a TLS connection.
    pub(crate) fn close_notify(&mut self) {
        if let Wire::Tls(stream) = self.wire() {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    }

    /// Closes the sending direction (close_notify, FIN) and waits until the peer closes.
    pub(crate) fn finish(&mut self) {
        self.close_notify();
        let _ = self.wire().socket().shutdown(Shutdown::Write);
        let _ = io::copy(self.wire(), &mut io::sink());
    }

    /// Makes closing the socket a reset.
    pub(crate) fn reset(&mut self) {
        let _ = socket2::SockRef::from(self.wire().socket()).set_linger(Some(Duration::ZERO));
    }

    /// Sends bytes on the socket, outside of TLS.
    pub(crate) fn send_beneath_tls(&mut self, bytes: &[u8]) {
        let _ = self.wire().socket().write_all(bytes);
    }

    /// Switches the connection to TLS.
    pub(crate) fn begin_tls(&mut self, config: Arc<ServerConfig>) {
        if let Some(Wire::Plain(socket)) = self.wire.take() {
            self.wire = Some(Wire::new(socket, Some(config)));
        }
    }

    /// A TLS handshake in which the server sends every byte separately.
    pub(crate) fn tls_by_the_byte(&mut self, config: Arc<ServerConfig>) {
        let mut session = ServerConnection::new(config).unwrap();
        let socket = self.wire().socket().try_clone().unwrap();
        while !self.log.is_over() {
            while session.wants_write() {
                let mut bytes = Vec::new();
                if session.write_tls(&mut bytes).is_err() {
                    return;
                }
                self.drip(bytes);
            }
            match session.read_tls(&mut &socket) {
                Ok(1..) if session.process_new_packets().is_ok() => {}
                _ => return,
            }
        }
    }
}

/// The Content-Length of a head, or 0 without one.
pub(crate) fn length(head: &str) -> usize {
    let head = head.to_ascii_lowercase();
    let value = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    value.map_or(0, |value| value.trim().parse().unwrap())
}
