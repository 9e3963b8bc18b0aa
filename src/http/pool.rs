//! Connections to the service: opened by ureq's connectors, kept for the next call.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector, Transport,
    time,
};

use super::cancellation::Cancellation;
use super::connect_error::ConnectError;
use super::connection::Connection;
use super::connector::WithCause;
use super::deadline::CallDeadline;
use super::dns::{DnsCache, name_of};
use super::exchange_error::Problem;
use super::tcp::SocketConnector;
use super::url::BaseUrl;
use crate::error::Cause;
use crate::messages::message;

/// How many idle connections are kept.
const MAX_IDLE: usize = 16;

/// How long an idle connection is kept. Servers commonly close theirs after 15 seconds or more.
const MAX_IDLE_TIME: Duration = Duration::from_secs(15);

type Open = dyn Fn(&ConnectionDetails<'_>) -> Result<Box<dyn Transport>, ureq::Error> + Send + Sync;

/// The connections of one process, until they are cancelled.
pub(crate) struct ConnectionPool {
    /// The service, for messages.
    host: String,
    /// Resolving a name and opening a connection have this time each.
    connect_timeout: Duration,
    /// For plain HTTP: connects to loopback addresses only, whatever the name resolves to.
    loopback_only: bool,
    cancellation: Arc<Cancellation>,
    dns: Arc<DnsCache>,
    open: Arc<Open>,
    /// The most recently used connection is the last.
    idle: Mutex<Vec<Connection>>,
}

impl ConnectionPool {
    /// `is_proxied`: whether the connections are made through a proxy.
    pub(super) fn new(base_url: &BaseUrl, connect_timeout: Duration, is_proxied: bool) -> Self {
        let cancellation: Arc<Cancellation> = Arc::default();
        let dns = Arc::new(DnsCache::new(cancellation.clone()));
        let tunnel = WithCause { connector: ConnectProxyConnector::default(), cause: Cause::Proxy };
        let socket = SocketConnector { cancellation: cancellation.clone(), dns: dns.clone() };
        let tls = WithCause { connector: RustlsConnector::default(), cause: Cause::Tls };
        let connector = ().chain(tunnel).chain(socket).chain(tls);
        let open = move |details: &ConnectionDetails<'_>| {
            let transport = connector.connect(details, None).map_err(|error| {
                // ureq opens the connection to the proxy by this function, without a proxy.
                match is_proxied && details.config.proxy().is_none() {
                    true => ConnectError::from(error).of_proxy(name_of(details.uri)).into(),
                    false => error,
                }
            })?;
            let transport = transport.ok_or(ureq::Error::ConnectionFailed)?;
            Ok(Box::new(transport) as Box<dyn Transport>)
        };
        Self {
            host: base_url.as_str().to_owned(),
            connect_timeout,
            loopback_only: !base_url.is_https,
            cancellation,
            dns,
            open: Arc::new(open),
            idle: Mutex::default(),
        }
    }

    /// Ends every call that uses this pool, later ones included.
    pub(crate) fn cancel(&self) {
        self.cancellation.cancel();
    }

    /// Makes waiting calls check whether their scope was cancelled.
    pub(crate) fn wake(&self) {
        self.cancellation.wake();
    }

    /// An idle connection that is still usable, or else a new one.
    pub(super) fn get(&self, config: &Config, uri: &Uri) -> Result<Connection, Problem> {
        let now = Instant::now();
        loop {
            let Some(mut idle) = self.lock().pop() else { break };
            let age = now.saturating_duration_since(idle.idle_since);
            if age < MAX_IDLE_TIME && idle.is_reusable() {
                return Ok(idle);
            }
        }
        self.open(config, uri).map_err(|error| Problem::Connect {
            host: self.host.clone(),
            error: Box::new(error.into()),
        })
    }

    /// Keeps a connection for the next call.
    pub(super) fn keep(&self, mut connection: Connection) {
        connection.idle_since = Instant::now();
        let mut idle = self.lock();
        if idle.len() == MAX_IDLE {
            idle.remove(0);
        }
        idle.push(connection);
    }

    fn open(&self, config: &Config, uri: &Uri) -> Result<Connection, ureq::Error> {
        #[cfg(fuzzing)]
        if let Some(transport) = crate::fuzz::connect() {
            return Ok(Connection::new(transport));
        }
        let addrs = match config.proxy() {
            // A proxy resolves the service's name. The connection to the proxy is opened below too.
            Some(_) => self.dns.empty(),
            None => {
                let _timeout = CallDeadline::within(self.connect_timeout);
                Resolver::resolve(&*self.dns, uri, config, NextTimeout::default())?
            }
        };
        if let Some(remote) = addrs.iter().find(|it| self.loopback_only && !it.ip().is_loopback()) {
            let remote = remote.ip().to_string();
            let problem =
                message!("{} resolves to {}, which is not loopback", name_of(uri), remote);
            return Err(ConnectError::new(Cause::Dns, problem).into());
        }
        let _timeout = CallDeadline::within(self.connect_timeout);
        // Our own deadline applies. ureq's clock does not advance.
        let now = time::Instant::AlreadyHappened;
        let details = ConnectionDetails {
            uri,
            addrs,
            config,
            request_level: false,
            resolver: &*self.dns,
            now,
            timeout: NextTimeout::default(),
            current_time: Arc::new(move || now),
            run_connector: self.open.clone(),
            register_shutdown: Arc::new(|_| Ok(())),
        };
        // The service may have moved: TCP or TLS failed with what is at these addresses now.
        let transport = (self.open)(&details).inspect_err(|_| self.dns.forget())?;
        if details.needs_tls() && !transport.is_tls() {
            return Err(ureq::Error::TlsRequired);
        }
        Ok(Connection::new(transport))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ConnectionPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionPool").field("idle", &self.lock().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ureq::unversioned::transport::{Buffers, LazyBuffers};

    use super::super::config::ureq_config;
    use super::super::dns::Lookup;
    use super::*;
    use crate::messages::Message;
    use crate::options::ClientBuilder;

    static OPEN: AtomicUsize = AtomicUsize::new(0);

    /// An open connection on which nothing happens.
    #[derive(Debug)]
    struct Quiet(LazyBuffers);

    impl Quiet {
        fn connection() -> Connection {
            OPEN.fetch_add(1, Ordering::SeqCst);
            Connection::new(Box::new(Self(LazyBuffers::new(1, 1))))
        }
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            OPEN.fetch_sub(1, Ordering::SeqCst);
        }
    }

    impl Transport for Quiet {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.0
        }

        fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), ureq::Error> {
            Ok(())
        }

        fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
            Ok(false)
        }

        fn is_open(&mut self) -> bool {
            true
        }
    }

    /// The causes of two connections that find a service whose certificate is not trusted.
    fn connect(url: &str, lookup: Lookup) -> [Cause; 2] {
        let base_url = BaseUrl::parse(url).unwrap();
        let config = ureq_config(&ClientBuilder::default(), &base_url).unwrap();
        let untrusted = || ConnectError::new(Cause::Tls, Message::verbatim("untrusted"));
        let pool = ConnectionPool {
            dns: Arc::new(DnsCache::with_lookup(Arc::default(), lookup)),
            open: Arc::new(move |_| Err(untrusted().into())),
            ..ConnectionPool::new(&base_url, Duration::from_secs(10), false)
        };
        [(), ()].map(|()| match pool.get(&config, &base_url.uri) {
            Err(Problem::Connect { error, .. }) => error.cause,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn addresses_are_forgotten_when_tls_fails() {
        static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
        let causes = connect("https://a.example", |_| {
            LOOKUPS.fetch_add(1, Ordering::SeqCst);
            Ok(vec!["192.0.2.1:443".parse().unwrap()])
        });
        assert_eq!(causes, [Cause::Tls; 2]);
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn plain_http_connects_to_loopback_addresses_only() {
        let remote: Lookup =
            |_| Ok(["127.0.0.1:80", "192.0.2.1:80"].map(|it| it.parse().unwrap()).into());
        assert_eq!(connect("http://localhost", remote), [Cause::Dns; 2]);
        let local: Lookup =
            |_| Ok(["127.0.0.1:80", "[::1]:80"].map(|it| it.parse().unwrap()).into());
        assert_eq!(connect("http://localhost", local), [Cause::Tls; 2]);
    }

    #[test]
    fn the_pool_limits_the_number_and_the_age_of_idle_connections() {
        let base_url = BaseUrl::parse("http://127.0.0.1:1").unwrap();
        let config = ureq_config(&ClientBuilder::default(), &base_url).unwrap();
        let uri = &base_url.uri;
        let pool = ConnectionPool::new(&base_url, Duration::from_secs(1), false);
        for _ in 0..MAX_IDLE + 3 {
            pool.keep(Quiet::connection());
        }
        assert_eq!(OPEN.load(Ordering::SeqCst), MAX_IDLE);
        drop(pool.get(&config, uri).unwrap());
        assert_eq!(OPEN.load(Ordering::SeqCst), MAX_IDLE - 1);
        for idle in &mut *pool.lock() {
            idle.idle_since -= MAX_IDLE_TIME;
        }
        assert!(pool.get(&config, uri).is_err(), "an old connection was used");
        assert_eq!(OPEN.load(Ordering::SeqCst), 0, "old connections are kept open");
    }
}
