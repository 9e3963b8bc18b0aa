//! What can go wrong, and what it means for the order.

use std::fmt;
use std::time::Duration;

/// What every fallible call of this library returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// The word for it in JSON, in C, in PHP and on the command line.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What kind of failure it is: few, stable, and enough to decide what to do.
    Kind {
        /// Refused here, before anything was sent; the error names the field.
        Argument = "argument",
        /// An option of the client: address, CA file, proxy, …
        Config = "config",
        /// HTTP 401 or 403: the token.
        Auth = "auth",
        /// The service said no, in its own words; or the order ended without a certificate.
        Refused = "refused",
        /// The certificate is not there yet.
        NotReady = "not_ready",
        /// A writing call may have been processed, and no trustworthy answer came. The message
        /// says whether sending again is safe, and what to look up.
        UnknownOutcome = "unknown_outcome",
        /// Nothing was sent, or a reading call got no answer.
        Network = "network",
        /// An answer that cannot be used: not the documented form, a redirect, another 4xx.
        Protocol = "protocol",
        /// A local file.
        File = "file",
        /// [`Client::cancel`](crate::Client::cancel), or an observer that said stop.
        Cancelled = "cancelled",
        /// A defect of this library.
        Internal = "internal",
    }
}

impl Kind {
    /// The number of this kind in C (`WOTRUS_ARGUMENT` is 1, …).
    pub const fn status(self) -> i32 {
        self as i32 + 1
    }
}

words! {
    /// The finer reason beside the [`Kind`].
    Cause {
        /// A value that cannot be used.
        Invalid = "invalid",
        /// The host's name could not be resolved.
        Dns = "dns",
        /// No connection could be opened.
        Connect = "connect",
        /// The proxy refused or failed.
        Proxy = "proxy",
        /// TLS: a certificate that is not trusted, or no common language.
        Tls = "tls",
        /// The time for the call or for the wait was over.
        Timeout = "timeout",
        /// The connection ended before the whole answer was there.
        ConnectionLost = "connection_lost",
        /// The HTTP status.
        HttpStatus = "http_status",
        /// A redirect, which is never followed: it would carry the token elsewhere.
        Redirect = "redirect",
        /// The answer is not HTTP/1.1 as it should be.
        Http = "http",
        /// The answer is not JSON.
        NotJson = "not_json",
        /// JSON, but not the service's envelope or without what the operation needs.
        Envelope = "envelope",
        /// The answer is larger than the limit.
        TooLarge = "too_large",
        /// `isSuccess`, `cancelResult` or `sentResult` is false.
        Refused = "refused",
        /// The order is not issued yet.
        NotIssued = "not_issued",
        /// The order is `rejected`, `closed` or `revoked`.
        Ended = "ended",
        /// A certificate that cannot be read.
        Certificate = "certificate",
        /// A file that cannot be opened or read.
        FileRead = "file_read",
        /// A file that changed while it was being sent.
        FileChanged = "file_changed",
        /// Cancelled by the caller.
        Cancelled = "cancelled",
        /// A caught panic.
        Panic = "panic",
    }
}

words! {
    /// Did the service get it? Taken over all attempts of a call: it tells whether an order may
    /// exist.
    Delivery {
        /// Nothing that could be processed reached the service.
        NotSent = "not_sent",
        /// The service's own decision was read.
        Answered = "answered",
        /// It may have been processed.
        Unknown = "unknown",
    }
}

/// A failure: its kind and cause, whether the service got the call, and what to say in a ticket.
///
/// `Display` is one sentence for a person; the rest is for programs. No secret is in either.
#[derive(Clone)]
pub struct Error(Box<Facts>);

#[derive(Clone, PartialEq)]
pub(crate) struct Facts {
    pub(crate) kind: Kind,
    pub(crate) cause: Cause,
    pub(crate) delivery: Delivery,
    pub(crate) message: String,
    pub(crate) field: Option<String>,
    pub(crate) http_status: Option<u16>,
    pub(crate) service_message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<String>,
    pub(crate) idempotence_id: Option<String>,
    pub(crate) attempts: u32,
}

impl Error {
    pub(crate) fn new(kind: Kind, cause: Cause, message: impl Into<String>) -> Self {
        Self(Box::new(Facts {
            kind,
            cause,
            delivery: Delivery::NotSent,
            message: message.into(),
            field: None,
            http_status: None,
            service_message: None,
            retry_after: None,
            request_id: None,
            idempotence_id: None,
            attempts: 0,
        }))
    }

    /// A value refused here; `field` is the name the caller knows it by.
    pub(crate) fn argument(field: &str, problem: impl fmt::Display) -> Self {
        let message = format!("{field}: {problem}");
        Self::new(Kind::Argument, Cause::Invalid, message).with(|f| f.field = Some(field.into()))
    }

    /// An option of the client that cannot be used.
    pub(crate) fn config(option: &str, problem: impl fmt::Display) -> Self {
        let message = format!("{option}: {problem}");
        Self::new(Kind::Config, Cause::Invalid, message).with(|f| f.field = Some(option.into()))
    }

    /// An answer that was read whole and is of no use; `delivery` says so.
    pub(crate) fn answer(kind: Kind, cause: Cause, message: impl Into<String>) -> Self {
        Self::new(kind, cause, message).with(|f| f.delivery = Delivery::Answered)
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(&mut self.0);
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The finer reason.
    pub fn cause(&self) -> Cause {
        self.0.cause
    }

    /// Whether the service got the call, over all attempts.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// One sentence for a person, without secrets.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The field or option that was refused here, by the service document's or the option's name.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The HTTP status of the last answer, if one came.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The service's own words (`errorMsg`, `cancelFailedReason`).
    pub fn service_message(&self) -> Option<&str> {
        self.0.service_message.as_deref()
    }

    /// How long the service asked to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The RequestID that was sent, by which the service finds the call in its logs.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The idempotenceID the call carried; with the same one it may be sent again.
    pub fn idempotence_id(&self) -> Option<&str> {
        self.0.idempotence_id.as_deref()
    }

    /// How often the call was tried; 0 when it was refused here.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// `{"error":{"kind":…,"cause":…,"delivery":…,"message":…,…}}`, the form that C, PHP and the
    /// command line share.
    pub fn to_json(&self) -> String {
        let f = &*self.0;
        let mut error = crate::json::ObjectWriter::new();
        error.text("kind", f.kind.as_str());
        error.text("cause", f.cause.as_str());
        error.text("delivery", f.delivery.as_str());
        error.text("message", &f.message);
        error.optional("request_id", f.request_id.as_deref());
        error.raw("attempts", f.attempts);
        error.number("http_status", f.http_status);
        error.number("retry_after", f.retry_after.map(|time| time.as_secs()));
        error.optional("idempotence_id", f.idempotence_id.as_deref());
        error.optional("field", f.field.as_deref());
        error.optional("service_message", f.service_message.as_deref());
        let mut outer = crate::json::ObjectWriter::new();
        outer.raw("error", error.finish());
        outer.finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({})", self.to_json())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_names_every_language_shares() {
        let error = Error::argument("month", "12, 13, 24 or 25, not 11").with(|f| f.attempts = 0);
        let json: serde_json::Value = serde_json::from_str(&error.to_json()).unwrap();
        let error = json["error"].as_object().unwrap();
        for name in [
            "kind",
            "cause",
            "delivery",
            "message",
            "request_id",
            "attempts",
            "http_status",
            "retry_after",
            "idempotence_id",
        ] {
            assert!(error.contains_key(name), "{name} is missing");
        }
        assert_eq!(error["kind"], "argument");
        assert_eq!(error["delivery"], "not_sent");
        assert_eq!(error["field"], "month");
    }

    #[test]
    fn kinds_are_numbered_as_in_c() {
        assert_eq!(Kind::Argument.status(), 1);
        assert_eq!(Kind::UnknownOutcome.status(), 6);
        assert_eq!(Kind::Internal.status(), 11);
    }
}
