//! From a route and a body to the operation that is asked for. Nothing here touches the state, so a large body is
//! parsed without the lock, and this is what the fuzz targets call.

use serde_json::{Map, Value};

use super::body::{Create, Reissue, Revoke, read_order_id};
use super::fields::Fields;
use super::route::Route;
use crate::policy::{Policies, RawNewlines};
use crate::refusal::Refusal;

/// An operation with its parameters, or the refusal of its parameters.
pub(crate) enum Operation {
    Create(Result<Box<Create>, Refusal>),
    Query(String),
    Retrieve(Result<String, Refusal>),
    Cancel(Result<String, Refusal>),
    Revoke(Result<Revoke, Refusal>),
    Reissue(Result<Reissue, Refusal>),
    Notify(Result<String, Refusal>),
}

/// The body is not a JSON object.
#[derive(Debug)]
pub(crate) struct Malformed;

impl Operation {
    /// Parses the parameters. `None` for a route that is not an operation.
    pub(crate) fn parse(
        route: Route,
        body: &[u8],
        policies: &Policies,
    ) -> Result<Option<Self>, Malformed> {
        let object = || parse_object(body, policies.raw_newlines);
        Ok(Some(match route {
            Route::Create => Self::Create(Create::read(Fields(&object()?), policies).map(Box::new)),
            Route::Query(id) => Self::Query(id),
            Route::Retrieve(id) => Self::Retrieve(id.ok_or_else(|| Refusal::missing("orderID"))),
            Route::Cancel => Self::Cancel(read_order_id(Fields(&object()?), None)),
            Route::Revoke => Self::Revoke(Revoke::read(Fields(&object()?), policies)),
            Route::Reissue => Self::Reissue(Reissue::read(Fields(&object()?), policies)),
            Route::Notify => Self::Notify(read_order_id(Fields(&object()?), Some("collectUrl"))),
            Route::WrongMethod(_) | Route::CustomerPage(_) | Route::Unknown => return Ok(None),
        }))
    }

    /// The refusal of the parameters.
    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Create(parsed) => parsed.as_ref().err(),
            Self::Query(_) => None,
            Self::Retrieve(parsed) | Self::Cancel(parsed) | Self::Notify(parsed) => {
                parsed.as_ref().err()
            }
            Self::Revoke(parsed) => parsed.as_ref().err(),
            Self::Reissue(parsed) => parsed.as_ref().err(),
        }
    }
}

/// Whether the `Content-Type` is JSON, which section 1.6 requires of every POST. Parameters such as a charset may follow.
pub(crate) fn is_json(content_type: Option<&[u8]>) -> bool {
    let text = content_type.and_then(|value| std::str::from_utf8(value).ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn parse_object(body: &[u8], newlines: RawNewlines) -> Result<Map<String, Value>, Malformed> {
    let escaped;
    let body = match newlines {
        RawNewlines::Refuse => body,
        RawNewlines::Accept => {
            escaped = escape_newlines(body);
            &escaped
        }
    };
    serde_json::from_slice(body).map_err(|_| Malformed)
}

/// Escapes raw line breaks inside strings.
fn escape_newlines(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 64);
    let (mut in_string, mut escape) = (false, false);
    for &byte in body {
        match byte {
            b'\n' if in_string => out.extend_from_slice(b"\\n"),
            b'\r' if in_string => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
        in_string ^= byte == b'"' && !escape;
        escape = in_string && byte == b'\\' && !escape;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_line_breaks_are_escaped_inside_strings_only() {
        let body = b"{\n \"a\": \"1\r\n2\\\"\n3\\\\\",\n \"b\": \"\"\n}";
        let map = parse_object(body, RawNewlines::Accept).unwrap();
        assert_eq!(map["a"], "1\r\n2\"\n3\\");
        assert!(parse_object(body, RawNewlines::Refuse).is_err());
    }
}
