//! Listening sockets: bound before the sandbox says where it is, served until it stops.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::time::Duration;

use tokio::net::TcpStream;

use crate::Error;

/// Ports tried for one that is free on both loopback addresses.
const TRIES: usize = 16;

/// Listens on the address.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    let failed = |error| Error::Listen(address, error);
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

/// Listens on the address and, where that is 127.0.0.1, on the same port of `::1`: `localhost` means either,
/// and a client that tries `::1` first must not meet a stranger there.
pub(crate) fn bind_localhost(address: SocketAddr) -> Result<Vec<TcpListener>, Error> {
    let mut tries = TRIES;
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
            // No IPv6 here, or the one port that was asked for is taken there.
            Err(_) => return Ok(vec![first]),
        }
    }
}

/// The port that the system chose.
pub(crate) fn port(listener: &TcpListener) -> Result<u16, Error> {
    let unknown = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    Ok(listener.local_addr().map_err(|error| Error::Listen(unknown, error))?.port())
}

/// Accepts until dropped, and has each connection served.
pub(crate) async fn accept<F, A>(listener: TcpListener, serve: F) -> std::io::Result<()>
where
    F: Fn(TcpStream) -> A,
    A: Future<Output = ()> + Send + 'static,
{
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and whole: waiting to fill a packet only delays them.
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(stream));
            }
            // Out of files, or the client is gone already: neither ends the service.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
