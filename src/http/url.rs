//! The base URL: HTTPS, or plain HTTP to loopback.

use std::net::{IpAddr, Ipv6Addr};

use ureq::http::Uri;

use crate::error::{Error, Result};
use crate::messages::message;
use crate::validation;

const MAX_LENGTH: usize = 2048;

/// A checked base URL, without a slash at its end.
#[derive(Debug, Clone)]
pub(crate) struct BaseUrl {
    text: String,
    pub(super) uri: Uri,
    pub(super) is_https: bool,
    pub(super) is_loopback: bool,
}

impl BaseUrl {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let refuse = |problem| Err(Error::config("base_url", problem));
        if text.is_empty() || text.len() > MAX_LENGTH {
            return refuse(message!("is empty, or longer than 2048 bytes"));
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return refuse(message!(
                "contains a space, a control character or a character outside ASCII"
            ));
        }
        // Uri drops a fragment without a word.
        if text.contains(['?', '#']) {
            return refuse(message!("has a query or a fragment"));
        }
        let Ok(uri) = text.trim_end_matches('/').parse::<Uri>() else {
            return refuse(message!("is not a URL: https://host is expected"));
        };
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) => return refuse(message!("begins with neither https:// nor http://")),
            None => return refuse(message!("is not a URL: https://host is expected")),
        };
        let Some(authority) = uri.authority() else {
            return refuse(message!("has no host"));
        };
        if authority.as_str().contains('@') {
            return refuse(message!("contains a user name; the token is a separate option"));
        }
        let Some(host) = checked_host(authority.as_str()) else {
            return refuse(message!("has no host, or an invalid port"));
        };
        let path = uri.path().trim_end_matches('/');
        if !path.is_empty() && validation::path(path).is_err() {
            return refuse(message!("has a path that cannot be used"));
        }
        let is_loopback = host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        if !is_https && !is_loopback {
            return refuse(message!("is plain http, which would expose the token; use https"));
        }
        let scheme = if is_https { "https" } else { "http" };
        let text = format!("{scheme}://{authority}{path}");
        Ok(Self { text, uri, is_https, is_loopback })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The path, without a slash at its end.
    pub(super) fn path(&self) -> &str {
        self.uri.path().trim_end_matches('/')
    }

    /// The value of the `Host` header: the port only where it is not the default.
    pub(super) fn host_header(&self) -> &str {
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        let default = if self.is_https { ":443" } else { ":80" };
        authority.strip_suffix(default).unwrap_or(authority)
    }
}

/// The host of `host[:port]` without the brackets of an IPv6 address; nothing if one of the two cannot
/// be used.
pub(super) fn checked_host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, rest.strip_prefix(':').or(rest.is_empty().then_some("443"))?)
        }
        None => {
            let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
            let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
            (Some(host).filter(|host| !host.is_empty() && host.bytes().all(is_name))?, port)
        }
    };
    port.parse::<u16>().is_ok_and(|port| port > 0).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_allowed_anywhere_and_http_on_loopback() {
        for (good, text, is_loopback, host, path) in [
            (
                "https://restapi.wosign.com",
                "https://restapi.wosign.com",
                false,
                "restapi.wosign.com",
                "",
            ),
            (
                "HTTPS://h.example:8443/api/",
                "https://h.example:8443/api",
                false,
                "h.example:8443",
                "/api",
            ),
            ("https://h.example:443", "https://h.example:443", false, "h.example", ""),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true, "127.0.0.1:8080", ""),
            ("http://localhost:1/", "http://localhost:1", true, "localhost:1", ""),
            ("http://[::1]:80", "http://[::1]:80", true, "[::1]", ""),
            ("https://[2001:db8::1]", "https://[2001:db8::1]", false, "[2001:db8::1]", ""),
        ] {
            let url = BaseUrl::parse(good).unwrap();
            assert_eq!((url.as_str(), url.is_loopback), (text, is_loopback));
            assert_eq!((url.host_header(), url.path()), (host, path));
        }
    }

    #[test]
    fn other_urls_are_refused() {
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
