//! One attempt of a call.

use std::cell::Cell;
use std::time::Instant;

use super::context::Context;
use super::description::Call;
use super::read::{self, Success};
use crate::delivery::AttemptOutcome;
use crate::error::{Cause, Error, Kind, Result};
use crate::event::{Event, StopFlag};
use crate::http::{Exchange, ExchangeError};
use crate::session::{CallScope, ProcessState};

pub(super) struct Attempt<'a> {
    pub(super) context: &'a Context,
    pub(super) state: &'a ProcessState,
    pub(super) call: &'a Call,
    pub(super) request_id: &'a str,
    pub(super) scope: CallScope<'a>,
    pub(super) deadline: Instant,
    /// Whether a large body waits for "100 Continue".
    pub(super) expect_continue: bool,
    /// 1 for the first.
    pub(super) number: u32,
}

impl Attempt<'_> {
    /// Sends the call once. The outcome is in the error.
    pub(super) fn run(&self) -> Result<Success> {
        let stop = Cell::new(false);
        self.context.notify(&Event::Sending {
            operation: self.call.operation,
            method: self.call.method(),
            path: &self.context.shown(&self.call.path),
            request_id: self.request_id,
            idempotence_id: self.call.idempotence_id.as_deref(),
            attempt: self.number,
            stop: StopFlag(&stop),
        });
        if stop.get() {
            return Err(Error::cancelled(AttemptOutcome::NotSent));
        }
        let started = Instant::now();
        self.send(started).map_err(|error| {
            let error = self.without_secrets(error).in_lang(self.context.lang());
            self.context.notify(&Event::Failed {
                cause: error.cause(),
                delivery: error.delivery(),
                message: error.message(),
                elapsed: started.elapsed(),
            });
            error
        })
    }

    fn send(&self, started: Instant) -> Result<Success> {
        let Some(pool) = self.state.pool(self.scope) else {
            return Err(Error::cancelled(AttemptOutcome::NotSent));
        };
        let progress = |sent, total| self.context.notify(&Event::Uploading { sent, total });
        let mut body = self.call.body.as_ref().map(|body| body.reader(Some(&progress)));
        let exchange = Exchange {
            path: &self.call.path,
            request_id: self.request_id,
            body: body.as_mut(),
            expect_continue: self.expect_continue,
            deadline: self.deadline,
            cancel: self.scope.handle,
        };
        match self.context.session.http.exchange(&pool, exchange) {
            Ok(answer) => {
                self.context.notify(&Event::Answered {
                    http_status: answer.status,
                    bytes: answer.body.len(),
                    elapsed: started.elapsed(),
                });
                read::read(answer, |text| self.redact(text))
            }
            Err(error) => Err(self.unanswered(error, body.map(|body| body.is_complete()))),
        }
    }

    /// No usable answer came. A service that did not get the whole body cannot have processed the call;
    /// one that got a call without a body may have, once there was a connection.
    fn unanswered(&self, error: ExchangeError, body_complete: Option<bool>) -> Error {
        let is_unsent = match body_complete {
            Some(complete) => !complete && error.http_status.is_none(),
            None => error.is_unconnected(),
        };
        let outcome = match (is_unsent, error.is_permanent()) {
            (true, false) => AttemptOutcome::NotSent,
            (true, true) => AttemptOutcome::Unsendable,
            (false, _) => AttemptOutcome::MaybeProcessed,
        };
        if self.state.is_cancelled(self.scope) {
            return Error::cancelled(outcome);
        }
        if let Some(error) = error.file_error() {
            return error.clone();
        }
        let cause = error.cause();
        let kind = match cause {
            Cause::Http | Cause::TooLarge => Kind::Protocol,
            _ => Kind::Network,
        };
        let (message, http_status) = (error.message(), error.http_status);
        Error::new(kind, cause, message).with(|facts| {
            facts.outcome = outcome;
            facts.http_status = http_status;
            facts.source = error.into_source(self.context.lang());
        })
    }

    fn without_secrets(&self, error: Error) -> Error {
        error.with(|facts| {
            facts.message.map_quoted(&|text| self.redact(text));
            facts.service_message = facts.service_message.take().map(|text| self.redact(&text));
        })
    }

    fn redact(&self, text: &str) -> String {
        self.call.redact(self.context.token(), text)
    }
}
