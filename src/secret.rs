//! Text that is not printed by accident and is overwritten when it is dropped.

use std::fmt;

use zeroize::Zeroize;

/// Text that stays out of logs: its `Debug` form is `***`, it has no `Display`, and its memory is
/// overwritten when it is dropped. Copies made by the HTTP and TLS layers while sending are not.
///
/// ```
/// let password = wotrus::Secret::new("8-digits");
/// assert_eq!(format!("{password:?}"), "***");
/// assert_eq!(password.expose(), "8-digits");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
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
        zeroize(&mut std::mem::take(&mut self.0).into_bytes());
    }
}

/// Overwrites the content of `bytes` and what an earlier, longer content may have left behind it.
/// (`Vec::zeroize` writes the content twice.)
pub(crate) fn zeroize(bytes: &mut Vec<u8>) {
    bytes.as_mut_slice().zeroize();
    bytes.spare_capacity_mut().zeroize();
}
