//! JSON: checked and read where it stands, and written, both without a tree of values.

mod read;
mod scan;
mod write;

pub(crate) use read::{Json, Place, Unreadable, Value, flag};
pub(crate) use write::{ObjectWriter, quote, quoted};

/// How many of `bytes` come before the first that a JSON text gives a meaning to: a quote, a
/// backslash, a control character.
fn plain(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // The high bit of every byte that is less than `limit`. A byte above one that is less may be
    // wrong, but only the lowest is looked at.
    let less = |word: u64, limit: u64| word.wrapping_sub(EACH * limit) & !word & (EACH << 7);
    let equal = |word: u64, byte: u8| less(word ^ (EACH * u64::from(byte)), 1);
    let mut at = 0;
    // Eight at a time.
    while let Some(chunk) = bytes[at..].first_chunk() {
        let word = u64::from_le_bytes(*chunk);
        let special = equal(word, b'"') | equal(word, b'\\') | less(word, 0x20);
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += chunk.len();
    }
    let special = |byte: u8| byte == b'"' || byte == b'\\' || byte < 0x20;
    at + bytes[at..].iter().take_while(|byte| !special(**byte)).count()
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
