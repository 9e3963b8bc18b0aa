//! Text that is not printed by accident and is overwritten when it is dropped.

use std::fmt;
use std::mem::MaybeUninit;

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

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        if self.0.capacity() > 0 {
            zeroize(&mut std::mem::take(&mut self.0).into_bytes());
        }
    }
}

/// Overwrites all memory of `bytes`, and empties them. zeroize writes element by element, so most are
/// written as words.
#[allow(unsafe_code)]
pub(crate) fn zeroize(bytes: &mut Vec<u8>) {
    bytes.clear();
    // SAFETY: a word may have any bit pattern, initialized or not.
    let (first, words, last) =
        unsafe { bytes.spare_capacity_mut().align_to_mut::<MaybeUninit<u64>>() };
    first.zeroize();
    words.zeroize();
    last.zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(unsafe_code)]
    fn zeroize_overwrites_the_whole_capacity() {
        for length in [0, 1, 7, 8, 9, 100] {
            let mut bytes = vec![0xa5; 100];
            bytes.truncate(length);
            zeroize(&mut bytes);
            assert!(bytes.is_empty() && bytes.capacity() >= 100);
            // SAFETY: the bytes were initialized, and then overwritten.
            let memory = unsafe { std::slice::from_raw_parts(bytes.as_ptr(), 100) };
            assert!(memory.iter().all(|byte| *byte == 0), "{length}");
        }
    }
}
