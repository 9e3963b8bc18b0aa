//! Takes DER structures apart without asking what their members mean.

use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, Reader, SliceReader, Tag, Tagged};

/// The members of a SEQUENCE.
pub(super) fn sequence(der: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let whole = AnyRef::from_der(der).ok()?;
    if whole.tag() == Tag::Sequence { members(whole.value()) } else { None }
}

/// The elements that follow one another.
pub(super) fn members(content: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(parts)
}
