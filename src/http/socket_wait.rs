//! Waiting for a socket. On Unix a read or a write waits by itself, up to the timeout of the socket: one system call
//! less than polling. On Windows a socket whose timeout ended a read or a write is in an unknown state, and
//! timeouts below 500 ms are rounded up, so sockets are non-blocking and are polled.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use super::peek::{Readiness, peek};

/// The longest wait, after which the deadline is checked.
const MAX_WAIT: Duration = Duration::from_millis(250);

/// Prepares a new socket.
pub(super) fn prepare(stream: &TcpStream) -> io::Result<()> {
    if cfg!(windows) {
        return stream.set_nonblocking(true);
    }
    // The timeouts are set once, and not to the remaining time before each operation.
    stream.set_read_timeout(Some(MAX_WAIT))?;
    stream.set_write_timeout(Some(MAX_WAIT))
}

/// Returns whether to read now: a read then ends within the remaining time. It may have waited.
#[cfg(not(windows))]
pub(super) fn may_read(stream: &TcpStream, left: Duration) -> bool {
    // A blocking read could last longer than the remaining time.
    if left >= MAX_WAIT || peek(stream) != Readiness::Quiet {
        return true;
    }
    std::thread::sleep(left.min(Duration::from_millis(2)));
    false
}

#[cfg(windows)]
pub(super) fn may_read(stream: &TcpStream, left: Duration) -> bool {
    if left.is_zero() {
        return peek(stream) != Readiness::Quiet;
    }
    // The read is tried even if nothing was reported: a poll need not report that this side has shut the
    // connection down, which is how a call is cancelled.
    windows::poll(stream, windows::POLLRDNORM, left.min(MAX_WAIT));
    true
}

/// Waits after a write that sent nothing, no longer than the remaining time.
#[cfg(not(windows))]
pub(super) fn wait_to_write(_: &TcpStream, _: Duration) {}

#[cfg(windows)]
pub(super) fn wait_to_write(stream: &TcpStream, left: Duration) {
    windows::poll(stream, windows::POLLWRNORM, left.min(MAX_WAIT));
}

#[cfg(windows)]
#[allow(unsafe_code)]
mod windows {
    use std::net::TcpStream;
    use std::os::windows::io::{AsRawSocket, RawSocket};
    use std::time::Duration;

    pub(super) const POLLRDNORM: i16 = 0x0100;
    pub(super) const POLLWRNORM: i16 = 0x0010;

    #[repr(C)]
    struct PollFd {
        socket: RawSocket,
        events: i16,
        returned: i16,
    }

    #[link(name = "ws2_32")]
    unsafe extern "system" {
        fn WSAPoll(sockets: *mut PollFd, count: u32, milliseconds: i32) -> i32;
    }

    /// Waits until the socket is ready or has failed, or the time is over.
    pub(super) fn poll(stream: &TcpStream, events: i16, time: Duration) {
        let mut socket = PollFd { socket: stream.as_raw_socket(), events, returned: 0 };
        // Rounded up: less than a millisecond must not become a busy loop.
        let milliseconds = time.as_micros().div_ceil(1000) as i32;
        // SAFETY: one socket is there, and it is open while `stream` is borrowed.
        if unsafe { WSAPoll(&mut socket, 1, milliseconds) } < 0 {
            // The next read or write reports the error, if it lasts; the pause prevents a busy loop.
            std::thread::sleep(time.min(Duration::from_millis(2)));
        }
    }
}
