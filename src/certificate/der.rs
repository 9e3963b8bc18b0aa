//! A reader of DER, as far as certificates, requests and keys need it.

use std::ops::Range;

/// One element: its tag, its content, and the whole encoding with tag and length.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Reads the elements of an encoding one after the other; `None` where it is not DER.
#[derive(Clone)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(der: &'a [u8]) -> Self {
        Self(der)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What has not been read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn next(&mut self) -> Option<Element<'a>> {
        let (&tag, _) = self.0.split_first()?;
        // Tags of more than one byte do not occur in the structures read here.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (header, length) = header(self.0)?;
        let end = header.checked_add(length)?;
        let (whole, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        Some(Element { tag, content: &whole[header..], whole })
    }

    /// The next element, if it has this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<Element<'a>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// The next element if it has this tag; otherwise nothing is read.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Element<'a>> {
        if self.0.first() == Some(&tag) { self.next() } else { None }
    }

    /// A reader of the content of the next element, a SEQUENCE.
    pub(crate) fn sequence(&mut self) -> Option<Reader<'a>> {
        self.expect(SEQUENCE).map(|element| Reader(element.content))
    }
}

/// Where `part` is in the encoding that it is part of.
pub(crate) fn position(der: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr() as usize - der.as_ptr() as usize;
    start..start + part.len()
}

/// The length of the first element's header (tag and length), and of its content.
#[inline]
fn header(der: &[u8]) -> Option<(usize, usize)> {
    match *der.get(1)? {
        short @ 0..=0x7f => Some((2, usize::from(short))),
        long @ 0x81..=0x84 => {
            let bytes = der.get(2..2 + usize::from(long & 0x7f))?;
            let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            Some((2 + bytes.len(), length))
        }
        _ => None,
    }
}

/// How many bytes are missing at the end of an encoding that was cut, by its own length field.
pub(crate) fn missing(der: &[u8]) -> Option<usize> {
    let (header, length) = header(der)?;
    header.checked_add(length)?.checked_sub(der.len()).filter(|missing| *missing > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_lengths_are_read() {
        let mut long = vec![OCTET_STRING, 0x82, 0x01, 0x00];
        long.extend([7; 256]);
        long.extend([INTEGER, 1, 5]);
        assert_eq!(missing(&long[..100]), Some(160));
        assert_eq!(missing(&long), None);
        let mut reader = Reader::new(&long);
        assert_eq!(reader.next().unwrap().content.len(), 256);
        assert!(reader.optional(SEQUENCE).is_none());
        let number = reader.expect(INTEGER).unwrap();
        assert_eq!((number.content, number.whole), (&[5][..], &[INTEGER, 1, 5][..]));
        assert!(reader.is_empty() && reader.next().is_none());
    }

    #[test]
    fn a_cut_element_and_an_unsupported_tag_or_length_are_none() {
        for bad in [
            &[][..],
            &[0x30],
            &[0x30, 5, 1],
            &[0x30, 0x80],
            &[0x30, 0x82, 1],
            &[0x30, 0x85, 1, 1, 1, 1, 1],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x1f, 1, 1],
        ] {
            assert!(Reader::new(bad).next().is_none(), "{bad:x?}");
        }
    }
}
