//! Takes DER structures apart without asking what their members mean, and puts them together.

use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};

/// The members of a SEQUENCE.
pub(crate) fn sequence(der: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let whole = AnyRef::from_der(der).ok()?;
    if whole.tag() == Tag::Sequence { members(whole.value()) } else { None }
}

/// The elements that follow one another.
pub(crate) fn members(content: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let mut reader = SliceReader::new(content).ok()?;
    let mut parts = Vec::new();
    while !reader.is_finished() {
        parts.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(parts)
}

/// The content of the member with a context-specific tag.
pub(crate) fn tagged<'a>(parts: &[AnyRef<'a>], wanted: u32) -> Option<&'a [u8]> {
    let is = |part: &&AnyRef<'_>| matches!(part.tag(), Tag::ContextSpecific { number, .. } if number == TagNumber(wanted));
    parts.iter().find(is).map(|part| part.value())
}

/// An element with a tag and a content.
pub(crate) fn element(tag: Tag, content: &[u8]) -> Option<Vec<u8>> {
    AnyRef::new(tag, content).ok()?.to_der().ok()
}

/// An element that contains others.
pub(crate) fn constructed(tag: Tag, parts: &[&[u8]]) -> Option<Vec<u8>> {
    element(tag, &parts.concat())
}

/// The tag of a constructed, context-specific element.
pub(crate) fn context(number: u32) -> Tag {
    Tag::ContextSpecific { number: TagNumber(number), constructed: true }
}
