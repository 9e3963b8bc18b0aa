//! A message: a template and its arguments.

use std::borrow::Cow;
use std::fmt;
use std::io;

use super::chinese;
use super::lang::Lang;

/// A text for a person, in each [`Lang`]. `Display` is the English one.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    pub(super) template: &'static str,
    pub(super) arguments: Vec<Argument>,
}

/// An argument of a message.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Argument {
    /// The same in every language.
    Text(String),
    Message(Message),
}

impl Message {
    /// A text without arguments.
    pub(crate) const fn constant(template: &'static str) -> Self {
        Self { template, arguments: Vec::new() }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn new(template: &'static str, arguments: &[&dyn Quote]) -> Self {
        debug_assert_eq!(template.matches("{}").count(), arguments.len(), "{template}");
        Self { template, arguments: arguments.iter().map(|argument| argument.quote()).collect() }
    }

    /// A text that this library did not write, which is the same in every language.
    pub(crate) fn verbatim(text: impl Into<String>) -> Self {
        Self { template: "{}", arguments: vec![Argument::Text(text.into())] }
    }

    /// The text of an error of the system, or of one that [`into_io`](Self::into_io) made.
    pub(crate) fn of_io(error: &io::Error) -> Self {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        own.cloned().unwrap_or_else(|| Self::verbatim(error.to_string()))
    }

    /// An error of input or output with this text.
    pub(crate) fn into_io(self, kind: io::ErrorKind) -> io::Error {
        io::Error::new(kind, self)
    }

    /// The text in a language. Texts of the service and of the system stay as they came.
    pub fn text(&self, lang: Lang) -> String {
        let mut out = String::new();
        self.write(lang, &mut out);
        out
    }

    fn write(&self, lang: Lang, out: &mut String) {
        let template = match lang {
            Lang::En => self.template,
            Lang::Zh => chinese::of(self.template).unwrap_or(self.template),
        };
        let (mut rest, mut count) = (template, 0);
        while let Some((before, hole)) = rest.split_once('{') {
            out.push_str(before);
            let (number, after) = hole.split_once('}').unwrap_or_default();
            match self.arguments.get(number.parse().unwrap_or(count)) {
                Some(Argument::Text(text)) => out.push_str(text),
                Some(Argument::Message(message)) => message.write(lang, out),
                None => {}
            }
            count += 1;
            rest = after;
        }
        out.push_str(rest);
    }

    /// Changes what the message quotes, such as texts of the service.
    pub(crate) fn map_quoted(&mut self, change: &dyn Fn(&str) -> String) {
        for argument in &mut self.arguments {
            match argument {
                Argument::Text(text) => *text = change(text),
                Argument::Message(message) => message.map_quoted(change),
            }
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text(Lang::En), f)
    }
}

impl std::error::Error for Message {}

/// What an argument can be made of. It is called through a table of functions: code for each message and
/// each type of argument would be larger than all texts.
pub(crate) trait Quote {
    fn quote(&self) -> Argument;
}

impl Quote for Message {
    fn quote(&self) -> Argument {
        Argument::Message(self.clone())
    }
}

/// `None` is shown as an empty text.
impl Quote for Option<Message> {
    fn quote(&self) -> Argument {
        self.clone().map_or(Argument::Text(String::new()), Argument::Message)
    }
}

macro_rules! displayed {
    ($($type:ty),*) => {$(
        impl Quote for $type {
            fn quote(&self) -> Argument {
                Argument::Text(self.to_string())
            }
        }
    )*};
}
displayed!(&str, String, Cow<'_, str>, u16, u32, u64, usize);
