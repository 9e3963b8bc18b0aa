//! What is wrong with a text that should be JSON, and where, for a person.

use serde_json::Error;

use super::value::Value;

/// Why `text` cannot be read: "is not JSON (line 3, column 9: a comma before the closing bracket)".
/// It quotes no more than one character that stands outside of strings.
pub(super) fn problem(text: &str, error: &Error) -> String {
    if text.trim().is_empty() {
        return "is empty".to_owned();
    }
    if let Some(encoding) = other_encoding(text.as_bytes()) {
        return format!("is {encoding}, not UTF-8");
    }
    if text.starts_with('\u{feff}') {
        return "is not JSON (it begins with a byte order mark)".to_owned();
    }
    // serde_json counts bytes, and mostly has passed the character that it refuses.
    let line_start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len);
    let passed = (line_start.sum::<usize>() + error.column()).min(text.len());
    let control = text.as_bytes().get(passed).is_some_and(u8::is_ascii_control);
    let at = match control && ends_in_string(&text.as_bytes()[..passed]) {
        _ if error.is_eof() => text.len(),
        true => passed,
        false => (0..passed).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default(),
    };
    let (before, rest) = text.split_at(at);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let mistake = match error.is_eof() {
        true => "the text ends too early".to_owned(),
        false => mistake(before, rest),
    };
    format!("is not JSON (line {line}, column {column}: {mistake})")
}

/// Whether a string is open where `json` ends.
fn ends_in_string(json: &[u8]) -> bool {
    let (mut open, mut bytes) = (false, json.iter());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => open = !open,
            b'\\' => _ = bytes.next(),
            _ => {}
        }
    }
    open
}

/// A description of the mistake for a person; `rest` begins with the character that JSON refuses.
fn mistake(before: &str, rest: &str) -> String {
    let last = before.trim_end().chars().next_back();
    let known = match rest.chars().next() {
        Some('\n' | '\r') => r"a line break inside a text: write it as \n",
        Some('\t') => r"a tab inside a text: write it as \t",
        Some(control) if control.is_control() => {
            r"a control character inside a text: write it as \u and four digits"
        }
        Some('}' | ']') if last == Some(',') => "a comma before the closing bracket",
        Some('\'') => "a single quote: texts and names need double quotes",
        Some('“' | '”' | '‘' | '’') => "a typographic quote: use the plain one (\")",
        Some('，' | '：') => "a full-width character: use the ASCII one",
        Some('/' | '#') => "an unexpected character: JSON has no comments",
        Some('\u{feff}') => "a byte order mark",
        Some('\\') | None => "an escape that JSON does not know",
        _ if last == Some('\\') || before.ends_with("\\u") => "an escape that JSON does not know",
        Some(letter) if letter.is_alphabetic() => {
            "a word or name without double quotes: only true, false and null need none"
        }
        Some('"') => "a comma or colon is missing before this text",
        Some(sign) => return format!("{sign:?} is not expected here"),
    };
    known.to_owned()
}

/// Why these bytes are not UTF-8 text.
pub(crate) fn problem_of_bytes(bytes: &[u8]) -> String {
    match other_encoding(bytes) {
        Some(encoding) => format!("is {encoding}, not UTF-8"),
        None => "is not UTF-8".to_owned(),
    }
}

/// The encoding of a text that begins with an ASCII character or a byte order mark.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match *bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("UTF-16"),
        [0, 0, 0, _, ..] | [_, 0, 0, 0, ..] => Some("UTF-32"),
        [0, _, ..] | [_, 0, ..] => Some("UTF-16"),
        _ => None,
    }
}

/// That a value of another type than `expected` came.
pub(crate) fn wrong_type(expected: &str, value: Value<'_>) -> String {
    let found = match value.is_text() && value.scalar().is_none() {
        true => "a text with half of a surrogate pair",
        false => value.type_name(),
    };
    format!("should be {expected}, but is {found}")
}

#[cfg(test)]
mod tests {
    use super::super::Json;
    use super::*;

    fn problem_of(text: &str) -> String {
        Json::parse(text).err().unwrap_or_else(|| panic!("{text} is JSON")).problem
    }

    #[test]
    fn the_usual_mistakes_are_named_with_their_place() {
        for (text, place, mistake) in [
            ("{\"a\":\"沃\nb\"}", "line 1, column 8", "line break"),
            ("{\n \"a\": \"x\r\ny\"}", "line 2, column 9", "line break"),
            ("{\"a\":\"\t\"}", "line 1, column 7", "tab"),
            ("{\"a\":\"\u{1}\"}", "line 1, column 7", "control character"),
            ("{\"a\":1,\n}", "line 2, column 1", "comma before the closing bracket"),
            ("[1, ]", "line 1, column 5", "comma before the closing bracket"),
            ("{'a':1}", "line 1, column 2", "single quote"),
            ("{\"沃\":'a'}", "line 1, column 6", "single quote"),
            ("{“a”:1}", "line 1, column 2", "typographic quote"),
            ("{\"a\"：1}", "line 1, column 5", "full-width"),
            ("{\"a\":1}\n// x", "line 2, column 1", "comments"),
            ("{/* x */}", "line 1, column 2", "comments"),
            ("{a:1}", "line 1, column 2", "without double quotes"),
            ("{\"a\":True}", "line 1, column 6", "without double quotes"),
            ("{\"a\":NaN}", "line 1, column 6", "without double quotes"),
            ("{\"a\":\"\\x\"}", "line 1, column 8", "escape"),
            ("{\"a\" 1}", "line 1, column 6", "not expected"),
            ("{\"a\":1 \"b\":2}", "line 1, column 8", "missing before this text"),
            ("{\"a\":1", "line 1, column 7", "ends too early"),
            ("{\"a\":\"b", "line 1, column 8", "ends too early"),
            ("{} x", "line 1, column 4", "without double quotes"),
            ("{\"a\":\u{feff}1}", "line 1, column 6", "byte order mark"),
        ] {
            let problem = problem_of(text);
            assert!(problem.starts_with("is not JSON ("), "{problem}");
            assert!(problem.contains(&format!("{place}: ")), "{text:?}: {problem}");
            assert!(problem.contains(mistake), "{text:?}: {problem}");
        }
    }

    #[test]
    fn other_encodings_are_named() {
        assert_eq!(problem_of_bytes(b"\xff\xfe{\0"), "is UTF-16, not UTF-8");
        assert_eq!(problem_of_bytes(b"\0\0\0{\xff"), "is UTF-32, not UTF-8");
        assert_eq!(problem_of_bytes(b"{\"\xce\xd6\"}"), "is not UTF-8");
        assert_eq!(problem_of("{\0\"\0}\0"), "is UTF-16, not UTF-8");
        assert_eq!(problem_of(" "), "is empty");
        assert!(problem_of("\u{feff}{}").contains("byte order mark"));
    }
}
