//! A running sandbox, from its start until it is dropped.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::Serialize;
use tokio::runtime;
use tokio::sync::{Notify, oneshot};
use uuid::Uuid;

use crate::Error;
use crate::certificate::authority::{Authority, Ca};
use crate::certificate::key::Curve;
use crate::clock::Clock;
use crate::config::Config;
use crate::connections::{serve_management, serve_plain, serve_tls};
use crate::fault::armed::Faults;
use crate::http::body::BodyBudget;
use crate::http::listener;
use crate::http::tls::Tls;
use crate::listeners::{Listeners, Sockets};
use crate::management::{Management, ManagementServer};
use crate::push::outbox::{ATTEMPTS_MAX, Outbox};
use crate::push::sender::PushTarget;
use crate::service::journal::Journal;
use crate::service::{Service, scheduler};
use crate::state::{Delays, State};
use crate::storage::snapshot::{Change, Identity, Snapshot};
use crate::storage::state_file::StateFile;
use crate::time::millis;

/// How long stopping waits for a large body that is being processed.
const STOP_TIMEOUT: Duration = Duration::from_millis(200);

/// A running sandbox with its own threads. Dropping it stops it at once, even with open connections.
pub struct Sandbox {
    http_url: String,
    https_url: String,
    tls_ca_pem: String,
    root_pem: String,
    intermediate_pem: String,
    management_url: Option<String>,
    exposed: Vec<String>,
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
    /// Starts a sandbox and returns when it listens.
    ///
    /// # Errors
    /// [`Error::Config`] if the token is not a valid header value, the push URL or the number of push delays is invalid, or
    /// the management address is not a loopback address; [`Error::Listen`] if an address is in use or not available;
    /// [`Error::State`] if the state file cannot be used; [`Error::Certificate`] and [`Error::Runtime`] if the system gives
    /// no random numbers or threads.
    pub fn start(config: Config) -> Result<Self, Error> {
        let clock = Clock::default();
        let now = clock.now();
        let attempts = config.push_delays.len();
        if config.push_url.is_some() && !(1..=ATTEMPTS_MAX).contains(&attempts) {
            let why = format!("a push is sent 1 to {ATTEMPTS_MAX} times, not {attempts}");
            return Err(Error::Config(why));
        }
        let target = config.push_url.as_deref().map(PushTarget::new).transpose()?;
        let listeners = Listeners::bind(&config)?;
        let opened = config.state_file.as_deref().map(StateFile::open).transpose()?;
        let (state_file, saved) = opened.unzip();
        let identity = saved.as_ref().and_then(|saved: &Snapshot| saved.identity.as_ref());
        let (ca, tls_ca) = match identity {
            Some(identity) => identity.authorities()?,
            None => {
                (Ca::generate(now)?, Authority::root("WoTrus Sandbox TLS CA", Curve::P256, now)?)
            }
        };
        let token = token(config.token.or_else(|| identity.map(|it| it.token.clone())))?;
        if let Some(file) = &state_file {
            file.send(vec![Change::identity(&Identity::of(&token, &ca, &tls_ca)?)]);
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
        if target.is_some() {
            state.outbox = Outbox::new(config.push_delays.into_iter().map(millis).collect());
        }
        if let Some(saved) = saved {
            clock.set_offset(saved.clock_offset);
            state.restore(saved, clock.now());
        }
        let service = Arc::new(Service {
            token,
            http_url: listeners.http_url.clone(),
            https_url: listeners.https_url.clone(),
            push_url: config.push_url,
            clock,
            state: Mutex::new(state),
            wake: Notify::new(),
            journal: Journal::default(),
            faults: Faults::new(config.faults, config.seed),
            bodies: BodyBudget::default(),
            state_file,
        });
        let tls_ca_pem = tls.ca.pem().to_owned();
        let Listeners { sockets, http_url, https_url, exposed } = listeners;
        let management = sockets.management.as_ref();
        let management_url = management.map(|(_, address)| format!("http://{address}"));
        let (stop, thread) = serve(sockets, &service, &tls, target)?;
        Ok(Self {
            http_url,
            https_url,
            tls_ca_pem,
            root_pem,
            intermediate_pem,
            management_url,
            exposed,
            service,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The URL of the service over plain HTTP, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn http_url(&self) -> &str {
        &self.http_url
    }

    /// The URL of the service over HTTPS, `https://localhost:PORT`. The certificate is also valid for 127.0.0.1 and
    /// `::1`.
    #[must_use]
    pub fn https_url(&self) -> &str {
        &self.https_url
    }

    /// The URL of the management interface, `http://127.0.0.1:PORT`: a page, and JSON at `/api`. None if its listener
    /// is turned off.
    #[must_use]
    pub fn management_url(&self) -> Option<&str> {
        self.management_url.as_deref()
    }

    /// The listeners that other machines reach, as URLs with their listening addresses. Anybody who reaches one can
    /// send requests with the token, and plain HTTP shows the token and personal data to the network. The management
    /// interface is never among them. Empty by default.
    #[must_use]
    pub fn exposed(&self) -> &[String] {
        &self.exposed
    }

    /// The management interface in this process: orders, pushes, the clock, the journal.
    #[must_use]
    pub fn management(&self) -> Management {
        Management::new(Arc::clone(&self.service))
    }

    /// The token that requests must have in the header `WoTrusToken`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.service.token
    }

    /// The CA certificate to trust for [`https_url`](Self::https_url), in PEM. Its private key never leaves the process,
    /// except into the state file.
    #[must_use]
    pub fn tls_ca_pem(&self) -> &str {
        &self.tls_ca_pem
    }

    /// The root of the ordered certificates, in PEM. Only tests should trust it.
    #[must_use]
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// The intermediate that issues the ordered certificates, in PEM.
    #[must_use]
    pub fn intermediate_pem(&self) -> &str {
        &self.intermediate_pem
    }

    /// One line of JSON for programs that use the sandbox:
    /// `{"http_url":…,"https_url":…,"token":…,"tls_ca_file":…,"management_url":…}`. The last two are left out without a
    /// file or a management listener.
    #[must_use]
    pub fn ready_line(&self, tls_ca_file: Option<&Path>) -> String {
        let line = ReadyLine {
            http_url: &self.http_url,
            https_url: &self.https_url,
            token: self.token(),
            tls_ca_file: tls_ca_file.map(Path::to_string_lossy),
            management_url: self.management_url(),
        };
        serde_json::to_string(&line).expect("texts have a JSON form")
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
        if let Some(file) = &self.service.state_file {
            file.close();
        }
    }
}

/// The token is redacted.
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

/// Serves the sockets by threads of their own, until a message is sent to the first part or that is dropped.
fn serve(
    sockets: Sockets,
    service: &Arc<Service>,
    tls: &Tls,
    target: Option<PushTarget>,
) -> Result<(oneshot::Sender<()>, JoinHandle<()>), Error> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("wotrus-sandbox")
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    runtime.spawn(scheduler::run(Arc::clone(service), target));
    runtime.spawn(listener::accept(sockets.plain, serve_plain(service)));
    for socket in sockets.secure {
        runtime.spawn(listener::accept(socket, serve_tls(service, &tls.acceptor)));
    }
    if let Some((socket, address)) = sockets.management {
        let server = ManagementServer {
            management: Management::new(Arc::clone(service)),
            address,
            tls_ca_pem: tls.ca.pem().to_owned(),
        };
        runtime.spawn(listener::accept(socket, serve_management(server)));
    }
    let (stop, stopped) = oneshot::channel();
    // A separate thread shuts the runtime down: tokio forbids that inside async code, where a drop may happen.
    let thread = std::thread::Builder::new()
        .name("wotrus-sandbox".to_owned())
        .spawn(move || {
            let _ = runtime.block_on(stopped);
            runtime.shutdown_timeout(STOP_TIMEOUT);
        })
        .map_err(Error::Runtime)?;
    Ok((stop, thread))
}
