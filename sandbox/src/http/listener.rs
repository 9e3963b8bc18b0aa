//! Listening sockets. They are bound before the sandbox reports its addresses, and served until it stops.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::time::Duration;

use tokio::net::TcpStream;

use crate::Error;

/// How many ports are tried to find one that is free on both loopback addresses.
const PORTS_TRIED: usize = 16;

/// Listens on the address.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    let failed = |error| Error::Listen(address, error);
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

/// Listens on the address and, if that is 127.0.0.1, on the same port of `::1`: `localhost` means either, and a client
/// that tries `::1` first must not reach another program there.
pub(crate) fn bind_localhost(address: SocketAddr) -> Result<Vec<TcpListener>, Error> {
    let mut tries = PORTS_TRIED;
    loop {
        let first = bind(address)?;
        let port = port(&first)?;
        if address.ip() != IpAddr::V4(Ipv4Addr::LOCALHOST) {
            return Ok(vec![first]);
        }
        tries -= 1;
        match bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))) {
            Ok(second) => return Ok(vec![first, second]),
            Err(Error::Listen(_, error))
                if error.kind() == std::io::ErrorKind::AddrInUse
                    && address.port() == 0
                    && tries > 0 => {}
            // There is no IPv6, or the configured port is in use there.
            Err(_) => return Ok(vec![first]),
        }
    }
}

/// The port that the system chose.
pub(crate) fn port(listener: &TcpListener) -> Result<u16, Error> {
    let unknown = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    Ok(listener.local_addr().map_err(|error| Error::Listen(unknown, error))?.port())
}

/// Accepts connections until dropped, and serves each in a separate task.
pub(crate) async fn accept<F, A>(listener: TcpListener, serve: F) -> std::io::Result<()>
where
    F: Fn(TcpStream) -> A,
    A: Future<Output = ()> + Send + 'static,
{
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Responses are written whole, so Nagle's algorithm would only delay them.
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream));
            }
            // The process has too many open files, or the client has left. Neither ends the service.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
