//! Percent-encoding for paths and queries.

/// `path` followed by `text`, which is percent-encoded for one path segment or one query value.
pub(crate) fn with_encoded(path: &str, text: &str) -> String {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if text.bytes().all(is_plain) {
        return [path, text].concat();
    }
    let encode = |byte| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    path.to_owned() + &text.bytes().map(encode).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_one_segment() {
        for (text, segment) in [
            ("A30B3F256-9D2D.x_y~z", "A30B3F256-9D2D.x_y~z"),
            ("../x", "..%2Fx"),
            ("a?b", "a%3Fb"),
            ("%2e", "%252e"),
            ("a/b", "a%2Fb"),
            ("订", "%E8%AE%A2"),
            ("a#b;c", "a%23b%3Bc"),
        ] {
            assert_eq!(with_encoded("/", text), format!("/{segment}"));
        }
    }
}
