//! What an answer says: success, or which error.

use super::excerpt::excerpt;
use crate::answer::{Envelope, reason_in};
use crate::delivery::AttemptOutcome;
use crate::error::{Cause, Error, Kind, Result};
use crate::http::HttpAnswer;
use crate::json::Unreadable;

/// An answer that says success.
pub(super) struct Success {
    pub(super) http_status: u16,
    pub(super) envelope: Envelope,
}

/// Reads an answer. `redact` removes secrets before a text is cut to an excerpt.
pub(super) fn read(answer: HttpAnswer, redact: impl Fn(&str) -> String) -> Result<Success> {
    let (http_status, retry_after) = (answer.status, answer.retry_after);
    let result = match http_status {
        200..=299 => read_success(answer.body, &redact),
        _ => Err(read_refusal(answer, &redact)),
    };
    let known = |error: Error| {
        error.with(|facts| {
            facts.http_status = Some(http_status);
            facts.retry_after = retry_after;
        })
    };
    result.map(|envelope| Success { http_status, envelope }).map_err(known)
}

fn read_success(body: Vec<u8>, redact: &dyn Fn(&str) -> String) -> Result<Envelope> {
    let unusable = |cause, message: String| {
        Error::new(Kind::Protocol, cause, message)
            .with(|facts| facts.outcome = AttemptOutcome::MaybeProcessed)
    };
    let text = String::from_utf8(body)
        .map_err(|_| unusable(Cause::NotJson, "the answer is not UTF-8".into()))?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let envelope = Envelope::parse(text).map_err(|(cause, Unreadable { text, problem })| {
        unusable(cause, problem + &excerpt(&redact(&text)))
    })?;
    if envelope.success {
        return Ok(envelope);
    }
    let service_message = envelope.error_message(redact);
    let reason = service_message.as_deref().unwrap_or("it gives no reason");
    let message = format!("the service refused: {reason}");
    Err(Error::answer(Kind::Refused, Cause::Refused, message)
        .with(|facts| facts.service_message = service_message))
}

/// The error for an HTTP status that is not a success.
fn read_refusal(answer: HttpAnswer, redact: &dyn Fn(&str) -> String) -> Error {
    let HttpAnswer { status, request_complete, expectation_failed, .. } = answer;
    let text = String::from_utf8(answer.body).unwrap_or_default();
    let service_message = reason_in(&text, redact);
    let detail = match &service_message {
        Some(message) => format!(": {message}"),
        None => excerpt(&redact(&text)),
    };
    let (kind, cause) = match status {
        401 | 403 => (Kind::Auth, Cause::HttpStatus),
        300..=399 => (Kind::Protocol, Cause::Redirect),
        _ => (Kind::Protocol, Cause::HttpStatus),
    };
    let outcome = match status {
        _ if expectation_failed => AttemptOutcome::ExpectationFailed,
        429 => AttemptOutcome::NotProcessed,
        300..=499 => AttemptOutcome::Decided,
        500.. if !request_complete => AttemptOutcome::NotProcessed,
        // A gateway also sends these when it has lost the answer of a service that did the work.
        _ => AttemptOutcome::MaybeProcessed,
    };
    let message = match status {
        401 | 403 => format!("the service does not accept the token (HTTP {status}{detail})"),
        429 => format!("the service is too busy (HTTP {status}{detail}); try again later"),
        300..=399 => {
            format!("HTTP {status} (redirect), which is not followed: check base_url")
        }
        400..=499 => format!("the service did not accept the call (HTTP {status}{detail})"),
        _ => format!("the service failed (HTTP {status}{detail})"),
    };
    Error::new(kind, cause, message).with(|facts| {
        facts.outcome = outcome;
        facts.service_message = service_message;
    })
}
