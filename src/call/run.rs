//! A logical call: its attempts within one deadline.

use std::time::Instant;

use super::attempt::Attempt;
use super::context::Context;
use super::description::Call;
use super::read::Success;
use super::retry::{self, Backoff, Decision, RetryInput, StopReason};
use crate::answer::Reply;
use crate::body::Body;
use crate::delivery::AttemptOutcome;
use crate::error::{Error, Kind, Result};
use crate::event::Event;

const DEFAULT_RETRIES: u32 = 2;

impl Call {
    /// Sends the call, and again where that is safe, until an answer says success.
    pub(crate) fn run(&self, context: &Context) -> Result<Reply> {
        let length = self.body.as_ref().map_or(0, Body::length);
        let timeout = context.options.timeout_for(length)?;
        let retries = context.options.retries.unwrap_or(DEFAULT_RETRIES);
        let state = context.state();
        let request_id = context.request_id(state)?;
        let scope = context.begin(state);
        let deadline = Instant::now() + timeout;
        let mut attempt = Attempt {
            context,
            state,
            call: self,
            request_id: &request_id,
            scope,
            deadline,
            expect_continue: true,
            number: 0,
        };
        // Attempts that count against `retries`.
        let mut counted = 0;
        let mut earlier_maybe_processed = false;
        // Of the last answer: a later attempt may have none.
        let mut http_status = None;
        loop {
            attempt.number += 1;
            let error = match attempt.run() {
                Ok(Success { http_status, envelope }) => {
                    let (number, token) = (attempt.number, context.token());
                    let redact = |text: String| self.redact(token, &text);
                    let id = self.idempotence_id.clone();
                    return Ok(Reply::new(envelope, request_id, number, http_status, id, redact));
                }
                Err(error) => error,
            };
            http_status = error.http_status().or(http_status);
            match error.outcome() {
                AttemptOutcome::ExpectationFailed => attempt.expect_continue = false,
                _ => counted += 1,
            }
            let decision = retry::decide(RetryInput {
                repeat: self.repeat(),
                outcome: error.outcome(),
                cancelled: error.kind() == Kind::Cancelled || state.is_cancelled(scope),
                attempts: counted,
                retries,
                retry_after: error.retry_after(),
                remaining: deadline.saturating_duration_since(Instant::now()),
                backoff: Backoff::Call { jitter: state.jitter() },
            });
            let is_cancelled = match decision {
                Decision::SendAgain { pause } => {
                    earlier_maybe_processed |= error.outcome() == AttemptOutcome::MaybeProcessed;
                    context.notify(&Event::Retrying { pause });
                    if state.pause(scope, pause) {
                        continue;
                    }
                    true
                }
                Decision::Stop(reason) => reason == StopReason::Cancelled,
            };
            let retry_after = error.retry_after();
            let error = match error.outcome() {
                _ if !is_cancelled => error,
                // The attempt that a 429 asks for was not made.
                AttemptOutcome::NotProcessed => Error::cancelled(AttemptOutcome::NotSent),
                outcome => Error::cancelled(outcome),
            };
            let error = error.with(|facts| {
                facts.earlier_maybe_processed = earlier_maybe_processed;
                facts.http_status = http_status;
                facts.retry_after = retry_after;
            });
            return Err(self.conclude(error, &request_id, attempt.number));
        }
    }
}
