//! The error of every call: its kind, its cause, and whether the service got the call.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use crate::delivery::Delivery;
use crate::delivery::{AttemptOutcome, delivery};
use crate::messages::{Lang, Message, message};
use crate::named::named;

/// The result of every fallible function of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What an [`Error`] was caused by.
pub(crate) type Source = Arc<dyn std::error::Error + Send + Sync>;

named! {
    /// What kind of failure it is. The kinds are few and stable; each asks for a different reaction.
    #[non_exhaustive]
    Kind {
        /// A value was refused before anything was sent; [`Error::field`] names it.
        Argument = "argument",
        /// An option of the client cannot be used: address, CA file, proxy, …; [`Error::field`] names
        /// it.
        Config = "config",
        /// HTTP 401 or 403: the service does not accept the token.
        Auth = "auth",
        /// The service refused, with its own message; or the order ended without a certificate.
        Refused = "refused",
        /// The certificate is not issued yet.
        NotReady = "not_ready",
        /// A writing call may have been processed, and no usable answer came. The message says
        /// whether sending it again is safe, and what to look up.
        UnknownOutcome = "unknown_outcome",
        /// Nothing was sent, or a reading call got no answer.
        Network = "network",
        /// An unusable answer to a reading call; a redirect or another 4xx for any call.
        Protocol = "protocol",
        /// A local file cannot be opened or read, or changed while it was sent.
        File = "file",
        /// Ended by [`Client::cancel`](crate::Client::cancel) or by an observer.
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

named! {
    /// The reason in detail, beside the [`Kind`].
    #[non_exhaustive]
    Cause {
        /// A value that cannot be used.
        Invalid = "invalid",
        /// The host name could not be resolved.
        Dns = "dns",
        /// No connection could be opened.
        Connect = "connect",
        /// The proxy refused or failed.
        Proxy = "proxy",
        /// TLS failed: an untrusted certificate, or no TLS version or cipher suite in common.
        Tls = "tls",
        /// The time for the call or for the wait was over.
        Timeout = "timeout",
        /// The connection ended before the whole answer was read.
        ConnectionLost = "connection_lost",
        /// The HTTP status tells the failure.
        HttpStatus = "http_status",
        /// A redirect. It is never followed: the token would go to another host.
        Redirect = "redirect",
        /// The answer breaks the rules of HTTP/1.1.
        Http = "http",
        /// The answer is not JSON.
        NotJson = "not_json",
        /// The answer is JSON without the documented envelope, or without what the operation needs.
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
        /// A file that changed while it was sent.
        FileChanged = "file_changed",
        /// Cancelled by the caller.
        Cancelled = "cancelled",
        /// A caught panic.
        Panic = "panic",
    }
}

/// The error of every function of this library: what failed, and whether the service got the call.
///
/// `Display` is one sentence for a person. `Display` and `Debug` contain no secret.
///
/// The decision after a failed order depends on [`delivery`](Self::delivery):
///
/// ```no_run
/// use wotrus::{Client, Delivery, OrderRequest};
///
/// # fn mark_as_failed(_: &str) {}
/// # fn send_later(_: &str) {}
/// # fn ask_a_person(_: &str) {}
/// fn order(client: &Client, request: &OrderRequest) -> Option<String> {
///     let error = match client.create_order(request) {
///         Ok(created) => return Some(created.value().id().to_owned()),
///         Err(error) => error,
///     };
///     let message = error.to_string();
///     match error.delivery() {
///         // No order exists. Correct the cause, then send it again.
///         Delivery::NotSent => send_later(&message),
///         // The service refused: no order exists, and sending it again would be refused again.
///         Delivery::Answered => mark_as_failed(&message),
///         // An order may exist. With its idempotenceID the same order may be sent again.
///         Delivery::Unknown if error.idempotence_id().is_some() => send_later(&message),
///         // Without one, look it up at the service before it is sent again.
///         Delivery::Unknown => ask_a_person(&message),
///     }
///     None
/// }
/// ```
#[derive(Clone)]
pub struct Error(Box<Facts>);

#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) kind: Kind,
    pub(crate) cause: Cause,
    pub(crate) message: Message,
    lang: Lang,
    /// The message in that language, once it is asked for.
    text: OnceLock<String>,
    /// What became of the last attempt.
    pub(crate) outcome: AttemptOutcome,
    /// Whether an attempt before the last may have been processed.
    pub(crate) earlier_maybe_processed: bool,
    pub(crate) field: Option<String>,
    pub(crate) http_status: Option<u16>,
    pub(crate) service_message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<String>,
    pub(crate) idempotence_id: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) source: Option<Source>,
}

impl Error {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(kind: Kind, cause: Cause, message: Message) -> Self {
        Self(Box::new(Facts {
            kind,
            cause,
            message,
            lang: Lang::default(),
            text: OnceLock::new(),
            outcome: AttemptOutcome::Unsendable,
            earlier_maybe_processed: false,
            field: None,
            http_status: None,
            service_message: None,
            retry_after: None,
            request_id: None,
            idempotence_id: None,
            attempts: 0,
            source: None,
        }))
    }

    /// A value refused before anything was sent; `field` is the name the caller knows it by.
    pub(crate) fn argument(field: &str, problem: Message) -> Self {
        Self::refused(Kind::Argument, field, problem)
    }

    /// An option of the client that cannot be used.
    pub(crate) fn config(option: &str, problem: Message) -> Self {
        Self::refused(Kind::Config, option, problem)
    }

    /// The same refusal of an argument: an option's checks are also used for arguments.
    pub(crate) fn of_argument(self) -> Self {
        self.with(|facts| facts.kind = Kind::Argument)
    }

    // In one copy: an error is rare, and each inlined copy takes hundreds of bytes.
    #[cold]
    #[inline(never)]
    fn refused(kind: Kind, field: &str, problem: Message) -> Self {
        Self::new(kind, Cause::Invalid, message!("{}: {}", field, problem))
            .with(|f| f.field = Some(field.into()))
    }

    /// The service's decision, or an answer that was read whole and cannot be used.
    pub(crate) fn answer(kind: Kind, cause: Cause, message: Message) -> Self {
        Self::new(kind, cause, message).with(|f| f.outcome = AttemptOutcome::Decided)
    }

    pub(crate) fn cancelled(outcome: AttemptOutcome) -> Self {
        Self::new(Kind::Cancelled, Cause::Cancelled, message!("the call was cancelled"))
            .with(|f| f.outcome = outcome)
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(&mut self.0);
        self.0.text.take();
        self
    }

    pub(crate) fn caused_by(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.with(|facts| facts.source = Some(Arc::new(source)))
    }

    /// What became of the last attempt.
    pub(crate) fn outcome(&self) -> AttemptOutcome {
        self.0.outcome
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The reason in detail.
    pub fn cause(&self) -> Cause {
        self.0.cause
    }

    /// Whether the service got the call, over all attempts.
    pub fn delivery(&self) -> Delivery {
        delivery(self.0.outcome, self.0.earlier_maybe_processed)
    }

    /// One sentence for a person, without secrets, in the language of the client (option `lang`).
    pub fn message(&self) -> &str {
        self.0.text.get_or_init(|| self.0.message.text(self.0.lang))
    }

    /// The message in every language.
    pub fn messages(&self) -> &Message {
        &self.0.message
    }

    /// The language of the message.
    #[cfg(feature = "capi")]
    pub(crate) fn lang(&self) -> Lang {
        self.0.lang
    }

    /// The same error with its message in this language. Errors of what has no client, such as
    /// [`OrderRequest`](crate::OrderRequest), are in English.
    pub fn in_lang(self, lang: Lang) -> Self {
        self.with(|facts| facts.lang = lang)
    }

    /// The field or option that was refused before anything was sent: a field by the service
    /// document's name, an option by its own.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The HTTP status of the last answer, if one came.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The service's own message (`errorMsg`, `cancelFailedReason`), secrets replaced by `***`.
    pub fn service_message(&self) -> Option<&str> {
        self.0.service_message.as_deref()
    }

    /// How long the service asked to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The RequestID of the call, by which the service finds it in its logs if it came there; `None` if
    /// the call was refused before the first attempt.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The idempotenceID the call carried; with the same one it may be sent again. `None` also if the
    /// call was refused before the first attempt.
    pub fn idempotence_id(&self) -> Option<&str> {
        self.0.idempotence_id.as_deref()
    }

    /// The number of attempts; 0 if the call was refused before the first.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// `{"error":{"kind":…,"cause":…,"delivery":…,"message":…,…}}`: the form that C, PHP and the
    /// command line share. `retry_after` is in whole seconds.
    pub fn to_json(&self) -> String {
        let f = &*self.0;
        let mut error = crate::json::ObjectWriter::new();
        error.text("kind", f.kind.as_str());
        error.text("cause", f.cause.as_str());
        error.text("delivery", self.delivery().as_str());
        error.text("message", self.message());
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
        f.write_str(self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({})", self.to_json())
    }
}

impl std::error::Error for Error {
    /// The error of the operating system, of TLS or of the proxy behind this one. The message of this
    /// error includes its text.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_all_documented_names() {
        let error = Error::argument("month", message!("is empty"));
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
    fn kind_numbers_match_c() {
        assert_eq!(Kind::Argument.status(), 1);
        assert_eq!(Kind::UnknownOutcome.status(), 6);
        assert_eq!(Kind::Internal.status(), 11);
    }
}
