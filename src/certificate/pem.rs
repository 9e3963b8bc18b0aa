//! PEM: base64 between two lines, however it was wrapped.

use std::borrow::Cow;

use crate::base64;

const LINE: usize = 64;

/// One block: its label (`CERTIFICATE`) and the DER inside.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    pub(crate) label: &'a str,
    pub(crate) der: Vec<u8>,
}

/// The blocks in `text`, in order; one with unreadable content is an error, and the last. Text around
/// blocks is none.
pub(crate) fn parse(text: &str) -> impl Iterator<Item = Result<Block<'_>, &'static str>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = cut(std::mem::take(&mut rest), "-----BEGIN ")?;
        Some(block(after).map(|(block, after)| {
            rest = after;
            block
        }))
    })
}

/// The block whose label `text` begins with, and what is after it.
fn block(text: &str) -> Result<(Block<'_>, &str), &'static str> {
    let (label, after) = cut(text, "-----").ok_or("the BEGIN line is not complete")?;
    let (body, after) = cut(after, "-----END ").ok_or("the END line is missing: was it cut?")?;
    let (end, after) = cut(after, "-----").ok_or("the END line is not complete")?;
    if end != label {
        return Err("the BEGIN and END lines differ");
    }
    let der = decode(body).ok_or("the text between BEGIN and END is not base64")?;
    Ok((Block { label, der }, after))
}

/// What is before `mark` and what is after it, as `split_once` has it, which looks for a text with
/// more care than for the hyphen that ours begin with.
fn cut<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    text.match_indices('-').find_map(|(at, _)| {
        let (before, from) = text.split_at(at);
        Some((before, from.strip_prefix(mark)?))
    })
}

/// The bytes in the lines of a block.
fn decode(body: &str) -> Option<Vec<u8>> {
    let body = body.as_bytes().trim_ascii();
    let mut text = Vec::with_capacity(body.len());
    // As nearly everybody writes them.
    let straight = body.chunks(LINE + 1).all(|line| {
        let (line, end) = line.split_at(line.len().min(LINE));
        text.extend_from_slice(line);
        matches!(end, [] | [b'\n'])
    });
    straight.then(|| base64::decode(&text)).flatten().or_else(|| {
        text.clear();
        text.extend(body.iter().filter(|byte| !byte.is_ascii_whitespace()));
        base64::decode(&text)
    })
}

/// The PEM form every program reads: 64 characters a line, LF, a line end after the last line.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let mut base64 = String::with_capacity(der.len().div_ceil(3) * 4);
    base64::encode(der, &mut base64);
    let lines = base64.len().div_ceil(LINE);
    let mut pem = String::with_capacity(base64.len() + lines + 2 * label.len() + 32);
    pem.extend(["-----BEGIN ", label, "-----\n"]);
    for start in (0..base64.len()).step_by(LINE) {
        pem.push_str(&base64[start..base64.len().min(start + LINE)]);
        pem.push('\n');
    }
    pem.extend(["-----END ", label, "-----\n"]);
    pem
}

/// That form of a block that was read from `text`: mostly `text` itself.
pub(crate) fn written<'a>(text: &'a str, label: &str, der: &[u8]) -> Cow<'a, str> {
    let body = text.strip_prefix("-----BEGIN ").and_then(|text| text.strip_prefix(label));
    let body = body.and_then(|text| text.strip_prefix("-----\n")).unwrap_or_default();
    let body = body.strip_suffix("-----\n").and_then(|text| text.strip_suffix(label));
    let body = body.and_then(|text| text.strip_suffix("-----END ")).unwrap_or_default();
    // What was read is base64 and line ends: where there are as many as there must be, and stand
    // where they must, there are no others.
    let base64 = der.len().div_ceil(3) * 4;
    let mut ends = body.bytes().skip(LINE).step_by(LINE + 1);
    let same = body.len() == base64 + base64.div_ceil(LINE)
        && body.ends_with('\n')
        && ends.all(|byte| byte == b'\n');
    if same { Cow::Borrowed(text) } else { Cow::Owned(write(label, der)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<Block<'_>>, &'static str> {
        parse(text).collect()
    }

    #[test]
    fn what_is_written_so_already_is_taken_as_it_is() {
        for length in 1..200 {
            let der = vec![7; length];
            let pem = write("X Y", &der);
            assert!(matches!(written(&pem, "X Y", &der), Cow::Borrowed(text) if text == pem));
            for other in [
                pem.replace('\n', "\r\n"),
                pem.replace("X Y", "X"),
                format!("{pem}\n"),
                format!("\n{pem}"),
                pem.replace("-\n", "-\n\n"),
                pem.replacen('B', "\n", 2),
                pem.replace('=', ""),
                pem.repeat(2),
            ] {
                assert!(*written(&other, "X Y", &der) == *pem || other == pem, "{other}");
            }
        }
        let narrow = "-----BEGIN X-----\nBwcH\nBwcH\n-----END X-----\n";
        assert_eq!(written(narrow, "X", &[7; 6]), write("X", &[7; 6]));
    }

    #[test]
    fn any_wrapping_gives_the_same_block() {
        let der: Vec<u8> = (0..=255).collect();
        let pem = write("X Y", &der);
        let one_line =
            pem.replace('\n', "").replace("-----BEGIN X Y-----", "-----BEGIN X Y-----\n");
        for form in [
            pem.clone(),
            pem.replace('\n', "\r\n"),
            pem.replace('\n', "\r"),
            pem.replace('\n', "\n\n  \t"),
            format!("note\n{pem}\ntail"),
            pem.replace("AAEC", " AAEC").replace("\n", "\n "),
            pem.replace("AAEC", "AA EC").replace("\n", " \n"),
            one_line,
        ] {
            let blocks = all(&form).unwrap();
            assert_eq!(blocks.len(), 1, "{form}");
            assert!(blocks[0].label == "X Y" && blocks[0].der == der, "{form}");
        }
        assert_eq!(all(&pem.repeat(3)).unwrap().len(), 3);
        for none in ["none", "----BEGIN X-----", "-----BEGIN-----", "-----END X-----"] {
            assert_eq!(all(none).unwrap().len(), 0);
        }
        let blocks = all("------BEGIN X-----AA-----END X------").unwrap();
        assert!(blocks[0].label == "X" && blocks[0].der == [0]);
    }

    #[test]
    fn broken_blocks_are_errors() {
        for bad in [
            "-----BEGIN X-----\nAAAA",
            "-----BEGIN X-----\nAAAA\n-----END Y-----",
            "-----BEGIN X-----\n沃通\n-----END X-----",
            "-----BEGIN X",
            "-----BEGIN X-----\nAAAA\n-----END X",
            "-----BEGIN X-----\nAAAA\n-----END X----",
            "-----BEGIN X-----\nAAAA\n----END X-----",
            "-----BEGIN X-----\nAA-A\n-----END X-----",
        ] {
            assert!(all(bad).is_err(), "{bad}");
            assert_eq!(parse(&(bad.to_owned() + &write("X", &[7]))).count(), 1, "{bad}");
        }
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn a_mark_is_found_where_it_comes_first(text in "[-Eé ]{0,20}", mark in "-[-E ]{0,3}") {
            prop_assert_eq!(cut(&text, &mark), text.split_once(&mark));
        }

        /// Whatever the lines are like.
        #[test]
        fn what_is_read_is_what_stands_there_without_the_blanks(
            der in prop::collection::vec(any::<u8>(), 0..300),
            width in prop::sample::select(&[1_usize, 4, 63, 64, 65, 76, 1000][..]),
            end in prop::sample::select(&["\n", "\r\n", " \n", "\r", "\n\n\t"][..]),
            around in "[ \n]{0,3}",
            broken in prop::option::of((any::<prop::sample::Index>(), "[-=+/A \n_.é]")),
        ) {
            let mut text = String::new();
            base64::encode(&der, &mut text);
            let chars: Vec<char> = text.chars().collect();
            let lines = chars.chunks(width).map(|line| line.iter().collect::<String>() + end);
            let mut body = around.clone() + &lines.collect::<String>() + &around;
            if let Some((at, with)) = broken.filter(|_| !body.is_empty()) {
                let at = at.index(body.len());
                body.replace_range(at..at + 1, &with);
            }
            let bare = body.replace([' ', '\t', '\r', '\n'], "");
            prop_assert_eq!(decode(&body), base64::decode(bare.as_bytes()));
        }
    }
}
