//! JSON: checked and read where it stands, and written, both without a tree of values.

mod read;
mod scan;
mod write;

pub(crate) use read::{Json, Place, Unreadable, Value, flag};
pub(crate) use write::{ObjectWriter, escape, quoted};

/// How many of `bytes` come before the first that a JSON text gives a meaning to: a quote, a
/// backslash, a control character.
fn plain(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut at = 0;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = u64::from_le_bytes(chunk.try_into().expect("a chunk is eight bytes"));
        // A subtraction sets the high bit of a byte that is less; those above it may be wrong, but
        // only the lowest is looked at. A byte of 0x80 and more is none of them.
        let less = |word: u64, limit: u64| word.wrapping_sub(EACH * limit);
        let equal = |byte: u8| less(word ^ (EACH * u64::from(byte)), 1);
        let special = (equal(b'"') | equal(b'\\') | less(word, 0x20)) & !word & (EACH << 7);
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
                text[at] = 0xff;
            }
        }
    }
}
