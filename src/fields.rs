//! The service's structures: each has one table of fields, by which it is read, written and
//! addressed by name.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::json::{Member, Value, flag, wrong_type};
use crate::messages::{Message, message};
use crate::secret::Secret;

/// A field of a structure: its conversion from and to text and JSON.
pub(crate) trait Field {
    /// Sets the field from a text; `false` if the text has no such value.
    fn set(&mut self, text: Cow<'_, str>) -> bool;

    /// Sets the field from JSON; `false` if the value has another type. Answers leave such a field
    /// empty (their bytes are kept), requests refuse it.
    fn read(&mut self, value: Value<'_>) -> bool {
        value.scalar().is_some_and(|text| self.set(text))
    }

    /// The value as text, for fields that are sent; `None` if it is absent.
    fn text(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// What values the field takes, for messages.
    fn expected(&self) -> Message {
        message!("a text")
    }

    /// Whether the text is sent as a JSON number.
    fn is_number(&self) -> bool {
        false
    }

    /// Whether the field must not be shown.
    fn is_secret(&self) -> bool {
        false
    }
}

/// A structure of the service: its fields by their wire names.
pub(crate) trait Fields {
    const NAMES: &'static [&'static str];
    fn field(&self, index: usize) -> &dyn Field;
    fn field_mut(&mut self, index: usize) -> &mut dyn Field;

    /// The field that a name in any ASCII case means.
    fn index_of(name: &str) -> Option<usize> {
        index_in(Self::NAMES, name)
    }

    /// Reads an answer: what is missing, null or of another type stays empty.
    fn read_answer<'a>(mut members: impl Iterator<Item = Member<'a>>) -> Self
    where
        Self: Default,
    {
        let mut this = Self::default();
        for (index, value) in values(Self::NAMES, &mut members).into_iter().enumerate() {
            if let Some((_, value)) = value {
                this.field_mut(index).read(value);
            }
        }
        this
    }

    /// Reads the members of the caller's JSON: a value of another type is an error; unknown members are
    /// returned.
    fn read_request<'a>(
        &mut self,
        members: impl Iterator<Item = Member<'a>>,
    ) -> Result<Vec<Member<'a>>> {
        let members: Vec<_> = members.collect();
        let (known, unknown) = known_members(Self::NAMES, &members);
        for (index, value) in known {
            let field = self.field_mut(index);
            if !field.read(value) {
                let problem = wrong_type(field.expected(), value);
                return Err(Error::argument(Self::NAMES[index], problem));
            }
        }
        Ok(unknown)
    }
}

/// The value of each name, and whether its member has exactly this name. One copy serves all structures.
fn values<'a>(
    names: &[&str],
    members: &mut dyn Iterator<Item = Member<'a>>,
) -> Vec<Option<(bool, Value<'a>)>> {
    // As `json::find` chooses: the exact name wins, and among equals the last.
    let mut chosen = vec![None; names.len()];
    for member in members {
        let name = member.name();
        let Some(index) = index_in(names, &name) else { continue };
        let exact = name == names[index];
        if exact || !matches!(chosen[index], Some((true, _))) {
            chosen[index] = Some((exact, member.value));
        }
    }
    chosen
}

/// The members that are to be read, each with its field, and those that have none. One copy serves all
/// structures.
fn known_members<'a>(
    names: &[&str],
    members: &[Member<'a>],
) -> (Vec<(usize, Value<'a>)>, Vec<Member<'a>>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for member in members {
        let name = member.name();
        let Some(index) = index_in(names, &name) else {
            unknown.push(*member);
            continue;
        };
        let wire = names[index];
        let overruled = wire != name && members.iter().any(|other| other.name() == wire);
        if !overruled && !member.value.is_null() {
            known.push((index, member.value));
        }
    }
    (known, unknown)
}

fn index_in(names: &[&str], name: &str) -> Option<usize> {
    // Nearly all names are exact, which is found with a fraction of the instructions.
    let exact = names.iter().position(|wire| *wire == name);
    exact.or_else(|| names.iter().position(|wire| wire.eq_ignore_ascii_case(name)))
}

/// Defines a structure with its wire names; each field's documentation shows its wire name.
macro_rules! wire_struct {
    ($(#[$doc:meta])* $vis:vis struct $name:ident {
        $($(#[$field_doc:meta])* $wire:literal => $field:ident: $type:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        $vis struct $name {
            $($(#[$field_doc])* #[doc = concat!("\n\nOn the wire: `", $wire, "`.")] pub $field: $type,)*
        }

        $crate::fields::wire_fields! { $name { $($wire => $field,)* } }
    };
}
pub(crate) use wire_struct;

/// The table of a structure that also has other fields.
macro_rules! wire_fields {
    ($name:ident { $($wire:literal => $field:ident,)* }) => {
        impl $crate::fields::Fields for $name {
            const NAMES: &'static [&'static str] = &[$($wire),*];

            fn field(&self, index: usize) -> &dyn $crate::fields::Field {
                const FIELDS: &[fn(&$name) -> &dyn $crate::fields::Field] = &[$(|this| &this.$field),*];
                FIELDS[index](self)
            }

            fn field_mut(&mut self, index: usize) -> &mut dyn $crate::fields::Field {
                const FIELDS: &[fn(&mut $name) -> &mut dyn $crate::fields::Field] =
                    &[$(|this| &mut this.$field),*];
                FIELDS[index](self)
            }
        }
    };
}
pub(crate) use wire_fields;

/// Defines an enum for a word of the service; unknown words are kept.
macro_rules! wire_words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[doc = concat!("\n\nOn the wire: `", $word, "`.")] $variant,)*
            /// A word that this library does not know, as it came; empty if none came.
            Other(String),
        }

        impl $name {
            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $word,)* Self::Other(word) => word }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case($word) { return Self::$variant; })*
                Self::Other(word.to_owned())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::fields::Field for $name {
            fn set(&mut self, word: std::borrow::Cow<'_, str>) -> bool {
                *self = Self::from(&*word);
                true
            }
        }
    };
}
pub(crate) use wire_words;

impl Field for String {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        *self = text.into_owned();
        true
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self))
    }
}

impl Field for Secret {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        *self = Secret::new(text);
        true
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self.expose()))
    }

    fn is_secret(&self) -> bool {
        true
    }
}

impl Field for bool {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        flag(&text).map(|flag| *self = flag).is_some()
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.to_string()))
    }

    fn expected(&self) -> Message {
        message!("true or false")
    }
}

impl Field for u32 {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        number(&text).map(|number| *self = number).is_some()
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.to_string()))
    }

    fn expected(&self) -> Message {
        message!("a whole number")
    }

    fn is_number(&self) -> bool {
        true
    }
}

/// A text as a whole number: `12`, or `12.0` or `1.2e1` as some languages write it. A number in another
/// form is read by serde_json: the standard library's parser would add 15 KB for this.
pub(crate) fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    match whole.parse() {
        Ok(number) if part.bytes().all(|digit| digit == b'0') => Some(number),
        _ => {
            let number: f64 = serde_json::from_str(text).ok()?;
            let whole = number as u32;
            (f64::from(whole) == number).then_some(whole)
        }
    }
}

/// A list of texts, without null and blank items; a single text counts as a list of one.
impl Field for Vec<String> {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        *self = vec![text.into_owned()];
        true
    }

    fn read(&mut self, value: Value<'_>) -> bool {
        *self = value.texts().unwrap_or_default();
        !self.is_empty()
    }
}

/// A field of an answer that is read when it is first asked for: unescaping chains takes longer than finding
/// them, and most callers need one of three. Not for secrets, which must be wiped.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lazy<T> {
    /// Empty if the value is absent or was not read from JSON.
    json: Box<str>,
    value: OnceLock<T>,
}

impl<T: Field + Default> Lazy<T> {
    pub(crate) fn get(&self) -> &T {
        self.value.get_or_init(|| {
            let mut value = T::default();
            if !self.json.is_empty() {
                value.read(Value::new(&self.json));
            }
            value
        })
    }
}

impl<T> From<T> for Lazy<T> {
    fn from(value: T) -> Self {
        Self { json: Box::default(), value: value.into() }
    }
}

impl<T: Field + Default + PartialEq> PartialEq for Lazy<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Field + Default> Field for Lazy<T> {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        let mut value = T::default();
        let usable = value.set(text);
        *self = value.into();
        usable
    }

    fn read(&mut self, value: Value<'_>) -> bool {
        *self = Self { json: value.raw().into(), value: OnceLock::new() };
        true
    }
}

impl<T: Field + Default> Field for Option<T> {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        let mut value = T::default();
        let usable = value.set(text);
        *self = usable.then_some(value);
        usable
    }

    fn read(&mut self, value: Value<'_>) -> bool {
        let mut field = T::default();
        let usable = field.read(value);
        *self = usable.then_some(field);
        usable
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        self.as_ref().and_then(Field::text)
    }

    fn expected(&self) -> Message {
        T::default().expected()
    }

    fn is_secret(&self) -> bool {
        T::default().is_secret()
    }
}
