//! The configuration of a sandbox.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::fault::spec::Fault;
use crate::policy::Policies;

/// The configuration of a sandbox. Every field has a default:
///
/// ```
/// use std::time::Duration;
/// use wotrus_sandbox::Config;
///
/// let config = Config { issue_delay: Duration::from_secs(60), ..Config::default() };
/// let quick = Config::immediate();
/// ```
///
/// Minor versions may add fields, so end a literal with `..Config::default()`.
#[derive(Clone)]
pub struct Config {
    /// Where plain HTTP is served; 127.0.0.1 by default. Port 0, the default, lets the system choose one. Plain HTTP
    /// does not encrypt the token and personal data, so an address beyond loopback is for isolated networks only; see
    /// [`Sandbox::exposed`](crate::Sandbox::exposed).
    pub http_listen: SocketAddr,
    /// Where HTTPS is served; 127.0.0.1 by default, and then also the same port of `::1`, if the machine has IPv6.
    pub https_listen: SocketAddr,
    /// Where the management interface, JSON and a page, is served. It must be a loopback address. `None` turns the
    /// listener off; [`Sandbox::management`](crate::Sandbox::management) works without it.
    pub management_listen: Option<SocketAddr>,
    /// The token that requests must have in the header `WoTrusToken` (section 1.2). `None` takes the one of the state
    /// file, or generates one.
    pub token: Option<String>,
    /// How long the review at WoTrus takes. The default of this and the other delays is 1 s.
    pub review_delay: Duration,
    /// How long domain validation takes. Document signing has no domain.
    pub validation_delay: Duration,
    /// How long the CA takes to issue.
    pub issue_delay: Duration,
    /// How long the review of a revocation takes.
    pub revocation_delay: Duration,
    /// Where pushes are sent (section 8): an `http://` or `https://` URL. The certificate of the receiver is not checked.
    pub push_url: Option<String>,
    /// The delay before each attempt to send a push: the first one follows the event, the others follow a failed
    /// attempt. One to three, because the service makes three attempts at most. By default 0, 5 and 30 s.
    pub push_delays: Vec<Duration>,
    /// The faults that are armed at the start. None by default.
    pub faults: Vec<Fault>,
    /// The seed of the random choices of faults with `percent`. The same seed makes the same choices.
    pub seed: u64,
    /// A file that keeps orders, idempotenceIDs, pushes, the clock, the token and the CAs. A sandbox that is started
    /// with it again continues where the last one ended. It has private keys, so its mode is set to 0600. By default
    /// nothing is kept.
    pub state_file: Option<PathBuf>,
    /// What the document leaves open.
    pub policies: Policies,
}

impl Default for Config {
    fn default() -> Self {
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let second = Duration::from_secs(1);
        Self {
            http_listen: loopback,
            https_listen: loopback,
            management_listen: Some(loopback),
            token: None,
            review_delay: second,
            validation_delay: second,
            issue_delay: second,
            revocation_delay: second,
            push_url: None,
            push_delays: [0, 5, 30].map(Duration::from_secs).to_vec(),
            faults: Vec::new(),
            seed: 0,
            state_file: None,
            policies: Policies::default(),
        }
    }
}

impl Config {
    /// Sets all four delays.
    #[must_use]
    pub fn with_delays(self, delay: Duration) -> Self {
        Self {
            review_delay: delay,
            validation_delay: delay,
            issue_delay: delay,
            revocation_delay: delay,
            ..self
        }
    }

    /// The default without delays: an order of a document-signing product is issued when it is created.
    #[must_use]
    pub fn immediate() -> Self {
        Self::default().with_delays(Duration::ZERO)
    }
}

/// The token is redacted.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("http_listen", &self.http_listen)
            .field("https_listen", &self.https_listen)
            .field("token", &self.token.as_ref().map(|_| "…"))
            .field("review_delay", &self.review_delay)
            .field("validation_delay", &self.validation_delay)
            .field("issue_delay", &self.issue_delay)
            .field("revocation_delay", &self.revocation_delay)
            .field("management_listen", &self.management_listen)
            .field("push_url", &self.push_url)
            .field("push_delays", &self.push_delays)
            .field("faults", &self.faults)
            .field("seed", &self.seed)
            .field("state_file", &self.state_file)
            .field("policies", &self.policies)
            .finish()
    }
}
