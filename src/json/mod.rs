//! JSON: checked and read where it stands, and written, both without a tree of values.

pub(crate) mod fields;
mod read;
mod scan;
mod write;

pub(crate) use read::{Json, NodeId, Unreadable, Value, flag};
pub(crate) use write::{ObjectWriter, escape, quoted};

/// How many of `bytes` come before the first that a JSON text gives a meaning to: a quote, a
/// backslash, a control character.
fn plain(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let special = |word: u64| {
        // The bits of a byte turned round, but for one that makes the quote the neighbour of the
        // control characters: they are above 0xde now, whatever is not ASCII below 0x80.
        let turned = word ^ (EACH * 0xfd);
        // A subtraction sets the high bit of a byte that becomes less than nothing; those above it
        // may be wrong, but only the lowest is looked at.
        let low = (EACH * 0xde).wrapping_sub(turned);
        let backslash = (turned ^ (EACH * (0xfd ^ u64::from(b'\\')))).wrapping_sub(EACH);
        (low | backslash) & turned & (EACH << 7)
    };
    let mut at = 0;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let special =
            special(u64::from_le_bytes(chunk.try_into().expect("a chunk is eight bytes")));
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += chunk.len();
    }
    let special = |byte: u8| byte == b'"' || byte == b'\\' || byte < 0x20;
    at + chunks.remainder().iter().take_while(|byte| !special(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands() {
        for length in 0..70 {
            let mut text = vec![b'a'; length];
            assert_eq!(plain(&text), length);
            for at in 0..length {
                for special in [b'"', b'\\', 0, 0x1f] {
                    text[at] = special;
                    assert_eq!(plain(&text), at);
                }
                for other in 0..=0xff {
                    text[at] = other;
                    let special = matches!(other, b'"' | b'\\' | 0..0x20);
                    assert_eq!(plain(&text) == at, special, "{other:x}");
                }
                text[at] = 0x80 | at as u8;
            }
        }
    }
}
