//! The service: a request's parts in, a reply's parts out. HTTP is a thin layer over it.

use std::sync::Mutex;

use hyper::header::ALLOW;
use hyper::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::answer::{Cancelled, Created, OrderView, Pems, Reissued, Revoking, Sent};
use crate::clock::Clock;
use crate::envelope::{Habit, Page, Refusal};
use crate::faults::Faults;
use crate::fields::Fields;
use crate::journal::{Journal, Token};
use crate::operation::Retrieved;
use crate::policy::{
    CreateMessages, NotIssued, OrderIdField, Policies, RawNewlines, Scalars, Unauthorized,
};
use crate::reply::Reply;
use crate::request::{self, Create, Reissue, Revoke};
use crate::route::Route;
use crate::state::State;
use crate::store::Store;
use crate::time::Millis;
use crate::turn::Turn;

/// What came, as far as the service cares.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    /// The header `WoTrusToken`.
    pub(crate) token: Option<&'a [u8]>,
    /// The header `Content-Type`.
    pub(crate) content_type: Option<&'a [u8]>,
    pub(crate) body: &'a [u8],
}

/// The service and its memory.
pub(crate) struct Service {
    pub(crate) token: String,
    /// Where `pendingLink` leads, too.
    pub(crate) http_url: String,
    pub(crate) https_url: String,
    pub(crate) push_url: Option<String>,
    pub(crate) clock: Clock,
    pub(crate) state: Mutex<State>,
    /// Tells who waits for the next instant that it is another one now.
    pub(crate) wake: Notify,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    /// The state file, where there is one.
    pub(crate) store: Option<Store>,
}

const QUERY: Habit = Habit { no_error: None, success: "success", page: Page::Null };
const RETRIEVE: Habit = Habit { no_error: Some(""), success: "", page: Page::Zeros };
const CANCEL: Habit = Habit { no_error: Some(""), success: "", page: Page::Absent };
const REVOKE: Habit = Habit { success: "申请吊销成功", ..RETRIEVE };
const REISSUE: Habit = Habit { success: "申请重新颁发成功", ..RETRIEVE };
const NOTIFY: Habit = CANCEL;
/// For answers that belong to no operation.
const NONE: Habit = CANCEL;

fn create_habit(messages: CreateMessages) -> Habit {
    match messages {
        CreateMessages::Example => {
            Habit { no_error: Some("string"), success: "string", page: Page::Zeros }
        }
        CreateMessages::Table => Habit { success: "下单成功", ..RETRIEVE },
    }
}

/// A body that is not the JSON object that was announced.
struct Malformed;

impl Service {
    /// Answers one request.
    pub(crate) fn answer(&self, request: &Request<'_>) -> Reply {
        let now = self.clock.now();
        let policies = self.state(now).policies;
        let route = Route::of(request.method, request.path, request.query);
        if let Route::Pending(link) = &route {
            return self.pending(link, request.method, request.body, now);
        }
        if self.judge(request.token) != Token::Right {
            return unauthorized(policies.unauthorized);
        }
        if request.method == Method::POST && !announces_json(request.content_type) {
            return Reply::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        self.perform(route, request.body, &policies, now).unwrap_or_else(|Malformed| {
            let refusal = Refusal::new("请求内容不是有效的 JSON");
            Reply::json(StatusCode::BAD_REQUEST, NONE.refusal(&refusal, policies.scalars))
        })
    }

    /// The state, with everything done that is due.
    pub(crate) fn state(&self, now: Millis) -> Turn<'_> {
        Turn::new(self, now)
    }

    /// Waits until everything that was done so far is kept, where it is kept at all.
    pub(crate) async fn settled(&self) -> Result<(), Reply> {
        let Some(store) = &self.store else { return Ok(()) };
        store.settled().await.map_err(|reason| {
            let refusal = Refusal::new(format!("the state file cannot be written: {reason}"));
            let body = NONE.refusal(&refusal, Scalars::Typed);
            Reply::json(StatusCode::INTERNAL_SERVER_ERROR, body)
        })
    }

    /// What the header `WoTrusToken` says.
    pub(crate) fn judge(&self, token: Option<&[u8]>) -> Token {
        match token {
            None => Token::Absent,
            Some(token) if token == self.token.as_bytes() => Token::Right,
            Some(_) => Token::Wrong,
        }
    }

    fn perform(
        &self,
        route: Route,
        body: &[u8],
        policies: &Policies,
        now: Millis,
    ) -> Result<Reply, Malformed> {
        let say = Say(policies.scalars);
        let parsed = || parse(body, policies.raw_newlines);
        // Bodies are read before the state is locked: a large document delays nobody else.
        Ok(match route {
            Route::Create => {
                let create = Create::read(Fields(&parsed()?), policies);
                let created = create.and_then(|create| {
                    let mut turn = self.state(now);
                    let id = turn.create(create, now)?;
                    let order = &turn.orders[&id];
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
                say.result(create_habit(policies.create_messages), data)
            }
            Route::Query(id) => {
                let state = self.state(now);
                let order = state.query(&id);
                say.result(QUERY, order.map(|order| OrderView::of(order, &self.http_url)))
            }
            Route::Retrieve(None) => {
                say.result(RETRIEVE, Err::<(), _>(Refusal::missing("orderID")))
            }
            Route::Retrieve(Some(id)) => self.retrieve(&id, policies, now),
            Route::Cancel => {
                let id = request::read_order_id(Fields(&parsed()?), None);
                let outcome = id.and_then(|id| self.state(now).cancel(&id, now));
                let data = outcome.map(|outcome| Cancelled {
                    cancel_result: outcome.is_ok(),
                    cancel_failed_reason: outcome.err().unwrap_or_default(),
                });
                say.result(CANCEL, data)
            }
            Route::Revoke => {
                let revoke = Revoke::read(Fields(&parsed()?), policies);
                let taken = revoke.and_then(|it| self.state(now).request_revocation(it, now));
                let data =
                    taken.map(|it| Revoking { revoke_status: it.status, revoked: it.revoked });
                say.result(REVOKE, data)
            }
            Route::Reissue => {
                let reissue = Reissue::read(Fields(&parsed()?), policies);
                let id = reissue.and_then(|reissue| self.state(now).reissue(reissue, now));
                say.result(REISSUE, id.as_ref().map(|id| Reissued { new_order_id: id }))
            }
            Route::Notify => {
                let id = request::read_order_id(Fields(&parsed()?), Some("collectUrl"));
                let sent = id.and_then(|id| self.state(now).notify(&id));
                say.result(NOTIFY, sent.map(|sent_result| Sent { sent_result }))
            }
            Route::Only(method) => {
                Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(ALLOW, method.as_str())
            }
            Route::Pending(_) | Route::Unknown => Reply::empty(StatusCode::NOT_FOUND),
        })
    }

    fn retrieve(&self, id: &str, policies: &Policies, now: Millis) -> Reply {
        let say = Say(policies.scalars);
        let mut state = self.state(now);
        let certificate = match state.retrieve(id, now) {
            Err(refusal) => return say.result(RETRIEVE, Err::<(), _>(refusal)),
            Ok(Retrieved::NotYet(NotIssued::Result)) => {
                return say.result(RETRIEVE, Ok::<_, Refusal>(Pems::not_yet()));
            }
            Ok(Retrieved::NotYet(_)) => return say.result(RETRIEVE, Ok::<_, Refusal>(())),
            Ok(Retrieved::Certificate(certificate)) => certificate.clone(),
        };
        let chain = state.ca.of(certificate.encryption.is_some()).chain();
        let (pem, absent) = (&certificate.pem, policies.absent_certificates);
        let pems = match &certificate.encryption {
            None => Pems::rsa(pem, &chain, absent),
            Some(encryption) => Pems::sm2(pem, &encryption.pem, &chain, absent),
        };
        say.result(RETRIEVE, Ok::<_, Refusal>(pems))
    }
}

/// Turns an operation's outcome into the reply.
struct Say(Scalars);

impl Say {
    fn result<T: Serialize, R: std::borrow::Borrow<Refusal>>(
        &self,
        habit: Habit,
        outcome: Result<T, R>,
    ) -> Reply {
        let body = match &outcome {
            Ok(data) => habit.success(Some(data), self.0),
            Err(refusal) => habit.refusal(refusal.borrow(), self.0),
        };
        Reply::json(StatusCode::OK, body)
    }
}

fn unauthorized(policy: Unauthorized) -> Reply {
    let status = StatusCode::UNAUTHORIZED;
    match policy {
        Unauthorized::Html => Reply::html(status),
        Unauthorized::Json => {
            Reply::json(status, NONE.refusal(&Refusal::new("身份认证失败"), Scalars::Typed))
        }
        Unauthorized::Empty => Reply::empty(status),
    }
}

/// Section 1.6 asks for the header on every POST; parameters (a charset) may follow.
fn announces_json(content_type: Option<&[u8]>) -> bool {
    let text = content_type.and_then(|value| std::str::from_utf8(value).ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn parse(body: &[u8], newlines: RawNewlines) -> Result<Map<String, Value>, Malformed> {
    let escaped;
    let body = match newlines {
        RawNewlines::Refuse => body,
        RawNewlines::Accept => {
            escaped = escape_newlines(body);
            &escaped
        }
    };
    serde_json::from_slice(body).map_err(|_| Malformed)
}

/// Writes line breaks inside strings as JSON has them.
fn escape_newlines(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 64);
    let (mut inside, mut escape) = (false, false);
    for &byte in body {
        match byte {
            b'\n' if inside => out.extend_from_slice(b"\\n"),
            b'\r' if inside => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
        inside ^= byte == b'"' && !escape;
        escape = inside && byte == b'\\' && !escape;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_inside_strings_alone_are_escaped() {
        let body = b"{\n \"a\": \"1\r\n2\\\"\n3\\\\\",\n \"b\": \"\"\n}";
        let map = parse(body, RawNewlines::Accept).ok().unwrap();
        assert_eq!(map["a"], "1\r\n2\"\n3\\");
        assert!(parse(body, RawNewlines::Refuse).is_err());
    }
}
