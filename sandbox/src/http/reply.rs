//! What is sent back to a client, independent of the HTTP library.

use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};

/// A reply: a status, a body, and headers beyond those that HTTP itself needs.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const HTML: &str = "text/html; charset=utf-8";

impl Reply {
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        Self { status, content_type, body, headers: Vec::new() }
    }

    pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Self {
        Self::new(status, JSON, body)
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self::new(status, "", Vec::new())
    }

    /// An error page as a gateway in front of the service writes it.
    pub(crate) fn html(status: StatusCode) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{status}</title></head>\r\n\
             <body><h1>{status}</h1></body>\r\n</html>\r\n"
        );
        Self::new(status, HTML, page.into_bytes())
    }

    /// Adds a header. An invalid header value is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }
}
