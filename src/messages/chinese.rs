//! The Chinese templates. They are found by a hash of the English ones, so that the library does not contain
//! those twice; the file of both is read while the library is compiled.

/// Each English template, and on the next line its Chinese one.
const TEMPLATES: &[u8] = include_bytes!("zh.txt");

static TABLE: Table<{ size().0 }, { size().1 }> = table();

struct Table<const COUNT: usize, const BYTES: usize> {
    /// The hash of each English template.
    hashes: [u32; COUNT],
    /// The Chinese ones in the same order, each with its line end.
    chinese: [u8; BYTES],
}

/// The Chinese template for an English one.
pub(super) fn of(template: &str) -> Option<&'static str> {
    let hash = hash(template.as_bytes(), 0, template.len());
    let index = TABLE.hashes.iter().position(|known| *known == hash)?;
    let chinese = TABLE.chinese.split_inclusive(|byte| *byte == b'\n').nth(index)?;
    std::str::from_utf8(chinese).ok().map(|line| line.trim_end_matches('\n'))
}

/// FNV-1a of a part of `text`. A test finds templates with the same hash.
const fn hash(text: &[u8], mut at: usize, end: usize) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    while at < end {
        hash = (hash ^ text[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

/// The first line with a template from `at` on: where it begins, and where the next line begins.
const fn line(mut at: usize) -> Option<(usize, usize)> {
    while at < TEMPLATES.len() {
        let start = at;
        while TEMPLATES[at] != b'\n' {
            at += 1;
        }
        at += 1;
        if !matches!(TEMPLATES[start], b'\n' | b'#') {
            return Some((start, at));
        }
    }
    None
}

/// The next pair of templates from `at` on, as [`line`] gives each.
const fn pair(at: usize) -> Option<[(usize, usize); 2]> {
    let Some(english) = line(at) else { return None };
    let Some(chinese) = line(english.1) else { panic!("the last template has no Chinese one") };
    Some([english, chinese])
}

/// The number of templates, and the bytes of the Chinese ones.
const fn size() -> (usize, usize) {
    let (mut count, mut bytes, mut at) = (0, 0, 0);
    while let Some([_, (start, end)]) = pair(at) {
        count += 1;
        bytes += end - start;
        at = end;
    }
    (count, bytes)
}

const fn table<const COUNT: usize, const BYTES: usize>() -> Table<COUNT, BYTES> {
    let mut table = Table { hashes: [0; COUNT], chinese: [0; BYTES] };
    let (mut count, mut bytes, mut at) = (0, 0, 0);
    while let Some([english, (start, end)]) = pair(at) {
        table.hashes[count] = hash(TEMPLATES, english.0, english.1 - 1);
        count += 1;
        at = start;
        while at < end {
            table.chinese[bytes] = TEMPLATES[at];
            bytes += 1;
            at += 1;
        }
    }
    table
}

/// The templates in pairs, each English one with its Chinese one.
#[cfg(test)]
pub(super) fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = |(start, end): (usize, usize)| {
        std::str::from_utf8(&TEMPLATES[start..end - 1]).expect("zh.txt is UTF-8")
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        let [english, chinese] = pair(at)?;
        at = chinese.1;
        Some((text(english), text(chinese)))
    })
}
