//! TCP: connected in time, read and written in time, and looked at without waiting.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

use super::cancellation::{Cancellation, Ended};
use super::connect_error::ConnectError;
use super::deadline::{deadline, is_over};
use super::dns::{DnsCache, name_of};
use crate::error::Cause;

/// Every wait is cut into slices of this length, after each of which the deadline is looked at: so
/// the socket's own time-outs are set once, and a call's remaining time is never written to it.
const SLICE: Duration = Duration::from_millis(250);

/// A TLS record with what TLS 1.2 and 1.3 put around it.
const RECORD: usize = 16 * 1024 + 512;

/// So much may wait for a peer that has said something instead of reading.
const UNSENT: usize = 256 * 1024;

/// Opens sockets.
#[derive(Debug)]
pub(super) struct SocketConnector {
    pub(super) cancellation: Arc<Cancellation>,
    pub(super) names: Arc<DnsCache>,
}

impl<In: Transport> Connector<In> for SocketConnector {
    type Out = Either<In, Socket>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        // A proxy's tunnel stands already.
        if let Some(chained) = chained {
            return Ok(Some(Either::A(chained)));
        }
        let stream = self.open(&details.addrs, deadline(details.timeout)).inspect_err(|_| {
            self.names.forget(&name_of(details.uri));
        })?;
        let stream = Arc::new(stream);
        self.cancellation.watch(&stream).map_err(|_| ConnectError::cancelled())?;
        let config = details.config;
        let buffers = match details.needs_tls() {
            true => LazyBuffers::new(RECORD, RECORD),
            false => LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
        };
        Ok(Some(Either::B(Socket { stream, buffers, unsent: Vec::new() })))
    }
}

impl SocketConnector {
    /// Tries the addresses in turn. Each but the last gets half of the time that is left: a dead
    /// IPv6 address must not use up what the IPv4 one needs.
    fn open(&self, addresses: &[SocketAddr], deadline: Instant) -> Result<TcpStream, ConnectError> {
        let mut failure = ConnectError::new(Cause::Connect, "there is no address");
        for (index, address) in addresses.iter().copied().enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            let share = if index + 1 == addresses.len() { left } else { left / 2 };
            let share = share.max(Duration::from_millis(1));
            let job = self.cancellation.begin(move || connect(address, share));
            match self.cancellation.wait(&job, deadline, Option::take) {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(why)) if why.kind() == ErrorKind::TimedOut => failure = took_too_long(),
                Ok(Err(why)) => failure = ConnectError::new(Cause::Connect, why),
                Err(Ended::TimeIsOver) => return Err(took_too_long()),
                Err(Ended::Cancelled) => return Err(ConnectError::cancelled()),
            }
        }
        Err(failure)
    }
}

fn took_too_long() -> ConnectError {
    ConnectError::timeout("opening the connection took too long")
}

fn connect(address: SocketAddr, time: Duration) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, time)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SLICE))?;
    stream.set_write_timeout(Some(SLICE))?;
    Ok(stream)
}

/// A connected socket.
#[derive(Debug)]
pub(super) struct Socket {
    stream: Arc<TcpStream>,
    buffers: LazyBuffers,
    /// What the peer would not take while it had something to say: it goes first, later.
    unsent: Vec<u8>,
}

impl Transport for Socket {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let (deadline, reason) = (deadline(timeout), timeout.reason);
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
        // TLS sends again what it could not send: it must not learn so of what went in part.
        match self.unsent.len().checked_sub(amount) {
            Some(before) => {
                self.unsent.truncate(before);
                result
            }
            None => Ok(()),
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let (deadline, reason) = (deadline(timeout), timeout.reason);
        if !self.unsent.is_empty() && peek(&self.stream) == Readiness::Quiet {
            // Who only looks sends nothing: to the next request this is no quiet connection.
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
        // A peer that says something now and then and reads nothing does not fill our memory.
        let listens = self.unsent.len() <= UNSENT;
        let mut sent = 0;
        let result = send(&self.stream, &self.unsent, &mut sent, deadline, reason, listens);
        self.unsent.drain(..sent);
        result
    }
}

/// Sends, until the deadline, and counts what is `sent` however it ends. Less than all is no error
/// only where the peer takes no more but has said something, which may be a refusal: that must be
/// read, if the caller `listens`.
fn send(
    mut stream: &TcpStream,
    bytes: &[u8],
    sent: &mut usize,
    deadline: Instant,
    reason: Timeout,
    listens: bool,
) -> Result<(), ureq::Error> {
    while *sent < bytes.len() {
        // A peer that always takes a little does not keep the call going.
        if is_over(Instant::now()) {
            return Err(ureq::Error::Timeout(reason));
        }
        match stream.write(&bytes[*sent..]) {
            Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
            Ok(count) => *sent += count,
            Err(why) if why.kind() == ErrorKind::Interrupted => {}
            Err(why) if peek(stream) == Readiness::Input && (listens || !is_slice(&why)) => {
                return Ok(());
            }
            Err(why) if is_slice(&why) => {
                if Instant::now() >= deadline {
                    return Err(ureq::Error::Timeout(reason));
                }
            }
            Err(why) => return Err(why.into()),
        }
    }
    Ok(())
}

/// Receives, until the deadline; 0 is the end.
fn receive(
    mut stream: &TcpStream,
    into: &mut [u8],
    deadline: Instant,
    reason: Timeout,
) -> Result<usize, ureq::Error> {
    loop {
        let now = Instant::now();
        // A peer that always says something does not keep the call going.
        if is_over(now) {
            return Err(ureq::Error::Timeout(reason));
        }
        let left = deadline.saturating_duration_since(now);
        // Too little time for a slice: look, and sleep a little.
        if left < SLICE && peek(stream) == Readiness::Quiet {
            if left.is_zero() {
                return Err(ureq::Error::Timeout(reason));
            }
            thread::sleep(left.min(Duration::from_millis(2)));
            continue;
        }
        match stream.read(into) {
            Ok(count) => return Ok(count),
            Err(why) if why.kind() == ErrorKind::Interrupted || is_slice(&why) => {}
            Err(why) => return Err(why.into()),
        }
    }
}

/// Unix says WouldBlock, Windows TimedOut.
fn is_slice(why: &io::Error) -> bool {
    matches!(why.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// What a socket has for us, seen without waiting.
#[derive(Debug, PartialEq, Eq)]
enum Readiness {
    Quiet,
    Input,
    Closed,
}

fn peek(stream: &TcpStream) -> Readiness {
    loop {
        match peek_once(stream) {
            Ok(0) => return Readiness::Closed,
            Ok(_) => return Readiness::Input,
            Err(why) if why.kind() == ErrorKind::WouldBlock => return Readiness::Quiet,
            Err(why) if why.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Readiness::Closed,
        }
    }
}

/// One system call, where std needs three.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn peek_once(stream: &TcpStream) -> io::Result<usize> {
    use std::ffi::{c_int, c_void};
    use std::os::fd::AsRawFd;

    const MSG_PEEK: c_int = 0x02;
    const MSG_DONTWAIT: c_int = 0x40;
    unsafe extern "C" {
        fn recv(socket: c_int, buffer: *mut c_void, length: usize, flags: c_int) -> isize;
    }
    let mut byte = 0_u8;
    let buffer = (&raw mut byte).cast();
    // SAFETY: the buffer holds the one byte that is asked for, and the socket is open while
    // `stream` is borrowed.
    let count = unsafe { recv(stream.as_raw_fd(), buffer, 1, MSG_PEEK | MSG_DONTWAIT) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

#[cfg(not(target_os = "linux"))]
fn peek_once(stream: &TcpStream) -> io::Result<usize> {
    stream.set_nonblocking(true)?;
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false)?;
    seen
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = connect(listener.local_addr().unwrap(), Duration::from_secs(60)).unwrap();
        (near, listener.accept().unwrap().0)
    }

    fn wait_for(stream: &TcpStream, sight: Readiness) {
        while peek(stream) != sight {
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_look_takes_nothing_and_waits_for_nothing() {
        let (near, mut far) = pair();
        assert_eq!(peek(&near), Readiness::Quiet);
        far.write_all(b"x").unwrap();
        wait_for(&near, Readiness::Input);
        let mut one = [0];
        (&near).read_exact(&mut one).unwrap();
        assert_eq!((&one, peek(&near)), (b"x", Readiness::Quiet));
        drop(far);
        wait_for(&near, Readiness::Closed);
    }

    #[test]
    fn receiving_ends_with_the_deadline() {
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
    fn sending_ends_with_the_deadline_or_with_something_to_read() {
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
    fn what_a_peer_does_not_take_goes_out_once_and_by_no_look() {
        let (near, mut far) = pair();
        let buffers = LazyBuffers::new(RECORD, RECORD);
        let mut socket = Socket { stream: Arc::new(near), buffers, unsent: Vec::new() };
        let waiting = |milliseconds| NextTimeout {
            after: ureq::unversioned::transport::time::Duration::from_millis(milliseconds),
            ..NextTimeout::default()
        };
        // It says something and reads nothing: pieces wait, but not without end.
        far.write_all(b"no").unwrap();
        wait_for(&socket.stream, Readiness::Input);
        let mut pattern = (0_u32..).flat_map(u32::to_be_bytes);
        let mut expected = Vec::new();
        loop {
            let piece: Vec<u8> = pattern.by_ref().take(RECORD).collect();
            socket.buffers().output()[..RECORD].copy_from_slice(&piece);
            match socket.transmit_output(RECORD, waiting(1)) {
                Ok(()) => expected.extend(piece),
                Err(error) => {
                    assert!(matches!(error, ureq::Error::Timeout(_)), "{error}");
                    break;
                }
            }
            assert!(socket.unsent.len() <= UNSENT + RECORD);
        }
        let unsent = socket.unsent.len();
        assert!(unsent > UNSENT - RECORD, "{unsent} bytes wait");
        // Who looks hears what was said, and then that this is no quiet connection.
        assert!(socket.await_input(waiting(0)).unwrap());
        let error = socket.await_input(waiting(0)).unwrap_err();
        assert!(!matches!(error, ureq::Error::Timeout(_)), "{error}");
        assert!(!socket.is_open());
        assert_eq!(socket.unsent.len(), unsent, "a look sent something");
        // At last it reads: each byte once.
        let reader = thread::spawn(move || {
            let mut all = Vec::new();
            far.read_to_end(&mut all).map(|_| all)
        });
        let _ = socket.await_input(waiting(1000));
        assert!(socket.unsent.is_empty());
        drop(socket);
        assert!(reader.join().unwrap().unwrap() == expected, "other bytes came");
    }

    #[test]
    fn a_second_address_gets_its_time() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let cancellation: Arc<Cancellation> = Arc::default();
        let connector =
            SocketConnector { names: Arc::new(DnsCache::new(cancellation.clone())), cancellation };
        // Nobody listens at the first.
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let open = listener.local_addr().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        assert!(connector.open(&[closed, open], deadline).is_ok());
        assert_eq!(connector.open(&[closed], deadline).unwrap_err().cause, Cause::Connect);
        assert_eq!(connector.open(&[], deadline).unwrap_err().cause, Cause::Connect);
    }
}
