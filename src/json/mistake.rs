//! What is wrong with a text that should be JSON, and where, for a person.

use serde_json::Error;

use super::list::Value;
use crate::messages::{Message, message};
use crate::text_encoding::wide_encoding;

/// What is wrong with a text.
pub(crate) enum Mistake {
    /// It is not JSON: "line 3, column 9: a comma before the closing bracket".
    Syntax(Message),
    /// Anything else: "is empty".
    Other(Message),
}

impl Mistake {
    /// What is wrong with a text that should be JSON.
    pub(crate) fn message(self) -> Message {
        match self {
            Self::Syntax(place) => message!("is not JSON ({})", place),
            Self::Other(problem) => problem,
        }
    }

    /// What is wrong with a text that should be an object.
    pub(super) fn message_for_object(self) -> Message {
        match self {
            Self::Syntax(place) => message!("is not a JSON object ({})", place),
            Self::Other(problem) => message!("is not a JSON object (it {})", problem),
        }
    }
}

/// Why `text` cannot be read. It quotes no more than one character that stands outside of strings.
pub(super) fn mistake(text: &str, error: &Error) -> Mistake {
    if text.trim().is_empty() {
        return Mistake::Other(message!("is empty"));
    }
    if let Some(encoding) = wide_encoding(text.as_bytes()) {
        return Mistake::Other(message!("is {}, not UTF-8", encoding));
    }
    if text.starts_with('\u{feff}') {
        return Mistake::Syntax(message!("it begins with a byte order mark"));
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
    let reason = match error.is_eof() {
        true => message!("the text ends too early"),
        false => reason(before, rest),
    };
    Mistake::Syntax(message!("line {}, column {}: {}", line, column, reason))
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
fn reason(before: &str, rest: &str) -> Message {
    let last = before.trim_end().chars().next_back();
    match rest.chars().next() {
        Some('\n' | '\r') => message!("a line break inside a text: write it as \\n"),
        Some('\t') => message!("a tab inside a text: write it as \\t"),
        Some(control) if control.is_control() => {
            message!("a control character inside a text: write it as \\u and four digits")
        }
        Some('}' | ']') if last == Some(',') => {
            message!("a comma before the closing bracket")
        }
        Some('\'') => message!("a single quote: texts and names need double quotes"),
        Some('“' | '”' | '‘' | '’') => {
            message!("a typographic quote: use the plain one (\")")
        }
        Some('，' | '：') => message!("a full-width character: use the ASCII one"),
        Some('/' | '#') => message!("an unexpected character: JSON has no comments"),
        Some('<') => message!("an HTML or XML tag"),
        Some('\u{feff}') => message!("a byte order mark"),
        Some('\\') | None => message!("an escape that JSON does not know"),
        _ if last == Some('\\') || before.ends_with("\\u") => {
            message!("an escape that JSON does not know")
        }
        Some(letter) if letter.is_alphabetic() => {
            message!("a word or name without double quotes: only true, false and null need none")
        }
        Some('"') => message!("a comma or colon is missing before this text"),
        Some(sign) => message!("{} is not expected here", format!("{sign:?}")),
    }
}

/// Why these bytes are not UTF-8 text.
pub(crate) fn problem_of_bytes(bytes: &[u8]) -> Message {
    match wide_encoding(bytes) {
        Some(encoding) => message!("is {}, not UTF-8", encoding),
        None => message!("is not UTF-8"),
    }
}

/// That a value of another type than `expected` came.
pub(crate) fn wrong_type(expected: Message, value: Value<'_>) -> Message {
    let found = match value.is_text() && value.scalar().is_none() {
        true => message!("a text with half of a surrogate pair"),
        false => value.type_name(),
    };
    message!("should be {}, but is {}", expected, found)
}

#[cfg(test)]
mod tests {
    use super::super::Json;
    use super::*;

    fn problem_of(text: &str) -> String {
        Json::parse(text)
            .err()
            .unwrap_or_else(|| panic!("{text} is JSON"))
            .mistake
            .message()
            .to_string()
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
        let bytes = |bytes: &[u8]| problem_of_bytes(bytes).to_string();
        assert_eq!(bytes(b"\xff\xfe{\0"), "is UTF-16, not UTF-8");
        assert_eq!(bytes(b"\0\0\0{\xff"), "is UTF-32BE, not UTF-8");
        assert_eq!(bytes(b"{\"\xce\xd6\"}"), "is not UTF-8");
        assert_eq!(problem_of("{\0\"\0}\0"), "is UTF-16LE, not UTF-8");
        assert_eq!(problem_of(" "), "is empty");
        assert!(problem_of("\u{feff}{}").contains("byte order mark"));
    }
}
