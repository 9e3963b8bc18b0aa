//! The base URL: HTTPS, or loopback.

use std::net::IpAddr;

use crate::error::{Error, Result};

/// A base URL that was checked, without a slash at its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BaseUrl {
    pub(crate) text: String,
    pub(crate) https: bool,
    pub(crate) loopback: bool,
}

impl BaseUrl {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let refuse = |problem: &str| Err(Error::config("base_url", problem));
        if text.is_empty() || text.len() > 2048 {
            return refuse("is empty, or longer than 2048 bytes");
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return refuse("holds a blank, a control character or one outside ASCII");
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return refuse("is no URL: https://host is expected");
        };
        let https = match &*scheme.to_ascii_lowercase() {
            "https" => true,
            "http" => false,
            _ => return refuse("is neither https:// nor http://"),
        };
        if rest.contains(['?', '#']) {
            return refuse("has a query or a fragment");
        }
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return refuse("holds a user name: the token is set by itself");
        }
        let path = path.trim_end_matches('/');
        if !path.is_empty() && crate::request::validation::path(path).is_err() {
            return refuse("has a path that cannot be one");
        }
        let Some(host) = host(authority) else {
            return refuse("has no host, or a port that is none");
        };
        let loopback = is_loopback(host);
        if !https && !loopback {
            return refuse("is plain http: the token would be readable on the way; use https");
        }
        let scheme = if https { "https" } else { "http" };
        Ok(Self { text: format!("{scheme}://{authority}{path}"), https, loopback })
    }
}

/// The host of `host[:port]`, brackets of an IPv6 address taken off.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, rest.strip_prefix(':').or(rest.is_empty().then_some("443"))?)
        }
        None => authority.split_once(':').unwrap_or((authority, "443")),
    };
    let named = !host.is_empty()
        && (host.contains(':')
            || host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)));
    (named && port.parse::<u16>().is_ok_and(|port| port > 0)).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_on_loopback() {
        for (good, expected, loopback) in [
            ("https://restapi.wosign.com", "https://restapi.wosign.com", false),
            ("HTTPS://h.example:8443/api/", "https://h.example:8443/api", false),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true),
            ("http://localhost:1/", "http://localhost:1", true),
            ("http://[::1]:1", "http://[::1]:1", true),
            ("https://[2001:db8::1]", "https://[2001:db8::1]", false),
        ] {
            let url = BaseUrl::parse(good).unwrap();
            assert_eq!((&*url.text, url.loopback), (expected, loopback));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "",
            "restapi.wosign.com",
            "ftp://h",
            "http://restapi.wosign.com",
            "http://127.0.0.1.evil.example",
            "http://127.0.0.1@evil.example",
            "https://user:pw@h",
            "https://h?x",
            "https://h/#x",
            "https://",
            "https:///x",
            "https://h:0",
            "https://h:99999",
            "https://h:",
            "https://[::1",
            "https://[x]",
            "https://h\r\nX: y",
            "https://h ",
            "https://订单",
            "https://h/../x",
        ] {
            assert_eq!(BaseUrl::parse(bad).unwrap_err().field(), Some("base_url"), "{bad}");
        }
    }
}
