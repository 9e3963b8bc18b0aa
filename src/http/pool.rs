//! Connections to the service: opened by ureq's connectors, kept for the next call.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector, Transport,
    time,
};

use super::cancellation::Cancellation;
use super::connect_error::{ConnectError, Step};
use super::connection::Connection;
use super::dns::{DnsCache, NoResolver, Resolved};
use super::error::ExchangeError;
use super::tcp::SocketConnector;
use crate::error::Cause;

/// So many are kept for threads that share a client; more threads than this shake hands anew.
const KEPT: usize = 16;

/// So long one is kept: servers commonly close theirs after 15 seconds or more.
const LONGEST: Duration = Duration::from_secs(15);

type Open = dyn Fn(&ConnectionDetails<'_>) -> Result<Box<dyn Transport>, ureq::Error> + Send + Sync;

/// The connections of one process, until they are cancelled.
pub(crate) struct Connections {
    cancellation: Arc<Cancellation>,
    open: Arc<Open>,
    /// The one that was used last is the last.
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    pub(crate) fn new(connect_timeout: Duration) -> Self {
        let cancellation: Arc<Cancellation> = Arc::default();
        let names = Arc::new(DnsCache::new(cancellation.clone()));
        let tunnel = Step { connector: ConnectProxyConnector::default(), cause: Cause::Proxy };
        let socket = SocketConnector { cancellation: cancellation.clone(), names: names.clone() };
        let tls = Step { connector: RustlsConnector::default(), cause: Cause::Tls };
        let connector = ().chain(tunnel).chain(socket).chain(tls);
        let connector = Resolved { names, connector, time: connect_timeout };
        let open = move |details: &ConnectionDetails<'_>| {
            let transport =
                connector.connect(details, None)?.ok_or(ureq::Error::ConnectionFailed)?;
            Ok(Box::new(transport) as Box<dyn Transport>)
        };
        Self { cancellation, open: Arc::new(open), idle: Mutex::default() }
    }

    /// Ends all that goes on here, and what would begin.
    pub(crate) fn cancel(&self) {
        self.cancellation.cancel();
    }

    /// A connection that is still good, or else a new one.
    pub(super) fn get(&self, config: &Config, uri: &Uri) -> Result<Connection, ExchangeError> {
        let now = Instant::now();
        loop {
            let Some(mut kept) = self.idle().pop() else { break };
            if now.saturating_duration_since(kept.since) < LONGEST && kept.is_quiet() {
                return Ok(kept);
            }
        }
        self.open(config, uri).map_err(|error| match error {
            ureq::Error::Other(why) if why.is::<ConnectError>() => {
                ExchangeError::ConnectError(*why.downcast().expect("it was asked"))
            }
            other => ExchangeError::ConnectError(ConnectError::new(Cause::Connect, other)),
        })
    }

    /// Keeps a connection for the next call.
    pub(super) fn keep(&self, mut connection: Connection) {
        connection.since = Instant::now();
        let mut idle = self.idle();
        if idle.len() == KEPT {
            idle.remove(0);
        }
        idle.push(connection);
    }

    fn open(&self, config: &Config, uri: &Uri) -> Result<Connection, ureq::Error> {
        #[cfg(fuzzing)]
        if let Some(transport) = crate::fuzz::connect() {
            return Ok(Connection::new(transport));
        }
        // The time is kept by those who wait, not by ureq: its clock stands still.
        let now = time::Instant::AlreadyHappened;
        let details = ConnectionDetails {
            uri,
            addrs: NoResolver::nothing(),
            config,
            request_level: false,
            resolver: &NoResolver,
            now,
            timeout: NextTimeout::default(),
            current_time: Arc::new(move || now),
            run_connector: self.open.clone(),
            register_shutdown: Arc::new(|_| Ok(())),
        };
        let transport = (self.open)(&details)?;
        if details.needs_tls() && !transport.is_tls() {
            return Err(ureq::Error::TlsRequired);
        }
        Ok(Connection::new(transport))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("idle", &self.idle().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ureq::unversioned::transport::{Buffers, LazyBuffers};

    use super::*;

    static ALIVE: AtomicUsize = AtomicUsize::new(0);

    /// A peer that is there and says nothing.
    #[derive(Debug)]
    struct Quiet(LazyBuffers);

    impl Quiet {
        fn connection() -> Connection {
            ALIVE.fetch_add(1, Ordering::SeqCst);
            Connection::new(Box::new(Self(LazyBuffers::new(1, 1))))
        }
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            ALIVE.fetch_sub(1, Ordering::SeqCst);
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

    #[test]
    fn so_many_are_kept_and_so_long() {
        let config = ureq::Agent::config_builder().build();
        let uri = "http://127.0.0.1:1".parse().unwrap();
        let connections = Connections::new(Duration::from_secs(1));
        for _ in 0..KEPT + 3 {
            connections.keep(Quiet::connection());
        }
        assert_eq!(ALIVE.load(Ordering::SeqCst), KEPT);
        drop(connections.get(&config, &uri).unwrap());
        assert_eq!(ALIVE.load(Ordering::SeqCst), KEPT - 1);
        for kept in &mut *connections.idle() {
            kept.since -= LONGEST;
        }
        assert!(connections.get(&config, &uri).is_err(), "an old connection was used");
        assert_eq!(ALIVE.load(Ordering::SeqCst), 0, "old connections are kept open");
    }
}
