//! A logical call: its attempts, its deadline, and what its failure means.

pub(crate) mod retry;

use std::time::{Duration, Instant};

use self::retry::{AttemptOutcome, Repeat};
use crate::answer::{Envelope, Reply, reason_in};
use crate::client::Client;
use crate::error::{Cause, Delivery, Error, Kind, Result};
use crate::event::Event;
use crate::http::{Exchange, HttpAnswer, TransportError};
use crate::json::Unreadable;
use crate::redact::redact;
use crate::request::body::Body;
use crate::secret::Secret;
use crate::session::Pool;

const DEFAULT_RETRIES: u32 = 2;

/// What is called. A call that writes has a body, one that reads has none.
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) path: String,
    pub(crate) body: Option<Body>,
    pub(crate) idempotence_id: Option<String>,
    /// What a person looks up when the outcome is unknown.
    pub(crate) look_up: &'static str,
}

/// Why an attempt brought no usable answer.
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) cause: Cause,
    pub(crate) fate: AttemptOutcome,
    pub(crate) message: String,
    pub(crate) http_status: Option<u16>,
    pub(crate) service_message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

impl Call {
    /// A call that only reads.
    pub(crate) fn get(operation: &'static str, path: String) -> Self {
        Self { operation, path, body: None, idempotence_id: None, look_up: "" }
    }

    /// A call that writes.
    pub(crate) fn post(
        operation: &'static str,
        path: &str,
        body: Body,
        look_up: &'static str,
    ) -> Self {
        Self { operation, path: path.to_owned(), body: Some(body), idempotence_id: None, look_up }
    }

    pub(crate) fn writes(&self) -> bool {
        self.body.is_some()
    }

    fn repeat(&self) -> Repeat {
        match (&self.body, &self.idempotence_id) {
            (None, _) => Repeat::Harmless,
            (Some(_), Some(_)) => Repeat::SameId,
            (Some(_), None) => Repeat::Never,
        }
    }

    fn method(&self) -> &'static str {
        if self.writes() { "POST" } else { "GET" }
    }

    /// Sends it, again where that is safe, until there is an answer that says success.
    pub(crate) fn run(&self, client: &Client) -> Result<Reply> {
        let options = client.call_options();
        let length = self.body.as_ref().map_or(0, Body::length);
        let time = options.time_for(length)?;
        let pool = client.pool();
        let request_id = client.request_id(pool)?;
        let retries = options.retries.unwrap_or(DEFAULT_RETRIES);
        let (_, epoch) = pool.begin();
        let deadline = Instant::now() + time;
        let mut attempts = 0;
        let mut maybe_processed = false;
        loop {
            attempts += 1;
            let attempt =
                Attempt { client, pool, call: self, request_id: &request_id, epoch, deadline };
            let failure = match attempt.run(attempts) {
                Ok(Success { status: http_status, envelope }) => {
                    let redact = |text| self.redact(client, text);
                    return Ok(Reply::new(envelope, request_id, attempts, http_status, redact));
                }
                Err(failure) => failure,
            };
            maybe_processed |= failure.fate == AttemptOutcome::Lost;
            let situation = retry::RetryInput {
                repeat: self.repeat(),
                fate: failure.fate,
                attempts,
                retries,
                retry_after: failure.retry_after,
                remaining: deadline.saturating_duration_since(Instant::now()),
                jitter: pool.jitter(),
            };
            let pause = retry::decide(situation).filter(|_| failure.cause != Cause::Cancelled);
            let Some(pause) = pause else {
                return Err(self.conclude(failure, maybe_processed, &request_id, attempts));
            };
            let _ = client.tell(&Event::Retrying { pause });
            if !pool.pause(epoch, pause) {
                return Err(self.conclude(
                    Failure::cancelled(AttemptOutcome::NotSent),
                    maybe_processed,
                    &request_id,
                    attempts,
                ));
            }
        }
    }

    /// The service's words without what must not be shown.
    pub(crate) fn redact(&self, client: &Client, text: String) -> String {
        redact(text, self.secrets(client))
    }

    /// What must not be shown of what is sent.
    fn secrets<'a>(&'a self, client: &'a Client) -> impl Iterator<Item = &'a Secret> {
        let sent = self.body.iter().flat_map(|body| &body.secrets);
        std::iter::once(client.transport().token()).chain(sent)
    }

    /// The failure of the last attempt, seen over all of them.
    fn conclude(
        &self,
        failure: Failure,
        maybe_processed: bool,
        request_id: &str,
        attempts: u32,
    ) -> Error {
        let Failure { kind, cause, fate, message, http_status, service_message, retry_after } =
            failure;
        let unknown = maybe_processed && self.writes();
        let delivery = match fate {
            _ if maybe_processed => Delivery::Unknown,
            AttemptOutcome::Decided | AttemptOutcome::Busy => Delivery::Answered,
            AttemptOutcome::NotSent | AttemptOutcome::Hopeless | AttemptOutcome::Lost => {
                Delivery::NotSent
            }
        };
        let (kind, message) = match unknown {
            false => (kind, message),
            true => (Kind::UnknownOutcome, format!("{message}; {}", self.what_to_do(request_id))),
        };
        Error::new(kind, cause, message).with(|facts| {
            facts.delivery = delivery;
            facts.http_status = http_status;
            facts.service_message = service_message;
            facts.retry_after = retry_after;
            facts.request_id = Some(request_id.to_owned());
            facts.idempotence_id = self.idempotence_id.clone();
            facts.attempts = attempts;
        })
    }

    /// What the caller of a call with an unknown outcome does next.
    fn what_to_do(&self, request_id: &str) -> String {
        let head = "the service may have processed the call";
        match &self.idempotence_id {
            Some(id) => format!(
                "{head}: sending it again with the same idempotenceID {id:?} is safe (RequestID {request_id})"
            ),
            None => format!(
                "{head}: do not send it again before you have looked; {} (RequestID {request_id})",
                self.look_up
            ),
        }
    }

    /// An answer that says success without what the operation needs: as good as none.
    pub(crate) fn incomplete(&self, reply: &Reply, missing: &str) -> Error {
        let writes = self.writes();
        let failure = Failure {
            kind: Kind::Protocol,
            cause: Cause::Envelope,
            fate: if writes { AttemptOutcome::Lost } else { AttemptOutcome::Decided },
            message: format!("the answer says success, but {missing}"),
            http_status: Some(reply.http_status),
            service_message: None,
            retry_after: None,
        };
        self.conclude(failure, writes, &reply.request_id, reply.attempts)
    }

    /// A no on the second level (`cancelResult:false`), or an answer read for what it lacks.
    pub(crate) fn refusal(
        &self,
        reply: &Reply,
        kind: Kind,
        cause: Cause,
        message: String,
        service_message: Option<String>,
    ) -> Error {
        let failure = Failure {
            kind,
            cause,
            fate: AttemptOutcome::Decided,
            message,
            http_status: Some(reply.http_status),
            service_message,
            retry_after: None,
        };
        self.conclude(failure, false, &reply.request_id, reply.attempts)
    }
}

impl Failure {
    fn cancelled(fate: AttemptOutcome) -> Self {
        Self {
            kind: Kind::Cancelled,
            cause: Cause::Cancelled,
            fate,
            message: "the call was cancelled".into(),
            http_status: None,
            service_message: None,
            retry_after: None,
        }
    }
}

/// One time that a call is sent.
struct Attempt<'a> {
    client: &'a Client,
    pool: &'a Pool,
    call: &'a Call,
    request_id: &'a str,
    epoch: u64,
    deadline: Instant,
}

/// An answer that says success.
struct Success {
    status: u16,
    envelope: Envelope,
}

impl Attempt<'_> {
    fn run(&self, attempt: u32) -> Result<Success, Failure> {
        let Self { client, pool, call, request_id, epoch, .. } = *self;
        let sending = Event::Sending {
            operation: call.operation,
            method: call.method(),
            path: &call.path,
            request_id,
            idempotence_id: call.idempotence_id.as_deref(),
            attempt,
        };
        let (connections, now) = pool.begin();
        if client.tell(&sending).is_break() || now != epoch {
            return Err(Failure::cancelled(AttemptOutcome::NotSent));
        }
        let started = Instant::now();
        let progress = |sent, total| {
            let _ = client.tell(&Event::Uploading { sent, total });
        };
        let mut reader = call.body.as_ref().map(|body| body.reader(Some(&progress)));
        let result = client.transport().exchange(
            &connections,
            Exchange {
                path: &call.path,
                request_id,
                body: reader.as_mut(),
                deadline: self.deadline,
            },
        );
        let file = reader.as_mut().and_then(crate::request::body::BodyReader::failure);
        let complete = reader.as_ref().map(crate::request::body::BodyReader::complete);
        let result = match result {
            Ok(answer) => {
                let (http_status, bytes) = (answer.status, answer.body.len());
                let _ = client.tell(&Event::Answered {
                    http_status,
                    bytes,
                    elapsed: started.elapsed(),
                });
                self.read(answer)
            }
            Err(no_answer) => Err(self.unanswered(no_answer, file, complete)),
        };
        result.map_err(|mut failure| {
            failure.message = redact(failure.message, self.secrets());
            failure.service_message = failure.service_message.map(|m| redact(m, self.secrets()));
            let delivery = match failure.fate {
                AttemptOutcome::Lost => Delivery::Unknown,
                AttemptOutcome::NotSent | AttemptOutcome::Hopeless => Delivery::NotSent,
                AttemptOutcome::Busy | AttemptOutcome::Decided => Delivery::Answered,
            };
            let (cause, message) = (failure.cause, &*failure.message);
            let elapsed = started.elapsed();
            let _ = client.tell(&Event::Failed { cause, delivery, message, elapsed });
            failure
        })
    }

    /// No answer came. A body that was not handed over whole cannot have been processed; a call
    /// without one may have been, once there was a connection.
    fn unanswered(
        &self,
        why: TransportError,
        file: Option<String>,
        complete: Option<bool>,
    ) -> Failure {
        let TransportError { cause, message, unconnected, lasting, http_status } = why;
        let unsent = match complete {
            Some(complete) => !complete && http_status.is_none(),
            None => unconnected,
        };
        let fate = match (unsent, lasting) {
            (true, false) => AttemptOutcome::NotSent,
            (true, true) => AttemptOutcome::Hopeless,
            (false, _) => AttemptOutcome::Lost,
        };
        let base = Failure {
            kind: match cause {
                Cause::Http | Cause::TooLarge => Kind::Protocol,
                _ => Kind::Network,
            },
            cause,
            fate,
            message,
            http_status,
            service_message: None,
            retry_after: None,
        };
        if self.pool.is_cancelled(self.epoch) {
            return Failure::cancelled(fate);
        }
        match file {
            None => base,
            Some(message) => {
                let changed = message.ends_with("while it was being sent");
                let cause = if changed { Cause::FileChanged } else { Cause::FileRead };
                Failure { kind: Kind::File, cause, fate: AttemptOutcome::Hopeless, message, ..base }
            }
        }
    }

    /// An answer came: what does it say?
    fn read(&self, answer: HttpAnswer) -> Result<Success, Failure> {
        let HttpAnswer { status, retry_after, body } = answer;
        let failure = |kind, cause, fate, message| Failure {
            kind,
            cause,
            fate,
            message,
            http_status: Some(status),
            service_message: None,
            retry_after,
        };
        let text = String::from_utf8(body);
        if let 200..=299 = status {
            let unusable =
                |(cause, message)| failure(Kind::Protocol, cause, AttemptOutcome::Lost, message);
            let text =
                text.map_err(|_| unusable((Cause::NotJson, "the answer is not UTF-8".to_owned())))?;
            let text = match text.strip_prefix('\u{feff}') {
                Some(rest) => rest.to_owned(),
                None => text,
            };
            let envelope =
                Envelope::parse(text).map_err(|(cause, Unreadable { text, problem })| {
                    unusable((cause, problem + &self.excerpt(&text)))
                })?;
            if envelope.success {
                return Ok(Success { status, envelope });
            }
            let service = envelope.error_message();
            let said = service.as_deref().unwrap_or("it gives no reason");
            let message = format!("the service refused: {said}");
            let refused = failure(Kind::Refused, Cause::Refused, AttemptOutcome::Decided, message);
            return Err(Failure { service_message: service, ..refused });
        }
        let text = text.unwrap_or_default();
        let service = reason_in(&text);
        let detail = match &service {
            Some(said) => format!(": {said}"),
            None => self.excerpt(&text),
        };
        let (kind, cause, fate, message) = match status {
            401 | 403 => (
                Kind::Auth,
                Cause::HttpStatus,
                AttemptOutcome::Decided,
                format!("the service does not accept the token (HTTP {status}{detail})"),
            ),
            429 | 503 => (
                Kind::Protocol,
                Cause::HttpStatus,
                AttemptOutcome::Busy,
                format!("the service is too busy (HTTP {status}{detail}); try again later"),
            ),
            300..=399 => (
                Kind::Protocol,
                Cause::Redirect,
                AttemptOutcome::Decided,
                format!("HTTP {status} sends us elsewhere, which is not followed: check base_url"),
            ),
            400..=499 => (
                Kind::Protocol,
                Cause::HttpStatus,
                AttemptOutcome::Decided,
                format!("the service did not take the call (HTTP {status}{detail})"),
            ),
            _ => (
                Kind::Protocol,
                Cause::HttpStatus,
                AttemptOutcome::Lost,
                format!("the service failed (HTTP {status}{detail})"),
            ),
        };
        Err(Failure { service_message: service, ..failure(kind, cause, fate, message) })
    }

    /// What a person may see of an answer that is no JSON; secrets go before it is cut to length.
    fn excerpt(&self, text: &str) -> String {
        excerpt(&redact(text, self.secrets()))
    }

    fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.call.secrets(self.client)
    }
}

/// The beginning of an answer that is no JSON, for a person to recognise a gateway's page by. JSON
/// is not quoted: it may hold personal data.
fn excerpt(text: &str) -> String {
    const LONGEST: usize = 120;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() || text.starts_with(['{', '[', '"']) {
        return String::new();
    }
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty())
    {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.chars().count() > LONGEST {
            line = line.chars().take(LONGEST).chain(['…']).collect();
            break;
        }
    }
    format!(": {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_short_lines_and_never_json() {
        assert_eq!(excerpt("  <html>\r\n<b>502</b>\t\0"), ": <html> <b>502</b>");
        assert_eq!(excerpt(r#"{"userMobile":"18610077459""#), "");
        assert_eq!(excerpt("\u{feff}[1"), "");
        assert_eq!(excerpt(""), "");
        assert!(excerpt(&"长".repeat(5000)).chars().count() < 130);
    }
}
