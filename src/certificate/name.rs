//! Names in a form that is equal where RFC 5280, section 7.1, calls two names the same.

use super::der::{Element, OID, Reader, SET};

const UTF8_STRING: u8 = 0x0c;
const TELETEX_STRING: u8 = 0x14;
const UNIVERSAL_STRING: u8 = 0x1c;
const BMP_STRING: u8 = 0x1e;
/// NumericString, PrintableString, IA5String and VisibleString.
const ASCII_STRINGS: [u8; 4] = [0x12, 0x13, 0x16, 0x1a];

/// The normalized form of a name (a DER `RDNSequence`): texts without regard to their string type,
/// to upper and lower case, and to the amount of white space.
///
/// Two names are the same if their normalized forms are equal. What is not a name is compared by
/// its bytes.
pub(crate) fn normalized(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len() + 16);
    if write(name, &mut out).is_none() {
        out.clear();
        out.extend_from_slice(name);
    }
    out
}

fn write(name: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut outer = Reader::new(name);
    let mut names = outer.sequence()?;
    while !names.is_empty() {
        let mut set = Reader::new(names.expect(SET)?.content);
        if set.is_empty() {
            out.push(0);
            continue;
        }
        let first = set.sequence()?;
        if set.is_empty() {
            out.push(1);
            write_attribute(first, out)?;
            continue;
        }
        let mut attributes = vec![attribute(first)?];
        let mut count: u8 = 1;
        while !set.is_empty() {
            count = count.checked_add(1)?;
            let attribute = attribute(set.sequence()?)?;
            // A SET's order depends on the encodings of its members, so they are sorted.
            let at = attributes.partition_point(|other| *other < attribute);
            attributes.insert(at, attribute);
        }
        out.push(count);
        out.extend(attributes.concat());
    }
    outer.is_empty().then_some(())
}

fn attribute(reader: Reader<'_>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    write_attribute(reader, &mut out)?;
    Some(out)
}

/// Writes a type and its value, each with its length before it.
fn write_attribute(mut reader: Reader<'_>, out: &mut Vec<u8>) -> Option<()> {
    let oid = reader.expect(OID)?;
    let value = reader.next()?;
    out.extend_from_slice(oid.whole);
    let header = out.len();
    out.extend_from_slice(&[0; 5]);
    if write_text(value, out).is_none() {
        out.truncate(header + 5);
        out[header] = 1;
        out.extend_from_slice(value.whole);
    }
    let length = u32::try_from(out.len() - header - 5).ok()?;
    out[header + 1..header + 5].copy_from_slice(&length.to_be_bytes());
    Some(())
}

/// Writes the text of a string value; `None` for other types and for invalid encodings.
fn write_text(value: Element<'_>, out: &mut Vec<u8>) -> Option<()> {
    let bytes = value.content;
    match value.tag {
        tag if tag == UTF8_STRING || ASCII_STRINGS.contains(&tag) => {
            write_folded(std::str::from_utf8(bytes).ok()?.chars().map(Some), out)
        }
        // In practice Latin-1, as OpenSSL reads it.
        TELETEX_STRING => write_folded(bytes.iter().map(|byte| Some(char::from(*byte))), out),
        BMP_STRING if bytes.len() % 2 == 0 => {
            let units = bytes.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            write_folded(char::decode_utf16(units).map(Result::ok), out)
        }
        UNIVERSAL_STRING if bytes.len() % 4 == 0 => {
            let code = |four: &[u8]| u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
            write_folded(bytes.chunks_exact(4).map(|four| char::from_u32(code(four))), out)
        }
        _ => None,
    }
}

/// Writes lower case, without white space around it and with one blank for any amount inside. `None` where
/// a character is missing.
fn write_folded(text: impl Iterator<Item = Option<char>>, out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    let mut after_blank = false;
    for character in text {
        let character = character?;
        if character.is_whitespace() {
            after_blank = out.len() > start;
            continue;
        }
        if after_blank {
            out.push(b' ');
            after_blank = false;
        }
        if character.is_ascii() {
            out.push(character.to_ascii_lowercase() as u8);
        } else {
            let lower = character.to_lowercase();
            lower.for_each(|it| out.extend_from_slice(it.encode_utf8(&mut [0; 4]).as_bytes()));
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::der::{INTEGER, SEQUENCE};
    use super::super::samples::element;
    use super::*;

    const CN: &[u8] = &[0x55, 4, 3];
    const O: &[u8] = &[0x55, 4, 10];

    type Attribute<'a> = (&'a [u8], u8, &'a [u8]);

    fn name(parts: &[&[Attribute<'_>]]) -> Vec<u8> {
        let sets = parts.iter().map(|set| {
            let attributes = set.iter().map(|(oid, tag, value)| {
                element(SEQUENCE, &[element(OID, oid), element(*tag, value)].concat())
            });
            element(SET, &attributes.collect::<Vec<_>>().concat())
        });
        element(SEQUENCE, &sets.collect::<Vec<_>>().concat())
    }

    fn cn(tag: u8, value: &[u8]) -> Vec<u8> {
        normalized(&name(&[&[(CN, tag, value)]]))
    }

    #[test]
    fn string_type_case_and_white_space_make_no_difference() {
        let one = cn(UTF8_STRING, b"Some CA");
        for (tag, value) in [
            (0x13, &b"Some CA"[..]),
            (0x16, b"some ca"),
            (0x14, b"SOME CA"),
            (0x0c, b"  Some \t CA "),
            (0x1e, b"\0S\0o\0m\0e\0 \0C\0A"),
            (0x1c, b"\0\0\0S\0\0\0o\0\0\0m\0\0\0e\0\0\0 \0\0\0C\0\0\0A"),
        ] {
            assert_eq!(cn(tag, value), one, "{tag:x}");
        }
        assert_eq!(cn(0x0c, "沃通 É".as_bytes()), cn(0x1e, b"\x6c\x83\x90\x1a\0 \0\xe9"));
        assert_eq!(cn(0x0c, "é".as_bytes()), cn(0x14, b"\xc9"));
    }

    #[test]
    fn another_text_type_or_structure_is_another_name() {
        let one = cn(UTF8_STRING, b"Some CA");
        for other in [
            cn(UTF8_STRING, b"SomeCA"),
            cn(UTF8_STRING, b"Some CB"),
            cn(INTEGER, b"Some CA"),
            normalized(&name(&[&[(O, UTF8_STRING, b"Some CA")]])),
            normalized(&name(&[&[(CN, UTF8_STRING, b"Some CA")], &[(O, UTF8_STRING, b"x")]])),
        ] {
            assert_ne!(other, one);
        }
        let (a, b) = ((CN, UTF8_STRING, &b"a"[..]), (O, UTF8_STRING, &b"b"[..]));
        assert_ne!(normalized(&name(&[&[a], &[b]])), normalized(&name(&[&[a, b]])));
        assert_ne!(normalized(&name(&[&[a], &[b]])), normalized(&name(&[&[b], &[a]])));
        assert_eq!(normalized(&name(&[&[a, b]])), normalized(&name(&[&[b, a]])));
        // Invalid encodings are compared by their bytes.
        assert_eq!(cn(UTF8_STRING, b"\xff"), cn(UTF8_STRING, b"\xff"));
        assert_ne!(cn(UTF8_STRING, b"\xff"), cn(TELETEX_STRING, b"\xff"));
        assert_eq!(normalized(b"no name"), b"no name");
    }
}
