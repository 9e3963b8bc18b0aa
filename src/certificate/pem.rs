//! PEM: base64 between two lines, however it was wrapped.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Missing or superfluous padding is common in what people paste.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const LINE: usize = 64;

/// One block: its label (`CERTIFICATE`) and the DER inside.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) der: Vec<u8>,
}

/// All blocks in `text`, in order. Blocks with unreadable content are an error, text around blocks
/// is not.
pub(crate) fn parse(text: &str) -> Result<Vec<Block>, &'static str> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----").ok_or("the BEGIN line is not complete")?;
        let (body, after) =
            after.split_once("-----END ").ok_or("the END line is missing: was it cut?")?;
        let (end, after) = after.split_once("-----").ok_or("the END line is not complete")?;
        if end != label {
            return Err("the BEGIN and END lines differ");
        }
        let der = decode(body).ok_or("the text between BEGIN and END is not base64")?;
        blocks.push(Block { label: label.to_owned(), der });
        rest = after;
    }
    Ok(blocks)
}

/// The bytes in the lines of a block.
fn decode(body: &str) -> Option<Vec<u8>> {
    let lines = body.as_bytes().trim_ascii_start();
    let mut base64 = Vec::with_capacity(lines.len());
    // As nearly everybody writes them.
    if lines.iter().skip(LINE).step_by(LINE + 1).all(|byte| *byte == b'\n') {
        lines.chunks(LINE + 1).for_each(|line| base64.extend_from_slice(line.trim_ascii_end()));
        if let Ok(der) = BASE64.decode(&base64) {
            return Some(der);
        }
        base64.clear();
    }
    base64.extend(lines.iter().filter(|byte| !byte.is_ascii_whitespace()));
    BASE64.decode(base64).ok()
}

/// The PEM form every program reads: 64 characters a line, LF, a line end after the last line.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
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
            let blocks = parse(&form).unwrap();
            assert_eq!(blocks.len(), 1, "{form}");
            assert!(blocks[0].label == "X Y" && blocks[0].der == der, "{form}");
        }
        assert_eq!(parse(&pem.repeat(3)).unwrap().len(), 3);
        assert_eq!(parse("none").unwrap().len(), 0);
    }

    #[test]
    fn broken_blocks_are_errors() {
        for bad in [
            "-----BEGIN X-----\nAAAA",
            "-----BEGIN X-----\nAAAA\n-----END Y-----",
            "-----BEGIN X-----\n沃通\n-----END X-----",
            "-----BEGIN X",
            "-----BEGIN X-----\nAAAA\n-----END X",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
