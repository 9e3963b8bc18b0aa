//! The steps DNS, TCP and proxy.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use wotrus::{Cause, Kind};

use super::check::{Problem, StepResult};
use super::target::{Address, Proxy, Target};
use crate::io_problem::io_problem;
use crate::lang::{joined, named, say};
use crate::text::{printable, shell_quoted};

/// Addresses that are tried; hosts have a few.
const MAX_ADDRESSES: usize = 16;

/// The addresses of a host.
pub(super) fn resolve(address: &Address, target: &Target) -> StepResult<Vec<SocketAddr>> {
    let (host, port) = (address.host.clone(), address.port);
    let (sender, receiver) = mpsc::channel();
    // The system's resolver has no timeout; a thread that takes too long is abandoned.
    thread::spawn(move || {
        let found = (host, port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        let _ = sender.send(found);
    });
    let host = &address.host;
    let quoted = shell_quoted(host);
    let failed = |why: &str| {
        // A proxy does not help if the proxy's own name cannot be resolved.
        let (option, proxy_advice) = match target.proxy {
            Some(_) => ("proxy", String::new()),
            None => (
                "base_url",
                say!(
                    "; if only a proxy can resolve names, set proxy",
                    "；若只能通过代理上网，请设置 proxy"
                ),
            ),
        };
        Problem::network(
            Cause::Dns,
            say!("{host} cannot be resolved: {why}", "无法解析 {host}：{why}"),
            say!(
                "check the spelling in {option}, and that DNS works on this machine (getent hosts {quoted}){proxy_advice}",
                "请检查 {option} 的拼写以及本机 DNS 是否可用（getent hosts {quoted}）{proxy_advice}"
            ),
        )
    };
    match receiver.recv_timeout(target.timeout) {
        Ok(Ok(found)) if !found.is_empty() => {
            let mut list: Vec<String> = found.iter().map(|a| a.ip().to_string()).collect();
            list.dedup();
            let list = list.join(", ");
            let detail = match list == *host {
                true => say!("{host} (an address)", "{host}（IP 地址）"),
                false => named(host, list),
            };
            Ok((found, detail))
        }
        Ok(Ok(_)) => Err(failed("no address")),
        Ok(Err(error)) => Err(failed(&error.to_string())),
        Err(_) => {
            let seconds = target.timeout.as_secs_f64();
            Err(failed(&say!("no response in {seconds} s", "{seconds} 秒内无响应")))
        }
    }
}

/// Connects to all addresses at the same time, and uses the first one in the list that accepts. Addresses
/// that do not work are named, because they delay calls.
pub(super) fn connect(
    addresses: &[SocketAddr],
    address: &Address,
    target: &Target,
) -> StepResult<TcpStream> {
    let timeout = target.timeout;
    let attempts: Vec<_> = addresses
        .iter()
        .take(MAX_ADDRESSES)
        .map(|&address| {
            let attempt = thread::spawn(move || TcpStream::connect_timeout(&address, timeout));
            (address, attempt)
        })
        .collect();
    let mut connected = None;
    let mut problems = Vec::new();
    let mut timed_out = false;
    for (address, attempt) in attempts {
        let attempt = attempt.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
        match attempt {
            Ok(socket) => connected = connected.or(Some((socket, address))),
            Err(error) => {
                timed_out |= error.kind() == io::ErrorKind::TimedOut;
                problems.push(named(&address.to_string(), io_problem(&error)));
            }
        }
    }
    let problems = joined(&problems);
    if let Some((socket, address)) = connected {
        let detail = match problems.is_empty() {
            true => address.to_string(),
            false => say!(
                "{address}; other addresses do not work: {problems}",
                "{address}；其他地址无法连接：{problems}"
            ),
        };
        return Ok((socket, detail));
    }
    let option = if target.proxy.is_some() { "proxy" } else { "base_url" };
    let advice = match timed_out {
        true => say!(
            "a firewall probably drops the packets: allow {address}, or set proxy if this network requires one",
            "可能被防火墙丢弃：请放行 {address}；若网络需经代理访问，请设置 proxy"
        ),
        false => say!(
            "no server listens at this address, or a firewall rejects the connection: check host and port in {option}, and firewalls on the way",
            "目标端口无服务监听或被防火墙拒绝：请检查 {option} 中的主机和端口以及中间设备"
        ),
    };
    Err(Problem::network(Cause::Connect, problems, advice))
}

/// Asks the proxy for a tunnel to the service.
pub(super) fn tunnel(socket: &mut TcpStream, proxy: &Proxy, target: &Target) -> StepResult<()> {
    let (service, address) = (&target.address, &proxy.address);
    let login = proxy.login.as_ref().map_or(String::new(), |login| {
        let login = BASE64_STANDARD.encode(login.expose());
        format!("Proxy-Authorization: Basic {login}\r\n")
    });
    let request = format!("CONNECT {service} HTTP/1.1\r\nHost: {service}\r\n{login}\r\n");
    let answer = exchange(socket, request.as_bytes(), target.timeout).map_err(|error| {
        Problem::network(
            Cause::Proxy,
            say!("no response from {address}: {error}", "{address} 无响应：{error}"),
            say!(
                "check that {address} is an HTTP proxy; SOCKS and other proxies are not supported",
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
            "the proxy requires a name and a password: WOTRUS_PROXY=http://name:password@{address}",
            "代理需要用户名和密码：WOTRUS_PROXY=http://用户名:密码@{address}"
        ),
        Some(_) => say!(
            "the proxy refuses to connect to {service}: ask its administrator to allow it",
            "代理拒绝连接 {service}：请联系代理管理员放行"
        ),
        None => say!(
            "{address} does not answer as an HTTP proxy: check host and port in proxy",
            "{address} 不是 HTTP 代理：请检查 proxy 中的主机和端口"
        ),
    };
    Err(Problem { kind: Kind::Network, cause: Cause::Proxy, message: line, advice })
}

/// Sends a request and reads the head of the response.
fn exchange(socket: &mut TcpStream, request: &[u8], timeout: Duration) -> io::Result<String> {
    let deadline = Instant::now() + timeout;
    socket.set_write_timeout(Some(timeout))?;
    socket.write_all(request)?;
    let mut head = Vec::new();
    let mut byte = [0];
    // Byte by byte, because the bytes after the head belong to TLS.
    while !head.ends_with(b"\r\n\r\n") && head.len() < 16 * 1024 {
        let left = deadline.saturating_duration_since(Instant::now());
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn addresses_that_do_not_work_are_named() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let alive = listener.local_addr().unwrap();
        let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let address = Address { host: "service.example".into(), port: 443 };
        let target = Target {
            address: Address { host: "service.example".into(), port: 443 },
            https: true,
            proxy: None,
            ca_file: None,
            timeout: Duration::from_secs(10),
        };
        let Ok((socket, detail)) = connect(&[dead, alive], &address, &target) else {
            panic!("not connected")
        };
        assert_eq!(socket.peer_addr().unwrap(), alive);
        assert!(detail.contains(&format!("do not work: {dead}")), "{detail}");
        let Ok((_, detail)) = connect(&[alive], &address, &target) else { panic!("not connected") };
        assert_eq!(detail, alive.to_string());
        let Err(problem) = connect(&[dead], &address, &target) else { panic!("connected") };
        assert!(problem.message.contains(&dead.to_string()), "{}", problem.message);
    }
}
