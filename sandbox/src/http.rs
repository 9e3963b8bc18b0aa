//! HTTP/1.1 over whatever carries bytes: one connection, any number of requests.

use std::error::Error;

use http_body_util::{BodyExt, Full};
use hyper::Response;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::reply::Reply;

/// How much more than the limit is read and dropped, so that the client hears of the 413 instead of a
/// broken pipe.
const DRAINED_MAX: usize = 1 << 30;

/// Why a connection ends without an answer.
pub(crate) type Abandoned = Box<dyn Error + Send + Sync>;
/// An answer, or none.
pub(crate) type Answered = Result<Response<Full<Bytes>>, Abandoned>;

/// Serves one connection until either side ends it.
pub(crate) async fn serve<S, F, A>(stream: S, answer: F)
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Fn(hyper::Request<Incoming>) -> A,
    A: Future<Output = Answered>,
{
    // An error here is the client's, who left or does not speak HTTP, or a fault that was asked for.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service_fn(answer))
        .await;
}

/// The whole body; none when it is larger than `max` bytes.
pub(crate) async fn read(mut body: Incoming, max: usize) -> Result<Option<Vec<u8>>, hyper::Error> {
    let (mut whole, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        seen += data.len();
        if seen > DRAINED_MAX {
            break;
        }
        if seen > max {
            whole = Vec::new();
        } else {
            whole.extend_from_slice(&data);
        }
    }
    Ok((seen <= max).then_some(whole))
}

/// The reply on the wire.
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
