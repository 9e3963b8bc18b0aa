//! Listing the members of an object in one pass; nothing inside their values is read.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Result;
use serde_json::value::RawValue;

use super::value::{Member, Value};

/// The members of the object that `text` must be.
pub(super) fn members(text: &str) -> Result<Vec<Member<'_>>> {
    serde_json::from_str(text).map(|Members(members)| members)
}

/// The same, and in the same pass the members of the objects that are the value of `name`, each with
/// its value. Fails if a value of `name` is no object.
pub(super) fn nested_members<'a>(text: &'a str, name: &str) -> Result<Nested<'a>> {
    let mut json = serde_json::Deserializer::from_str(text);
    let nested = json.deserialize_map(NestedVisitor { text, name })?;
    json.end()?;
    Ok(nested)
}

pub(super) struct Nested<'a> {
    pub(super) members: Vec<Member<'a>>,
    pub(super) inner: Vec<(Value<'a>, Vec<Member<'a>>)>,
}

/// The largest object that the service's document describes has 19 members.
const INITIAL_CAPACITY: usize = 20;

struct Members<'a>(Vec<Member<'a>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(INITIAL_CAPACITY);
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    members.push(member(name, value.get()));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct NestedVisitor<'a, 'n> {
    text: &'a str,
    name: &'n str,
}

impl<'de> Visitor<'de> for NestedVisitor<'de, '_> {
    type Value = Nested<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut map: A,
    ) -> std::result::Result<Self::Value, A::Error> {
        let mut nested = Nested { members: Vec::new(), inner: Vec::new() };
        while let Some(name) = map.next_key::<&RawValue>()? {
            let quoted = name.get();
            if !quoted[1..quoted.len() - 1].eq_ignore_ascii_case(self.name) {
                nested.members.push(member(name, map.next_value::<&RawValue>()?.get()));
                continue;
            }
            let Members(inner) = map.next_value()?;
            let member = member(name, object_after(self.text, quoted, &inner));
            nested.members.push(member);
            nested.inner.push((member.value, inner));
        }
        Ok(nested)
    }
}

fn member<'a>(name: &'a RawValue, value: &'a str) -> Member<'a> {
    let quoted = name.get();
    let name = &quoted[1..quoted.len() - 1];
    Member::new(name, name.contains('\\'), Value::new(value))
}

/// The object with these members that follows its `name` in `text`.
fn object_after<'a>(text: &'a str, name: &str, members: &[Member<'a>]) -> &'a str {
    let after = |part: &str| Value::new(part).offset_in(text) + part.len();
    let start = after(name) + text[after(name)..].find('{').unwrap_or_default();
    let last = members.last().map_or(start + 1, |member| after(member.value.raw()));
    let end = last + text[last..].find('}').unwrap_or_default() + 1;
    &text[start..end]
}
