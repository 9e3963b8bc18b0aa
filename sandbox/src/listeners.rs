//! The listeners of a sandbox, and the URLs by which clients reach them.

use std::net::{IpAddr, SocketAddr, TcpListener};

use crate::Error;
use crate::config::Config;
use crate::http::listener;

/// Sockets that are bound, so that the system has chosen the ports, and not served yet.
pub(crate) struct Sockets {
    pub(crate) plain: TcpListener,
    pub(crate) secure: Vec<TcpListener>,
    pub(crate) management: Option<(TcpListener, SocketAddr)>,
}

/// The listeners with their URLs.
pub(crate) struct Listeners {
    pub(crate) sockets: Sockets,
    pub(crate) http_url: String,
    pub(crate) https_url: String,
    /// The URLs of those whose address is not a loopback address.
    pub(crate) exposed: Vec<String>,
}

impl Listeners {
    pub(crate) fn bind(config: &Config) -> Result<Self, Error> {
        let management = config.management_listen.map(bind_management).transpose()?;
        let plain = listener::bind(config.http_listen)?;
        let secure = listener::bind_localhost(config.https_listen)?;
        let http_port = listener::port(&plain)?;
        let https_port = listener::port(&secure[0])?;
        let exposed = exposed(&[
            ("http", config.http_listen.ip(), http_port),
            ("https", config.https_listen.ip(), https_port),
        ]);
        let http_url = format!("http://{}", reachable(config.http_listen, http_port));
        let https_url = match config.https_listen.ip() {
            ip if ip.is_loopback() || ip.is_unspecified() => {
                format!("https://localhost:{https_port}")
            }
            ip => format!("https://{}", SocketAddr::from((ip, https_port))),
        };
        let sockets = Sockets { plain, secure, management };
        Ok(Self { sockets, http_url, https_url, exposed })
    }
}

/// Listens for the management interface. It has no password, so only loopback addresses are allowed.
fn bind_management(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    if !address.ip().is_loopback() {
        let why = format!(
            "the management interface has no password: its address must be a loopback address, not {address}"
        );
        return Err(Error::Config(why));
    }
    let socket = listener::bind(address)?;
    let address = SocketAddr::from((address.ip(), listener::port(&socket)?));
    Ok((socket, address))
}

/// The URLs of the listeners whose address is not a loopback address.
fn exposed(listeners: &[(&str, IpAddr, u16)]) -> Vec<String> {
    let beyond_loopback = listeners.iter().filter(|(_, ip, _)| !ip.to_canonical().is_loopback());
    beyond_loopback
        .map(|(scheme, ip, port)| format!("{scheme}://{}", SocketAddr::from((*ip, *port))))
        .collect()
}

/// The address by which a client on this machine reaches a listener.
fn reachable(listen: SocketAddr, port: u16) -> SocketAddr {
    let ip = match listen.ip() {
        ip if ip.is_unspecified() && ip.is_ipv6() => std::net::Ipv6Addr::LOCALHOST.into(),
        ip if ip.is_unspecified() => std::net::Ipv4Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::from((ip, port))
}
