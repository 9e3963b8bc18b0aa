//! The charset of the locale, for example GBK in `zh_CN.GBK`.
//!
//! Text for people is written in this charset, and arguments and variables are read in it. JSON output is
//! ASCII in such a locale (other characters as `\uXXXX`), so it stays valid JSON in every charset. Files
//! are always UTF-8, and paths are passed on as the bytes that the user gave.

use std::borrow::Cow;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use encoding_rs::{EncoderResult, Encoding, UTF_8};

use crate::text::json_escaped;

/// The locale's charset. UTF-8 if the locale names none, as `C` does, or an unknown one.
fn current() -> &'static Encoding {
    static CURRENT: OnceLock<&Encoding> = OnceLock::new();
    CURRENT.get_or_init(|| {
        // Windows hands out Unicode arguments and takes Unicode text for the console.
        if cfg!(unix) { of_locale(|name| env::var(name).ok()) } else { UTF_8 }
    })
}

pub(crate) fn is_utf8() -> bool {
    current() == UTF_8
}

/// The charset's name, for messages.
pub(crate) fn name() -> &'static str {
    current().name()
}

/// POSIX: the first of these variables that is not empty counts; the charset follows the dot.
fn of_locale(get: impl Fn(&str) -> Option<String>) -> &'static Encoding {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(get)
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    let Some((_, charset)) = locale.split_once('.') else { return UTF_8 };
    let charset = charset.split('@').next().unwrap_or_default().to_ascii_lowercase();
    // Names of glibc and the BSDs that differ from the labels of the encoding standard.
    let label = match charset.as_str() {
        "euccn" | "euc-cn" | "cp936" => "gbk",
        "eucjp" => "euc-jp",
        "euckr" => "euc-kr",
        "euctw" | "euc-tw" | "big5hkscs" => "big5",
        "ascii" | "us-ascii" | "ansi_x3.4-1968" | "646" => "utf-8",
        other => other,
    };
    Encoding::for_label(label.as_bytes()).map_or(UTF_8, Encoding::output_encoding)
}

/// Text in the locale's charset. A character that the charset lacks is written as `\u{…}`.
pub(crate) fn encoded(text: &str) -> Cow<'_, [u8]> {
    encoded_in(current(), text)
}

fn encoded_in<'a>(charset: &'static Encoding, text: &'a str) -> Cow<'a, [u8]> {
    if charset == UTF_8 || text.is_ascii() {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut out = Vec::with_capacity(text.len() * 2);
    let mut encoder = charset.new_encoder();
    let mut rest = text;
    loop {
        // Enough for every charset: at most four bytes a character.
        out.reserve(rest.len() * 4 + 16);
        let (result, read) =
            encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut out, true);
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return Cow::Owned(out),
            EncoderResult::Unmappable(c) => {
                out.extend(c.escape_unicode().map(|ascii| ascii as u8));
            }
            EncoderResult::OutputFull => {}
        }
    }
}

/// An argument or a variable as text; `None` if it is not valid in the locale's charset.
pub(crate) fn decoded(value: &OsStr) -> Option<String> {
    decoded_in(current(), value)
}

#[cfg(unix)]
fn decoded_in(charset: &'static Encoding, value: &OsStr) -> Option<String> {
    decoded_bytes(charset, std::os::unix::ffi::OsStrExt::as_bytes(value))
}

#[cfg(not(unix))]
fn decoded_in(_: &'static Encoding, value: &OsStr) -> Option<String> {
    value.to_str().map(str::to_owned)
}

/// A line that was typed on the terminal.
pub(crate) fn decoded_line(bytes: &[u8]) -> Option<String> {
    decoded_bytes(current(), bytes)
}

fn decoded_bytes(charset: &'static Encoding, bytes: &[u8]) -> Option<String> {
    charset.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
}

/// The path that a text names: the inverse of [`decoded`].
pub(crate) fn path(text: &str) -> PathBuf {
    PathBuf::from(os_string(text))
}

#[cfg(unix)]
fn os_string(text: &str) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(encoded(text).into_owned())
}

#[cfg(not(unix))]
fn os_string(text: &str) -> OsString {
    text.into()
}

/// A path for messages; bytes that are not valid in the locale's charset are replaced.
pub(crate) fn display(path: &Path) -> String {
    decoded(path.as_os_str()).unwrap_or_else(|| path.display().to_string())
}

/// JSON as it is printed: in ASCII unless the locale is UTF-8.
pub(crate) fn json(json: &str) -> Cow<'_, str> {
    match is_utf8() || json.is_ascii() {
        true => Cow::Borrowed(json),
        false => Cow::Owned(json_escaped(json, |c| !c.is_ascii())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GB18030, GBK};

    #[test]
    fn the_charset_is_taken_from_the_locale() {
        let of = |variables: &[(&str, &str)]| {
            let get = |name: &str| {
                variables.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).into())
            };
            of_locale(get).name()
        };
        assert_eq!(of(&[]), "UTF-8");
        for (locale, charset) in [
            ("C", "UTF-8"),
            ("C.UTF-8", "UTF-8"),
            ("zh_CN.utf8", "UTF-8"),
            ("zh_CN", "UTF-8"),
            ("zh_CN.GBK", "GBK"),
            ("zh_CN.gb2312", "GBK"),
            ("zh_CN.eucCN", "GBK"),
            ("zh_CN.GB18030@stroke", "gb18030"),
            ("zh_TW.BIG5", "Big5"),
            ("ja_JP.eucJP", "EUC-JP"),
            ("de_DE.ISO-8859-1", "windows-1252"),
            ("de_DE.ISO8859-15", "ISO-8859-15"),
            ("en_US.ANSI_X3.4-1968", "UTF-8"),
            ("zh_CN.nonsense", "UTF-8"),
        ] {
            assert_eq!(of(&[("LANG", locale)]), charset, "{locale}");
        }
        assert_eq!(of(&[("LC_CTYPE", "zh_CN.GBK"), ("LANG", "C.UTF-8")]), "GBK");
        assert_eq!(of(&[("LC_ALL", "C.UTF-8"), ("LC_CTYPE", "zh_CN.GBK")]), "UTF-8");
    }

    #[test]
    fn text_is_encoded_and_unmappable_characters_are_escaped() {
        assert_eq!(*encoded_in(GBK, "沃通 ok"), *b"\xce\xd6\xcd\xa8 ok");
        assert_eq!(*encoded_in(GBK, "a😀沃"), *b"a\\u{1f600}\xce\xd6");
        let text = "沃通😀 → 𠀀".repeat(500);
        let bytes = encoded_in(GB18030, &text);
        assert_eq!(decoded_bytes(GB18030, &bytes).as_deref(), Some(text.as_str()));
        assert_eq!(decoded_bytes(GBK, b"\xff\xff"), None);
    }
}
