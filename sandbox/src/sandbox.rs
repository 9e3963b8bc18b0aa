//! The running sandbox, from start to drop.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::Serialize;
use tokio::runtime;
use tokio::sync::{Notify, oneshot};
use uuid::Uuid;

use crate::Error;
use crate::ca::{Authority, Ca};
use crate::clock::Clock;
use crate::config::Config;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::kept::{Change, Identity, Kept};
use crate::key::Curve;
use crate::listen;
use crate::management::{Door, Management};
use crate::outbox::{ATTEMPTS_MAX, Outbox};
use crate::post::Receiver;
use crate::pump;
use crate::serve::{serve_management, serve_plain, serve_tls};
use crate::service::Service;
use crate::state::{Delays, State};
use crate::store::Store;
use crate::time::millis;
use crate::tls::Tls;

/// How long a stop waits for work on a large body.
const STOP: Duration = Duration::from_millis(200);

/// A running sandbox: the service on loopback, with threads of its own. Dropping it stops it at once,
/// whatever connections are open.
pub struct Sandbox {
    http_url: String,
    https_url: String,
    tls_ca_pem: String,
    root_pem: String,
    intermediate_pem: String,
    management_url: Option<String>,
    service: Arc<Service>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Serialize)]
struct ReadyLine<'a> {
    http_url: &'a str,
    https_url: &'a str,
    token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_ca_file: Option<std::borrow::Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    management_url: Option<&'a str>,
}

impl Sandbox {
    /// Starts a sandbox and returns once it listens.
    ///
    /// # Errors
    /// When the token cannot be an HTTP header's value, the push URL is none, an address cannot be listened on (the
    /// management side's must be a loopback address), the state file cannot be used, or the system gives no randomness
    /// or no threads.
    pub fn start(config: Config) -> Result<Self, Error> {
        let clock = Clock::default();
        let now = clock.now();
        let attempts = config.push_delays.len();
        if config.push_url.is_some() && !(1..=ATTEMPTS_MAX).contains(&attempts) {
            let why = format!("a push is tried 1 to {ATTEMPTS_MAX} times, not {attempts}");
            return Err(Error::Config(why));
        }
        let receiver = config.push_url.as_deref().map(Receiver::new).transpose()?;
        let management = config.management_listen.map(bind_management).transpose()?;
        let plain = listen::bind(config.http_listen)?;
        let secure = listen::bind_localhost(config.https_listen)?;
        let http_port = listen::port(&plain)?;
        let https_port = listen::port(&secure[0])?;
        let http_url = format!("http://{}", reachable(config.http_listen, http_port));
        let https_url = match config.https_listen.ip() {
            ip if ip.is_loopback() || ip.is_unspecified() => {
                format!("https://localhost:{https_port}")
            }
            ip => format!("https://{}", SocketAddr::from((ip, https_port))),
        };
        let (store, kept) = config.state_file.as_deref().map(Store::open).transpose()?.unzip();
        let known = kept.as_ref().and_then(|kept: &Kept| kept.identity.as_ref());
        let (ca, tls_ca) = match known {
            Some(identity) => identity.authorities()?,
            None => {
                (Ca::generate(now)?, Authority::root("WoTrus Sandbox TLS CA", Curve::P256, now)?)
            }
        };
        let token = token(config.token.or_else(|| known.map(|identity| identity.token.clone())))?;
        if let Some(store) = &store {
            store.send(vec![Change::identity(&Identity::of(&token, &ca, &tls_ca)?)]);
        }
        let (root_pem, intermediate_pem) =
            (ca.general.root.pem().into(), ca.general.intermediate.pem().into());
        let tls = Tls::new(tls_ca, config.https_listen.ip(), now)?;
        let delays = Delays {
            review: millis(config.review_delay),
            validation: millis(config.validation_delay),
            issue: millis(config.issue_delay),
            revocation: millis(config.revocation_delay),
        };
        let mut state = State::new(delays, config.policies, ca);
        if receiver.is_some() {
            state.outbox = Outbox::new(config.push_delays.into_iter().map(millis).collect());
        }
        if let Some(kept) = kept {
            clock.set_ahead(kept.ahead);
            state.restore(kept, clock.now());
        }
        let service = Arc::new(Service {
            token,
            http_url: http_url.clone(),
            https_url: https_url.clone(),
            push_url: config.push_url,
            clock,
            state: Mutex::new(state),
            wake: Notify::new(),
            journal: Journal::default(),
            faults: Faults::new(config.faults, config.seed),
            store,
        });

        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("wotrus-sandbox")
            .enable_all()
            .build()
            .map_err(Error::Runtime)?;
        runtime.spawn(pump::run(Arc::clone(&service), receiver));
        runtime.spawn(listen::accept(plain, serve_plain(&service)));
        for listener in secure {
            runtime.spawn(listen::accept(listener, serve_tls(&service, &tls.acceptor)));
        }
        let management_url = match management {
            None => None,
            Some((listener, address)) => {
                let door = Door {
                    management: Management::new(Arc::clone(&service)),
                    listener: address,
                    tls_ca_pem: tls.ca.pem().to_owned(),
                };
                runtime.spawn(listen::accept(listener, serve_management(door)));
                Some(format!("http://{address}"))
            }
        };
        let (stop, stopped) = oneshot::channel();
        // A thread of its own ends the runtime: a drop inside somebody's async code must not.
        let thread = std::thread::Builder::new()
            .name("wotrus-sandbox".to_owned())
            .spawn(move || {
                let _ = runtime.block_on(stopped);
                runtime.shutdown_timeout(STOP);
            })
            .map_err(Error::Runtime)?;
        Ok(Self {
            http_url,
            https_url,
            tls_ca_pem: tls.ca.pem().to_owned(),
            root_pem,
            intermediate_pem,
            management_url,
            service,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The service over plain HTTP: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn http_url(&self) -> &str {
        &self.http_url
    }

    /// The service over HTTPS: `https://localhost:PORT`. Its certificate also holds for 127.0.0.1 and `::1`.
    #[must_use]
    pub fn https_url(&self) -> &str {
        &self.https_url
    }

    /// The management side over HTTP, `http://127.0.0.1:PORT`: a page for people and JSON at `/api`. None where it
    /// was left out.
    #[must_use]
    pub fn management_url(&self) -> Option<&str> {
        self.management_url.as_deref()
    }

    /// The management side in this process: orders, pushes, the clock, the journal.
    #[must_use]
    pub fn management(&self) -> Management {
        Management::new(Arc::clone(&self.service))
    }

    /// The API token that requests must carry.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.service.token
    }

    /// The CA to trust for [`https_url`](Self::https_url), PEM.
    #[must_use]
    pub fn tls_ca_pem(&self) -> &str {
        &self.tls_ca_pem
    }

    /// The root of the certificates that are ordered here, PEM. Nobody but a test should trust it.
    #[must_use]
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// The intermediate that issues the certificates ordered here, PEM.
    #[must_use]
    pub fn intermediate_pem(&self) -> &str {
        &self.intermediate_pem
    }

    /// One line of JSON that tells another program where the sandbox is:
    /// `{"http_url":…,"https_url":…,"token":…,"tls_ca_file":…,"management_url":…}`; the last two only where there is a file
    /// that is named, and a management listener.
    #[must_use]
    pub fn ready_line(&self, tls_ca_file: Option<&Path>) -> String {
        let line = ReadyLine {
            http_url: &self.http_url,
            https_url: &self.https_url,
            token: self.token(),
            tls_ca_file: tls_ca_file.map(Path::to_string_lossy),
            management_url: self.management_url(),
        };
        serde_json::to_string(&line).expect("text is JSON")
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if let Some(store) = &self.service.store {
            store.close();
        }
    }
}

/// The token is left out.
impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("http_url", &self.http_url)
            .field("https_url", &self.https_url)
            .finish_non_exhaustive()
    }
}

fn token(configured: Option<String>) -> Result<String, Error> {
    match configured {
        None => Ok(format!("tk_sandbox_{}", Uuid::new_v4().simple())),
        Some(token) if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(token)
        }
        Some(_) => Err(Error::Config("the token must be visible ASCII characters".to_owned())),
    }
}

/// Listens for the management side, and says where; on loopback alone: whoever reaches it rules the sandbox.
fn bind_management(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    if !address.ip().is_loopback() {
        let why = format!("the management side listens on loopback alone, not on {address}");
        return Err(Error::Config(why));
    }
    let listener = listen::bind(address)?;
    let address = SocketAddr::from((address.ip(), listen::port(&listener)?));
    Ok((listener, address))
}

/// An address that a client on this machine can use.
fn reachable(listen: SocketAddr, port: u16) -> SocketAddr {
    let ip = match listen.ip() {
        ip if ip.is_unspecified() && ip.is_ipv6() => std::net::Ipv6Addr::LOCALHOST.into(),
        ip if ip.is_unspecified() => std::net::Ipv4Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::from((ip, port))
}
