//! Addresses of names: resolved once, kept for a while, forgotten when a connection fails.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::cancellation::{Cancellation, Job, WaitError};
use super::connect_error::ConnectError;
use super::deadline::deadline_of;
use crate::error::Cause;
use crate::messages::message;

/// How long addresses are kept. Name servers commonly say 60 to 300 seconds.
const TTL: Duration = Duration::from_secs(300);

pub(super) type Addresses = Vec<SocketAddr>;
pub(super) type Lookup = fn(&str) -> io::Result<Addresses>;

/// The names that one connection pool knows.
pub(super) struct DnsCache {
    cancellation: Arc<Cancellation>,
    lookup: Lookup,
    /// A list, because a pool connects to one host: the service's or the proxy's.
    names: Mutex<Vec<Name>>,
}

struct Name {
    text: String,
    state: State,
    /// The address that answered last. It outlives the addresses: one that never answers must not be
    /// tried first again after the next lookup.
    preferred: Option<SocketAddr>,
}

enum State {
    Unknown,
    Resolved(Addresses, Instant),
    /// A lookup that runs, shared by all calls that need it.
    Running(Arc<Job<Found>>),
}

/// What a lookup has found, and when it ended.
type Found = (Option<Addresses>, Instant);

impl DnsCache {
    pub(super) fn new(cancellation: Arc<Cancellation>) -> Self {
        Self::with_lookup(cancellation, |name| Ok(name.to_socket_addrs()?.collect()))
    }

    pub(super) fn with_lookup(cancellation: Arc<Cancellation>, lookup: Lookup) -> Self {
        Self { cancellation, lookup, names: Mutex::default() }
    }

    /// The addresses of `host:port`, the one that answered last first.
    pub(super) fn resolve(&self, name: &str, deadline: Instant) -> Result<Addresses, ConnectError> {
        if let Ok(literal) = name.parse() {
            return Ok(vec![literal]);
        }
        let job = {
            let mut names = self.lock();
            let known = entry(&mut names, name);
            match &known.state {
                State::Resolved(addresses, since) if since.elapsed() < TTL => {
                    return Ok(preferred_first(addresses.clone(), known.preferred));
                }
                State::Running(job) if is_usable(job) => job.clone(),
                _ => {
                    let (lookup, asked) = (self.lookup, name.to_owned());
                    let job = self.cancellation.start(move || {
                        let found = lookup(&asked).ok().filter(|addresses| !addresses.is_empty());
                        (found, Instant::now())
                    });
                    known.state = State::Running(job.clone());
                    job
                }
            }
        };
        match self.cancellation.wait(deadline, || job.result()) {
            Ok((Some(addresses), ended)) => {
                let mut names = self.lock();
                let known = entry(&mut names, name);
                known.state = State::Resolved(addresses.clone(), ended);
                Ok(preferred_first(addresses, known.preferred))
            }
            Ok((None, _)) => {
                entry(&mut self.lock(), name).state = State::Unknown;
                Err(ConnectError::new(Cause::Dns, message!("the name could not be resolved")))
            }
            // The lookup goes on: the next call finds its result, or waits for it too.
            Err(WaitError::DeadlinePassed) => {
                Err(ConnectError::new(Cause::Timeout, message!("resolving the name took too long")))
            }
            Err(WaitError::Cancelled) => Err(ConnectError::cancelled()),
        }
    }

    /// Forgets all addresses. A lookup that runs goes on.
    pub(super) fn forget(&self) {
        for name in self.lock().iter_mut() {
            if let State::Resolved(..) = name.state {
                name.state = State::Unknown;
            }
        }
    }

    /// Remembers which address of a name answered.
    pub(super) fn prefer(&self, name: &str, address: SocketAddr) {
        entry(&mut self.lock(), name).preferred = Some(address);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Name>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// ureq asks for the addresses of the proxy.
impl Resolver for DnsCache {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let name = name_of(uri);
        let found =
            self.resolve(&name, deadline_of(timeout)).map_err(|error| match config.proxy() {
                Some(_) => error.of_proxy(name),
                None => error,
            })?;
        let mut addresses = self.empty();
        // ureq accepts no more than 16.
        found.into_iter().take(16).for_each(|address| addresses.push(address));
        Ok(addresses)
    }
}

/// ureq demands it of a resolver. A derived one would be thousands of bytes that nothing uses.
impl fmt::Debug for DnsCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DnsCache")
    }
}

/// Whether a lookup runs, or has ended with addresses that are still kept. All calls that needed it may have
/// ended before it.
fn is_usable(job: &Job<Found>) -> bool {
    job.result().is_none_or(|(found, ended)| found.is_some() && ended.elapsed() < TTL)
}

/// What is known of a name.
fn entry<'a>(names: &'a mut Vec<Name>, text: &str) -> &'a mut Name {
    let known = names.iter().position(|name| name.text == text);
    let at = known.unwrap_or_else(|| {
        names.push(Name { text: text.to_owned(), state: State::Unknown, preferred: None });
        names.len() - 1
    });
    &mut names[at]
}

fn preferred_first(mut addresses: Addresses, preferred: Option<SocketAddr>) -> Addresses {
    if let Some(at) = addresses.iter().position(|address| Some(*address) == preferred) {
        addresses[..=at].rotate_right(1);
    }
    addresses
}

/// `host:port` of a URL, by which names are kept.
pub(super) fn name_of(uri: &Uri) -> String {
    let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    format!("{}:{}", uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(default))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    fn cache(lookup: Lookup) -> DnsCache {
        DnsCache::with_lookup(Arc::default(), lookup)
    }

    fn address() -> SocketAddr {
        "192.0.2.1:443".parse().unwrap()
    }

    #[test]
    fn a_name_is_resolved_once_until_it_is_forgotten() {
        static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
        let dns = cache(|_| {
            LOOKUPS.fetch_add(1, Ordering::SeqCst);
            Ok(vec![address()])
        });
        for _ in 0..3 {
            assert_eq!(dns.resolve("a.example:443", soon()).unwrap(), [address()]);
        }
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 1);
        dns.forget();
        dns.resolve("a.example:443", soon()).unwrap();
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn address_literals_need_no_lookup() {
        let dns = cache(|_| unreachable!("a literal was resolved"));
        for literal in ["192.0.2.1:443", "[2001:db8::1]:80"] {
            assert_eq!(dns.resolve(literal, soon()).unwrap(), [literal.parse().unwrap()]);
        }
        let uri: Uri = "https://[2001:db8::1]/x".parse().unwrap();
        assert_eq!(name_of(&uri), "[2001:db8::1]:443");
    }

    #[test]
    fn a_slow_lookup_is_shared_and_ends_with_the_deadline() {
        static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
        let dns = cache(|_| {
            LOOKUPS.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(300));
            Ok(vec![address()])
        });
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let short = Instant::now() + Duration::from_millis(20);
                    let error = dns.resolve("a.example:443", short).unwrap_err();
                    assert_eq!(error.cause, Cause::Timeout);
                    // As after every connection that fails.
                    dns.forget();
                });
            }
        });
        assert_eq!(dns.resolve("a.example:443", soon()).unwrap(), [address()]);
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_failed_lookup_is_not_kept() {
        static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
        let dns = cache(|_| match LOOKUPS.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::ErrorKind::Other.into()),
            1 => Ok(vec![]),
            _ => Ok(vec![address()]),
        });
        for _ in 0..2 {
            assert_eq!(dns.resolve("a.example:443", soon()).unwrap_err().cause, Cause::Dns);
        }
        assert!(dns.resolve("a.example:443", soon()).is_ok());
    }

    #[test]
    fn a_failure_that_no_call_waited_for_is_not_kept() {
        static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
        static ENDED: AtomicUsize = AtomicUsize::new(0);
        let dns = cache(|_| match LOOKUPS.fetch_add(1, Ordering::SeqCst) {
            0 => {
                thread::sleep(Duration::from_millis(100));
                ENDED.store(1, Ordering::SeqCst);
                Err(io::ErrorKind::Other.into())
            }
            _ => Ok(vec![address()]),
        });
        let error = dns.resolve("a.example:443", Instant::now()).unwrap_err();
        assert_eq!(error.cause, Cause::Timeout);
        while ENDED.load(Ordering::SeqCst) == 0 {
            thread::sleep(Duration::from_millis(10));
        }
        // Its thread has still to report the failure.
        thread::sleep(Duration::from_millis(100));
        assert_eq!(dns.resolve("a.example:443", soon()).unwrap(), [address()]);
    }

    #[test]
    fn the_address_that_answered_last_comes_first_even_after_the_next_lookup() {
        let address = |last| SocketAddr::from(([192, 0, 2, last], 443));
        let dns =
            cache(|_| Ok([1, 2, 3].map(|last| SocketAddr::from(([192, 0, 2, last], 443))).into()));
        assert_eq!(dns.resolve("a.example:443", soon()).unwrap(), [1, 2, 3].map(address));
        dns.prefer("a.example:443", address(3));
        assert_eq!(dns.resolve("a.example:443", soon()).unwrap(), [3, 1, 2].map(address));
        dns.forget();
        assert_eq!(dns.resolve("a.example:443", soon()).unwrap(), [3, 1, 2].map(address));
        dns.prefer("a.example:443", address(9));
        assert_eq!(dns.resolve("a.example:443", soon()).unwrap(), [1, 2, 3].map(address));
    }
}
