//! HTTP/1.1 over whatever carries bytes: one connection, any number of requests.

use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::service::{Reply, Request, Service};

/// The largest body that is read, in bytes; sections 2, 6 and 7 carry documents in base64.
const BODY_MAX: usize = 64 << 20;
/// How much more is read and dropped, so that the client hears of the 413 instead of a broken pipe.
const DRAINED_MAX: usize = 1 << 30;
/// From here on a body is worked on beside the threads that serve sockets.
const LARGE: usize = 256 << 10;

/// Serves one connection until either side ends it.
pub(crate) async fn serve<S>(stream: S, service: Arc<Service>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { answer(request, service).await }
    });
    // An error here is the client's: it left, or it does not speak HTTP.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}

/// An error ends the connection without an answer: the body never came whole.
async fn answer(
    request: hyper::Request<Incoming>,
    service: Arc<Service>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    let request_id = head.headers.get("RequestID").cloned();
    let reply = match read(body).await? {
        None => Reply::empty(StatusCode::PAYLOAD_TOO_LARGE),
        Some(body) if body.len() < LARGE => work(&head, &body, &service),
        Some(body) => {
            let task = tokio::task::spawn_blocking(move || work(&head, &body, &service));
            task.await.unwrap_or_else(|_| Reply::empty(StatusCode::INTERNAL_SERVER_ERROR))
        }
    };
    Ok(response(reply, request_id))
}

fn work(head: &hyper::http::request::Parts, body: &[u8], service: &Service) -> Reply {
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

/// The whole body; none when it is too large.
async fn read(mut body: Incoming) -> Result<Option<Vec<u8>>, hyper::Error> {
    let (mut whole, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        seen += data.len();
        if seen > DRAINED_MAX {
            break;
        }
        if seen > BODY_MAX {
            whole = Vec::new();
        } else {
            whole.extend_from_slice(&data);
        }
    }
    Ok((seen <= BODY_MAX).then_some(whole))
}

/// The reply on the wire; the caller's RequestID comes back, as tracing wants it (revision V1.05).
fn response(reply: Reply, request_id: Option<HeaderValue>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(reply.body));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    if !reply.content_type.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    }
    let allow = reply.allow.and_then(|method| HeaderValue::from_str(method.as_str()).ok());
    for (name, value) in
        [(ALLOW, allow), (hyper::header::HeaderName::from_static("requestid"), request_id)]
    {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
    response
}
