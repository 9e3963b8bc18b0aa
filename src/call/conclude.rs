//! The error that a call ends with.

use super::description::Call;
use crate::answer::Reply;
use crate::delivery::AttemptOutcome;
use crate::error::{Cause, Delivery, Error, Kind};
use crate::messages::{Message, message};

impl Call {
    /// Adds to the error of the last attempt what is known of the whole call.
    pub(super) fn conclude(&self, error: Error, request_id: &str, attempts: u32) -> Error {
        let unknown = self.writes() && error.delivery() == Delivery::Unknown;
        error.with(|facts| {
            if unknown {
                facts.kind = Kind::UnknownOutcome;
                facts.message =
                    message!("{}; {}", facts.message.clone(), self.what_to_do(request_id));
            }
            facts.request_id = Some(request_id.to_owned());
            facts.idempotence_id.clone_from(&self.idempotence_id);
            facts.attempts = attempts;
        })
    }

    /// What the caller does after an unknown outcome.
    fn what_to_do(&self, request_id: &str) -> Message {
        match &self.idempotence_id {
            Some(id) => message!(
                "the service may have processed the call: sending it again with the same idempotenceID {} is safe (RequestID {})",
                format!("{id:?}"),
                request_id,
            ),
            None => message!(
                "the service may have processed the call: do not send it again before you have checked; {} (RequestID {})",
                self.look_up.clone(),
                request_id,
            ),
        }
    }

    /// The error for an answer that says success without what the operation needs. A writing call may
    /// have been processed; a reading one may be answered otherwise later.
    pub(crate) fn incomplete(&self, reply: &Reply, missing: Message) -> Error {
        let message = message!("the answer says success, but {}", missing);
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
