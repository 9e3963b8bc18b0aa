//! Recognises text that is not in UTF-8.

/// The encoding of a text that has a byte order mark or begins with an ASCII character, by the name that
/// iconv knows; `None` for UTF-8 and for what is no text.
pub(crate) fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    let is_text = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    Some(match *bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => "UTF-32",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        [first, 0, 0, 0, ..] if is_text(first) => "UTF-32LE",
        [0, 0, 0, first, ..] if is_text(first) => "UTF-32BE",
        [first, 0, ..] if is_text(first) => "UTF-16LE",
        [0, first, ..] if is_text(first) => "UTF-16BE",
        _ => return None,
    })
}
