//! DnsCache and their addresses: looked up once, remembered for a while, forgotten when a connection
//! fails.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use super::cancellation::{Cancellation, Ended, Job};
use super::connect_error::ConnectError;
use super::deadline::{CallEnd, deadline};
use crate::error::Cause;

/// How long an address is believed; name servers commonly say 60 to 300 seconds.
const REMEMBERED: Duration = Duration::from_secs(300);

type Addresses = Vec<SocketAddr>;
type LookUp = fn(&str) -> io::Result<Addresses>;

/// The names that one set of connections knows.
#[derive(Debug)]
pub(super) struct DnsCache {
    cancellation: Arc<Cancellation>,
    look_up: LookUp,
    known: Mutex<HashMap<String, Entry>>,
}

#[derive(Debug)]
enum Entry {
    Known(Addresses, Instant),
    /// A look-up under way, shared by all that need it.
    Asked(Arc<Job<Option<Addresses>>>),
}

impl DnsCache {
    pub(super) fn new(cancellation: Arc<Cancellation>) -> Self {
        Self::with(cancellation, |name| Ok(name.to_socket_addrs()?.collect()))
    }

    fn with(cancellation: Arc<Cancellation>, look_up: LookUp) -> Self {
        Self { cancellation, look_up, known: Mutex::default() }
    }

    /// The addresses of `host:port`, until `deadline`.
    fn addresses(&self, name: &str, deadline: Instant) -> Result<Addresses, ConnectError> {
        if let Ok(literal) = name.parse() {
            return Ok(vec![literal]);
        }
        let job = {
            let mut known = self.lock();
            match known.get(name) {
                Some(Entry::Known(addresses, since)) if since.elapsed() < REMEMBERED => {
                    return Ok(addresses.clone());
                }
                Some(Entry::Asked(job)) => job.clone(),
                _ => {
                    let (look_up, asked) = (self.look_up, name.to_owned());
                    let job = self.cancellation.begin(move || {
                        look_up(&asked).ok().filter(|addresses| !addresses.is_empty())
                    });
                    known.insert(name.to_owned(), Entry::Asked(job.clone()));
                    job
                }
            }
        };
        let found = self.cancellation.wait(&job, deadline, |result| result.clone());
        if found == Err(Ended::TimeIsOver) {
            // It goes on: the next call finds it done, or waits for the same one.
            return Err(ConnectError::timeout("resolving the name took too long"));
        }
        match found {
            Ok(Some(addresses)) => {
                self.lock()
                    .insert(name.to_owned(), Entry::Known(addresses.clone(), Instant::now()));
                Ok(addresses)
            }
            Ok(None) => {
                self.forget(name);
                Err(ConnectError::new(Cause::Dns, "the name could not be resolved"))
            }
            Err(_) => Err(ConnectError::cancelled()),
        }
    }

    /// A connection to it failed: it may have moved.
    pub(super) fn forget(&self, name: &str) {
        self.lock().remove(name);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `host:port` of a URL, the form in which names are known.
pub(super) fn name_of(uri: &Uri) -> String {
    let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    format!("{}:{}", uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(default))
}

/// What ureq's connectors ask for a proxy's addresses: they are told nothing, since that comes by
/// [`Resolved`] too.
#[derive(Debug)]
pub(super) struct NoResolver;

impl NoResolver {
    pub(super) fn nothing() -> ResolvedSocketAddrs {
        Self.empty()
    }
}

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &Uri,
        _: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

/// Looks a name up when a connection to it is to be opened, and opens it: each has its time.
#[derive(Debug)]
pub(super) struct Resolved<C> {
    pub(super) names: Arc<DnsCache>,
    pub(super) connector: C,
    pub(super) time: Duration,
}

impl<C: Connector> Connector for Resolved<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        // A proxy does that for what is behind it; it itself comes by here.
        if details.config.proxy().is_some() {
            let _end = CallEnd::within(self.time);
            return self.connector.connect(details, chained);
        }
        let name = name_of(details.uri);
        let addresses = {
            let _end = CallEnd::within(self.time);
            self.names.addresses(&name, deadline(details.timeout))?
        };
        let _end = CallEnd::within(self.time);
        let mut addrs = NoResolver::nothing();
        // As many as ureq has room for.
        addresses.into_iter().take(16).for_each(|address| addrs.push(address));
        let details = ConnectionDetails {
            addrs,
            now: details.now,
            uri: details.uri,
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        self.connector.connect(&details, chained)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    fn names(look_up: LookUp) -> DnsCache {
        DnsCache::with(Arc::default(), look_up)
    }

    fn address() -> SocketAddr {
        "192.0.2.1:443".parse().unwrap()
    }

    #[test]
    fn a_name_is_looked_up_once_until_it_is_forgotten() {
        static LOOKED: AtomicUsize = AtomicUsize::new(0);
        let names = names(|_| {
            LOOKED.fetch_add(1, Ordering::SeqCst);
            Ok(vec![address()])
        });
        for _ in 0..3 {
            assert_eq!(names.addresses("a.example:443", soon()).unwrap(), [address()]);
        }
        assert_eq!(LOOKED.load(Ordering::SeqCst), 1);
        names.forget("a.example:443");
        names.addresses("a.example:443", soon()).unwrap();
        assert_eq!(LOOKED.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn literals_are_never_looked_up() {
        let names = names(|_| unreachable!("a literal was looked up"));
        for literal in ["192.0.2.1:443", "[2001:db8::1]:80"] {
            assert_eq!(names.addresses(literal, soon()).unwrap(), [literal.parse().unwrap()]);
        }
        let uri: Uri = "https://[2001:db8::1]/x".parse().unwrap();
        assert_eq!(name_of(&uri), "[2001:db8::1]:443");
    }

    #[test]
    fn a_slow_look_up_is_shared_and_ends_with_the_deadline() {
        static LOOKED: AtomicUsize = AtomicUsize::new(0);
        let names = names(|_| {
            LOOKED.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(300));
            Ok(vec![address()])
        });
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let short = Instant::now() + Duration::from_millis(20);
                    let error = names.addresses("a.example:443", short).unwrap_err();
                    assert_eq!(error.cause, Cause::Timeout);
                });
            }
        });
        assert_eq!(names.addresses("a.example:443", soon()).unwrap(), [address()]);
        assert_eq!(LOOKED.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_failed_look_up_is_not_remembered() {
        static LOOKED: AtomicUsize = AtomicUsize::new(0);
        let names = names(|_| match LOOKED.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::ErrorKind::Other.into()),
            1 => Ok(vec![]),
            _ => Ok(vec![address()]),
        });
        for _ in 0..2 {
            assert_eq!(names.addresses("a.example:443", soon()).unwrap_err().cause, Cause::Dns);
        }
        assert!(names.addresses("a.example:443", soon()).is_ok());
    }
}
