//! Takes DER structures apart without asking what their members mean, and puts them together.

use std::borrow::Cow;

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

/// A structure in DER without the white space that an editor or `echo` has put behind it. One in BER, in which lengths
/// may be indefinite, is rewritten; what is neither stays.
pub(crate) fn definite(bytes: &[u8]) -> Cow<'_, [u8]> {
    const SEQUENCE: u8 = 0x30;
    match rewritten(bytes, MAX_DEPTH).filter(|_| bytes.first() == Some(&SEQUENCE)) {
        Some((element, rest)) if rest.trim_ascii().is_empty() => element,
        _ => Cow::Borrowed(bytes),
    }
}

const MAX_DEPTH: u32 = 32;
const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 4;

/// The first element with a definite length, and what follows it. An element without an indefinite length in it keeps
/// its bytes, which may be signed, and is not copied, because it may be a private key.
fn rewritten(ber: &[u8], depth: u32) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let (&tag, after) = ber.split_first()?;
    let (&length, after) = after.split_first()?;
    // Tags of more than one byte do not occur in these structures.
    if tag & 0x1f == 0x1f || depth == 0 {
        return None;
    }
    let (content, rest) = match length {
        0x80 if tag & CONSTRUCTED != 0 => (after, None),
        0..0x80 => after.split_at_checked(length.into()).map(|(own, rest)| (own, Some(rest)))?,
        0x81..=0x84 => {
            let (digits, after) = after.split_at_checked((length & 0x7f).into())?;
            let length = digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            after.split_at_checked(length).map(|(own, rest)| (own, Some(rest)))?
        }
        _ => return None,
    };
    let whole = |rest: &[u8]| Cow::Borrowed(&ber[..ber.len() - rest.len()]);
    if tag & CONSTRUCTED == 0 {
        return rest.map(|rest| (whole(rest), rest));
    }
    let (mut next, mut members, mut is_same) = (content, Vec::new(), rest.is_some());
    let rest = loop {
        match (next, rest) {
            ([], Some(rest)) => break rest,
            ([0, 0, rest @ ..], None) => break rest,
            _ => {}
        }
        let Some((member, after)) = rewritten(next, depth - 1) else {
            // With a definite length its content need not be understood.
            return rest.map(|rest| (whole(rest), rest));
        };
        is_same &= matches!(member, Cow::Borrowed(_));
        members.push(member);
        next = after;
    };
    if is_same {
        return Some((whole(rest), rest));
    }
    // A string in pieces.
    let (tag, content) = match tag & !CONSTRUCTED {
        OCTET_STRING => {
            let piece = |it: &Cow<'_, [u8]>| Some(AnyRef::from_der(it).ok()?.value().to_vec());
            (OCTET_STRING, members.iter().map(piece).collect::<Option<Vec<_>>>()?.concat())
        }
        _ => (tag, members.concat()),
    };
    let mut der = vec![tag];
    let length = content.len().to_be_bytes();
    match content.len() {
        short @ 0..0x80 => der.push(short as u8),
        _ => {
            let zeros = length.iter().take_while(|byte| **byte == 0).count();
            der.push(0x80 | (length.len() - zeros) as u8);
            der.extend(&length[zeros..]);
        }
    }
    der.extend(content);
    Some((Cow::Owned(der), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_become_definite_and_the_rest_keeps_its_bytes() {
        for (ber, der) in [
            (&[0x30, 0x80, 2, 1, 5, 0, 0][..], &[0x30, 3, 2, 1, 5][..]),
            (&[0x30, 7, 0x31, 0x80, 2, 1, 5, 0, 0], &[0x30, 5, 0x31, 3, 2, 1, 5]),
            (&[0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 1, 8, 0, 0, 0, 0], &[0x30, 4, 4, 2, 7, 8]),
            // A length that is longer than it needs to be is part of what was signed.
            (&[0x30, 0x80, 0x30, 0x81, 1, 5, 0, 0, 0], &[0x30, 0x80, 0x30, 0x81, 1, 5, 0, 0, 0]),
            (&[0x30, 3, 2, 0x81, 1], &[0x30, 3, 2, 0x81, 1]),
            (&[0x30, 0x80, 0x30, 0x81, 3, 2, 1, 5, 0, 0], &[0x30, 6, 0x30, 0x81, 3, 2, 1, 5]),
            (&[0x30, 3, 2, 1, 5, b'\r', b'\n'], &[0x30, 3, 2, 1, 5]),
            (&[0x30, 3, 2, 1, b'\n'], &[0x30, 3, 2, 1, b'\n']),
            (&[0x30, 4, 0x1f, 1, 1, 5, b'\n'], &[0x30, 4, 0x1f, 1, 1, 5]),
            // Cut, or with bytes behind it.
            (&[0x30, 0x80, 2, 1, 5], &[0x30, 0x80, 2, 1, 5]),
            (&[0x30, 0x80, 2, 1, 5, 0, 0, 1], &[0x30, 0x80, 2, 1, 5, 0, 0, 1]),
            (&[0x30], &[0x30]),
            (&[], &[]),
        ] {
            assert_eq!(*definite(ber), *der, "{ber:02x?}");
        }
        let mut deep = [0x30, 0x80].repeat(100_000);
        assert_eq!(*definite(&deep), *deep);
        deep.extend([0, 0].repeat(100_000));
        assert_eq!(*definite(&deep), *deep);
        let long = [&[0x30, 0x80, 4, 0x82, 1, 0][..], &[7; 256], &[0, 0]].concat();
        assert_eq!(definite(&long)[..4], [0x30, 0x82, 1, 4]);
    }
}
