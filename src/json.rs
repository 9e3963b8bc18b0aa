//! JSON read as the bytes that came, one level at a time, and written without a tree of values.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One level of an object: its members in the order they came, each value as its bytes.
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    pub(crate) fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// The member of this name in any ASCII case; where several stand, the exact name wins, and
    /// among equals the last.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let mut found = None;
        for (key, value) in &self.0 {
            if key == name {
                found = Some((true, *value));
            } else if key.eq_ignore_ascii_case(name) && !matches!(found, Some((true, _))) {
                found = Some((false, *value));
            }
        }
        found.map(|(_, value)| value)
    }

    pub(crate) fn has_exact(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The member as text, if it is a text, a number or a boolean.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).and_then(scalar_text).map(Cow::into_owned)
    }

    /// The member as a boolean; `"true"`, `"1"` and 1 count as well.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).and_then(flag)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(24);
                while let Some(entry) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    members.push((entry.0.0, entry.1));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A JSON string, borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A string unescaped, or a number or boolean as it stands; nothing for null, objects, arrays.
pub(crate) fn scalar_text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let json = raw.get();
    match json.as_bytes()[0] {
        b'"' => serde_json::from_str::<Text<'_>>(json).ok().map(|text| text.0),
        b'{' | b'[' | b'n' => None,
        _ => Some(Cow::Borrowed(json)),
    }
}

pub(crate) fn flag(raw: &RawValue) -> Option<bool> {
    match &*scalar_text(raw)?.trim().to_ascii_lowercase() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

pub(crate) fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

pub(crate) fn array(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

/// The value at a dotted path (`org.orgName`, `chains_RSA.0`) below `json`.
pub(crate) fn at_path<'a>(json: &'a RawValue, path: &str) -> Option<&'a RawValue> {
    path.split('.').try_fold(json, |value, step| match value.get().as_bytes()[0] {
        b'{' => Object::parse(value.get())?.get(step),
        b'[' => array(value)?.get(step.parse::<usize>().ok()?).copied(),
        _ => None,
    })
}

/// A value as a caller reads it: texts unescaped, numbers and booleans as text, objects and arrays
/// as JSON, null as nothing.
pub(crate) fn display(raw: &RawValue) -> Option<Cow<'_, str>> {
    match raw.get().as_bytes()[0] {
        b'{' | b'[' => Some(Cow::Borrowed(raw.get())),
        _ => scalar_text(raw),
    }
}

/// Whether arrays and objects stand within each other at most `limit` deep.
pub(crate) fn depth_within(json: &str, limit: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                if depth > limit {
                    return false;
                }
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

/// Writes one object, member by member.
#[derive(Default)]
pub(crate) struct ObjectWriter(String);

impl ObjectWriter {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A member whose value is JSON already.
    pub(crate) fn raw(&mut self, name: &str, json: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(&quoted(name));
        self.0.push(':');
        self.0.push_str(json);
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.raw(name, &quoted(text));
    }

    pub(crate) fn optional(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.raw(name, "null"),
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

/// `text` as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> &RawValue {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn names_in_any_case_and_the_exact_one_wins() {
        let object = Object::parse(r#"{"STATUS":"a","status":"b","Status":"c"}"#).unwrap();
        assert_eq!(object.text("status").unwrap(), "b");
        assert_eq!(object.text("Status").unwrap(), "c");
        assert_eq!(object.text("sTaTuS").unwrap(), "c");
        assert!(object.text("state").is_none());
    }

    #[test]
    fn scalars_may_come_as_texts() {
        let object =
            Object::parse(r#"{"a":"true","b":1,"c":false,"d":" 0 ","e":"yes","f":12}"#).unwrap();
        assert_eq!(object.flag("a"), Some(true));
        assert_eq!(object.flag("b"), Some(true));
        assert_eq!(object.flag("c"), Some(false));
        assert_eq!(object.flag("d"), Some(false));
        assert_eq!(object.flag("e"), None);
        assert_eq!(object.text("f").unwrap(), "12");
    }

    #[test]
    fn paths_walk_objects_and_arrays() {
        let json = raw(r#"{"org":{"orgName":"沃\u901a"},"chains_RSA":["r",{"x":1}],"n":null}"#);
        let at = |path| at_path(json, path).and_then(display);
        assert_eq!(at("org.orgName").unwrap(), "沃通");
        assert_eq!(at("ORG.ORGNAME").unwrap(), "沃通");
        assert_eq!(at("chains_RSA.0").unwrap(), "r");
        assert_eq!(at("chains_RSA.1").unwrap(), r#"{"x":1}"#);
        assert_eq!(at("chains_RSA.1.x").unwrap(), "1");
        for missing in ["n", "org.orgName.x", "chains_RSA.2", "chains_RSA.x", "", "."] {
            assert!(at(missing).is_none(), "{missing}");
        }
    }

    #[test]
    fn depth_counts_brackets_outside_texts() {
        assert!(depth_within(r#"{"a":["[[[[","\"[["]}"#, 2));
        assert!(!depth_within(r#"{"a":[[1]]}"#, 2));
        assert!(depth_within("]]][", 1));
    }

    #[test]
    fn an_object_is_written_member_by_member() {
        let mut object = ObjectWriter::new();
        object.text("a\"", "沃\n");
        object.raw("b", "1");
        assert_eq!(object.finish(), "{\"a\\\"\":\"沃\\n\",\"b\":1}");
        assert_eq!(ObjectWriter::new().finish(), "{}");
    }
}
