//! Who may speak to the management side: programs on this machine, and its own page; no other site's page
//! in a browser that happens to run here.

use std::net::SocketAddr;

use hyper::header::{HOST, HeaderMap, ORIGIN};

/// Why a request is turned away.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stranger {
    /// A name that leads here by somebody's DNS: the page behind it is not ours.
    Host,
    /// Another site's page.
    Origin,
}

impl Stranger {
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Host => {
                "the header Host must be the management address, or localhost with its port"
            }
            Self::Origin => "another site's page may not manage the sandbox",
        }
    }
}

/// Lets in who named this listener by its address, and comes from no other site.
pub(crate) fn check(headers: &HeaderMap, listener: SocketAddr) -> Result<(), Stranger> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(HOST).unwrap_or_default();
    if host != listener.to_string() && host != format!("localhost:{}", listener.port()) {
        return Err(Stranger::Host);
    }
    let ours = |origin: &str| origin.strip_prefix("http://") == Some(host);
    if !text(ORIGIN).is_none_or(ours) {
        return Err(Stranger::Origin);
    }
    // Browsers say more than they must: a plain link from elsewhere has no Origin.
    let site = headers.get("Sec-Fetch-Site").map(|value| value.as_bytes());
    match site {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Stranger::Origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::{HeaderName, HeaderValue};

    fn judged(given: &[(&str, &str)]) -> Result<(), Stranger> {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            let name = HeaderName::try_from(*name).unwrap();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        check(&headers, "127.0.0.1:8001".parse().unwrap())
    }

    #[test]
    fn programs_and_our_own_page_are_let_in() {
        let host = ("Host", "127.0.0.1:8001");
        assert_eq!(judged(&[host]), Ok(()));
        assert_eq!(judged(&[host, ("Origin", "http://127.0.0.1:8001")]), Ok(()));
        assert_eq!(judged(&[host, ("Sec-Fetch-Site", "none")]), Ok(()));
        let name = ("Host", "localhost:8001");
        let own = [name, ("Origin", "http://localhost:8001"), ("Sec-Fetch-Site", "same-origin")];
        assert_eq!(judged(&own), Ok(()));
    }

    #[test]
    fn other_sites_and_other_names_are_not() {
        for host in
            ["evil.example:8001", "127.0.0.1", "localhost", "127.0.0.1:80", "", "[::1]:8001"]
        {
            assert_eq!(judged(&[("Host", host)]), Err(Stranger::Host), "{host}");
        }
        assert_eq!(judged(&[]), Err(Stranger::Host));
        let host = ("Host", "127.0.0.1:8001");
        for origin in
            ["http://evil.example", "null", "", "http://localhost:8001", "https://127.0.0.1:8001"]
        {
            assert_eq!(judged(&[host, ("Origin", origin)]), Err(Stranger::Origin), "{origin}");
        }
        for site in ["cross-site", "same-site"] {
            assert_eq!(judged(&[host, ("Sec-Fetch-Site", site)]), Err(Stranger::Origin));
        }
    }
}
