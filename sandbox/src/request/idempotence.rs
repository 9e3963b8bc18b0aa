//! The idempotenceID of a create or reissue request.

use serde::{Deserialize, Serialize};

use super::fields::Fields;
use crate::refusal::Refusal;

/// A create and a reissue may have the same idempotenceID: a reissue may repeat that of its order (revision V1.05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Namespace {
    Create,
    Reissue,
}

/// An idempotenceID of an operation.
pub(crate) type IdempotenceKey = (Namespace, String);
/// The digest of the first request with this idempotenceID, and the order that it created.
pub(crate) type IdempotenceRecord = ([u8; 32], String);

/// An idempotenceID and the digest of the request that it came with.
pub(crate) struct Idempotence {
    pub(crate) id: String,
    pub(crate) digest: [u8; 32],
}

impl Idempotence {
    /// Reads the idempotenceID from `holder`, and takes the digest of `content`. An empty one counts as absent: the
    /// document's own example has one.
    pub(crate) fn read(holder: Fields<'_>, content: Fields<'_>) -> Result<Option<Self>, Refusal> {
        let id = holder.text("idempotenceID")?;
        Ok(id.map(|id| Self { id: id.into_owned(), digest: content.digest() }))
    }
}
