//! One request of the service over HTTP: what is decided by its head alone, its body, the fault it meets, the work,
//! the journal, and the RequestID that is echoed.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{ALLOW, CONNECTION, EXPECT, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};

use super::dispatch::{malformed, not_saved, unauthorized};
use super::journal::{Entry, TokenCheck};
use super::{Service, customer_page};
use crate::fault::armed::RequestInfo;
use crate::fault::reply::{Replacement, edit, replacement};
use crate::fault::spec::{Fault, Kind, When};
use crate::http::body::{self, BODY_MAX, Body, BodyError};
use crate::http::connection::{Answered, response};
use crate::http::fault_stream::{StreamControl, StreamPlan};
use crate::http::reply::Reply;
use crate::request::operation::{Operation, is_json};
use crate::request::route::Route;

/// A body from this size on, in bytes, is processed on a separate thread: those that serve sockets stay free.
const LARGE: usize = 256 << 10;
/// Tracing (revision V1.05). Header names have no case.
const REQUEST_ID: HeaderName = HeaderName::from_static("requestid");
const TOKEN: &str = "WoTrusToken";

/// Answers one request. An error ends the connection without an answer.
pub(crate) async fn answer(
    request: hyper::Request<Incoming>,
    service: Arc<Service>,
    control: StreamControl,
) -> Answered {
    let (head, body) = request.into_parts();
    *control.plan() = StreamPlan::default();
    let request_id = head.headers.get(&REQUEST_ID).cloned();
    let route = Route::of(&head.method, head.uri.path(), head.uri.query());
    let token = service.check_token(bytes(&head.headers, TOKEN));
    let fault = service.faults.select(&RequestInfo {
        operation: route.operation(),
        request_id: request_id.as_ref().map(HeaderValue::as_bytes),
        expects_continue: head.headers.contains_key(EXPECT),
    });
    let mut entry = Entry::of(&head, token);
    entry.fault = fault.as_ref().map(Fault::to_string);
    let (before, after) = match fault {
        Some(fault) if fault.when == When::Before => (Some(fault.kind), None),
        other => (None, other.map(|fault| fault.kind)),
    };

    // The token is checked before the body is read: a client without one must not cost memory.
    let early = match &before {
        Some(Kind::ExpectationFailed) => Some(Reply::empty(StatusCode::EXPECTATION_FAILED)),
        _ => reply_to_head(&head, &route, token, &service),
    };
    let received = match early {
        Some(reply) => Err(reply_without_body(reply, &head, body)),
        None => receive(body, &route, &service).await?,
    };
    pause(before.as_ref()).await;
    let (replacement, body) = match (before.as_ref().and_then(replacement), received) {
        (Some(replacement), received) => (replacement, received.ok()),
        (None, Err(reply)) => {
            pause(after.as_ref()).await;
            (after.as_ref().and_then(replacement).unwrap_or(Replacement::Reply(reply)), None)
        }
        (None, Ok(body)) => {
            let (reply, body) = work(head, route, body, &service).await;
            let reply = match service.flushed().await {
                Ok(()) => reply,
                Err(reason) => not_saved(&reason),
            };
            pause(after.as_ref()).await;
            (after.as_ref().and_then(replacement).unwrap_or(Replacement::Reply(reply)), body)
        }
    };
    if let Some(body) = body {
        entry.received(body.bytes);
    }
    if let Replacement::Reply(reply) = &replacement {
        entry.status = Some(reply.status.as_u16());
    }
    service.journal.note(entry, service.clock.now());
    let mut reply = match replacement {
        Replacement::Reply(reply) => reply,
        Replacement::Reset => {
            control.plan().reset = true;
            return Err("reset by a fault".into());
        }
        Replacement::Hang => std::future::pending().await,
    };
    if let Some(kind) = before.or(after) {
        plan(&kind, &control);
        edit(&kind, &mut reply);
    }
    let mut response = response(reply);
    if let Some(request_id) = request_id {
        response.headers_mut().insert(REQUEST_ID, request_id);
    }
    Ok(response)
}

/// The reply where the head alone decides it; the body is then not read.
fn reply_to_head(
    head: &Parts,
    route: &Route,
    token: TokenCheck,
    service: &Service,
) -> Option<Reply> {
    let state = service.state(service.clock.now());
    if let Route::CustomerPage(link) = route {
        let known = customer_page::order_of(&state, link).is_some();
        return (!known).then(|| Reply::html(StatusCode::NOT_FOUND));
    }
    if token != TokenCheck::Valid {
        return Some(unauthorized(state.policies.unauthorized));
    }
    if head.method == Method::POST && !is_json(bytes(&head.headers, "Content-Type")) {
        return Some(Reply::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    match route {
        Route::WrongMethod(allowed) => {
            Some(Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(ALLOW, allowed.as_str()))
        }
        Route::Unknown => Some(Reply::empty(StatusCode::NOT_FOUND)),
        _ => None,
    }
}

/// Leaves the body unread. A client that waits for `100 Continue` sends none, and the connection ends.
fn reply_without_body(reply: Reply, head: &Parts, body: Incoming) -> Reply {
    if head.headers.contains_key(EXPECT) {
        return reply.with(CONNECTION, "close");
    }
    body::discard(body);
    reply
}

/// Reads the body; an inner error is the reply to one that cannot be read.
async fn receive(
    body: Incoming,
    route: &Route,
    service: &Service,
) -> Result<Result<Body, Reply>, hyper::Error> {
    let max = match route {
        Route::CustomerPage(_) => customer_page::FORM_MAX,
        _ => BODY_MAX,
    };
    Ok(match service.bodies.read(body, max).await {
        Ok(body) => Ok(body),
        Err(BodyError::Connection(error)) => return Err(error),
        Err(BodyError::TooLarge) => Err(Reply::empty(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(BodyError::Timeout) => {
            Err(Reply::empty(StatusCode::REQUEST_TIMEOUT).with(CONNECTION, "close"))
        }
        Err(BodyError::Busy) => Err(Reply::empty(StatusCode::SERVICE_UNAVAILABLE)
            .with(RETRY_AFTER, "1")
            .with(CONNECTION, "close")),
    })
}

async fn pause(fault: Option<&Kind>) {
    if let Some(Kind::Delay(time)) = fault {
        tokio::time::sleep(*time).await;
    }
}

/// Tells the stream beneath the connection what to do with the reply's bytes.
fn plan(kind: &Kind, control: &StreamControl) {
    match kind {
        Kind::Cut(bytes) => control.plan().cut = Some(*bytes),
        Kind::Slow(rate) => control.plan().rate = Some(*rate),
        Kind::Stale => control.plan().stale = true,
        _ => {}
    }
}

/// Does the work, and gives the body back for the journal.
async fn work(
    head: Parts,
    route: Route,
    body: Body,
    service: &Arc<Service>,
) -> (Reply, Option<Body>) {
    if body.bytes.len() < LARGE {
        return (reply(&head, route, &body.bytes, service), Some(body));
    }
    let service = Arc::clone(service);
    let task = tokio::task::spawn_blocking(move || {
        (reply(&head, route, &body.bytes, &service), Some(body))
    });
    task.await.unwrap_or_else(|_| (Reply::empty(StatusCode::INTERNAL_SERVER_ERROR), None))
}

fn reply(head: &Parts, route: Route, body: &[u8], service: &Service) -> Reply {
    let now = service.clock.now();
    if let Route::CustomerPage(link) = &route {
        return service.customer_page(link, &head.method, body, now);
    }
    let policies = service.state(now).policies;
    // The body is parsed before the state is locked: a large document delays no other request.
    match Operation::parse(route, body, &policies) {
        Ok(Some(operation)) => service.perform(operation, &policies, now),
        Ok(None) => Reply::empty(StatusCode::NOT_FOUND),
        Err(error) => malformed(error, policies.scalars),
    }
}

fn bytes<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    headers.get(name).map(HeaderValue::as_bytes)
}
