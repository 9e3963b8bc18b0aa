//! Checks before anything is sent; every error names the field.

use crate::error::{Error, Result};
use crate::messages::{Message, message};

const MAX_ID_BYTES: usize = 128;
const MAX_LINE_BYTES: usize = 4096;
const MAX_FIELD_BYTES: usize = 64 * 1024;

/// An order id without blanks around it.
pub(crate) fn order_id(id: &str) -> Result<&str> {
    let id = id.trim();
    id_problem(id).map_or(Ok(id), |problem| Err(Error::argument("orderID", problem)))
}

/// Why a text cannot be an order's id, if so. Ids are opaque: the document's own samples are no
/// GUIDs.
pub(crate) fn id_problem(id: &str) -> Option<Message> {
    match id {
        "" => Some(message!("is empty")),
        // Percent-encoding does not help here: servers take %2E for a dot when they resolve paths.
        "." | ".." => Some(message!("is a path, not an id")),
        _ if id.len() > MAX_ID_BYTES => Some(message!("is longer than {} bytes", MAX_ID_BYTES)),
        _ if has_control(id) => Some(message!("contains a control character")),
        _ => None,
    }
}

fn has_control(text: &str) -> bool {
    // Most texts are found to have none in a few instructions.
    !text.bytes().all(|byte| byte.is_ascii_graphic()) && text.chars().any(char::is_control)
}

/// Checks a text that is sent in an HTTP header.
fn header_text(text: &str, max_bytes: usize) -> Result<(), Message> {
    if text.is_empty() {
        return Err(message!("is empty"));
    }
    if text.len() > max_bytes {
        return Err(message!("is longer than {} bytes", max_bytes));
    }
    match text.bytes().find(|byte| !byte.is_ascii_graphic()) {
        None => Ok(()),
        Some(b'\r' | b'\n') => {
            Err(message!("contains a line break; a value read from a file needs it removed"))
        }
        Some(b' ' | b'\t') => Err(message!("contains a blank")),
        Some(0) => Err(message!("contains a NUL")),
        Some(byte) if byte.is_ascii() => Err(message!("contains a control character")),
        Some(_) => Err(message!("contains a character outside ASCII")),
    }
}

pub(crate) fn token(token: &str) -> Result<()> {
    header_text(token, MAX_LINE_BYTES).map_err(|problem| Error::config("token", problem))
}

pub(crate) fn user_agent(name: &str) -> Result<()> {
    // Products are separated by blanks; otherwise as any header.
    header_text(&name.replace(' ', "-"), MAX_ID_BYTES)
        .map_err(|problem| Error::config("user_agent", problem))
}

pub(crate) fn request_id(id: &str) -> Result<()> {
    header_text(id, MAX_ID_BYTES).map_err(|problem| Error::config("request_id", problem))
}

/// The caller's own id of an order, checked. A blank one, as in the document's example, counts as none.
pub(crate) fn idempotence_id(id: Option<&str>) -> Result<Option<&str>> {
    const FIELD: &str = "idempotenceID";
    match id.filter(|id| !is_blank(id)) {
        None => Ok(None),
        Some(id) if id.len() > MAX_ID_BYTES => {
            Err(Error::argument(FIELD, message!("is longer than {} bytes", MAX_ID_BYTES)))
        }
        Some(id) if has_control(id) => {
            Err(Error::argument(FIELD, message!("contains a control character")))
        }
        Some(id) => Ok(Some(id)),
    }
}

/// Whether a text is empty or only blanks.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim_start().is_empty()
}

/// Checks a text that the operation requires.
pub(crate) fn required(field: &str, text: &str) -> Result<()> {
    required_in(None, field, text)
}

/// Checks a text that a part of the order requires; the message names the part, which may itself be
/// missing.
pub(crate) fn required_in(part: Option<&str>, field: &str, text: &str) -> Result<()> {
    if is_blank(text) {
        return Err(Error::argument(
            field,
            match part {
                None => message!("is required, but missing or empty"),
                Some(part) => message!("is required in {}, but missing or empty", part),
            },
        ));
    }
    size(field, text.len())
}

pub(crate) fn size(field: &str, bytes: usize) -> Result<()> {
    if bytes > MAX_FIELD_BYTES {
        return Err(Error::argument(
            field,
            message!("is longer than {} KiB", MAX_FIELD_BYTES / 1024),
        ));
    }
    Ok(())
}

pub(crate) fn month(month: u32) -> Result<()> {
    match month {
        12 | 13 | 24 | 25 => Ok(()),
        other => {
            let rule = message!("is {}, but should be 12 or 24, or 13 or 25 for a renewal", other);
            Err(Error::argument("month", rule))
        }
    }
}

pub(crate) fn country_code(code: Option<&str>) -> Result<()> {
    match code {
        None | Some("") => Ok(()),
        Some(code) if code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()) => Ok(()),
        Some(_) => {
            Err(Error::argument("countryCode", message!("should be two letters, such as CN")))
        }
    }
}

/// Checks the path of a call to any endpoint: `/v1/…`, with or without a query.
pub(crate) fn path(path: &str) -> Result<()> {
    const FIELD: &str = "path";
    if !path.starts_with('/') {
        return Err(Error::argument(FIELD, message!("does not start with /")));
    }
    if path.len() > MAX_LINE_BYTES {
        return Err(Error::argument(FIELD, message!("is longer than {} bytes", MAX_LINE_BYTES)));
    }
    if let Some(bad) = path.chars().find(|c| !c.is_ascii_graphic() || "#\\\"<>^`{|}".contains(*c)) {
        return Err(Error::argument(
            FIELD,
            message!("contains {}: percent-encode it", format!("{bad:?}")),
        ));
    }
    let walks = path.split(['/', '?']).any(|step| matches!(step, "." | ".."));
    if walks || path.starts_with("//") {
        return Err(Error::argument(FIELD, message!("contains `//` or a segment `.` or `..`")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_ids_are_opaque_but_not_paths() {
        assert_eq!(order_id(" A30B3F256-9D2D ").unwrap(), "A30B3F256-9D2D");
        for bad in ["", "  ", "a\nb", "a\0b", ".", "..", &"x".repeat(129)] {
            assert_eq!(order_id(bad).unwrap_err().field(), Some("orderID"), "{bad:?}");
        }
    }

    #[test]
    fn header_texts_with_line_breaks_or_blanks_are_refused() {
        assert!(token("tk_1").is_ok());
        for bad in ["", "tk\r\nX: y", "tk\n", "t k", "t\0k", "令牌", "tk\u{7f}"] {
            let error = token(bad).unwrap_err();
            assert_eq!(error.field(), Some("token"), "{bad:?}");
            assert!(
                bad.len() < 2 || !error.message().contains(bad),
                "the message contains the token"
            );
        }
        assert!(request_id("42").is_ok());
        assert!(request_id("4\n2").is_err());
        assert!(user_agent("shop/1.0 (php)").is_ok());
        assert!(user_agent("shop\r\nX: y").is_err());
    }

    #[test]
    fn an_empty_idempotence_id_is_none() {
        assert_eq!(idempotence_id(Some("")).unwrap(), None);
        assert_eq!(idempotence_id(Some(" ")).unwrap(), None);
        assert_eq!(idempotence_id(Some("db 42")).unwrap(), Some("db 42"));
        assert!(idempotence_id(Some("a\nb")).is_err());
    }

    #[test]
    fn months_and_countries_follow_the_document() {
        for good in [12, 13, 24, 25] {
            assert!(month(good).is_ok());
        }
        for bad in [0, 1, 11, 36] {
            assert_eq!(month(bad).unwrap_err().field(), Some("month"));
        }
        for good in [None, Some(""), Some("CN"), Some("us")] {
            assert!(country_code(good).is_ok());
        }
        for bad in ["C", "CHN", "中", "C1"] {
            assert_eq!(country_code(Some(bad)).unwrap_err().field(), Some("countryCode"));
        }
    }

    #[test]
    fn paths_with_dot_segments_are_refused() {
        assert!(path("/v1/Certificate/RetrievePem?orderID=1&a=b%20c").is_ok());
        for bad in ["v1", "//evil", "/v1/../x", "/a b", "/a#b", "/a\r\nb", "/订", "/a\\b", "/./a"]
        {
            assert_eq!(path(bad).unwrap_err().field(), Some("path"), "{bad}");
        }
    }
}
