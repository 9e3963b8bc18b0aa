//! HTTP for notifications: one request a connection, everything bounded.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::runtime;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

/// Open connections; more wait in the system's queue.
const CONNECTIONS: u32 = 64;
/// Threads that query orders and write files.
const WORKERS: usize = 8;
/// For a client to send its head, and then its body.
const PATIENCE: Duration = Duration::from_secs(10);
/// For all else together, from the connection's start.
const LONGEST: Duration = Duration::from_secs(300);

/// What decides on a body.
pub(super) trait Handler: Send + Sync + 'static {
    /// The path that is answered; any, if there is none.
    fn path(&self) -> Option<&str>;
    /// The largest body.
    fn max_body(&self) -> usize;
    /// 200 only once nothing can be lost any more; a body that could not be read comes as the status
    /// that says why.
    fn handle(&self, body: Result<Bytes, StatusCode>) -> impl Future<Output = StatusCode> + Send;
}

/// Serves until `stop` turns true; then lets what was begun end.
pub(super) fn serve(
    listener: TcpListener,
    handler: Arc<impl Handler>,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(WORKERS)
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
    let room = Arc::new(Semaphore::new(CONNECTIONS as usize));
    loop {
        let stopping = stop.clone();
        let permit = tokio::select! {
            permit = Arc::clone(&room).acquire_owned() => permit,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok((socket, _)) = accepted else {
            // No descriptors, say: others will be closed by and by.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let handler = Arc::clone(&handler);
        tokio::spawn(async move {
            let _ = timeout(LONGEST, connection(socket, handler, stopping)).await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = timeout(LONGEST, room.acquire_many(CONNECTIONS)).await;
}

async fn connection(
    socket: tokio::net::TcpStream,
    handler: Arc<impl Handler>,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(|request| {
        let handler = Arc::clone(&handler);
        async move { Ok::<_, Infallible>(answer(&*handler, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(16 * 1024)
        .keep_alive(false)
        .serve_connection(TokioIo::new(socket), service);
    let mut connection = std::pin::pin!(connection);
    let stopped = tokio::select! {
        _ = connection.as_mut() => false,
        _ = stop.wait_for(|stop| *stop) => true,
    };
    if stopped {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

async fn answer(handler: &impl Handler, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let status = if handler.path().is_some_and(|path| path != request.uri().path()) {
        StatusCode::NOT_FOUND
    } else if request.method() != Method::POST {
        StatusCode::METHOD_NOT_ALLOWED
    } else {
        handler.handle(body(request.into_body(), handler.max_body()).await).await
    };
    let text = format!("{status}\n");
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("text/plain"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, hyper::header::HeaderValue::from_static("POST"));
    }
    response
}

/// The whole body, if it is small enough and comes in time.
async fn body(body: Incoming, largest: usize) -> Result<Bytes, StatusCode> {
    if body.size_hint().lower() > largest as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match timeout(PATIENCE, Limited::new(body, largest).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}
