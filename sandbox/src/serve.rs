//! What is served on each kind of listener.

use std::pin::Pin;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::management::{self, Door};
use crate::service::Service;
use crate::wire::{Carrier, Control, Wire};
use crate::{front, http};

/// One connection's life.
type Served = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The service over plain HTTP.
pub(crate) fn serve_plain(service: &Arc<Service>) -> impl Fn(TcpStream) -> Served + Send + use<> {
    let service = Arc::clone(service);
    move |stream| Box::pin(serve(stream, Arc::clone(&service)))
}

async fn serve<S: Carrier>(stream: S, service: Arc<Service>) {
    let control = Control::default();
    let wire = Wire::new(stream, control.clone());
    let answer = move |request| front::answer(request, Arc::clone(&service), control.clone());
    http::serve(wire, answer).await;
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
            serve(stream, service).await;
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
