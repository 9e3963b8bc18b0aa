//! What a socket has to read, found out without waiting and without reading it.

use std::io::{self, ErrorKind};
use std::net::TcpStream;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Readiness {
    /// The connection is open, and there is nothing to read.
    Quiet,
    Input,
    Closed,
}

pub(super) fn peek(stream: &TcpStream) -> Readiness {
    loop {
        match peek_byte(stream) {
            Ok(0) => return Readiness::Closed,
            Ok(_) => return Readiness::Input,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Readiness::Quiet,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Readiness::Closed,
        }
    }
}

/// One system call, where std needs three.
#[cfg(unix)]
#[allow(unsafe_code)]
fn peek_byte(stream: &TcpStream) -> io::Result<usize> {
    use std::os::fd::AsRawFd;

    let mut byte = 0_u8;
    let buffer = (&raw mut byte).cast();
    let flags = libc::MSG_PEEK | libc::MSG_DONTWAIT;
    // SAFETY: the buffer holds the one byte that is asked for, and the socket is open while
    // `stream` is borrowed.
    let count = unsafe { libc::recv(stream.as_raw_fd(), buffer, 1, flags) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// A socket that `socket_wait` has prepared does not block.
#[cfg(not(unix))]
fn peek_byte(stream: &TcpStream) -> io::Result<usize> {
    stream.peek(&mut [0])
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    use super::super::socket_wait::prepare;
    use super::*;

    #[test]
    fn peek_neither_reads_nor_waits() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        prepare(&near).unwrap();
        let (mut far, _) = listener.accept().unwrap();
        let wait_for = |readiness| {
            while peek(&near) != readiness {
                thread::sleep(Duration::from_millis(1));
            }
        };
        assert_eq!(peek(&near), Readiness::Quiet);
        far.write_all(b"x").unwrap();
        wait_for(Readiness::Input);
        let mut one = [0];
        (&near).read_exact(&mut one).unwrap();
        assert_eq!((&one, peek(&near)), (b"x", Readiness::Quiet));
        drop(far);
        wait_for(Readiness::Closed);
    }
}
