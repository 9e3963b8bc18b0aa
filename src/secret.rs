//! A text that nobody prints by accident.

use std::fmt;
use std::hint::black_box;

/// A text kept out of logs: its `Debug` form is `***`, it has no `Display`, and its memory is
/// overwritten when it goes. Copies that the HTTP and TLS layers make while sending are theirs.
///
/// ```
/// let password = wotrus::Secret::new("8-digits");
/// assert_eq!(format!("{password:?}"), "***");
/// assert_eq!(password.expose(), "8-digits");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being printed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one who needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        wipe(std::mem::take(&mut self.0).into_bytes());
    }
}

/// Frees `bytes`, overwritten.
pub(crate) fn wipe(mut bytes: Vec<u8>) {
    bytes.fill(0);
    // Without a reader the compiler would leave the overwriting out.
    black_box(&bytes);
}
