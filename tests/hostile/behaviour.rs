//! One line of the catalogue: what a server does, what is called, and what must come of it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::certificates::{Certificates, Shown};
use crate::server::{Serve, Visit};

/// What every behaviour may use.
pub(crate) struct World {
    pub(crate) certificates: Certificates,
    /// A port that nobody may ever connect to.
    pub(crate) elsewhere: u16,
    /// A document of 40 MiB.
    pub(crate) document: PathBuf,
    /// Where a program that heeds SSLKEYLOGFILE would write.
    pub(crate) key_log: PathBuf,
    /// What makes `getaddrinfo` slow, if a C compiler is there.
    pub(crate) slow_dns: Option<PathBuf>,
}

/// Where the client is sent.
#[derive(Clone)]
pub(crate) enum Target {
    Plain(Serve),
    Tls(Shown, Serve),
    /// An https URL on a socket that the behaviour handles itself.
    UnderTls(Serve),
    /// A host that only the proxy knows, through this proxy.
    Proxy(Serve),
    /// A port on which nobody listens.
    Nobody,
    /// A port whose queue of connections is full.
    FullBacklog,
    /// A URL as it stands.
    Url(&'static str),
}

/// What must come of the last call.
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
    /// A cause that will do as well: which of two limits is met first is chance.
    pub(crate) or: Option<&'static str>,
    /// The call's time, in seconds.
    pub(crate) timeout: u32,
    pub(crate) options: Vec<(&'static str, String)>,
    pub(crate) environment: Vec<(&'static str, String)>,
    /// What the message must contain.
    pub(crate) says: &'static str,
    /// Whether the client is told of our CA.
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

    /// What is called; a call that reads is not sent again, so that one attempt is judged.
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

    pub(crate) fn says(mut self, words: &'static str) -> Self {
        self.says = words;
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

    /// Nothing that could be processed reached the service.
    pub(crate) fn not_sent(self, cause: &str) -> Self {
        self.expect("network", cause, "not_sent")
    }

    /// A reading call got no answer.
    pub(crate) fn no_answer(self, cause: &str) -> Self {
        self.expect("network", cause, "unknown")
    }

    /// A reading call got an answer that cannot be used.
    pub(crate) fn unusable(self, cause: &str) -> Self {
        self.expect("protocol", cause, "unknown")
    }

    /// The service decided, or said so by its HTTP status.
    pub(crate) fn answered(self, kind: &str, cause: &str) -> Self {
        self.expect(kind, cause, "answered")
    }

    /// A writing call may have been processed.
    pub(crate) fn unknown_outcome(self, cause: &str) -> Self {
        self.expect("unknown_outcome", cause, "unknown")
    }
}
