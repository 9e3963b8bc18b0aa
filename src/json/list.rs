//! Lists of the members of an object, made in one pass: nothing inside the values is read.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A valid JSON value as it is written in its text, without blanks around it.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a>(pub(super) &'a str);

/// A member of an object.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    /// Without its quotes, with its escapes.
    name: &'a str,
    is_escaped: bool,
    pub(crate) value: Value<'a>,
}

/// The members of an object of some text, by their positions: the text can be moved.
#[derive(Clone, Default)]
pub(crate) struct MemberList(Vec<MemberSpan>);

/// Where a member is in its text.
#[derive(Clone)]
struct MemberSpan {
    /// Without its quotes.
    name: Span,
    value: Span,
    is_escaped: bool,
}

/// A range of the text; a `Range<usize>` would double the memory that a long list takes.
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// `part` must be part of `text`, which must be shorter than [`MAX_TEXT_BYTES`].
    fn of(text: &str, part: &str) -> Self {
        let start = offset(text, part);
        Self { start: start as u32, end: (start + part.len()) as u32 }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where `part` begins in the text that it is part of.
pub(super) fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize)
}

/// Positions are kept in 32 bits.
pub(super) const MAX_TEXT_BYTES: usize = u32::MAX as usize;

/// The largest object that the service's document describes has 19 members.
const INITIAL_CAPACITY: usize = 20;

impl MemberList {
    /// Lists the members of `object`, which is part of `text`.
    pub(super) fn of(text: &str, object: &str) -> serde_json::Result<Self> {
        // Names with escapes, which are rare, are listed at greater cost.
        let plain = list::<&str>(text, object, None);
        plain.or_else(|_| list::<&RawValue>(text, object, None)).map(|(members, _)| members)
    }

    /// Lists the members of the object that is `text`, and in the same pass those of its member
    /// `nested`. Fails also if that is no object, and for names with escapes.
    pub(super) fn with_nested(text: &str, nested: &str) -> serde_json::Result<(Self, Self)> {
        list::<&str>(text, text, Some(nested))
    }

    /// The members; `text` must be the text they were listed from, here and below.
    pub(crate) fn iter<'a>(&self, text: &'a str) -> impl Iterator<Item = Member<'a>> {
        self.0.iter().map(|place| place.member(text))
    }

    pub(super) fn into_members<'a>(self, text: &'a str) -> impl Iterator<Item = Member<'a>> {
        self.0.into_iter().map(|place| place.member(text))
    }

    /// The value of this name in any ASCII case; see [`find`] for which one.
    pub(crate) fn get<'a>(&self, text: &'a str, name: &str) -> Option<Value<'a>> {
        // This passes over most members in a few instructions.
        let may_be = |place: &&MemberSpan| {
            let own = &text.as_bytes()[place.name.range()];
            place.is_escaped || own.eq_ignore_ascii_case(name.as_bytes())
        };
        find(self.0.iter().filter(may_be).map(|place| place.member(text)), name)
    }
}

impl MemberSpan {
    fn member<'a>(&self, text: &'a str) -> Member<'a> {
        let Self { name, value, is_escaped } = self;
        let (name, value) = (&text[name.range()], Value(&text[value.range()]));
        Member { name, is_escaped: *is_escaped, value }
    }
}

impl<'a> Member<'a> {
    /// The name unescaped; unchanged if it has no UTF-8 form.
    pub(crate) fn name(self) -> Cow<'a, str> {
        if !self.is_escaped {
            return Cow::Borrowed(self.name);
        }
        let unescaped = serde_json::from_str(&format!("\"{}\"", self.name));
        unescaped.map_or(Cow::Borrowed(self.name), Cow::Owned)
    }
}

/// The value of this name in any ASCII case. Where several members have it, the exact name wins,
/// and among equals the last.
pub(crate) fn find<'a>(members: impl Iterator<Item = Member<'a>>, name: &str) -> Option<Value<'a>> {
    let (mut found, mut found_exact) = (None, false);
    for member in members {
        let own = member.name();
        let exact = own == name;
        if exact || (!found_exact && own.eq_ignore_ascii_case(name)) {
            (found, found_exact) = (Some(member.value), exact);
        }
    }
    found
}

/// A name as it is read: fast and without escapes, or any.
trait Name<'de>: Deserialize<'de> {
    /// The name without its quotes, and whether it has escapes.
    fn plain(self) -> (&'de str, bool);
}

impl<'de> Name<'de> for &'de str {
    fn plain(self) -> (&'de str, bool) {
        (self, false)
    }
}

impl<'de> Name<'de> for &'de RawValue {
    fn plain(self) -> (&'de str, bool) {
        let quoted = self.get();
        let name = &quoted[1..quoted.len() - 1];
        (name, name.contains('\\'))
    }
}

/// Lists the members of `object`, and in the same pass those of its member `nested`, which must be
/// an object then.
fn list<'a, N: Name<'a>>(
    text: &'a str,
    object: &'a str,
    nested: Option<&str>,
) -> serde_json::Result<(MemberList, MemberList)> {
    let mut json = serde_json::Deserializer::from_str(object);
    let both = Lister::<N> { text, nested, names: PhantomData }.deserialize(&mut json)?;
    json.end()?;
    Ok(both)
}

struct Lister<'t, 'n, N> {
    text: &'t str,
    nested: Option<&'n str>,
    names: PhantomData<N>,
}

impl<'de, N: Name<'de>> DeserializeSeed<'de> for Lister<'de, '_, N> {
    type Value = (MemberList, MemberList);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, N: Name<'de>> Visitor<'de> for Lister<'de, '_, N> {
    type Value = (MemberList, MemberList);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let text = self.text;
        let (mut places, mut nested) =
            (Vec::with_capacity(INITIAL_CAPACITY), MemberList::default());
        let mut nested_is_exact = false;
        while let Some(name) = map.next_key::<N>()? {
            let (name, is_escaped) = name.plain();
            let name_span = Span::of(text, name);
            let value = match self.nested.filter(|nested| name.eq_ignore_ascii_case(nested)) {
                None => Span::of(text, map.next_value::<&RawValue>()?.get()),
                Some(wanted) => {
                    let lister = Lister::<N> { text, nested: None, names: PhantomData };
                    let (inner, _) = map.next_value_seed(lister)?;
                    let value = object_after(text, name_span, &inner);
                    // As `find` chooses.
                    if name == wanted || !nested_is_exact {
                        (nested, nested_is_exact) = (inner, name == wanted);
                    }
                    value
                }
            };
            places.push(MemberSpan { name: name_span, is_escaped, value });
        }
        Ok((MemberList(places), nested))
    }
}

/// Where the object with these members is. It follows its name.
fn object_after(text: &str, name: Span, members: &MemberList) -> Span {
    let find = |from: u32, brace| from + text[from as usize..].find(brace).unwrap_or(0) as u32;
    let start = find(name.end, '{');
    let last = members.0.last().map_or(start, |place| place.value.end);
    Span { start, end: find(last, '}') + 1 }
}
