//! The service's structures: one table of fields each, by which it is read, written and addressed
//! by name.

use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::json::{self, Object, ObjectWriter};
use crate::secret::Secret;

/// A field's value, on its way to or from JSON.
pub(crate) trait Field {
    /// Takes a JSON value; false when it is of no use here. Answers leave such a field empty (the
    /// bytes are kept), requests refuse it.
    fn read(&mut self, raw: &RawValue) -> bool;

    /// The value as JSON, or nothing when it is not to be sent.
    fn write(&self) -> Option<String>;

    /// The value, if it is one that must not be shown.
    fn secret(&self) -> Option<&Secret> {
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
        Self::NAMES.iter().position(|wire| wire.eq_ignore_ascii_case(name))
    }

    /// Reads an answer: what is missing, null or unusable stays empty.
    fn read_answer(object: &Object<'_>) -> Self
    where
        Self: Default,
    {
        let mut this = Self::default();
        for (index, name) in Self::NAMES.iter().enumerate() {
            if let Some(raw) = object.get(name) {
                this.field_mut(index).read(raw);
            }
        }
        this
    }

    /// Reads the caller's JSON: what is unusable is an error, what is unknown is returned.
    fn read_request<'a>(&mut self, object: &Object<'a>) -> Result<Vec<(String, &'a RawValue)>> {
        let mut unknown = Vec::new();
        for (name, raw) in object.members() {
            let Some(index) = Self::index_of(name) else {
                unknown.push((name.to_owned(), raw));
                continue;
            };
            let wire = Self::NAMES[index];
            let overruled = wire != name && object.has_exact(wire);
            if !overruled && !json::is_null(raw) && !self.field_mut(index).read(raw) {
                return Err(Error::argument(wire, "has a value of another kind"));
            }
        }
        Ok(unknown)
    }

    fn write_into(&self, out: &mut ObjectWriter) {
        for (index, name) in Self::NAMES.iter().enumerate() {
            if let Some(json) = self.field(index).write() {
                out.raw(name, &json);
            }
        }
    }

    fn secrets(&self) -> Vec<Secret> {
        (0..Self::NAMES.len()).filter_map(|index| self.field(index).secret().cloned()).collect()
    }
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

        impl $crate::wire::Fields for $name {
            const NAMES: &'static [&'static str] = &[$($wire),*];

            fn field(&self, index: usize) -> &dyn $crate::wire::Field {
                [$(&self.$field as &dyn $crate::wire::Field),*][index]
            }

            fn field_mut(&mut self, index: usize) -> &mut dyn $crate::wire::Field {
                let mut fields = [$(Some(&mut self.$field as &mut dyn $crate::wire::Field)),*];
                fields[index].take().expect("each field is taken once")
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

        impl $crate::wire::Field for $name {
            fn read(&mut self, raw: &serde_json::value::RawValue) -> bool {
                match $crate::json::scalar_text(raw) {
                    Some(word) => { *self = Self::from(&*word); true }
                    None => false,
                }
            }

            fn write(&self) -> Option<String> {
                Some($crate::json::quoted(self.as_str()))
            }
        }
    };
}
pub(crate) use wire_words;

impl Field for String {
    fn read(&mut self, raw: &RawValue) -> bool {
        json::scalar_text(raw).map(|text| *self = text.into_owned()).is_some()
    }

    fn write(&self) -> Option<String> {
        Some(json::quoted(self))
    }
}

impl Field for Secret {
    fn read(&mut self, raw: &RawValue) -> bool {
        json::scalar_text(raw).map(|text| *self = Secret::new(text)).is_some()
    }

    fn write(&self) -> Option<String> {
        Some(json::quoted(self.expose()))
    }

    fn secret(&self) -> Option<&Secret> {
        Some(self)
    }
}

impl Field for bool {
    fn read(&mut self, raw: &RawValue) -> bool {
        json::flag(raw).map(|flag| *self = flag).is_some()
    }

    fn write(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Field for u32 {
    fn read(&mut self, raw: &RawValue) -> bool {
        let number = json::scalar_text(raw).and_then(|text| text.trim().parse().ok());
        number.map(|number| *self = number).is_some()
    }

    fn write(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// A list of texts; a single text counts as a list of one.
impl Field for Vec<String> {
    fn read(&mut self, raw: &RawValue) -> bool {
        let items = json::array(raw).unwrap_or_else(|| vec![raw]);
        *self = items.into_iter().filter_map(json::scalar_text).map(|t| t.into_owned()).collect();
        !self.is_empty()
    }

    fn write(&self) -> Option<String> {
        let items: Vec<String> = self.iter().map(|text| json::quoted(text)).collect();
        Some(format!("[{}]", items.join(",")))
    }
}

impl<T: Field + Default> Field for Option<T> {
    fn read(&mut self, raw: &RawValue) -> bool {
        let mut value = T::default();
        let usable = value.read(raw);
        *self = usable.then_some(value);
        usable
    }

    fn write(&self) -> Option<String> {
        self.as_ref().and_then(Field::write)
    }

    fn secret(&self) -> Option<&Secret> {
        self.as_ref().and_then(Field::secret)
    }
}
