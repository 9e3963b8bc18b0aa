//! Texts for people, in English and Chinese.
//!
//! Code has the English text, as a template with `{}` for each argument. The Chinese text is in
//! `zh.txt`, found by the English one. A text is put together when it is read, so a call that
//! succeeds formats nothing, and an error can be shown in a language that is chosen later.

mod chinese;
mod lang;
#[cfg(test)]
mod tests;
mod text;

pub use self::lang::Lang;
pub use self::text::Message;

/// Makes a [`Message`] of an English template, which has a Chinese one in `zh.txt`, and its arguments.
macro_rules! message {
    ($template:literal) => {
        $crate::messages::Message::constant($template)
    };
    ($template:literal, $($argument:expr),+ $(,)?) => {
        $crate::messages::Message::new($template, &[$(&$argument),+])
    };
}
pub(crate) use message;
