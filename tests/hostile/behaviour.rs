//! One row of the catalogue: what the server does, which calls are made, and the expected outcome.

use std::path::PathBuf;
use std::sync::Arc;

use crate::certificates::{Certificates, Shown};
use crate::server::{Serve, Visit};

/// What the behaviours share.
pub(crate) struct World {
    pub(crate) certificates: Certificates,
    /// A port to which no client may connect.
    pub(crate) elsewhere: u16,
    /// A document of 40 MiB.
    pub(crate) document: PathBuf,
    /// The file that SSLKEYLOGFILE names.
    pub(crate) key_log: PathBuf,
    /// The library that makes `getaddrinfo` slow; none without a C compiler.
    pub(crate) slow_dns: Option<PathBuf>,
}

/// Where the client connects.
#[derive(Clone)]
pub(crate) enum Target {
    Plain(Serve),
    Tls(Shown, Serve),
    /// An https URL whose TLS handshake the behaviour handles itself.
    UnderTls(Serve),
    /// A host that can only be reached through this proxy.
    Proxy(Serve),
    /// A port without a listener.
    Nobody,
    /// A port whose backlog is full.
    FullBacklog,
    /// This URL.
    Url(&'static str),
}

/// The outcome of the last call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) kind: String,
    pub(crate) cause: String,
    pub(crate) delivery: String,
    pub(crate) attempts: u64,
}

/// A named behaviour.
#[derive(Clone)]
pub(crate) struct Behaviour {
    pub(crate) name: &'static str,
    pub(crate) does: &'static str,
    pub(crate) calls: String,
    pub(crate) target: Target,
    pub(crate) expected: Outcome,
    /// A second accepted cause, where either of two limits may be reached first.
    pub(crate) or: Option<&'static str>,
    /// The call's timeout in seconds.
    pub(crate) timeout: u32,
    pub(crate) options: Vec<(&'static str, String)>,
    pub(crate) environment: Vec<(&'static str, String)>,
    /// A text that the message must contain.
    pub(crate) says: &'static str,
    /// Whether the client's `ca_file` is the test's CA.
    pub(crate) trusting: bool,
}

impl Behaviour {
    pub(crate) fn new(name: &'static str, does: &'static str) -> Self {
        let outcome = |word: &str| word.to_owned();
        Self {
            name,
            does,
            calls: "query".into(),
            target: Target::Nobody,
            expected: Outcome {
                kind: outcome("ok"),
                cause: outcome("none"),
                delivery: outcome("answered"),
                attempts: 1,
            },
            or: None,
            timeout: 5,
            options: Vec::new(),
            environment: Vec::new(),
            says: "",
            trusting: true,
        }
    }

    fn to(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    pub(crate) fn plain(self, serve: impl Fn(&mut Visit) + Send + Sync + 'static) -> Self {
        self.to(Target::Plain(Arc::new(serve)))
    }

    pub(crate) fn tls(
        self,
        shown: Shown,
        serve: impl Fn(&mut Visit) + Send + Sync + 'static,
    ) -> Self {
        self.to(Target::Tls(shown, Arc::new(serve)))
    }

    pub(crate) fn under_tls(self, serve: impl Fn(&mut Visit) + Send + Sync + 'static) -> Self {
        self.to(Target::UnderTls(Arc::new(serve)))
    }

    pub(crate) fn proxy(self, serve: impl Fn(&mut Visit) + Send + Sync + 'static) -> Self {
        self.to(Target::Proxy(Arc::new(serve)))
    }

    pub(crate) fn full_backlog(self) -> Self {
        self.to(Target::FullBacklog)
    }

    pub(crate) fn url(self, url: &'static str) -> Self {
        self.to(Target::Url(url))
    }

    /// The calls. A reading call is not sent again unless the option `retries` says so.
    pub(crate) fn calls(mut self, calls: impl Into<String>) -> Self {
        self.calls = calls.into();
        self
    }

    pub(crate) fn option(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.options.push((name, value.into()));
        self
    }

    pub(crate) fn environment(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    pub(crate) fn timeout(mut self, seconds: u32) -> Self {
        self.timeout = seconds;
        self
    }

    pub(crate) fn or(mut self, cause: &'static str) -> Self {
        self.or = Some(cause);
        self
    }

    pub(crate) fn says(mut self, text: &'static str) -> Self {
        self.says = text;
        self
    }

    pub(crate) fn without_ca(mut self) -> Self {
        self.trusting = false;
        self
    }

    pub(crate) fn attempts(mut self, attempts: u64) -> Self {
        self.expected.attempts = attempts;
        self
    }

    fn expect(mut self, kind: &str, cause: &str, delivery: &str) -> Self {
        self.expected.kind = kind.into();
        self.expected.cause = cause.into();
        self.expected.delivery = delivery.into();
        self
    }

    /// Nothing that the service could process reached it.
    pub(crate) fn not_sent(self, cause: &str) -> Self {
        self.expect("network", cause, "not_sent")
    }

    /// A reading call got no response.
    pub(crate) fn no_answer(self, cause: &str) -> Self {
        self.expect("network", cause, "unknown")
    }

    /// A reading call got an unusable response.
    pub(crate) fn unusable(self, cause: &str) -> Self {
        self.expect("protocol", cause, "unknown")
    }

    /// The service's decision was read, or its HTTP status says it.
    pub(crate) fn answered(self, kind: &str, cause: &str) -> Self {
        self.expect(kind, cause, "answered")
    }

    /// A writing call may have been processed.
    pub(crate) fn unknown_outcome(self, cause: &str) -> Self {
        self.expect("unknown_outcome", cause, "unknown")
    }
}
