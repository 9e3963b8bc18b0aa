//! Connecting to the first of several addresses that answers (happy eyeballs, RFC 8305).

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::cancellation::{Cancellation, Job, WaitError};
use super::connect_error::ConnectError;
use crate::error::Cause;
use crate::messages::message;

/// The time an address has before the next one is tried beside it (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

type Connect = fn(SocketAddr, Duration) -> io::Result<TcpStream>;

/// A connection attempt that runs.
struct Attempt {
    address: SocketAddr,
    job: Arc<Job<io::Result<TcpStream>>>,
}

/// Connects to the addresses in turn, until one answers. An attempt that loses ends by itself, at the
/// deadline at the latest.
pub(super) fn connect_to_any(
    cancellation: &Arc<Cancellation>,
    addresses: &[SocketAddr],
    deadline: Instant,
    connect: Connect,
) -> Result<(TcpStream, SocketAddr), ConnectError> {
    let mut failure = ConnectError::new(Cause::Connect, message!("the name has no address"));
    let mut waiting = alternate_families(addresses);
    let mut running: Vec<Attempt> = Vec::new();
    loop {
        if let Some(address) = waiting.pop_front() {
            let left = deadline.saturating_duration_since(Instant::now());
            // connect_timeout refuses zero.
            let left = left.max(Duration::from_millis(1));
            running
                .push(Attempt { address, job: cancellation.start(move || connect(address, left)) });
        }
        if running.is_empty() {
            return Err(failure);
        }
        let turn = match waiting.is_empty() {
            true => deadline,
            false => deadline.min(Instant::now() + HEAD_START),
        };
        match cancellation.wait(turn, || take_finished(&mut running)) {
            Ok((address, Ok(stream))) => return Ok((stream, address)),
            Ok((_, Err(error))) if error.kind() == ErrorKind::TimedOut => {
                failure = ConnectError::timeout().caused_by(error);
            }
            Ok((address, Err(error))) => {
                let problem = message!("{} ({})", error.to_string(), address.to_string());
                failure = ConnectError::new(Cause::Connect, problem).caused_by(error);
            }
            Err(WaitError::Cancelled) => return Err(ConnectError::cancelled()),
            Err(WaitError::DeadlinePassed) if Instant::now() < deadline => {}
            Err(WaitError::DeadlinePassed) => return Err(ConnectError::timeout()),
        }
    }
}

/// Removes an attempt that has ended, with its result.
fn take_finished(running: &mut Vec<Attempt>) -> Option<(SocketAddr, io::Result<TcpStream>)> {
    for at in 0..running.len() {
        if let Some(result) = running[at].job.take() {
            return Some((running.swap_remove(at).address, result));
        }
    }
    None
}

/// The addresses with IPv6 and IPv4 in turn, each in its order (RFC 8305, section 4), so that a family
/// without a route holds up one attempt and not several.
fn alternate_families(addresses: &[SocketAddr]) -> VecDeque<SocketAddr> {
    let is_first_family = |address: &&SocketAddr| address.is_ipv6() == addresses[0].is_ipv6();
    let mut first = addresses.iter().filter(is_first_family);
    let mut second = addresses.iter().filter(|address| !is_first_family(address));
    let mut alternating = VecDeque::with_capacity(addresses.len());
    while alternating.len() < addresses.len() {
        alternating.extend(first.next());
        alternating.extend(second.next());
    }
    alternating
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    fn connect(address: SocketAddr, time: Duration) -> io::Result<TcpStream> {
        TcpStream::connect_timeout(&address, time)
    }

    /// Addresses from 192.0.2.0/24 (documentation) do not answer; others are connected to.
    fn connect_or_hang(address: SocketAddr, time: Duration) -> io::Result<TcpStream> {
        if address.ip().is_loopback() {
            return connect(address, time);
        }
        thread::sleep(time.min(Duration::from_secs(2)));
        Err(ErrorKind::TimedOut.into())
    }

    fn dead(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    #[test]
    fn an_address_that_does_not_answer_costs_its_head_start_only() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let live = listener.local_addr().unwrap();
        let started = Instant::now();
        let addresses = [dead(1), dead(2), live];
        let (_, address) =
            connect_to_any(&Arc::default(), &addresses, soon(), connect_or_hang).unwrap();
        assert_eq!(address, live);
        let elapsed = started.elapsed();
        assert!(elapsed >= 2 * HEAD_START && elapsed < Duration::from_secs(2), "{elapsed:?}");
    }

    #[test]
    fn an_address_that_refuses_is_followed_by_the_next_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let addresses = [closed, closed, closed, closed, listener.local_addr().unwrap()];
        let started = Instant::now();
        assert!(connect_to_any(&Arc::default(), &addresses, soon(), connect).is_ok());
        assert!(started.elapsed() < 3 * HEAD_START, "{:?}", started.elapsed());
        let error = connect_to_any(&Arc::default(), &[closed], soon(), connect).unwrap_err();
        assert_eq!(error.cause, Cause::Connect);
        let error = connect_to_any(&Arc::default(), &[], soon(), connect).unwrap_err();
        assert_eq!(error.cause, Cause::Connect);
    }

    #[test]
    fn one_deadline_applies_to_all_addresses() {
        let started = Instant::now();
        let deadline = started + Duration::from_millis(400);
        let addresses = [1, 2, 3, 4].map(dead);
        let error =
            connect_to_any(&Arc::default(), &addresses, deadline, connect_or_hang).unwrap_err();
        assert_eq!(error.cause, Cause::Timeout);
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    }

    #[test]
    fn families_alternate() {
        let v4 = |last| SocketAddr::from(([192, 0, 2, last], 443));
        let v6 = |last| SocketAddr::from(([0x2001, 0xdb8, 0, 0, 0, 0, 0, last], 443));
        let order = alternate_families(&[v6(1), v6(2), v6(3), v4(1), v4(2)]);
        assert_eq!(order, [v6(1), v4(1), v6(2), v4(2), v6(3)]);
        assert_eq!(alternate_families(&[v4(1), v6(1)]), [v4(1), v6(1)]);
        assert!(alternate_families(&[]).is_empty());
    }
}
