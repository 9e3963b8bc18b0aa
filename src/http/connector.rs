//! How a connection is opened: ureq's connectors in a chain, and what goes between them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout, Transport};

use super::connect_error::{ConnectError, is_tls};
use super::deadline::{CallDeadline, deadline_of};
use super::dns::{DnsCache, name_of};
use crate::error::Cause;
use crate::messages::{Message, message};

/// A connector of ureq's whose errors become [`ConnectError`]s with this cause.
#[derive(Debug)]
pub(super) struct WithCause<C> {
    pub(super) connector: C,
    pub(super) cause: Cause,
}

impl<In: Transport, C: Connector<In>> Connector<In> for WithCause<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        self.connector.connect(details, chained).map_err(|error| match error {
            ureq::Error::Other(_) => error,
            ureq::Error::Timeout(_) if self.cause == Cause::Proxy => {
                let problem = message!("the proxy did not answer in time");
                ConnectError::new(Cause::Timeout, problem).into()
            }
            ureq::Error::Timeout(_) => ConnectError::timeout().into(),
            ureq::Error::ConnectProxyFailed(reason) => {
                ConnectError::new(self.cause, proxy_problem(&reason)).into()
            }
            // A handshake that broke off may succeed next time; one that was refused will not.
            ureq::Error::Io(error) if self.cause == Cause::Tls && !is_tls(&error) => {
                let problem =
                    message!("the connection was lost in the TLS handshake: {}", error.to_string());
                ConnectError::new(Cause::ConnectionLost, problem).caused_by(error).into()
            }
            other => {
                let problem = Message::verbatim(other.to_string());
                ConnectError::new(self.cause, problem).caused_by(other).into()
            }
        })
    }
}

/// What a proxy did instead of connecting. ureq has the status only in a text: "proxy server responded 407/407".
fn proxy_problem(reason: &str) -> Message {
    match reason.rsplit_once('/') {
        Some((_, "407")) => message!(
            "it does not accept the user and password in option proxy, or there are none (HTTP 407)"
        ),
        Some((_, status)) => message!("it answered HTTP {}", status),
        None => message!("it sent no answer"),
    }
}

/// Resolves the name that a connection is opened to. Resolving and connecting have `timeout` each.
#[derive(Debug)]
pub(super) struct ResolvingConnector<C> {
    pub(super) dns: Arc<DnsCache>,
    pub(super) connector: C,
    pub(super) timeout: Duration,
    /// For plain HTTP: connects to loopback addresses only, whatever the name resolves to.
    pub(super) loopback_only: bool,
}

impl<C: Connector> Connector for ResolvingConnector<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        // A proxy resolves the service's name. The connection to the proxy is opened here too.
        if details.config.proxy().is_some() {
            let _timeout = CallDeadline::within(self.timeout);
            return self.connector.connect(details, chained);
        }
        let name = name_of(details.uri);
        let addresses = {
            let _timeout = CallDeadline::within(self.timeout);
            self.dns.resolve(&name, deadline_of(details.timeout))?
        };
        if self.loopback_only {
            require_loopback(&name, &addresses)?;
        }
        let _timeout = CallDeadline::within(self.timeout);
        let mut addrs = NoResolver.empty();
        // ureq accepts no more than 16.
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
        // The service may have moved: TCP or TLS failed with what is at these addresses now.
        self.connector.connect(&details, chained).inspect_err(|_| self.dns.forget(&name))
    }
}

fn require_loopback(name: &str, addresses: &[SocketAddr]) -> Result<(), ConnectError> {
    match addresses.iter().find(|address| !address.ip().is_loopback()) {
        None => Ok(()),
        Some(remote) => {
            let problem =
                message!("{} resolves to {}, which is not loopback", name, remote.ip().to_string());
            Err(ConnectError::new(Cause::Dns, problem))
        }
    }
}

/// ureq's connectors ask this resolver for a proxy's addresses, which [`ResolvingConnector`] resolves
/// itself.
#[derive(Debug)]
pub(super) struct NoResolver;

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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ureq::unversioned::transport::time::Instant;

    use super::super::dns::Lookup;
    use super::*;

    /// A connector that finds a service whose certificate is not trusted.
    #[derive(Debug)]
    struct Untrusted;

    impl<In: Transport> Connector<In> for Untrusted {
        type Out = In;

        fn connect(
            &self,
            _: &ConnectionDetails<'_>,
            _: Option<In>,
        ) -> Result<Option<In>, ureq::Error> {
            Err(ConnectError::new(Cause::Tls, Message::verbatim("untrusted")).into())
        }
    }

    fn connect(url: &str, loopback_only: bool, lookup: Lookup) -> [Cause; 2] {
        let connector = ResolvingConnector {
            dns: Arc::new(DnsCache::with_lookup(Arc::default(), lookup)),
            connector: Untrusted,
            timeout: Duration::from_secs(10),
            loopback_only,
        };
        let (uri, config) =
            (url.parse().unwrap(), ureq::Agent::config_builder().proxy(None).build());
        let now = Instant::AlreadyHappened;
        let details = ConnectionDetails {
            uri: &uri,
            addrs: NoResolver.empty(),
            config: &config,
            request_level: false,
            resolver: &NoResolver,
            now,
            timeout: NextTimeout::default(),
            current_time: Arc::new(move || now),
            run_connector: Arc::new(|_| Err(ureq::Error::ConnectionFailed)),
            register_shutdown: Arc::new(|_| Ok(())),
        };
        [(), ()].map(|()| ConnectError::from(connector.connect(&details, None).unwrap_err()).cause)
    }

    #[test]
    fn addresses_are_forgotten_when_tls_fails() {
        static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
        let causes = connect("https://a.example", false, |_| {
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
        assert_eq!(connect("http://localhost", true, remote), [Cause::Dns; 2]);
        let local: Lookup =
            |_| Ok(["127.0.0.1:80", "[::1]:80"].map(|it| it.parse().unwrap()).into());
        assert_eq!(connect("http://localhost", true, local), [Cause::Tls; 2]);
    }
}
