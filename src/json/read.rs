//! Reading: a text is checked once, and then it is known where each of its values stands.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::scan::{Node, PLAIN, Scan, scan};

/// A JSON text, and its values in the order they begin.
#[derive(Clone)]
pub(crate) struct Json<T = String> {
    text: T,
    scan: Scan,
}

/// A value's place among those of its text.
#[derive(Clone, Copy)]
pub(crate) struct NodeId(usize);

/// A text that is no JSON, and why, as in "the answer is empty"; it quotes nothing that may be
/// personal.
pub(crate) struct Unreadable<T> {
    pub(crate) text: T,
    pub(crate) problem: String,
}

impl<T: AsRef<str>> Json<T> {
    pub(crate) fn parse(text: T) -> Result<Self, Unreadable<T>> {
        match checked(text.as_ref()) {
            Ok(scan) => Ok(Self { text, scan }),
            Err(problem) => Err(Unreadable { text, problem }),
        }
    }

    /// The same for a text that must be an object.
    pub(crate) fn object(text: T) -> Option<Self> {
        Self::parse(text).ok().filter(|json| json.root().is_object())
    }

    pub(crate) fn text(&self) -> &str {
        self.text.as_ref()
    }

    pub(crate) fn into_text(self) -> T {
        self.text
    }

    pub(crate) fn root(&self) -> Value<'_> {
        let Scan { nodes, escapes } = &self.scan;
        Value { text: self.text.as_ref(), nodes, escapes }
    }

    /// Where a value of this text is found again.
    pub(crate) fn place(&self, value: Value<'_>) -> NodeId {
        NodeId(self.scan.nodes.partition_point(|node| (node.start as usize) < value.start()))
    }

    pub(crate) fn at(&self, NodeId(first): NodeId) -> Value<'_> {
        let nodes = &self.scan.nodes[first..];
        Value { nodes: &nodes[..nodes[0].count as usize], ..self.root() }
    }
}

fn checked(json: &str) -> Result<Scan, String> {
    if u32::try_from(json.len()).is_err() {
        return Err("is larger than 4 GiB".to_owned());
    }
    scan(json.as_bytes()).ok_or_else(|| match serde_json::from_str::<IgnoredAny>(json) {
        _ if json.trim().is_empty() => "is empty".to_owned(),
        Err(error) => format!("is not JSON ({error})"),
        Ok(_) => "is nested too deeply".to_owned(),
    })
}

/// A value where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    text: &'a str,
    /// Its own node, and those inside it.
    nodes: &'a [Node],
    /// Those of the whole text.
    escapes: &'a [u32],
}

impl<'a> Value<'a> {
    /// Where it begins in the whole text.
    pub(crate) fn start(self) -> usize {
        self.nodes[0].start as usize
    }

    /// The value as it stands.
    pub(crate) fn raw(self) -> &'a str {
        &self.text[self.start()..self.nodes[0].end as usize]
    }

    /// Its first byte, which tells its kind.
    fn first(self) -> u8 {
        self.text.as_bytes()[self.start()]
    }

    pub(crate) fn is_object(self) -> bool {
        self.first() == b'{'
    }

    pub(crate) fn is_null(self) -> bool {
        self.first() == b'n'
    }

    /// The values right inside an array; in an object, names and values in turn.
    fn inside(self) -> Inside<'a> {
        Inside(Value { nodes: &self.nodes[1..], ..self })
    }

    /// The items of an array.
    pub(crate) fn items(self) -> Option<impl Iterator<Item = Value<'a>>> {
        (self.first() == b'[').then(|| self.inside())
    }

    /// The members of an object, in the order they came; of anything else, none.
    pub(crate) fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Value<'a>)> {
        self.pairs().map(|(name, value)| {
            (name.unquoted().unwrap_or_else(|| Cow::Borrowed(name.raw())), value)
        })
    }

    fn pairs(self) -> impl Iterator<Item = (Value<'a>, Value<'a>)> {
        let nothing = Inside(Value { nodes: &[], ..self });
        let mut inside = if self.is_object() { self.inside() } else { nothing };
        std::iter::from_fn(move || Some((inside.next()?, inside.next()?)))
    }

    /// The member of this name in any ASCII case; where several stand, the exact name wins, and
    /// among equals the last.
    pub(crate) fn get(self, name: &str) -> Option<Value<'a>> {
        let (mut found, mut exact) = (None, false);
        let mut rest = if self.is_object() { &self.nodes[1..] } else { &[] };
        while let [key, values @ ..] = rest {
            let (nodes, later) = values.split_at(values[0].count as usize);
            rest = later;
            // Most differ in length, and are not looked at.
            if key.end - key.start != name.len() as u32 + 2 && key.escapes == PLAIN {
                continue;
            }
            let is = (Value { nodes: std::slice::from_ref(key), ..self }).is_text(name);
            if is >= Some(exact) {
                (found, exact) = (Some(nodes), is == Some(true));
            }
        }
        found.map(|nodes| Value { nodes, ..self })
    }

    /// The value at a dotted path (`org.orgName`, `chains_RSA.0`) below this one.
    pub(crate) fn at_path(self, path: &str) -> Option<Value<'a>> {
        let end = path.bytes().position(|byte| byte == b'.').unwrap_or(path.len());
        let (step, rest) = path.split_at(end);
        let value = match self.items() {
            Some(mut items) => items.nth(step.parse().ok()?)?,
            None => self.get(step)?,
        };
        // No deeper than the text is.
        if rest.is_empty() { Some(value) } else { value.at_path(&rest[1..]) }
    }

    /// Whether it is this text; if it is in other cases, `false`.
    fn is_text(self, text: &str) -> Option<bool> {
        let Node { start, end, escapes, .. } = self.nodes[0];
        let is = |mine: &[u8]| match mine == text.as_bytes() {
            true => Some(true),
            false => mine.eq_ignore_ascii_case(text.as_bytes()).then_some(false),
        };
        match escapes {
            PLAIN => is(&self.text.as_bytes()[start as usize + 1..end as usize - 1]),
            _ => is(self.unquoted()?.as_bytes()),
        }
    }

    /// A text unescaped; nothing for a half of a surrogate pair.
    fn unquoted(self) -> Option<Cow<'a, str>> {
        let (Node { start, end, escapes, .. }, text) = (self.nodes[0], self.text);
        let (mut at, end) = (start as usize + 1, end as usize - 1);
        if escapes == PLAIN {
            return Some(Cow::Borrowed(&text[at..end]));
        }
        let mut out = String::with_capacity(end - at);
        let escapes = self.escapes[escapes as usize..].iter().map(|escape| *escape as usize);
        for escape in escapes.take_while(|escape| *escape < end) {
            // The other half of a pair is read with the first.
            if escape < at {
                continue;
            }
            out.push_str(&text[at..escape]);
            at = escape + 2;
            out.push(match text.as_bytes()[escape + 1] {
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'u' => {
                    let unit = |at| {
                        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
                        u16::from_str_radix(digits, 16).ok()
                    };
                    let units = unit(escape).into_iter().chain(unit(escape + 6));
                    let char = char::decode_utf16(units).next()?.ok()?;
                    at = escape + 6 * char.len_utf16();
                    char
                }
                itself => char::from(itself),
            });
        }
        out.push_str(&text[at..end]);
        Some(Cow::Owned(out))
    }

    /// A text unescaped, or a number or boolean as it stands; nothing for null, objects, arrays.
    pub(crate) fn scalar(self) -> Option<Cow<'a, str>> {
        match self.first() {
            b'"' => self.unquoted(),
            b'{' | b'[' | b'n' => None,
            _ => Some(Cow::Borrowed(self.raw())),
        }
    }

    /// As a boolean; `"true"`, `"1"` and 1 count as well.
    pub(crate) fn flag(self) -> Option<bool> {
        flag(&self.scalar()?)
    }

    /// As a caller reads it: texts unescaped, numbers and booleans as text, objects and arrays as
    /// JSON, null as nothing.
    pub(crate) fn display(self) -> Option<Cow<'a, str>> {
        match self.first() {
            b'{' | b'[' => Some(Cow::Borrowed(self.raw())),
            _ => self.scalar(),
        }
    }

    /// The scalar of this name.
    pub(crate) fn text_of(self, name: &str) -> Option<String> {
        self.get(name).and_then(Self::scalar).map(Cow::into_owned)
    }

    pub(crate) fn flag_of(self, name: &str) -> Option<bool> {
        self.get(name).and_then(Self::flag)
    }
}

/// Values one after the other, those inside each left out.
struct Inside<'a>(Value<'a>);

impl<'a> Iterator for Inside<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let count = self.0.nodes.first()?.count as usize;
        let (nodes, later) = self.0.nodes.split_at_checked(count)?;
        self.0.nodes = later;
        Some(Value { nodes, ..self.0 })
    }
}

/// A text as a boolean.
pub(crate) fn flag(text: &str) -> Option<bool> {
    let is = |word: &str| text.trim().eq_ignore_ascii_case(word);
    match is("true") || is("1") {
        true => Some(true),
        false => (is("false") || is("0")).then_some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json<&str> {
        Json::parse(text).ok().unwrap()
    }

    #[test]
    fn names_in_any_case_and_the_exact_one_wins() {
        let json = json(r#"{"STATUS":"a","status":"b","Status":"c","st\u0061te":1}"#);
        let object = json.root();
        assert_eq!(object.text_of("status").unwrap(), "b");
        assert_eq!(object.text_of("Status").unwrap(), "c");
        assert_eq!(object.text_of("sTaTuS").unwrap(), "c");
        assert_eq!(object.text_of("state").unwrap(), "1");
        assert!(object.text_of("stat").is_none());
        // An exact name is not overruled by what comes after it.
        let text = |json: &str, name: &str| Json::parse(json).ok()?.root().text_of(name);
        assert_eq!(text(r#"{"a":"1","A":"2"}"#, "a").unwrap(), "1");
        assert_eq!(text(r#"{"\u0061":"1","a":"2","A":"3"}"#, "a").unwrap(), "2");
        assert_eq!(text(r#"{"B":"1","b":"2"}"#, "c"), None);
    }

    #[test]
    fn scalars_may_come_as_texts() {
        let json = json(r#"{"a":"TRUE","b":1,"c":false,"d":" 0 ","e":"yes","f":1.50,"g":{}}"#);
        let object = json.root();
        assert_eq!(object.flag_of("a"), Some(true));
        assert_eq!(object.flag_of("b"), Some(true));
        assert_eq!(object.flag_of("c"), Some(false));
        assert_eq!(object.flag_of("d"), Some(false));
        assert_eq!(object.flag_of("e"), None);
        assert_eq!(object.flag_of("g"), None);
        assert_eq!(object.text_of("f").unwrap(), "1.50");
    }

    #[test]
    fn paths_walk_objects_and_arrays() {
        let json = json(
            r#" {"org" : {"orgName":"沃\u901a"}, "chains_RSA":[ "r" , {"x":1, "y":[]} ],"n":null} "#,
        );
        let at = |path| json.root().at_path(path).and_then(Value::display);
        assert_eq!(at("org.orgName").unwrap(), "沃通");
        assert_eq!(at("ORG.ORGNAME").unwrap(), "沃通");
        assert_eq!(at("chains_RSA.0").unwrap(), "r");
        assert_eq!(at("chains_RSA.1").unwrap(), r#"{"x":1, "y":[]}"#);
        assert_eq!(at("chains_RSA.1.x").unwrap(), "1");
        assert_eq!(at("chains_RSA.1.y").unwrap(), "[]");
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
    fn escapes_mean_what_they_mean_to_the_library() {
        for text in [
            r#""\n\r\t\b\f\"\\\/""#,
            r#""a\nb\n""#,
            r#""沃\u901a\n""#,
            r#""\ud83d\ude00\\""#,
            r#""\u0000""#,
            r#""\ud83d""#,
        ] {
            let theirs = serde_json::from_str::<String>(text).ok();
            assert_eq!(json(text).root().scalar().as_deref(), theirs.as_deref(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let too_deep = "[".repeat(1000) + &"]".repeat(1000);
        for (text, problem) in [
            (" \n", "empty"),
            ("{", "is not JSON"),
            ("{} x", "is not JSON"),
            ("\u{feff}{}", "is not JSON"),
            (&too_deep, "too deeply"),
        ] {
            let why = Json::parse(text).err().unwrap().problem;
            assert!(why.contains(problem), "{why}");
        }
        assert!(Json::object("[]").is_none());
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;
    use serde_json::Value as Tree;

    use super::*;

    /// Any JSON, made of few values so that names meet again, with blanks in every place.
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

    fn same(value: Value<'_>, tree: &Tree) {
        assert_eq!(&serde_json::from_str::<Tree>(value.raw()).unwrap(), tree);
        match tree {
            Tree::Array(items) => {
                let values: Vec<_> = value.items().unwrap().collect();
                assert_eq!(values.len(), items.len());
                values.into_iter().zip(items).for_each(|(value, tree)| same(value, tree));
            }
            Tree::Object(members) => {
                assert_eq!(value.members().count(), members.len());
                members.iter().for_each(|(name, tree)| same(value.get(name).unwrap(), tree));
            }
            Tree::String(text) => assert_eq!(&*value.scalar().unwrap(), text),
            _ => assert!(value.members().next().is_none() && value.items().is_none()),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn every_value_is_found_where_it_stands(tree in tree(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&tree) } else { serde_json::to_string(&tree) };
            same(Json::parse(text.unwrap()).ok().unwrap().root(), &tree);
        }

        #[test]
        fn escapes_in_any_row_mean_what_they_mean_to_the_library(
            pieces in prop::collection::vec(prop::sample::select(&[
                "a", "沃", "\\n", "\\\\", "\\\"", "\\/", "\\u0041", "\\u901A", "\\u0000",
                "\\uD83D", "\\ude00", "\\udbff\\uDFFF", "u00e9",
            ][..]), 0..6)
        ) {
            let text = format!("\"{}\"", pieces.concat());
            let theirs = serde_json::from_str::<String>(&text).ok();
            let json = Json::parse(text).ok().unwrap();
            prop_assert_eq!(json.root().scalar().map(Cow::into_owned), theirs);
        }

        #[test]
        fn what_is_broken_is_refused_as_the_json_library_refuses_it(
            tree in tree(), at: prop::sample::Index, byte in prop::sample::select(&b"{}[]\",:\\ 0eat"[..])
        ) {
            let mut text = serde_json::to_string(&tree).unwrap().into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            if let Ok(text) = String::from_utf8(text) {
                let theirs = serde_json::from_str::<IgnoredAny>(&text).is_ok();
                prop_assert_eq!(Json::parse(text).is_ok(), theirs);
            }
        }
    }
}
