//! From a parsed request to the reply: performs the operation, and writes its outcome.

use std::borrow::Borrow;

use hyper::StatusCode;
use serde::Serialize;

use super::Service;
use super::envelope::{EnvelopeStyle, Page};
use super::response::{Cancelled, Created, OrderView, Pems, Reissued, Revoking, Sent};
use crate::http::reply::Reply;
use crate::policy::{CreateMessages, NotIssued, OrderIdField, Policies, Scalars, Unauthorized};
use crate::refusal::Refusal;
use crate::request::operation::{Malformed, Operation};
use crate::state::operation::Retrieved;
use crate::time::Millis;

const QUERY: EnvelopeStyle = EnvelopeStyle { no_error: None, success: "success", page: Page::Null };
const RETRIEVE: EnvelopeStyle =
    EnvelopeStyle { no_error: Some(""), success: "", page: Page::Zeros };
const CANCEL: EnvelopeStyle = EnvelopeStyle { no_error: Some(""), success: "", page: Page::Absent };
const REVOKE: EnvelopeStyle = EnvelopeStyle { success: "申请吊销成功", ..RETRIEVE };
const REISSUE: EnvelopeStyle = EnvelopeStyle { success: "申请重新颁发成功", ..RETRIEVE };
const NOTIFY: EnvelopeStyle = CANCEL;
/// For replies that belong to no operation.
const OTHER: EnvelopeStyle = CANCEL;

fn create_style(messages: CreateMessages) -> EnvelopeStyle {
    match messages {
        CreateMessages::Example => {
            EnvelopeStyle { no_error: Some("string"), success: "string", page: Page::Zeros }
        }
        CreateMessages::Table => EnvelopeStyle { success: "下单成功", ..RETRIEVE },
    }
}

/// The envelope's style for the operation.
fn style(operation: &Operation, policies: &Policies) -> EnvelopeStyle {
    match operation {
        Operation::Create(_) => create_style(policies.create_messages),
        Operation::Query(_) => QUERY,
        Operation::Retrieve(_) => RETRIEVE,
        Operation::Cancel(_) => CANCEL,
        Operation::Revoke(_) => REVOKE,
        Operation::Reissue(_) => REISSUE,
        Operation::Notify(_) => NOTIFY,
    }
}

impl Service {
    /// Performs the operation and writes the reply.
    pub(super) fn perform(&self, operation: Operation, policies: &Policies, now: Millis) -> Reply {
        let writer = ReplyWriter { style: style(&operation, policies), scalars: policies.scalars };
        match operation {
            Operation::Create(create) => {
                let created = create.and_then(|create| {
                    let mut state = self.state(now);
                    let id = state.create(*create, now)?;
                    let order = &state.orders[&id];
                    Ok((id, order.terms.product().sm2, order.paired.clone()))
                });
                let data =
                    created.as_ref().map(|(id, sm2, paired)| match policies.order_id_field {
                        _ if *sm2 => {
                            Created { order_id: Some(id), order_id_rsa: paired.as_deref() }
                        }
                        OrderIdField::OrderId => Created { order_id: Some(id), order_id_rsa: None },
                        OrderIdField::OrderIdRsa => {
                            Created { order_id: None, order_id_rsa: Some(id) }
                        }
                    });
                writer.reply(data)
            }
            Operation::Query(id) => {
                let state = self.state(now);
                let order = state.query(&id);
                writer.reply(order.map(|order| OrderView::of(order, &self.http_url)))
            }
            Operation::Retrieve(id) => match id {
                Ok(id) => self.retrieve(&id, &writer, policies, now),
                Err(refusal) => writer.reply(Err::<(), _>(refusal)),
            },
            Operation::Cancel(id) => {
                let outcome = id.and_then(|id| self.state(now).cancel(&id, now));
                writer.reply(outcome.map(|outcome| Cancelled {
                    cancel_result: outcome.is_ok(),
                    cancel_failed_reason: outcome.err().unwrap_or_default(),
                }))
            }
            Operation::Revoke(revoke) => {
                let accepted = revoke.and_then(|it| self.state(now).request_revocation(it, now));
                writer.reply(
                    accepted.map(|it| Revoking { revoke_status: it.status, revoked: it.revoked }),
                )
            }
            Operation::Reissue(reissue) => {
                let id = reissue.and_then(|reissue| self.state(now).reissue(reissue, now));
                writer.reply(id.as_ref().map(|id| Reissued { new_order_id: id }))
            }
            Operation::Notify(id) => {
                let sent = id.and_then(|id| self.state(now).notify(&id));
                writer.reply(sent.map(|sent_result| Sent { sent_result }))
            }
        }
    }

    fn retrieve(&self, id: &str, writer: &ReplyWriter, policies: &Policies, now: Millis) -> Reply {
        let mut state = self.state(now);
        let certificate = match state.retrieve(id, now) {
            Err(refusal) => return writer.reply(Err::<(), _>(refusal)),
            Ok(Retrieved::NotYet(NotIssued::Result)) => {
                return writer.reply(Ok::<_, Refusal>(Pems::not_yet()));
            }
            Ok(Retrieved::NotYet(_)) => return writer.reply(Ok::<_, Refusal>(())),
            Ok(Retrieved::Certificate(certificate)) => certificate.clone(),
        };
        let chain = state.ca.of(certificate.encryption.is_some()).chain();
        let (pem, absent) = (&certificate.pem, policies.absent_certificates);
        let pems = match &certificate.encryption {
            None => Pems::rsa(pem, &chain, absent),
            Some(encryption) => Pems::sm2(pem, &encryption.pem, &chain, absent),
        };
        writer.reply(Ok::<_, Refusal>(pems))
    }
}

/// Writes an operation's outcome as an envelope, always with HTTP status 200.
struct ReplyWriter {
    style: EnvelopeStyle,
    scalars: Scalars,
}

impl ReplyWriter {
    fn reply<T: Serialize, R: Borrow<Refusal>>(&self, outcome: Result<T, R>) -> Reply {
        let body = match &outcome {
            Ok(data) => self.style.success(Some(data), self.scalars),
            Err(refusal) => self.style.refusal(refusal.borrow(), self.scalars),
        };
        Reply::json(StatusCode::OK, body)
    }
}

/// HTTP 401, with the body that the policy asks for.
pub(super) fn unauthorized(policy: Unauthorized) -> Reply {
    let status = StatusCode::UNAUTHORIZED;
    match policy {
        Unauthorized::Html => Reply::html(status),
        Unauthorized::Json => {
            Reply::json(status, OTHER.refusal(&Refusal::new("身份认证失败"), Scalars::Typed))
        }
        Unauthorized::Empty => Reply::empty(status),
    }
}

/// HTTP 400, for a body that is not a JSON object.
pub(super) fn malformed(Malformed: Malformed, scalars: Scalars) -> Reply {
    let refusal = Refusal::new("请求内容不是有效的 JSON");
    Reply::json(StatusCode::BAD_REQUEST, OTHER.refusal(&refusal, scalars))
}

/// HTTP 500, for a state file that can no longer be written.
pub(crate) fn not_saved(reason: &str) -> Reply {
    let refusal = Refusal::new(format!("the state file cannot be written: {reason}"));
    let body = OTHER.refusal(&refusal, Scalars::Typed);
    Reply::json(StatusCode::INTERNAL_SERVER_ERROR, body)
}
