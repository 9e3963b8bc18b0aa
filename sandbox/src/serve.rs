//! What is served on each kind of listener.

use std::pin::Pin;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::management::{self, Door};
use crate::service::Service;
use crate::{front, http};

/// One connection's life.
type Served = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The service over plain HTTP.
pub(crate) fn serve_plain(service: &Arc<Service>) -> impl Fn(TcpStream) -> Served + Send + use<> {
    let service = Arc::clone(service);
    move |stream| {
        let service = Arc::clone(&service);
        Box::pin(http::serve(stream, move |request| front::answer(request, Arc::clone(&service))))
    }
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
            let Ok(stream) = acceptor.accept(stream).await else { return };
            http::serve(stream, move |request| front::answer(request, Arc::clone(&service))).await;
        })
    }
}

/// The management side.
pub(crate) fn serve_management(door: Door) -> impl Fn(TcpStream) -> Served + Send {
    let door = Arc::new(door);
    move |stream| {
        let door = Arc::clone(&door);
        Box::pin(http::serve(stream, move |request| {
            let door = Arc::clone(&door);
            async move { management::answer(request, &door).await }
        }))
    }
}
