//! Texts that a reply has handed out: each is made when it is first asked for, and is valid as long as
//! the reply.

use std::sync::{Mutex, PoisonError};

/// Which text it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// A JSON value, by its offset in the answer.
    Value(usize),
    /// A field of a push, by its index.
    Field(usize),
    Warning(usize),
    /// A text of a certificate, by the certificate's index.
    Certificate(usize, CertificateText),
    /// One certificate of the chain, by its index.
    Chain(usize, usize),
    Kind,
    Cause,
    Delivery,
    Message,
    RequestId,
    IdempotenceId,
    OrderId,
    Json,
    Body,
    Values,
}

/// Which text of a certificate it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CertificateText {
    Pem,
    FullChain,
    FullChainWithRoot,
    Intermediates,
    Root,
    ChainStatus,
}

/// Texts with their NULs, sorted by key.
pub(super) struct TextCache(Mutex<Vec<(Key, Box<[u8]>)>>);

impl Default for TextCache {
    fn default() -> Self {
        // As many texts as most programs read.
        Self(Mutex::new(Vec::with_capacity(12)))
    }
}

impl TextCache {
    /// Returns a text, which `make` makes if it is not there yet.
    pub(super) fn get(&self, key: Key, make: impl FnOnce() -> Option<Box<[u8]>>) -> Option<&[u8]> {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = match texts.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(at) => at,
            Err(at) => {
                texts.insert(at, (key, make()?));
                at
            }
        };
        let (_, text) = &texts[at];
        // SAFETY: texts are never changed or removed, and the content of a box does not move.
        Some(unsafe { &*std::ptr::from_ref::<[u8]>(text) })
    }
}
