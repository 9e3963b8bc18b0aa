//! Names, sockets, and the way through a proxy.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use wotrus::{Cause, Kind};

use super::check::{Found, Problem};
use super::target::{Address, Proxy, Target};
use crate::lang::say;
use crate::text::printable;

/// The addresses of a host.
pub(super) fn resolve(address: &Address, target: &Target) -> Found<Vec<SocketAddr>> {
    let (host, port) = (address.host.clone(), address.port);
    let (sender, receiver) = mpsc::channel();
    // The system's look-up knows no time limit; one that takes too long is left behind.
    thread::spawn(move || {
        let found = (host, port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        let _ = sender.send(found);
    });
    let host = &address.host;
    let failed = |why: &str| {
        // Whose own name is not known, a proxy is no way out of.
        let (option, else_proxy) = match target.proxy {
            Some(_) => ("proxy", String::new()),
            None => (
                "base_url",
                say!(
                    "; where only a proxy knows names, set proxy",
                    "；若只能通过代理上网，请设置 proxy"
                ),
            ),
        };
        Problem::network(
            Cause::Dns,
            say!("{host} cannot be resolved: {why}", "无法解析 {host}：{why}"),
            say!(
                "check the spelling in {option}, and that this machine's DNS works (getent hosts {host}){else_proxy}",
                "请检查 {option} 的拼写以及本机 DNS 是否可用（getent hosts {host}）{else_proxy}"
            ),
        )
    };
    match receiver.recv_timeout(target.patience) {
        Ok(Ok(found)) if !found.is_empty() => {
            let mut list: Vec<String> = found.iter().map(|a| a.ip().to_string()).collect();
            list.dedup();
            let list = list.join(", ");
            let detail = match list == *host {
                true => say!("{host}, an address, no name", "{host}，是地址而非域名"),
                false => format!("{host}: {list}"),
            };
            Ok((found, detail))
        }
        Ok(Ok(_)) => Err(failed("no address")),
        Ok(Err(error)) => Err(failed(&error.to_string())),
        Err(_) => {
            let seconds = target.patience.as_secs_f64();
            Err(failed(&say!("no answer in {seconds} s", "{seconds} 秒内无应答")))
        }
    }
}

/// A connection to the first address that takes one.
pub(super) fn connect(
    addresses: &[SocketAddr],
    address: &Address,
    target: &Target,
) -> Found<TcpStream> {
    let mut problems = Vec::new();
    let mut timed_out = false;
    for address in addresses {
        match TcpStream::connect_timeout(address, target.patience) {
            Ok(socket) => return Ok((socket, address.to_string())),
            Err(error) => {
                timed_out |= error.kind() == io::ErrorKind::TimedOut;
                problems.push(format!("{address}: {error}"));
            }
        }
    }
    let option = if target.proxy.is_some() { "proxy" } else { "base_url" };
    let advice = match timed_out {
        true => say!(
            "a firewall probably drops the packets: allow {address}, or set proxy if this network has one",
            "可能被防火墙丢弃：请放行 {address}；若网络需经代理访问，请设置 proxy"
        ),
        false => say!(
            "nothing listens there or a firewall says no: check host and port in {option}, and what stands between",
            "目标端口无服务监听或被防火墙拒绝：请检查 {option} 中的主机和端口以及中间设备"
        ),
    };
    Err(Problem::network(Cause::Connect, problems.join("; "), advice))
}

/// Has the proxy connect to the service.
pub(super) fn tunnel(socket: &mut TcpStream, proxy: &Proxy, target: &Target) -> Found<()> {
    let (service, address) = (&target.address, &proxy.address);
    let login = proxy.login.as_ref().map_or(String::new(), |login| {
        let login = BASE64_STANDARD.encode(login.expose());
        format!("Proxy-Authorization: Basic {login}\r\n")
    });
    let request = format!("CONNECT {service} HTTP/1.1\r\nHost: {service}\r\n{login}\r\n");
    let answer = exchange(socket, request.as_bytes(), target.patience).map_err(|error| {
        Problem::network(
            Cause::Proxy,
            say!("{address} gave no answer: {error}", "{address} 无应答：{error}"),
            say!(
                "check that {address} is an HTTP proxy; others, SOCKS say, cannot be used",
                "请确认 {address} 是 HTTP 代理；不支持 SOCKS 等其他代理"
            ),
        )
    })?;
    let line = printable(answer.lines().next().unwrap_or_default());
    let status: Option<u16> = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let advice = match status {
        Some(200..=299) => {
            return Ok((
                (),
                say!("{address} connects to {service}", "{address} 已连接到 {service}"),
            ));
        }
        Some(407) => say!(
            "the proxy wants a name and a password: WOTRUS_PROXY=http://name:password@{address}",
            "代理需要用户名和密码：WOTRUS_PROXY=http://用户名:密码@{address}"
        ),
        Some(_) => say!(
            "the proxy does not connect to {service}: ask who runs it to allow that",
            "代理拒绝连接 {service}：请联系代理管理员放行"
        ),
        None => say!(
            "{address} does not speak as an HTTP proxy: check host and port in proxy",
            "{address} 不是 HTTP 代理：请检查 proxy 中的主机和端口"
        ),
    };
    Err(Problem { kind: Kind::Network, cause: Cause::Proxy, message: line, advice })
}

/// Sends a request and reads an answer's head.
fn exchange(socket: &mut TcpStream, request: &[u8], patience: Duration) -> io::Result<String> {
    let end = Instant::now() + patience;
    socket.set_write_timeout(Some(patience))?;
    socket.write_all(request)?;
    let mut head = Vec::new();
    let mut byte = [0];
    // Byte by byte: what follows the head belongs to TLS.
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16 * 1024 {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        socket.set_read_timeout(Some(left))?;
        if socket.read(&mut byte)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
