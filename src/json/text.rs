//! A JSON text that was checked once, with the members of its outermost object.

use serde_json::value::RawValue;

use super::list::{MAX_TEXT_BYTES, Member, MemberList, Value};
use super::mistake::{Mistake, mistake};
use crate::messages::{Message, message};

/// PHP, Python and other readers of what is passed on have limits too, some not much higher.
const MAX_DEPTH: usize = 64;

/// A valid JSON text. The members of its outermost object are listed once; values inside them are
/// read when they are asked for.
#[derive(Clone)]
pub(crate) struct Json<T = String> {
    text: T,
    members: MemberList,
}

impl MemberList {
    /// The value at a dotted path (`page.total`).
    pub(crate) fn at_path<'a>(&self, text: &'a str, path: &str) -> Option<Value<'a>> {
        match path.split_once('.') {
            None => self.get(text, path),
            Some((first, rest)) => self.get(text, first)?.at_path(rest),
        }
    }
}

/// A text that is not JSON, and what is wrong with it, which quotes nothing of the text: it may be
/// personal.
pub(crate) struct Unreadable<T> {
    pub(crate) text: T,
    pub(crate) mistake: Mistake,
}

impl<T: AsRef<str>> Json<T> {
    /// Reads any JSON.
    pub(crate) fn parse(text: T) -> Result<Self, Unreadable<T>> {
        let list = |text: &str| match text.trim_start().starts_with('{') {
            true => MemberList::of(text, text),
            false => serde_json::from_str::<&RawValue>(text).map(|_| MemberList::default()),
        };
        match checked(text.as_ref(), list) {
            Ok(members) => Ok(Self { text, members }),
            Err(mistake) => Err(Unreadable { text, mistake }),
        }
    }

    /// Reads any JSON, and in the same pass lists the members of the member `nested` of its
    /// outermost object.
    pub(crate) fn parse_nested(text: T, nested: &str) -> Result<(Self, MemberList), Unreadable<T>> {
        if let Ok((members, inner)) =
            checked(text.as_ref(), |text| MemberList::with_nested(text, nested))
        {
            return Ok((Self { text, members }, inner));
        }
        let json = Self::parse(text)?;
        let value = json.get(nested).filter(|value| value.is_object());
        let inner = value.and_then(|value| MemberList::of(json.text(), value.raw()).ok());
        let inner = inner.unwrap_or_default();
        Ok((json, inner))
    }

    /// Reads a JSON object; what is wrong with anything else.
    pub(crate) fn object(text: T) -> Result<Self, Message> {
        let json =
            Self::parse(text).map_err(|unreadable| unreadable.mistake.message_for_object())?;
        json.checked_object()
    }

    /// The same, and in the same pass lists the members of its member `nested`.
    pub(crate) fn object_nested(text: T, nested: &str) -> Result<(Self, MemberList), Message> {
        let (json, members) = Self::parse_nested(text, nested)
            .map_err(|unreadable| unreadable.mistake.message_for_object())?;
        Ok((json.checked_object()?, members))
    }

    fn checked_object(self) -> Result<Self, Message> {
        match self.root().is_object() {
            true => Ok(self),
            false => Err(message!("is not a JSON object, but {}", self.root().type_name())),
        }
    }

    pub(crate) fn text(&self) -> &str {
        self.text.as_ref()
    }

    pub(crate) fn into_text(self) -> T {
        self.text
    }

    pub(crate) fn root(&self) -> Value<'_> {
        Value(self.text().trim_matches([' ', '\t', '\r', '\n']))
    }

    /// The members of the outermost object, in the order they came.
    pub(crate) fn members(&self) -> impl Iterator<Item = Member<'_>> {
        self.members.iter(self.text())
    }

    /// The member of the outermost object of this name in any ASCII case; the exact name wins, and
    /// among equals the last.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'_>> {
        self.members.get(self.text(), name)
    }

    /// The value at a dotted path (`page.total`).
    pub(crate) fn at_path(&self, path: &str) -> Option<Value<'_>> {
        self.members.at_path(self.text(), path)
    }

    /// The text, number or boolean of this name, as text.
    pub(crate) fn text_of(&self, name: &str) -> Option<String> {
        Some(self.get(name)?.scalar()?.into_owned())
    }
}

/// Reads a text by `read`, which also checks that it is JSON, and checks its depth.
fn checked<'a, R>(
    text: &'a str,
    read: impl FnOnce(&'a str) -> serde_json::Result<R>,
) -> Result<R, Mistake> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Mistake::Other(message!("is larger than 4 GiB")));
    }
    let result = read(text).map_err(|error| mistake(text, &error))?;
    match is_deeper_than(MAX_DEPTH, text) {
        true => Err(Mistake::Other(message!("is nested more than {} levels deep", MAX_DEPTH))),
        false => Ok(result),
    }
}

/// Whether valid JSON is nested more deeply.
fn is_deeper_than(limit: usize, json: &str) -> bool {
    // Most answers have fewer brackets than levels allowed.
    if memchr::memchr2_iter(b'{', b'[', json.as_bytes()).nth(limit).is_none() {
        return false;
    }
    let (mut depth, mut in_text, mut bytes) = (0_usize, false, json.bytes());
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_text = !in_text,
            b'\\' => _ = bytes.next(),
            _ if in_text => {}
            b'{' | b'[' if depth == limit => return true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;
    use serde_json::Value as Tree;

    use super::*;

    fn json(text: &str) -> Json<&str> {
        Json::parse(text).ok().unwrap()
    }

    #[test]
    fn names_match_in_any_case_and_the_exact_one_wins() {
        let object = json(r#"{"STATUS":"a","status":"b","Status":"c","st\u0061te":1}"#);
        assert_eq!(object.text_of("status").unwrap(), "b");
        assert_eq!(object.text_of("Status").unwrap(), "c");
        assert_eq!(object.text_of("sTaTuS").unwrap(), "c");
        assert_eq!(object.text_of("state").unwrap(), "1");
        assert!(object.text_of("stat").is_none());
        // A member with the exact name is not replaced by a later one.
        assert_eq!(json(r#"{"a":"1","A":"2"}"#).text_of("a").unwrap(), "1");
        assert_eq!(json(r#"{"\u0061":"1","a":"2","A":"3"}"#).text_of("a").unwrap(), "2");
    }

    #[test]
    fn depth_is_limited() {
        let nested =
            |open: &str, close: &str, depth| open.repeat(depth) + "0" + &close.repeat(depth);
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            assert!(Json::parse(nested(open, close, MAX_DEPTH)).is_ok());
            let problem = Json::parse(nested(open, close, MAX_DEPTH + 1)).err().unwrap().mistake;
            let problem = problem.message().to_string();
            assert!(problem.contains("64 levels"), "{problem}");
        }
        // Brackets side by side, and in texts, are not depth.
        let wide = format!(r#"[{}"\"[{{"]"#, r#"[],{},"[[","#.repeat(100));
        assert!(Json::parse(wide).is_ok());
    }

    #[test]
    fn nested_members_are_listed_for_every_type_of_value() {
        for (text, names) in [
            (r#"{"data" : { } , "x":1}"#, &[][..]),
            (r#"{"data":{"a" :1 , "b":{}  } }"#, &["a", "b"]),
            (r#"{"Data":{"a":1},"data":{"b":"}"},"DATA":{"c":1}}"#, &["b"]),
            (r#"{"Data":{"a":1},"DATA":{"c":1}}"#, &["c"]),
            (r#"{"d\u0061ta":{"a":1}}"#, &["a"]),
            (r#"{"data":{"\u0061":1,"\ud800":2}}"#, &["a", "\\ud800"]),
            (r#"{"data":"\ud800"}"#, &[]),
            (r#"{"data":1e999}"#, &[]),
            ("[1]", &[]),
        ] {
            let (json, nested) = Json::parse_nested(text, "data").ok().unwrap();
            let found: Vec<_> = nested.iter(text).map(|member| member.name()).collect();
            assert_eq!(found, names, "{text}");
            let value = json.get("data");
            let is_whole =
                |value: Value<'_>| serde_json::from_str::<IgnoredAny>(value.raw()).is_ok();
            assert!(value.is_none_or(is_whole), "{text}");
        }
        assert!(Json::parse_nested(r#"{"data":{"a"}}"#, "data").is_err());
    }

    #[test]
    fn an_object_is_required_by_name() {
        for (text, problem) in [
            ("[]", "is not a JSON object, but a list"),
            (" \"{}\" ", "is not a JSON object, but a text"),
            ("1e999", "is not a JSON object, but a number"),
            ("null", "is not a JSON object, but null"),
            (" \n", "is not a JSON object (it is empty)"),
            ("[1,", "is not a JSON object (line 1, column 4: the text ends too early)"),
        ] {
            assert_eq!(Json::object(text).err().unwrap().to_string(), problem);
        }
        assert!(Json::object(" {} ").is_ok());
    }

    /// Arbitrary JSON with few different names, so that names are repeated.
    fn tree() -> impl Strategy<Value = Tree> {
        let text =
            prop_oneof![Just("a"), Just("A"), Just(""), Just("沃\"\\\n\u{1}😀"), Just("ab.c")];
        let leaf = prop_oneof![
            Just(Tree::Null),
            any::<bool>().prop_map(Tree::from),
            any::<i64>().prop_map(Tree::from),
            (-1000..1000).prop_map(|eighths| Tree::from(f64::from(eighths) / 8.0)),
            text.clone().prop_map(Tree::from),
        ];
        leaf.prop_recursive(6, 60, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Tree::from),
                prop::collection::vec((text.clone(), inner), 0..6).prop_map(|members| members
                    .into_iter()
                    .map(|(n, v)| (n.to_owned(), v))
                    .collect()),
            ]
        })
    }

    fn assert_same(value: Value<'_>, tree: &Tree) {
        assert_eq!(&serde_json::from_str::<Tree>(value.raw()).unwrap(), tree);
        match tree {
            Tree::Array(items) => {
                let values: Vec<_> = value.items().unwrap().collect();
                assert_eq!(values.len(), items.len());
                values.into_iter().zip(items).for_each(|(value, tree)| assert_same(value, tree));
            }
            Tree::Object(members) => {
                assert_eq!(value.members().count(), members.len());
                members.iter().for_each(|(name, tree)| assert_same(value.get(name).unwrap(), tree));
            }
            Tree::String(text) => assert_eq!(&*value.scalar().unwrap(), text),
            _ => assert!(value.members().next().is_none() && value.items().is_none()),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn every_value_is_found(tree in tree(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&tree) } else { serde_json::to_string(&tree) };
            let text = text.unwrap();
            let json = json(&text);
            assert_same(json.root(), &tree);
            for (name, value) in tree.as_object().into_iter().flatten() {
                assert_same(json.get(name).unwrap(), value);
            }
            let (json, nested) = Json::parse_nested(&*text, "a").ok().unwrap();
            let inner = json.get("a").into_iter().flat_map(Value::members);
            let inner: Vec<_> = inner.map(|member| (member.name(), member.value.raw())).collect();
            let nested: Vec<_> =
                nested.iter(&text).map(|member| (member.name(), member.value.raw())).collect();
            prop_assert_eq!(nested, inner);
            prop_assert_eq!(json.members().count(), tree.as_object().map_or(0, |tree| tree.len()));
        }

        #[test]
        fn what_is_not_json_is_refused(
            tree in tree(), at: prop::sample::Index, byte in prop::sample::select(&b"{}[]\",:\\ 0eat\n'"[..])
        ) {
            let mut text = serde_json::to_string(&tree).unwrap().into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            if let Ok(text) = String::from_utf8(text) {
                let valid = serde_json::from_str::<IgnoredAny>(&text).is_ok();
                prop_assert_eq!(Json::parse(text).is_ok(), valid);
            }
        }
    }
}
