//! One pass over a text: is it JSON, and where do its values stand?

use super::plain;

/// Deeper nesting than any answer has is an attack on whoever walks it.
pub(super) const DEEPEST: usize = 64;

/// Where a value stands, and how many nodes it is with all that is inside. In an object a name is a
/// node like the value after it.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) count: u32,
    /// Which of the escapes is its first; `PLAIN` where it has none.
    pub(super) escapes: u32,
}

pub(super) const PLAIN: u32 = u32::MAX;

/// The values in the order they begin, and where each backslash stands that begins an escape.
#[derive(Clone)]
pub(super) struct Scan {
    pub(super) nodes: Vec<Node>,
    pub(super) escapes: Vec<u32>,
}

/// Nothing for what is no JSON (RFC 8259), or too deep.
pub(super) fn scan(json: &[u8]) -> Option<Scan> {
    let mut nodes = Vec::with_capacity(json.len() / 16 + 8);
    let mut escapes = Vec::new();
    // What is open, and a bit for each: whether it is an object; the innermost is the lowest.
    let (mut open, mut depth, mut objects) = ([0; DEEPEST], 0, 0_u64);
    let mut at = blanks(json, 0);
    loop {
        let (start, mut first) = (at, PLAIN);
        let byte = *json.get(at)?;
        let opens = matches!(byte, b'{' | b'[');
        match byte {
            b'"' => (at, first) = text(json, at + 1, &mut escapes)?,
            _ if opens => {
                *open.get_mut(depth)? = nodes.len() as u32;
                depth += 1;
                objects = objects << 1 | u64::from(byte == b'{');
                at += 1;
            }
            _ => at += word(&json[at..])?,
        }
        nodes.push(Node { start: start as u32, end: at as u32, count: 1, escapes: first });
        // After a value comes a comma, or the end of what is open; what opened may be empty.
        let mut empty = opens;
        loop {
            at = blanks(json, at);
            if depth == 0 {
                return (at == json.len()).then_some(Scan { nodes, escapes });
            }
            let end = if objects & 1 == 1 { b'}' } else { b']' };
            match *json.get(at)? {
                byte if byte == end => {
                    at += 1;
                    depth -= 1;
                    objects >>= 1;
                    let index = open[depth] as usize;
                    let count = nodes.len() - index;
                    (nodes[index].end, nodes[index].count) = (at as u32, count as u32);
                    empty = false;
                }
                _ if empty => break,
                b',' => {
                    at = blanks(json, at + 1);
                    break;
                }
                _ => return None,
            }
        }
        // In an object the next value has a name.
        if objects & 1 == 1 {
            if *json.get(at)? != b'"' {
                return None;
            }
            let (end, first) = text(json, at + 1, &mut escapes)?;
            nodes.push(Node { start: at as u32, end: end as u32, count: 1, escapes: first });
            at = blanks(json, end);
            if *json.get(at)? != b':' {
                return None;
            }
            at = blanks(json, at + 1);
        }
    }
}

/// Where the blanks end that `at` may be the first of.
fn blanks(json: &[u8], mut at: usize) -> usize {
    while matches!(json.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Where the text ends whose first character stands at `at`, its closing quote included, and which
/// of the escapes is its first.
fn text(json: &[u8], mut at: usize, escapes: &mut Vec<u32>) -> Option<(usize, u32)> {
    let mut first = PLAIN;
    loop {
        at += plain(&json[at..]);
        match json.get(at)? {
            b'"' => return Some((at + 1, first)),
            b'\\' => first = first.min(escapes.len() as u32),
            _ => return None,
        }
        if escapes.is_empty() {
            // PEM has one a line.
            escapes.reserve(json.len() / 32);
        }
        escapes.push(at as u32);
        at += match json.get(at + 1)? {
            b'u' if json.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => 6,
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            _ => return None,
        };
    }
}

/// How long the number or literal is that `json` begins with.
fn word(json: &[u8]) -> Option<usize> {
    let literal: &[u8] = match json.first()? {
        b't' => b"true",
        b'f' => b"false",
        b'n' => b"null",
        _ => return number(json),
    };
    json.starts_with(literal).then_some(literal.len())
}

fn number(json: &[u8]) -> Option<usize> {
    let digits = |at: usize| json[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is = |at: usize, bytes: &[u8]| json.get(at).is_some_and(|byte| bytes.contains(byte));
    let mut at = usize::from(is(0, b"-"));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && is(at, b"0")) {
        return None;
    }
    at += whole;
    if is(at, b".") {
        let fraction = digits(at + 1);
        at += 1 + fraction;
        if fraction == 0 {
            return None;
        }
    }
    if is(at, b"eE") {
        at += 1 + usize::from(is(at + 1, b"+-"));
        let exponent = digits(at);
        at += exponent;
        if exponent == 0 {
            return None;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    /// Whether both take it, or neither does.
    fn agreed(text: &str) -> bool {
        let theirs = serde_json::from_str::<IgnoredAny>(text).is_ok();
        assert_eq!(scan(text.as_bytes()).is_some(), theirs, "{text}");
        theirs
    }

    #[test]
    fn what_is_json_is_what_the_library_takes() {
        for good in [
            "0",
            "-0",
            "12",
            "-1.50",
            "1e9",
            "1E+9",
            "0.0e-0",
            "true",
            "false",
            "null",
            "\"\"",
            "{}",
            "[]",
            " [ ] ",
            "[[],{}]",
            "{\"\":{}}",
            "[1,2]",
            "{\"a\":1,\"a\":[]}",
            "\"\\u00e9\\/\\b\"",
            "\"\\ud800\"",
            "\"\u{7f}é\"",
            "[0 ]\n",
        ] {
            assert!(agreed(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "-",
            "01",
            "1.",
            ".1",
            "1e",
            "1e+",
            "+1",
            "1x",
            "0x1",
            "tru",
            "truex",
            "nul",
            "True",
            "{",
            "}",
            "[",
            "]",
            "[}",
            "{]",
            "[1,]",
            "[,1]",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{1:1}",
            "{a:1}",
            "[1 2]",
            "[1]]",
            "{}{}",
            "1 1",
            "1,",
            ",1",
            ":",
            "\"",
            "\"\\",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"\\u123\"",
            "\"\n\"",
            "\"\t\"",
            "\u{feff}1",
            "[\"a\":1]",
            "{\"a\",1}",
            "'a'",
            "[1]//",
            "\u{b}1",
        ] {
            assert!(!agreed(bad), "{bad}");
        }
    }

    #[test]
    fn depth_has_an_end() {
        let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(scan(deep(DEEPEST).as_bytes()).is_some());
        assert!(scan(deep(DEEPEST + 1).as_bytes()).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn whatever_stands_in_a_row_is_json_for_both_or_for_neither(
            tokens in prop::collection::vec(prop::sample::select(&[
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"\\n\":", "1", "null", " ", "{}", "[]", "\"a\":1",
            ][..]), 0..9)
        ) {
            agreed(&tokens.concat());
        }
    }
}
