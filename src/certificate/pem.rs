//! PEM: base64 between two lines, however it was wrapped.

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
        let base64: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der =
            BASE64.decode(base64).map_err(|_| "the text between BEGIN and END is not base64")?;
        blocks.push(Block { label: label.to_owned(), der });
        rest = after;
    }
    Ok(blocks)
}

/// The PEM form every program reads: 64 characters a line, LF, a line end after the last line.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let base64 = BASE64.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for start in (0..base64.len()).step_by(LINE) {
        pem.push_str(&base64[start..base64.len().min(start + LINE)]);
        pem.push('\n');
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    pem
}

#[cfg(test)]
mod tests {
    use super::*;

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
