//! HTTP/1.1 over any stream: one connection, any number of requests.

use std::error::Error;
use std::time::Duration;

use http_body_util::Full;
use hyper::Response;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};

use super::reply::Reply;

/// How long a connection may be idle, or take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(120);

/// A response, or the reason why the connection ends without one.
pub(crate) type Answered = Result<Response<Full<Bytes>>, Box<dyn Error + Send + Sync>>;

/// Serves one connection until either side ends it.
pub(crate) async fn serve<S, F, A>(stream: S, answer: F)
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Fn(hyper::Request<Incoming>) -> A,
    A: Future<Output = Answered>,
{
    // An error is ignored: the client left, does not speak HTTP, or met an armed fault.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service_fn(answer))
        .await;
}

/// The reply as an HTTP response.
pub(crate) fn response(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(reply.body));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    if !reply.content_type.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    }
    headers.extend(reply.headers);
    response
}
