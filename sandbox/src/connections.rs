//! What is served on the connections of each listener.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::http::connection;
use crate::http::fault_stream::{FaultStream, StreamControl, Transport};
use crate::management::{self, ManagementServer};
use crate::service::{Service, handler};

/// How long a TLS handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves one connection until it ends.
type Served = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The service over plain HTTP.
pub(crate) fn serve_plain(service: &Arc<Service>) -> impl Fn(TcpStream) -> Served + Send + use<> {
    let service = Arc::clone(service);
    move |stream| Box::pin(serve(stream, Arc::clone(&service)))
}

async fn serve<S: Transport>(stream: S, service: Arc<Service>) {
    let control = StreamControl::default();
    let stream = FaultStream::new(stream, control.clone());
    let answer = move |request| handler::answer(request, Arc::clone(&service), control.clone());
    connection::serve(stream, answer).await;
}

/// The service over HTTPS.
pub(crate) fn serve_tls(
    service: &Arc<Service>,
    acceptor: &TlsAcceptor,
) -> impl Fn(TcpStream) -> Served + Send + use<> {
    let (service, acceptor) = (Arc::clone(service), acceptor.clone());
    move |stream| {
        let (service, acceptor) = (Arc::clone(&service), acceptor.clone());
        Box::pin(async move {
            let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream));
            let Ok(Ok(stream)) = handshake.await else { return };
            serve(stream, service).await;
        })
    }
}

/// The management interface.
pub(crate) fn serve_management(server: ManagementServer) -> impl Fn(TcpStream) -> Served + Send {
    let server = Arc::new(server);
    move |stream| {
        let server = Arc::clone(&server);
        Box::pin(connection::serve(stream, move |request| {
            let server = Arc::clone(&server);
            async move { management::answer(request, &server).await }
        }))
    }
}
