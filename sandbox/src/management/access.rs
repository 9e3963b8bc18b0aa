//! Access to the management interface: programs on this machine and the interface's own page have it, pages of other
//! sites in a browser on this machine do not.

use std::net::SocketAddr;

use hyper::header::{HOST, HeaderMap, ORIGIN};

/// Why a request is rejected.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// The host name is another one, which may lead here by DNS rebinding.
    Host,
    /// The request comes from another site's page.
    Origin,
}

impl Rejection {
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Host => {
                "the header Host must be the management address, or localhost with its port"
            }
            Self::Origin => "a page of another site may not manage the sandbox",
        }
    }
}

/// Accepts a request that names this listener by its address and does not come from another site's page.
pub(crate) fn check(headers: &HeaderMap, listener: SocketAddr) -> Result<(), Rejection> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(HOST).unwrap_or_default();
    if host != listener.to_string() && host != format!("localhost:{}", listener.port()) {
        return Err(Rejection::Host);
    }
    let same = |origin: &str| origin.strip_prefix("http://") == Some(host);
    if !text(ORIGIN).is_none_or(same) {
        return Err(Rejection::Origin);
    }
    // A link on another site's page sends no Origin, but browsers send this header.
    let site = headers.get("Sec-Fetch-Site").map(|value| value.as_bytes());
    match site {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Rejection::Origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::{HeaderName, HeaderValue};

    fn checked(given: &[(&str, &str)]) -> Result<(), Rejection> {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            let name = HeaderName::try_from(*name).unwrap();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        check(&headers, "127.0.0.1:8001".parse().unwrap())
    }

    #[test]
    fn programs_and_the_own_page_are_accepted() {
        let host = ("Host", "127.0.0.1:8001");
        assert_eq!(checked(&[host]), Ok(()));
        assert_eq!(checked(&[host, ("Origin", "http://127.0.0.1:8001")]), Ok(()));
        assert_eq!(checked(&[host, ("Sec-Fetch-Site", "none")]), Ok(()));
        let name = ("Host", "localhost:8001");
        let own = [name, ("Origin", "http://localhost:8001"), ("Sec-Fetch-Site", "same-origin")];
        assert_eq!(checked(&own), Ok(()));
    }

    #[test]
    fn other_sites_and_other_host_names_are_rejected() {
        for host in
            ["evil.example:8001", "127.0.0.1", "localhost", "127.0.0.1:80", "", "[::1]:8001"]
        {
            assert_eq!(checked(&[("Host", host)]), Err(Rejection::Host), "{host}");
        }
        assert_eq!(checked(&[]), Err(Rejection::Host));
        let host = ("Host", "127.0.0.1:8001");
        for origin in
            ["http://evil.example", "null", "", "http://localhost:8001", "https://127.0.0.1:8001"]
        {
            assert_eq!(checked(&[host, ("Origin", origin)]), Err(Rejection::Origin), "{origin}");
        }
        for site in ["cross-site", "same-site"] {
            assert_eq!(checked(&[host, ("Sec-Fetch-Site", site)]), Err(Rejection::Origin));
        }
    }
}
