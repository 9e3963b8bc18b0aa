//! What a sandbox can be told at its start.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::fault::Fault;
use crate::policy::Policies;

/// What a sandbox can be told at its start. Every field has a default, so name what differs:
///
/// ```
/// use std::time::Duration;
/// use wotrus_sandbox::Config;
///
/// let config = Config { issue_delay: Duration::from_secs(60), ..Config::default() };
/// let quick = Config::immediate();
/// ```
///
/// Fields may be added in minor versions; so end a literal with `..Config::default()`.
#[derive(Clone)]
pub struct Config {
    /// Where plain HTTP is served. Port 0, the default, lets the system choose; the default address is 127.0.0.1.
    pub http_listen: SocketAddr,
    /// Where HTTPS is served. With the default address, 127.0.0.1, also at the same port of `::1` where there is one.
    pub https_listen: SocketAddr,
    /// Where the management side is served, as JSON and as a page: an address of this machine's loopback alone.
    /// None leaves it out; [`Sandbox::management`](crate::Sandbox::management) is there all the same.
    pub management_listen: Option<SocketAddr>,
    /// The API token that `WoTrusToken` must carry (section 1.2); none makes one up, or takes the state file's.
    pub token: Option<String>,
    /// The time of the review at WoTrus. By default a second, as are the other delays.
    pub review_delay: Duration,
    /// The time until the domain is validated; document signing has no domain.
    pub validation_delay: Duration,
    /// The time the CA takes to issue.
    pub issue_delay: Duration,
    /// The time of the audit of a revocation.
    pub revocation_delay: Duration,
    /// Where pushes are sent (section 8), `http://` or `https://`; an `https` receiver may have any certificate.
    pub push_url: Option<String>,
    /// How long each attempt at a push waits: the first after the event, each other after the one before it failed.
    /// The service makes at most three, so there are one to three. By default at once, then 5 s, then 30 s.
    pub push_delays: Vec<Duration>,
    /// What goes wrong on purpose; nothing, by default.
    pub faults: Vec<Fault>,
    /// Draws the requests that a fault's `percent` means: the same seed draws the same ones again.
    pub seed: u64,
    /// A file that keeps orders, idempotenceIDs, pushes, the clock, the token and the CAs, so that a sandbox started
    /// from it is the same one. None, the default, keeps nothing. Its private keys are good for tests alone.
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
    /// The same delay for every step.
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

    /// The default, but no step takes time: an order of a document-signing product is issued as it is created.
    #[must_use]
    pub fn immediate() -> Self {
        Self::default().with_delays(Duration::ZERO)
    }
}

/// The token is left out.
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
