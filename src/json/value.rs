//! A JSON value as it is written in its text; what is inside is read when it is asked for.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::list::{Member, MemberList, Value};
use crate::messages::{Message, message};

impl<'a> Value<'a> {
    /// `json` must be a valid value without blanks around it.
    pub(crate) fn new(json: &'a str) -> Self {
        Self(json)
    }

    /// The value as it is written in its text.
    pub(crate) fn raw(self) -> &'a str {
        self.0
    }

    /// The first byte, which tells the value's type.
    fn first(self) -> u8 {
        self.0.as_bytes().first().copied().unwrap_or_default()
    }

    pub(crate) fn is_object(self) -> bool {
        self.first() == b'{'
    }

    pub(crate) fn is_null(self) -> bool {
        self.first() == b'n'
    }

    pub(crate) fn is_text(self) -> bool {
        self.first() == b'"'
    }

    pub(crate) fn is_boolean(self) -> bool {
        matches!(self.first(), b't' | b'f')
    }

    /// The value's type, for messages.
    pub(crate) fn type_name(self) -> Message {
        match self.first() {
            b'{' => message!("an object"),
            b'[' => message!("a list"),
            b'"' => message!("a text"),
            b't' | b'f' => message!("a boolean"),
            b'n' => message!("null"),
            _ => message!("a number"),
        }
    }

    /// The items of an array.
    pub(crate) fn items(self) -> Option<impl Iterator<Item = Value<'a>>> {
        if self.first() != b'[' {
            return None;
        }
        let items: Vec<&RawValue> = serde_json::from_str(self.0).unwrap_or_default();
        Some(items.into_iter().map(|item| Value(item.get())))
    }

    /// An array of texts, null and blank items left out; a single text counts as an array of one.
    /// `None` for any other value.
    pub(crate) fn texts(self) -> Option<Vec<String>> {
        let mut texts = match self.simple_texts() {
            Some(texts) => texts,
            None => match self.items() {
                Some(items) => items.filter_map(Self::scalar).map(Cow::into_owned).collect(),
                None => vec![self.scalar()?.into_owned()],
            },
        };
        texts.retain(|text| !text.trim_start().is_empty());
        Some(texts)
    }

    /// The items of an array that are all texts with simple escapes.
    fn simple_texts(self) -> Option<Vec<String>> {
        let (mut texts, mut rest) = (Vec::new(), self.0.strip_prefix('[')?.trim_ascii_start());
        while rest != "]" {
            let (text, after) = simple_text(rest)?;
            texts.push(text.into_owned());
            let after = after.trim_ascii_start();
            rest = after.strip_prefix(',').map_or(after, str::trim_ascii_start);
        }
        Some(texts)
    }

    /// The members of an object in the order they came; of any other value, none.
    pub(crate) fn members(self) -> impl Iterator<Item = Member<'a>> {
        self.list().into_members(self.0)
    }

    fn list(self) -> MemberList {
        let members = self.is_object().then(|| MemberList::of(self.0, self.0).ok());
        members.flatten().unwrap_or_default()
    }

    /// The member of this name; see [`MemberList::get`].
    pub(crate) fn get(self, name: &str) -> Option<Value<'a>> {
        self.list().get(self.0, name)
    }

    /// The value at a dotted path (`org.orgName`, `chains_RSA.0`) below this one.
    pub(crate) fn at_path(self, path: &str) -> Option<Value<'a>> {
        path.split('.').try_fold(self, |value, step| match value.items() {
            Some(mut items) => items.nth(step.parse().ok()?),
            None => value.get(step),
        })
    }

    /// A text unescaped; `None` for a text with half of a surrogate pair, which has no UTF-8 form.
    fn unescaped(self) -> Option<Cow<'a, str>> {
        let simple = simple_text(self.0).map(|(text, _)| text);
        simple.or_else(|| serde_json::from_str(self.0).ok().map(Cow::Owned))
    }

    /// A text unescaped, or a number or boolean as written; `None` for null, objects and arrays.
    pub(crate) fn scalar(self) -> Option<Cow<'a, str>> {
        match self.first() {
            b'"' => self.unescaped(),
            b'{' | b'[' | b'n' => None,
            _ => Some(Cow::Borrowed(self.0)),
        }
    }

    /// The value as a boolean; see [`flag`].
    pub(crate) fn flag(self) -> Option<bool> {
        flag(&self.scalar()?)
    }

    /// The value as callers get it: texts unescaped, numbers and booleans as text, objects and
    /// arrays as JSON, null as `None`.
    pub(crate) fn display(self) -> Option<Cow<'a, str>> {
        match self.first() {
            b'{' | b'[' => Some(Cow::Borrowed(self.0)),
            _ => self.scalar(),
        }
    }
}

/// A text as a boolean: `true`, `false`, `1` or `0`, in any case, with blanks around it.
pub(crate) fn flag(text: &str) -> Option<bool> {
    let is = |word: &str| text.trim().eq_ignore_ascii_case(word);
    match is("true") || is("1") {
        true => Some(true),
        false => (is("false") || is("0")).then_some(false),
    }
}

/// The string that valid JSON begins with, unescaped, and what follows it. `None` for other escapes than
/// those of line breaks, tabs and slashes: serde_json knows them all.
fn simple_text(json: &str) -> Option<(Cow<'_, str>, &str)> {
    const LINE: usize = 64;
    let [b'"', ..] = json.as_bytes() else { return None };
    let rest = &json[1..];
    let (text, after) = rest.split_at(memchr::memchr(b'"', rest.as_bytes())?);
    let after = &after[1..];
    let backslash = |text: &str| memchr::memchr(b'\\', text.as_bytes());
    let mut next = backslash(text);
    if next.is_none() {
        return Some((Cow::Borrowed(text), after));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next {
        out.push_str(&rest[..at]);
        out.push(match rest.as_bytes().get(at + 1)? {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'/' => '/',
            _ => return None,
        });
        rest = &rest[at + 2..];
        // Certificates are most of what is read: their lines are copied without a search for escapes.
        while let Some((line, later)) = rest.split_at_checked(LINE) {
            let Some(later) = later.strip_prefix("\\n") else { break };
            out.push_str(line);
            out.push('\n');
            rest = later;
        }
        next = backslash(rest);
    }
    out.push_str(rest);
    // An escape in one of those lines was copied as it is.
    backslash(&out).is_none().then_some((Cow::Owned(out), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_may_come_as_texts_and_numbers() {
        for (json, expected) in [
            ("\"TRUE\"", Some(true)),
            ("1", Some(true)),
            ("\"1\"", Some(true)),
            ("false", Some(false)),
            ("\" 0 \"", Some(false)),
            ("\"yes\"", None),
            ("{}", None),
            ("null", None),
        ] {
            assert_eq!(Value(json).flag(), expected, "{json}");
        }
    }

    #[test]
    fn a_path_steps_through_objects_and_lists() {
        let json =
            r#"{"org" : {"orgName":"沃\u901a"}, "chains_RSA":[ "r" , {"x":1, "y":[]} ],"n":null}"#;
        let at = |path| Value(json).at_path(path).and_then(Value::display);
        for (path, expected) in [
            ("org.orgName", "沃通"),
            ("ORG.ORGNAME", "沃通"),
            ("chains_RSA.0", "r"),
            ("chains_RSA.1", r#"{"x":1, "y":[]}"#),
            ("chains_RSA.1.x", "1"),
            ("chains_RSA.1.y", "[]"),
        ] {
            assert_eq!(at(path).unwrap(), expected);
        }
        for missing in [
            "n",
            "org.orgName.x",
            "chains_RSA.2",
            "chains_RSA.x",
            "",
            ".",
            "org.",
            ".org",
            "chains_RSA.",
        ] {
            assert!(at(missing).is_none(), "{missing}");
        }
    }

    #[test]
    fn simple_escapes_are_unescaped_wherever_they_stand() {
        let line = "x".repeat(64);
        for text in [
            format!("{line}\n"),
            format!("BEGIN\n{line}\n{line}\nend\n"),
            format!("\n{}\\\n{line}\n", &line[1..]),
            format!("\n{}\\n{line}\n", &line[1..]),
            format!("\n{}沃\n{line}\t\r\\/", &line[3..]),
            format!("a\n{line}"),
            "\\\\n\n".to_owned(),
            "\"\n\u{1}".to_owned(),
        ] {
            let json = serde_json::to_string(&text).unwrap();
            assert_eq!(Value(&json).scalar().unwrap(), text);
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_not_text() {
        assert_eq!(Value(r#""\ud83d\ude00\n""#).scalar().unwrap(), "😀\n");
        assert_eq!(Value(r#""a\ud800""#).scalar(), None);
        let members: Vec<_> = Value(r#"{"\ud800":1}"#).members().collect();
        assert_eq!(members[0].name(), r"\ud800");
    }

    #[test]
    fn escapes_mean_what_they_mean_to_serde_json() {
        for text in [
            r#""""#,
            r#""a""#,
            r#""\n\r\t\b\f\"\\\/""#,
            r#""a\nb\n""#,
            r#""\\\"""#,
            r#""沃\u901a\n""#,
            r#""\ud83d\ude00\\""#,
            r#""\u0000""#,
            r#""\ud83d""#,
            r#""\n\udbff\uDFFF""#,
        ] {
            let expected = serde_json::from_str::<String>(text).ok();
            assert_eq!(Value(text).scalar().as_deref(), expected.as_deref(), "{text}");
            let list = format!("[ {text} , {text},\"x\"]");
            let expected = [expected.clone(), expected, Some("x".into())].into_iter().flatten();
            let expected: Vec<_> = expected.filter(|text| !text.trim().is_empty()).collect();
            assert_eq!(Value(&list).texts().unwrap(), expected, "{list}");
        }
        assert_eq!(Value(r#"["a",null,1,[],"\n"," "]"#).texts().unwrap(), ["a", "1"]);
        assert_eq!(Value("[ ]").texts().unwrap(), [""; 0]);
        assert_eq!(Value("{}").texts(), None);
    }
}
