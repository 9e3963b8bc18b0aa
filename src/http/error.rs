//! What can go wrong on the way, in words.

use std::io::ErrorKind;

use ureq::Timeout;

use super::connect_error::ConnectError;
use crate::error::Cause;

/// No answer, and why. Whether the service got the request, the body's reader knows best.
#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) cause: Cause,
    pub(crate) message: String,
    /// There was no connection: nothing can have been sent.
    pub(crate) unconnected: bool,
    /// Sending again would fail the same way.
    pub(crate) lasting: bool,
    /// The status, where the head of an answer came.
    pub(crate) http_status: Option<u16>,
}

/// Why an exchange broke off.
#[derive(Debug)]
pub(super) enum ExchangeError {
    /// There was no connection.
    ConnectError(ConnectError),
    /// Its time was over, or TCP or TLS failed.
    Link(ureq::Error),
    /// The peer ended the connection.
    Closed,
    NotHttp(&'static str),
    HeadTooLarge,
    /// The body is larger than that.
    TooLarge(u64),
    /// The head says that the body is of no use.
    Unusable(String),
}

impl From<ureq::Error> for ExchangeError {
    fn from(error: ureq::Error) -> Self {
        Self::Link(error)
    }
}

impl From<std::io::Error> for ExchangeError {
    fn from(error: std::io::Error) -> Self {
        Self::Link(error.into())
    }
}

impl TransportError {
    pub(super) fn new(host: &str, trouble: ExchangeError, http_status: Option<u16>) -> Self {
        let lost = |why: &dyn std::fmt::Display| {
            let message =
                format!("the connection was lost before the whole answer was there: {why}");
            (Cause::ConnectionLost, message)
        };
        let (cause, message) = match trouble {
            ExchangeError::ConnectError(why) => return Self::unconnected(host, &why),
            ExchangeError::Link(ureq::Error::Timeout(phase)) => {
                (Cause::Timeout, timed_out(phase).to_owned())
            }
            // rustls reports through io::Error, and its type is not re-exported.
            ExchangeError::Link(ureq::Error::Io(why)) if why.kind() == ErrorKind::InvalidData => {
                (Cause::Tls, format!("TLS with {host} broke off: {why}"))
            }
            ExchangeError::Link(ureq::Error::Io(why)) => lost(&why),
            ExchangeError::Link(other) => (Cause::Http, format!("the exchange failed: {other}")),
            ExchangeError::Closed => lost(&"the other side closed it"),
            ExchangeError::NotHttp(why) => (Cause::Http, format!("the answer is not HTTP: {why}")),
            ExchangeError::HeadTooLarge => {
                (Cause::TooLarge, "the answer's header is too large".to_owned())
            }
            ExchangeError::Unusable(why) => (Cause::Http, why),
            ExchangeError::TooLarge(limit) => {
                (Cause::TooLarge, format!("the answer is larger than {limit} bytes"))
            }
        };
        Self { cause, message, unconnected: false, lasting: false, http_status }
    }

    fn unconnected(host: &str, why: &ConnectError) -> Self {
        let problem = &why.problem;
        let message = match why.cause {
            Cause::Proxy => format!("the proxy did not connect to {host}: {problem}"),
            Cause::Tls => format!("no TLS with {host}: {} ({problem})", advice(problem)),
            _ => format!("no connection to {host}: {problem}"),
        };
        // A certificate that is not trusted, or a service that speaks no TLS, stays so.
        let lasting = why.cause == Cause::Tls;
        Self { cause: why.cause, message, unconnected: true, lasting, http_status: None }
    }
}

fn timed_out(phase: Timeout) -> &'static str {
    match phase {
        Timeout::SendRequest | Timeout::SendBody => "sending the request took too long",
        _ => "no whole answer came within the time for the call",
    }
}

/// The few TLS failures that a person can do something about, and what.
fn advice(why: &str) -> &'static str {
    if why.contains("UnknownIssuer") || why.contains("BadSignature") {
        "its certificate is from a CA that is not trusted; a private CA is named with ca_file"
    } else if why.contains("not valid for name") {
        "its certificate is for another name; check base_url"
    } else if why.contains("Expired") || why.contains("expired") {
        "its certificate has expired, or this machine's clock is wrong"
    } else if why.contains("not valid yet") {
        "its certificate is not valid yet, or this machine's clock is wrong"
    } else if why.contains("InvalidContentType") || why.contains("corrupt message") {
        "it does not speak TLS; check the port in base_url"
    } else if why.contains("ProtocolVersion") || why.contains("ServerDoesNotSupport") {
        "it speaks no TLS 1.2 or 1.3"
    } else {
        "the handshake failed"
    }
}
