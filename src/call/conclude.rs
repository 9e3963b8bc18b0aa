//! The error that a call ends with.

use super::description::Call;
use crate::answer::Reply;
use crate::delivery::AttemptOutcome;
use crate::error::{Cause, Delivery, Error, Kind};

impl Call {
    /// Adds to the error of the last attempt what is known of the whole call.
    pub(super) fn conclude(&self, error: Error, request_id: &str, attempts: u32) -> Error {
        let unknown = self.writes() && error.delivery() == Delivery::Unknown;
        error.with(|facts| {
            if unknown {
                facts.kind = Kind::UnknownOutcome;
                facts.message = format!("{}; {}", facts.message, self.what_to_do(request_id));
            }
            facts.request_id = Some(request_id.to_owned());
            facts.idempotence_id.clone_from(&self.idempotence_id);
            facts.attempts = attempts;
        })
    }

    /// What the caller does after an unknown outcome.
    fn what_to_do(&self, request_id: &str) -> String {
        let known = "the service may have processed the call";
        match &self.idempotence_id {
            Some(id) => format!(
                "{known}: sending it again with the same idempotenceID {id:?} is safe (RequestID {request_id})"
            ),
            None => format!(
                "{known}: do not send it again before you have checked; {} (RequestID {request_id})",
                self.look_up
            ),
        }
    }

    /// The error for an answer that says success without what the operation needs. A writing call may
    /// have been processed; a reading one may be answered otherwise later.
    pub(crate) fn incomplete(&self, reply: &Reply, missing: &str) -> Error {
        let message = format!("the answer says success, but {missing}");
        let error = Error::new(Kind::Protocol, Cause::Envelope, message).with(|facts| {
            facts.outcome = match self.writes() {
                true => AttemptOutcome::MaybeProcessed,
                false => AttemptOutcome::NotYet,
            };
            facts.http_status = Some(reply.http_status);
        });
        self.conclude(error, &reply.request_id, reply.attempts)
    }

    /// The error for a successful answer whose data reports a failure (`cancelResult:false`).
    pub(crate) fn refusal(&self, reply: &Reply, error: Error) -> Error {
        let error = error.with(|facts| facts.http_status = Some(reply.http_status));
        self.conclude(error, &reply.request_id, reply.attempts)
    }
}
