//! The service's structures: one table of fields each, by which it is read, written and addressed
//! by name.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::json::{Value, flag};
use crate::secret::Secret;

/// A field's value, on its way to or from JSON.
pub(crate) trait Field {
    /// Takes a text; false when it is of no use here.
    fn set(&mut self, text: Cow<'_, str>) -> bool;

    /// Takes a JSON value; false when it is of no use here. Answers leave such a field empty (the
    /// bytes are kept), requests refuse it.
    fn read(&mut self, value: Value<'_>) -> bool {
        value.scalar().is_some_and(|text| self.set(text))
    }

    /// The value as a text, if there is one and it can be: what is sent can.
    fn text(&self) -> Option<Cow<'_, str>> {
        None
    }
}

/// A structure of the service: its fields by their wire names.
pub(crate) trait Fields {
    const NAMES: &'static [&'static str];
    fn field(&self, index: usize) -> &dyn Field;
    fn field_mut(&mut self, index: usize) -> &mut dyn Field;

    /// Which field a name in any ASCII case means.
    fn index_of(name: &str) -> Option<usize> {
        position(Self::NAMES, name)
    }

    /// Reads an answer: what is missing, null or unusable stays empty.
    fn read_answer(object: Value<'_>) -> Self
    where
        Self: Default,
    {
        // As `Value::get` chooses: the exact name wins, and among equals the last.
        let mut chosen = vec![None; Self::NAMES.len()];
        for (name, value) in object.members() {
            let Some(index) = Self::index_of(&name) else { continue };
            let exact = name == Self::NAMES[index];
            if exact || !matches!(chosen[index], Some((true, _))) {
                chosen[index] = Some((exact, value));
            }
        }
        let mut this = Self::default();
        for (index, (_, value)) in chosen.into_iter().enumerate().filter_map(|(i, c)| Some((i, c?)))
        {
            this.field_mut(index).read(value);
        }
        this
    }

    /// Reads the caller's JSON: what is unusable is an error, what is unknown is returned.
    fn read_request<'a>(&mut self, object: Value<'a>) -> Result<Vec<(Cow<'a, str>, Value<'a>)>> {
        let mut unknown = Vec::new();
        for (name, value) in object.members() {
            let Some(index) = Self::index_of(&name) else {
                unknown.push((name, value));
                continue;
            };
            let wire = Self::NAMES[index];
            let overruled = wire != name && object.members().any(|(name, _)| name == wire);
            if !overruled && !value.is_null() && !self.field_mut(index).read(value) {
                return Err(Error::argument(wire, "has a value of another kind"));
            }
        }
        Ok(unknown)
    }
}

fn position(names: &[&str], name: &str) -> Option<usize> {
    let (last, _) = name.as_bytes().split_last()?;
    // The length and the last letter tell most names apart, for little.
    names.iter().position(|wire| {
        wire.len() == name.len()
            && wire.as_bytes()[wire.len() - 1].eq_ignore_ascii_case(last)
            && (*wire == name || wire.eq_ignore_ascii_case(name))
    })
}

/// Defines a structure with its wire names; every field is documented with the one it bears.
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

        impl $crate::json::fields::Fields for $name {
            const NAMES: &'static [&'static str] = &[$($wire),*];

            fn field(&self, index: usize) -> &dyn $crate::json::fields::Field {
                const FIELDS: &[fn(&$name) -> &dyn $crate::json::fields::Field] = &[$(|this| &this.$field),*];
                FIELDS[index](self)
            }

            fn field_mut(&mut self, index: usize) -> &mut dyn $crate::json::fields::Field {
                const FIELDS: &[fn(&mut $name) -> &mut dyn $crate::json::fields::Field] =
                    &[$(|this| &mut this.$field),*];
                FIELDS[index](self)
            }
        }
    };
}
pub(crate) use wire_struct;

/// Defines a word of the service as an enum that keeps the words it does not know.
macro_rules! wire_words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[doc = concat!("\n\nOn the wire: `", $word, "`.")] $variant,)*
            /// A word this library does not know, as it came; empty if none came.
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

        impl $crate::json::fields::Field for $name {
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
}

impl Field for bool {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        flag(&text).map(|flag| *self = flag).is_some()
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.to_string()))
    }
}

impl Field for u32 {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        text.trim().parse().map(|number| *self = number).is_ok()
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Owned(self.to_string()))
    }
}

/// A list of texts; a single text counts as a list of one.
impl Field for Vec<String> {
    fn set(&mut self, text: Cow<'_, str>) -> bool {
        *self = vec![text.into_owned()];
        true
    }

    fn read(&mut self, value: Value<'_>) -> bool {
        let texts = |items: &mut dyn Iterator<Item = Value<'_>>| {
            items.filter_map(Value::scalar).map(Cow::into_owned).collect()
        };
        *self = match value.items() {
            Some(mut items) => texts(&mut items),
            None => texts(&mut std::iter::once(value)),
        };
        !self.is_empty()
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
}
