//! The HTTP server of the listener: one request per connection, with limits on time, size and number.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::runtime;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::connections::{Idle, IdleConnections};

/// Open connections. Further ones wait in the system's queue.
const MAX_CONNECTIONS: u32 = 64;
/// Threads that query orders and write files.
const BLOCKING_THREADS: usize = 8;
/// For a client to send the head of its request, and again for the body.
const READ_TIMEOUT: Duration = Duration::from_secs(10);
/// For a connection as a whole.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(300);

/// Decides about the body of a push.
pub(super) trait Handler: Send + Sync + 'static {
    /// The path that pushes are accepted at; any path if there is none.
    fn path(&self) -> Option<&str>;
    /// The largest body in bytes.
    fn max_body(&self) -> usize;
    /// Handles a body, or the status of a body that could not be read. The response is 200 only if
    /// the push can no longer be lost.
    fn handle(&self, body: Result<Bytes, StatusCode>) -> impl Future<Output = StatusCode> + Send;
}

/// Serves until `stop` becomes true, then completes the requests that have begun.
pub(super) fn serve(
    listener: TcpListener,
    handler: Arc<impl Handler>,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()?;
    listener.set_nonblocking(true)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        accept(listener, handler, stop).await;
        Ok(())
    })
}

async fn accept(
    listener: tokio::net::TcpListener,
    handler: Arc<impl Handler>,
    mut stop: watch::Receiver<bool>,
) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let idle = IdleConnections::default();
    for number in 0.. {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok((socket, _)) = accepted else {
            // For example no free file descriptors; closing connections frees some.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        if slots.available_permits() == 0 {
            idle.close_oldest();
        }
        let slot = tokio::select! {
            slot = Arc::clone(&slots).acquire_owned() => slot,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let connection = connection(socket, Arc::clone(&handler), idle.add(number), stop.clone());
        tokio::spawn(async move {
            let _ = timeout(CONNECTION_TIMEOUT, connection).await;
            drop(slot);
        });
    }
    drop(listener);
    let _ = timeout(CONNECTION_TIMEOUT, slots.acquire_many(MAX_CONNECTIONS)).await;
}

async fn connection(
    socket: TcpStream,
    handler: Arc<impl Handler>,
    idle: Idle,
    mut stop: watch::Receiver<bool>,
) {
    let idle = Arc::new(idle);
    let service = service_fn(|request| {
        let (handler, idle) = (Arc::clone(&handler), Arc::clone(&idle));
        async move { Ok::<_, Infallible>(respond(&*handler, &idle, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_TIMEOUT)
        .max_buf_size(16 * 1024)
        .keep_alive(false)
        .serve_connection(TokioIo::new(socket), service);
    let mut connection = std::pin::pin!(connection);
    let stopped = tokio::select! {
        _ = connection.as_mut() => false,
        () = idle.must_close() => false,
        _ = stop.wait_for(|stop| *stop) => true,
    };
    if stopped {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

async fn respond(
    handler: &impl Handler,
    idle: &Idle,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let method = request.method().clone();
    let status = if handler.path().is_some_and(|path| path != request.uri().path()) {
        StatusCode::NOT_FOUND
    } else if is_from_browser(request.headers()) {
        StatusCode::FORBIDDEN
    } else if [Method::GET, Method::HEAD].contains(&method) {
        // Load balancers and consoles ask in this way whether the URL exists.
        StatusCode::OK
    } else if method != Method::POST {
        StatusCode::METHOD_NOT_ALLOWED
    } else {
        let body = read_body(request.into_body(), handler.max_body()).await;
        idle.request_received();
        handler.handle(body).await
    };
    let text = match (status, method) {
        (StatusCode::OK, Method::GET | Method::HEAD) => "ready for pushes by POST\n".to_owned(),
        (StatusCode::FORBIDDEN, _) => format!("{status}: no requests from web pages\n"),
        (StatusCode::BAD_REQUEST, _) => format!("{status}: the body must be a JSON object\n"),
        _ => format!("{status}\n"),
    };
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    }
    response
}

/// Whether a browser sent the request, for example a web page that knows the listener's address. The
/// service is not a browser.
fn is_from_browser(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN)
        || headers.keys().any(|name| name.as_str().starts_with("sec-fetch-"))
}

/// Reads the body, within limits on size and time.
async fn read_body(body: Incoming, max_bytes: usize) -> Result<Bytes, StatusCode> {
    if body.size_hint().lower() > max_bytes as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match timeout(READ_TIMEOUT, Limited::new(body, max_bytes).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}
