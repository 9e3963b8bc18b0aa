//! Preparing text for a terminal or a shell: escaping, quoting, masking and line breaking.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Whether a terminal may act on the character instead of showing it: control characters (C0, DEL and
/// C1), and characters that reorder or hide the text around them.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A value on one line: line breaks and tabs become spaces, other unprintable characters are escaped.
pub(crate) fn printable(text: &str) -> String {
    escaped(text, |c| matches!(c, '\n' | '\r' | '\t').then_some(' '))
}

/// A text of several lines: line feeds and tabs stay, other unprintable characters are escaped.
pub(crate) fn printable_lines(text: &str) -> String {
    escaped(&text.replace("\r\n", "\n"), |c| matches!(c, '\n' | '\t').then_some(c))
}

fn escaped(text: &str, allowed: impl Fn(char) -> Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match allowed(c) {
            Some(replacement) => out.push(replacement),
            None if is_unprintable(c) => out.extend(c.escape_unicode()),
            None => out.push(c),
        }
    }
    out
}

/// JSON in which every character that `escape` selects is written as `\uXXXX`. Such characters can
/// only be inside strings, so the JSON keeps its meaning.
pub(crate) fn json_escaped(json: &str, escape: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        // Line breaks and tabs separate the parts of formatted JSON.
        if escape(c) && !matches!(c, '\n' | '\r' | '\t') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out += &format!("\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A value as one word of a POSIX shell command that is printed for copying.
pub(crate) fn shell_quoted(text: &str) -> String {
    let text = printable(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A positional argument of a command that is printed for copying: a leading hyphen must not turn it
/// into an option.
pub(crate) fn shell_argument(text: &str) -> String {
    let quoted = shell_quoted(text);
    if text.starts_with('-') { format!("-- {quoted}") } else { quoted }
}

/// A text of at most `columns` columns: a longer one ends with "…".
pub(crate) fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut width = 1;
    let fits = |c: &char| {
        width += c.width().unwrap_or(0);
        width <= columns
    };
    text.chars().take_while(fits).collect::<String>() + "…"
}

/// A telephone or identity number of which only the ends are shown.
pub(crate) fn masked(secret: &str, show: bool) -> String {
    let characters: Vec<char> = secret.chars().collect();
    match characters.len() {
        _ if show => secret.to_owned(),
        0 => String::new(),
        1..=6 => "****".to_owned(),
        length => {
            let head: String = characters[..3].iter().collect();
            let tail: String = characters[length - 2..].iter().collect();
            format!("{head}****{tail}")
        }
    }
}

/// Splits the text into lines of at most `columns` columns. Lines break at spaces and beside Chinese
/// characters; a word is split only if it is longer than a line.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut width, mut break_at, mut previous) = (String::new(), 0, None, None);
    for c in text.chars() {
        if previous.is_some_and(|previous| can_break_between(previous, c)) {
            break_at = Some(line.len());
        }
        let char_width = c.width().unwrap_or(0);
        if width + char_width > columns && c != ' ' {
            let rest = line.split_off(break_at.filter(|at| *at > 0).unwrap_or(line.len()));
            lines.push(std::mem::replace(&mut line, rest).trim_end().to_owned());
            (width, break_at) = (line.width(), None);
        }
        line.push(c);
        width += char_width;
        previous = Some(c);
    }
    lines.push(line);
    lines
}

/// Whether a line may end between two characters: not before closing punctuation and not after
/// opening punctuation.
fn can_break_between(before: char, after: char) -> bool {
    let opens = "（“《【".contains(before);
    let closes = "，。、；：？！）”》】".contains(after);
    let chinese = |c: char| c.width() == Some(2) || "“”".contains(c);
    after != ' ' && (before == ' ' || (chinese(before) || chinese(after)) && !opens && !closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_around_chinese_punctuation() {
        let text = "键：on=操作（create_order 等）、request_id=前缀。";
        assert_eq!(
            wrapped(text, 16),
            ["键：on=操作", "（create_order", "等）、", "request_id=前", "缀。"]
        );
        assert_eq!(wrapped("aaaa bbbb", 4), ["aaaa", "bbbb"]);
        assert_eq!(wrapped("aaaabbbb cc", 4), ["aaaa", "bbbb", "cc"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn terminal_control_and_bidi_characters_are_escaped() {
        assert_eq!(
            printable("a\x1b[2Jb\r\nc\u{9b}\u{202e}\u{2028}\u{7f}"),
            "a\\u{1b}[2Jb  c\\u{9b}\\u{202e}\\u{2028}\\u{7f}"
        );
        assert_eq!(printable_lines("a\r\nb\tc\rd\u{9d}"), "a\nb\tc\\u{d}d\\u{9d}");
        assert_eq!(printable("沃通电子认证服务有限公司"), "沃通电子认证服务有限公司");
    }

    #[test]
    fn escaped_json_keeps_its_value() {
        let json = "{\"a\":\"\u{9b}沃\u{202e}😀\",\n\"b\":1}";
        for escaped in [json_escaped(json, is_unprintable), json_escaped(json, |c| !c.is_ascii())] {
            assert!(!escaped.contains(['\u{9b}', '\u{202e}']), "{escaped}");
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!(value(&escaped), value(json));
        }
        assert!(json_escaped(json, |c| !c.is_ascii()).is_ascii());
    }

    #[test]
    fn shell_words_are_quoted() {
        assert_eq!(shell_quoted("a4a78326-0546"), "a4a78326-0546");
        assert_eq!(shell_quoted("x; rm -rf ~"), "'x; rm -rf ~'");
        assert_eq!(shell_quoted("it's $(id) `id`"), r"'it'\''s $(id) `id`'");
        assert_eq!(shell_quoted(""), "''");
        assert_eq!(shell_quoted("a\nb"), "'a b'");
        assert_eq!(shell_argument("--yes"), "-- --yes");
    }

    #[test]
    fn long_texts_are_shortened_by_their_width() {
        assert_eq!(shortened("沃通", 4), "沃通");
        for (columns, text) in [(3, "沃…"), (4, "沃…"), (5, "沃通…")] {
            assert_eq!(shortened("沃通电子", columns), text);
            assert!(text.width() <= columns + usize::from("…".width() == 2));
        }
    }

    #[test]
    fn masked_numbers_show_their_ends_only() {
        assert_eq!(masked("18610077459", false), "186****59");
        assert_eq!(masked("123456", false), "****");
        assert_eq!(masked("", false), "");
        assert_eq!(masked("18610077459", true), "18610077459");
    }
}
