//! Text between C and the library, in the charset of the host.

use std::borrow::Cow;

use encoding_rs::GB18030;

use crate::error::{Error, Result};
use crate::messages::message;

/// The charset of the host's text.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) enum Charset {
    #[default]
    Utf8,
    Gb18030,
}

impl Charset {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
        }
    }

    pub(super) fn named(name: &str) -> Result<Self> {
        match &*name.to_ascii_uppercase() {
            "UTF-8" | "UTF8" => Ok(Self::Utf8),
            "GB18030" => Ok(Self::Gb18030),
            _ => Err(Error::config(
                "charset",
                message!("is neither UTF-8 nor GB18030 (a superset of GBK and GB2312)"),
            )),
        }
    }

    /// Decodes the host's text. `name` is the field's or the parameter's.
    pub(super) fn decode<'a>(self, name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>> {
        let text = match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Gb18030 => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
        };
        text.ok_or_else(|| Error::argument(name, message!("is not {}", self.as_str())))
    }

    /// Encodes text for the host, with a NUL at its end.
    pub(super) fn encode<'a>(self, text: impl Into<Cow<'a, str>>) -> Box<[u8]> {
        let mut text = text.into();
        // A NUL inside would end the text early for C.
        if memchr::memchr(0, text.as_bytes()).is_some() {
            text = text.replace('\0', "\u{fffd}").into();
        }
        match self {
            Self::Utf8 => with_nul(text.as_bytes()),
            Self::Gb18030 => with_nul(&GB18030.encode(&text).0),
        }
    }

    /// Encodes JSON for the host, with a NUL at its end.
    pub(super) fn encode_json(self, json: &str) -> Box<[u8]> {
        match self {
            Self::Utf8 => with_nul(json.as_bytes()),
            Self::Gb18030 => with_nul(ascii_json(json).as_bytes()),
        }
    }
}

pub(super) fn with_nul(bytes: &[u8]) -> Box<[u8]> {
    let mut text = Vec::with_capacity(bytes.len() + 1);
    text.extend_from_slice(bytes);
    text.push(0);
    text.into_boxed_slice()
}

/// Escapes all characters outside ASCII; in JSON they occur only inside strings.
fn ascii_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        if char.is_ascii() {
            out.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gb18030_round_trips() {
        // 沃通, a character beyond the BMP, and one that GBK lacks (four bytes).
        for text in ["沃通电子", "😀", "ñ", "€", "plain"] {
            let bytes = Charset::Gb18030.encode(text);
            assert_eq!(bytes.last(), Some(&0));
            let back = Charset::Gb18030.decode("x", &bytes[..bytes.len() - 1]).unwrap();
            assert_eq!(back, text);
        }
        assert_eq!(&*Charset::Gb18030.encode("沃通"), b"\xce\xd6\xcd\xa8\0");
    }

    #[test]
    fn undecodable_text_is_an_error_that_names_the_field() {
        for (charset, bytes, name) in [
            (Charset::Utf8, &b"\xce\xd6\xcd\xa8"[..], "is not UTF-8"),
            (Charset::Gb18030, b"\xff\xff", "is not GB18030"),
            (Charset::Gb18030, b"abc\x81", "is not GB18030"),
        ] {
            let error = charset.decode("OrgName", bytes).unwrap_err();
            assert_eq!(error.field(), Some("OrgName"));
            assert!(error.message().contains(name), "{error}");
        }
    }

    #[test]
    fn json_for_gb18030_is_ascii_and_equal() {
        let json = r#"{"a":"沃\"通😀","b":1}"#;
        let bytes = Charset::Gb18030.encode_json(json);
        assert!(bytes.is_ascii());
        let read = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
        assert_eq!(read(&bytes[..bytes.len() - 1]), read(json.as_bytes()));
    }

    #[test]
    fn embedded_nuls_become_replacement_characters() {
        assert_eq!(&*Charset::Utf8.encode("a\0b"), "a\u{fffd}b\0".as_bytes());
        assert_eq!(&*Charset::Utf8.encode("\0\0"), "\u{fffd}\u{fffd}\0".as_bytes());
        assert_eq!(&*Charset::Gb18030.encode("\0沃"), b"\x84\x31\xa4\x37\xce\xd6\0");
        assert_eq!(&*Charset::Utf8.encode(""), b"\0");
    }
}
