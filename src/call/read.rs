//! What an answer says: success, or which error.

use super::excerpt::excerpt;
use crate::answer::{Envelope, reason_in};
use crate::delivery::AttemptOutcome;
use crate::error::{Cause, Error, Kind, Result};
use crate::http::HttpAnswer;
use crate::messages::{Message, message};

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
    let unusable = |cause, message| {
        Error::new(Kind::Protocol, cause, message)
            .with(|facts| facts.outcome = AttemptOutcome::MaybeProcessed)
    };
    let text = String::from_utf8(body)
        .map_err(|_| unusable(Cause::NotJson, message!("the answer is not UTF-8")))?;
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let envelope = Envelope::parse(text).map_err(|(text, cause, problem)| {
        unusable(cause, message!("{}{}", problem, quoted(excerpt(&text, redact))))
    })?;
    if envelope.success {
        return Ok(envelope);
    }
    let service_message = envelope.error_message(redact);
    let message = match &service_message {
        Some(reason) => message!("the service refused: {}", &**reason),
        None => message!("the service refused: it gives no reason"),
    };
    Err(Error::answer(Kind::Refused, Cause::Refused, message)
        .with(|facts| facts.service_message = service_message))
}

/// The service's text, to be appended to a message.
fn quoted(text: Option<String>) -> Option<Message> {
    text.map(|text| message!(": {}", text))
}

/// The error for an HTTP status that is not a success.
fn read_refusal(answer: HttpAnswer, redact: &dyn Fn(&str) -> String) -> Error {
    let HttpAnswer { status, request_complete, expectation_failed, .. } = answer;
    let text = String::from_utf8(answer.body).unwrap_or_default();
    let service_message = reason_in(&text, redact);
    let detail = quoted(service_message.clone().or_else(|| excerpt(&text, redact)));
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
        401 | 403 => message!("the service does not accept the token (HTTP {}{})", status, detail),
        429 => message!("the service is too busy (HTTP {}{}); try again later", status, detail),
        300..=399 => {
            message!("HTTP {} (redirect), which is not followed: check base_url", status)
        }
        400..=499 => message!("the service did not accept the call (HTTP {}{})", status, detail),
        _ => message!("the service failed (HTTP {}{})", status, detail),
    };
    Error::new(kind, cause, message).with(|facts| {
        facts.outcome = outcome;
        facts.service_message = service_message;
    })
}
