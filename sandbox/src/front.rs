//! The service's side of HTTP: bodies read, work done, requests noted, RequestIDs given back.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::http::request::Parts;

use crate::http::{Answered, read, response};
use crate::journal::Entry;
use crate::reply::Reply;
use crate::service::{Request, Service};

/// The largest body that is read, in bytes; sections 2, 6 and 7 carry documents in base64.
const BODY_MAX: usize = 64 << 20;
/// From here on a body is worked on beside the threads that serve sockets.
const LARGE: usize = 256 << 10;
/// Tracing (revision V1.05); header names are read in any case.
const REQUEST_ID: HeaderName = HeaderName::from_static("requestid");

/// Answers one request. An error ends the connection without an answer.
pub(crate) async fn answer(request: hyper::Request<Incoming>, service: Arc<Service>) -> Answered {
    let (head, body) = request.into_parts();
    let mut entry = Entry::of(&head, service.judge(bytes(&head.headers, "WoTrusToken")));
    let request_id = head.headers.get(&REQUEST_ID).cloned();
    let body = read(body, BODY_MAX).await?;
    let (reply, body) = work(head, body, &service).await;
    entry.received(body);
    entry.status = Some(reply.status.as_u16());
    service.journal.note(entry, service.clock.now());
    let mut response = response(reply);
    if let Some(request_id) = request_id {
        response.headers_mut().insert(REQUEST_ID, request_id);
    }
    Ok(response)
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
