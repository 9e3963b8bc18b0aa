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
        self.0.zeroize();
    }
}

/// Replaces every secret in `text` by `***`: a service may echo what it was sent.
pub(crate) fn redact<'a>(text: &str, secrets: impl Iterator<Item = &'a Secret>) -> String {
    // Replacing shorter ones would garble other text and protect nothing.
    const MIN_SECRET_LENGTH: usize = 4;
    secrets
        .map(Secret::expose)
        .filter(|secret| secret.len() >= MIN_SECRET_LENGTH)
        .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redact_replaces_secrets_but_not_short_ones() {
        let secrets = [Secret::new("tk_1234"), Secret::new("1")];
        let text = redact("token tk_1234 refused, tk_1234!", secrets.iter());
        assert_eq!(text, "token *** refused, ***!");
    }
}
