//! TCP sockets as a transport of ureq's: reads and writes that observe the call's deadline.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

use super::cancellation::Cancellation;
use super::connect_error::ConnectError;
use super::deadline::{deadline_of, is_cancelled, is_over};
use super::dns::{DnsCache, name_of};
use super::peek::{Readiness, peek};
use super::race::connect_to_any;
use super::socket_wait::{may_read, prepare, wait_to_write};
use crate::messages::message;

/// The size of a buffer for TLS: a record with its overhead in TLS 1.2 and 1.3.
const TLS_RECORD_SIZE: usize = 16 * 1024 + 512;

/// How much unsent output is kept for a peer that has sent input instead of reading.
const MAX_UNSENT: usize = 256 * 1024;

/// Opens sockets.
#[derive(Debug)]
pub(super) struct SocketConnector {
    pub(super) cancellation: Arc<Cancellation>,
    pub(super) dns: Arc<DnsCache>,
}

impl<In: Transport> Connector<In> for SocketConnector {
    type Out = Either<In, Socket>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        // The tunnel through a proxy is the connection.
        if let Some(chained) = chained {
            return Ok(Some(Either::A(chained)));
        }
        let deadline = deadline_of(details.timeout);
        let (stream, address) =
            connect_to_any(&self.cancellation, &details.addrs, deadline, connect)?;
        self.dns.prefer(&name_of(details.uri), address);
        let stream = Arc::new(stream);
        self.cancellation.watch(&stream).map_err(|_| ConnectError::cancelled())?;
        let config = details.config;
        let buffers = match details.needs_tls() {
            true => LazyBuffers::new(TLS_RECORD_SIZE, TLS_RECORD_SIZE),
            false => LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
        };
        Ok(Some(Either::B(Socket { stream, buffers, unsent: Vec::new() })))
    }
}

fn connect(address: SocketAddr, timeout: Duration) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, timeout)?;
    stream.set_nodelay(true)?;
    prepare(&stream)?;
    Ok(stream)
}

/// A connected socket.
pub(super) struct Socket {
    stream: Arc<TcpStream>,
    buffers: LazyBuffers,
    /// Output that the peer did not take while it had input for us. It is sent first, later.
    unsent: Vec<u8>,
}

/// ureq demands it of a transport.
impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Socket")
    }
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let (deadline, reason) = (deadline_of(timeout), timeout.reason);
        let output = &self.buffers.output()[..amount];
        let result = if self.unsent.is_empty() {
            let mut sent = 0;
            let result = send(&self.stream, output, &mut sent, deadline, reason, true);
            self.unsent.extend_from_slice(&output[sent..]);
            result
        } else {
            self.unsent.extend_from_slice(output);
            self.send_unsent(deadline, reason)
        };
        if !matches!(result, Err(ureq::Error::Timeout(_))) {
            return result;
        }
        // After a timeout rustls would send all of `output` again, so a partial write must not be
        // reported as one.
        match self.unsent.len().checked_sub(amount) {
            Some(before) => {
                self.unsent.truncate(before);
                result
            }
            None => Ok(()),
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let (deadline, reason) = (deadline_of(timeout), timeout.reason);
        if !self.unsent.is_empty() && peek(&self.stream) == Readiness::Quiet {
            // A probe must not send pending output. A connection with such output cannot take the
            // next request.
            if timeout.after.is_zero() {
                return Err(ureq::Error::ConnectionFailed);
            }
            self.send_unsent(deadline, reason)?;
        }
        let input = self.buffers.input_append_buf();
        let count = receive(&self.stream, input, deadline, reason)?;
        self.buffers.input_appended(count);
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        self.unsent.is_empty() && peek(&self.stream) == Readiness::Quiet
    }
}

impl Socket {
    fn send_unsent(&mut self, deadline: Instant, reason: Timeout) -> Result<(), ureq::Error> {
        // Bounds what is kept for a peer that sends now and then and never reads.
        let may_keep = self.unsent.len() <= MAX_UNSENT;
        let mut sent = 0;
        let result = send(&self.stream, &self.unsent, &mut sent, deadline, reason, may_keep);
        self.unsent.drain(..sent);
        result
    }
}

/// Sends `bytes` before the deadline, and counts what was `sent` however it ends. With `may_keep`, a
/// short write is accepted if input is pending: it may be a refusal, which must be read.
fn send(
    mut stream: &TcpStream,
    bytes: &[u8],
    sent: &mut usize,
    deadline: Instant,
    reason: Timeout,
    may_keep: bool,
) -> Result<(), ureq::Error> {
    while *sent < bytes.len() {
        // Checked here too: a peer that always takes a little must not delay the call.
        check(Instant::now(), reason)?;
        match stream.write(&bytes[*sent..]) {
            Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
            Ok(count) => *sent += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error)
                if peek(stream) == Readiness::Input && (may_keep || !is_socket_timeout(&error)) =>
            {
                return Ok(());
            }
            Err(error) if is_socket_timeout(&error) => {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(ureq::Error::Timeout(reason));
                }
                wait_to_write(stream, left);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Receives before the deadline; 0 bytes are the end of the stream.
fn receive(
    mut stream: &TcpStream,
    into: &mut [u8],
    deadline: Instant,
    reason: Timeout,
) -> Result<usize, ureq::Error> {
    loop {
        let now = Instant::now();
        // Checked here too: a peer that always sends a little must not delay the call.
        check(now, reason)?;
        let left = deadline.saturating_duration_since(now);
        if !may_read(stream, left) {
            if left.is_zero() {
                return Err(ureq::Error::Timeout(reason));
            }
            continue;
        }
        match stream.read(into) {
            Ok(count) => return Ok(count),
            Err(error) if error.kind() == ErrorKind::Interrupted || is_socket_timeout(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Fails if this thread's call is over or cancelled.
pub(super) fn check(now: Instant, reason: Timeout) -> Result<(), ureq::Error> {
    if is_over(now) {
        return Err(ureq::Error::Timeout(reason));
    }
    if is_cancelled() {
        return Err(message!("the call was cancelled")
            .into_io(ErrorKind::ConnectionAborted)
            .into());
    }
    Ok(())
}

/// Unix reports WouldBlock, Windows TimedOut.
fn is_socket_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = connect(listener.local_addr().unwrap(), Duration::from_secs(60)).unwrap();
        (near, listener.accept().unwrap().0)
    }

    fn wait_for(stream: &TcpStream, readiness: Readiness) {
        while peek(stream) != readiness {
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn receive_ends_at_the_deadline() {
        let (near, _far) = pair();
        for ms in [0, 30, 400] {
            let started = Instant::now();
            let deadline = started + Duration::from_millis(ms);
            let error = receive(&near, &mut [0; 9], deadline, Timeout::Global).unwrap_err();
            assert!(matches!(error, ureq::Error::Timeout(_)), "{error}");
            assert!(started.elapsed() >= Duration::from_millis(ms));
            assert!(started.elapsed() < Duration::from_secs(10));
        }
    }

    #[test]
    fn send_ends_at_the_deadline_or_when_input_is_pending() {
        let (near, mut far) = pair();
        let much = vec![0; 64 * 1024 * 1024];
        let deadline = Instant::now() + Duration::from_millis(300);
        let mut sent = 0;
        let body = Timeout::SendBody;
        let error = send(&near, &much, &mut sent, deadline, body, true).unwrap_err();
        assert!(0 < sent && sent < much.len(), "{sent} bytes are counted");
        assert!(matches!(error, ureq::Error::Timeout(Timeout::SendBody)), "{error}");
        far.write_all(b"no").unwrap();
        wait_for(&near, Readiness::Input);
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut sent = 0;
        send(&near, &much, &mut sent, deadline, body, true).unwrap();
        assert!(sent < much.len());
    }

    #[test]
    fn unsent_output_is_bounded_sent_once_and_not_by_a_probe() {
        let (near, mut far) = pair();
        let buffers = LazyBuffers::new(TLS_RECORD_SIZE, TLS_RECORD_SIZE);
        let mut socket = Socket { stream: Arc::new(near), buffers, unsent: Vec::new() };
        let waiting = |milliseconds| NextTimeout {
            after: ureq::unversioned::transport::time::Duration::from_millis(milliseconds),
            ..NextTimeout::default()
        };
        // The peer sends input and reads nothing: output is kept, up to a limit.
        far.write_all(b"no").unwrap();
        wait_for(&socket.stream, Readiness::Input);
        let mut pattern = (0_u32..).flat_map(u32::to_be_bytes);
        let mut expected = Vec::new();
        loop {
            let piece: Vec<u8> = pattern.by_ref().take(TLS_RECORD_SIZE).collect();
            socket.buffers().output()[..TLS_RECORD_SIZE].copy_from_slice(&piece);
            match socket.transmit_output(TLS_RECORD_SIZE, waiting(1)) {
                Ok(()) => expected.extend(piece),
                Err(error) => {
                    assert!(matches!(error, ureq::Error::Timeout(_)), "{error}");
                    break;
                }
            }
            assert!(socket.unsent.len() <= MAX_UNSENT + TLS_RECORD_SIZE);
        }
        let unsent = socket.unsent.len();
        assert!(unsent > MAX_UNSENT - TLS_RECORD_SIZE, "{unsent} bytes are kept");
        // A probe returns the input, then reports that the connection cannot take a request.
        assert!(socket.await_input(waiting(0)).unwrap());
        let error = socket.await_input(waiting(0)).unwrap_err();
        assert!(!matches!(error, ureq::Error::Timeout(_)), "{error}");
        assert!(!socket.is_open());
        assert_eq!(socket.unsent.len(), unsent, "a probe sent output");
        // The peer reads at last: every byte arrives once.
        let reader = thread::spawn(move || {
            let mut all = Vec::new();
            far.read_to_end(&mut all).map(|_| all)
        });
        let _ = socket.await_input(waiting(1000));
        assert!(socket.unsent.is_empty());
        drop(socket);
        assert!(reader.join().unwrap().unwrap() == expected, "other bytes arrived");
    }
}
