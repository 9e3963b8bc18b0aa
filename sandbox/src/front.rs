//! The service's side of HTTP: bodies read, faults met, work done, requests noted, RequestIDs given back.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::http::request::Parts;

use crate::fault::{Body, Fault, Json, Kind, RetryAfter, When};
use crate::faults::Target;
use crate::http::{Answered, read, response};
use crate::journal::Entry;
use crate::reply::Reply;
use crate::route::Route;
use crate::service::{Request, Service};
use crate::wire::{Control, Plan};

/// The largest body that is read, in bytes; sections 2, 6 and 7 carry documents in base64.
const BODY_MAX: usize = 64 << 20;
/// From here on a body is worked on beside the threads that serve sockets.
const LARGE: usize = 256 << 10;
/// Tracing (revision V1.05); header names are read in any case.
const REQUEST_ID: HeaderName = HeaderName::from_static("requestid");

/// What is answered in the place of the service's own answer.
enum Instead {
    Reply(Reply),
    Reset,
    Hang,
}

/// Answers one request. An error ends the connection without an answer.
pub(crate) async fn answer(
    request: hyper::Request<Incoming>,
    service: Arc<Service>,
    control: Control,
) -> Answered {
    let (head, body) = request.into_parts();
    *control.plan() = Plan::default();
    let request_id = head.headers.get(&REQUEST_ID).cloned();
    let fault = service.faults.strike(&Target {
        operation: Route::of(&head.method, head.uri.path(), None).operation(),
        request_id: request_id.as_ref().map(HeaderValue::as_bytes),
    });
    let mut entry = Entry::of(&head, service.judge(bytes(&head.headers, "WoTrusToken")));
    entry.fault = fault.as_ref().map(Fault::to_string);

    let body = read(body, BODY_MAX).await?;
    let (before, after) = match fault {
        Some(fault) if fault.when == When::Before => (Some(fault.kind), None),
        other => (None, other.map(|fault| fault.kind)),
    };
    pause(before.as_ref()).await;
    let (instead, body) = match before.as_ref().and_then(instead) {
        Some(instead) => (instead, body.unwrap_or_default()),
        None => {
            let (reply, body) = work(head, body, &service).await;
            let reply = service.settled().await.map_or_else(|failed| failed, |()| reply);
            pause(after.as_ref()).await;
            let instead = after.as_ref().and_then(instead);
            (instead.unwrap_or(Instead::Reply(reply)), body)
        }
    };
    entry.received(body);
    if let Instead::Reply(reply) = &instead {
        entry.status = Some(reply.status.as_u16());
    }
    service.journal.note(entry, service.clock.now());
    let mut reply = match instead {
        Instead::Reply(reply) => reply,
        Instead::Reset => {
            control.plan().reset = true;
            return Err("reset on purpose".into());
        }
        Instead::Hang => std::future::pending().await,
    };
    match before.or(after) {
        Some(Kind::Cut(bytes)) => control.plan().cut = Some(bytes),
        Some(Kind::Slow(rate)) => control.plan().rate = Some(rate),
        Some(Kind::Stale) => control.plan().stale = true,
        Some(Kind::Json(Json::Broken)) => reply.body.truncate(reply.body.len() * 2 / 3),
        Some(Kind::Json(Json::Other)) => reply.body = br#"{"message":"ok","code":0}"#.to_vec(),
        _ => {}
    }
    let mut response = response(reply);
    if let Some(request_id) = request_id {
        response.headers_mut().insert(REQUEST_ID, request_id);
    }
    Ok(response)
}

async fn pause(fault: Option<&Kind>) {
    if let Some(Kind::Delay(time)) = fault {
        tokio::time::sleep(*time).await;
    }
}

/// What comes of faults that leave nothing of the answer.
fn instead(kind: &Kind) -> Option<Instead> {
    match kind {
        Kind::Status { status, retry_after, body } => {
            let reply = match body {
                Body::Html => Reply::html(*status),
                Body::Json => Reply::json(*status, br#"{"message":"try later"}"#.to_vec()),
                Body::Empty => Reply::empty(*status),
            };
            Some(Instead::Reply(match retry_after {
                None => reply,
                Some(RetryAfter::Seconds(seconds)) => reply.with(RETRY_AFTER, &seconds.to_string()),
                Some(RetryAfter::Date(seconds)) => {
                    let then = SystemTime::now() + Duration::from_secs((*seconds).into());
                    reply.with(RETRY_AFTER, &httpdate::fmt_http_date(then))
                }
            }))
        }
        Kind::Html => Some(Instead::Reply(Reply::html(StatusCode::OK))),
        Kind::Reset => Some(Instead::Reset),
        Kind::Hang => Some(Instead::Hang),
        Kind::Json(_) | Kind::Delay(_) | Kind::Cut(_) | Kind::Slow(_) | Kind::Stale => None,
    }
}

/// Does the work, and gives the body back; none was too large.
async fn work(head: Parts, body: Option<Vec<u8>>, service: &Arc<Service>) -> (Reply, Vec<u8>) {
    match body {
        None => (Reply::empty(StatusCode::PAYLOAD_TOO_LARGE), Vec::new()),
        Some(body) if body.len() < LARGE => (reply(&head, &body, service), body),
        Some(body) => {
            let service = Arc::clone(service);
            let task = tokio::task::spawn_blocking(move || (reply(&head, &body, &service), body));
            let failed = || (Reply::empty(StatusCode::INTERNAL_SERVER_ERROR), Vec::new());
            task.await.unwrap_or_else(|_| failed())
        }
    }
}

fn reply(head: &Parts, body: &[u8], service: &Service) -> Reply {
    service.answer(&Request {
        method: &head.method,
        path: head.uri.path(),
        query: head.uri.query(),
        token: bytes(&head.headers, "WoTrusToken"),
        content_type: bytes(&head.headers, "Content-Type"),
        body,
    })
}

fn bytes<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    headers.get(name).map(HeaderValue::as_bytes)
}
