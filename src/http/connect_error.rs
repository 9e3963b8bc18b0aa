//! A connection attempt that failed: nothing can have been sent.

use std::error::Error;
use std::fmt;
use std::io;

use crate::error::Cause;
use crate::messages::{Lang, Message, message};

/// Why there is no connection. It travels through ureq's connectors as [`ureq::Error::Other`].
pub(super) struct ConnectError {
    pub(super) cause: Cause,
    problem: Message,
    /// The proxy's host and port, if this was the connection to the proxy; else empty.
    proxy: String,
    lang: Lang,
    source: Option<io::Error>,
}

impl ConnectError {
    pub(super) fn new(cause: Cause, problem: Message) -> Self {
        Self { cause, problem, proxy: String::new(), lang: Lang::default(), source: None }
    }

    /// `problem` includes the text of `source`. Only errors of the system are kept as such: ureq's own
    /// type is not part of this library's interface.
    pub(super) fn caused_by(self, source: impl Into<ureq::Error>) -> Self {
        match source.into() {
            ureq::Error::Io(source) => Self { source: Some(source), ..self },
            _ => self,
        }
    }

    /// A failure of ureq's own connectors.
    pub(super) fn of(cause: Cause, error: ureq::Error) -> Self {
        Self::new(cause, Message::verbatim(error.to_string())).caused_by(error)
    }

    /// The same error of the connection to a proxy.
    pub(super) fn of_proxy(self, proxy: String) -> Self {
        Self { proxy, ..self }
    }

    pub(super) fn timeout() -> Self {
        Self::new(Cause::Timeout, message!("opening the connection took too long"))
    }

    pub(super) fn cancelled() -> Self {
        Self::new(Cause::Cancelled, message!("cancelled"))
    }

    /// Whether a retry would fail the same way: an untrusted certificate, or a port without TLS.
    pub(super) fn is_permanent(&self) -> bool {
        self.cause == Cause::Tls
    }

    /// The same error with its text in this language.
    pub(super) fn in_lang(self, lang: Lang) -> Self {
        Self { lang, ..self }
    }

    /// One sentence about the connection to `host`.
    pub(super) fn message(&self, host: &str) -> Message {
        let problem = self.problem.clone();
        if !self.proxy.is_empty() {
            return message!("no connection to the proxy {}: {}", &*self.proxy, problem);
        }
        match self.cause {
            Cause::Proxy => message!("the proxy did not connect to {}: {}", host, problem),
            Cause::Tls => message!("no TLS with {}: {} ({})", host, tls_advice(&problem), problem),
            _ => message!("no connection to {}: {}", host, problem),
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.text(self.lang))
    }
}

impl fmt::Debug for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl From<ConnectError> for ureq::Error {
    fn from(error: ConnectError) -> Self {
        Self::Other(Box::new(error))
    }
}

impl From<ureq::Error> for ConnectError {
    /// Finds the connection error that travelled through ureq.
    fn from(error: ureq::Error) -> Self {
        let other = match error {
            ureq::Error::Other(other) => match other.downcast::<Self>() {
                Ok(error) => return *error,
                Err(other) => ureq::Error::Other(other),
            },
            other => other,
        };
        Self::of(Cause::Connect, other)
    }
}

/// What a person can do about a TLS failure. ureq does not export the type of rustls' errors, so the
/// advice is chosen by their text; no decision depends on it.
fn tls_advice(problem: &Message) -> Message {
    let problem = problem.text(Lang::En);
    let has = |word: &str| problem.contains(word);
    if has("UnknownIssuer") || has("BadSignature") {
        message!(
            "its certificate is from a CA that is not trusted; a private CA is named with ca_file"
        )
    } else if has("not valid for name") {
        message!("its certificate is for another name; check base_url")
    } else if has("Expired") || has("expired") {
        message!("its certificate has expired, or this machine's clock is wrong")
    } else if has("not valid yet") {
        message!("its certificate is not valid yet, or this machine's clock is wrong")
    } else if has("InvalidContentType") || has("corrupt message") {
        message!("it does not speak TLS; check the port in base_url")
    } else if has("ProtocolVersion") || has("ServerDoesNotSupport") {
        message!("it supports no TLS 1.2 or 1.3")
    } else {
        message!("the handshake failed")
    }
}

/// Whether rustls reported the failure, and not the socket below it.
pub(super) fn is_tls(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}
