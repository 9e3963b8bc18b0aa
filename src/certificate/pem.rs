//! PEM: base64 between a BEGIN and an END line. The only PEM reader of the library and the command.
//!
//! A block is found wherever its lines stand: after a byte order mark or other text, after another
//! block without a line break, with any line length and line end. A block that cannot be read is an
//! error that names it, and so is a line that was meant to begin or end a block.

use std::fmt;

use crate::base64;
use crate::messages::{Message, message};

const BEGIN: &str = "-----BEGIN ";
const END_WORD: &str = "END ";
const DASHES: &str = "-----";
const LINE: usize = 64;

/// One PEM block, not decoded yet: a block that is not needed, such as a private key, stays so.
#[derive(Clone, Copy)]
pub struct Block<'a> {
    number: usize,
    label: &'a str,
    body: &'a str,
}

impl<'a> Block<'a> {
    /// What the BEGIN line names, for example `CERTIFICATE`.
    pub fn label(&self) -> &'a str {
        self.label
    }

    /// The position of the block in its text, counted from 1.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Whether the block is encrypted in the old way, with a header line that says so.
    pub fn is_encrypted(&self) -> bool {
        self.body.contains("ENCRYPTED")
    }

    /// Whether the block contains a certificate: `CERTIFICATE`, the older `X509 CERTIFICATE`, or
    /// `TRUSTED CERTIFICATE`, in which OpenSSL's trust settings follow the certificate.
    pub fn is_certificate(&self) -> bool {
        matches!(self.label, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE")
    }

    /// Whether the block contains a certificate signing request.
    pub fn is_request(&self) -> bool {
        matches!(self.label, "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST")
    }

    /// Whether the block contains a private key.
    pub fn is_private_key(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }

    /// Decodes the base64.
    ///
    /// # Errors
    /// If it is not base64; the error says why.
    pub fn der(&self) -> Result<Vec<u8>, PemError> {
        decode(self.body)
            .or_else(|| decode(after_headers(self.body)?))
            .filter(|der| !der.is_empty())
            .ok_or_else(|| self.error(not_base64(self.body)))
    }

    /// An error if there are blanks inside the lines of base64, which may explain damaged DER.
    pub(super) fn inner_blanks(&self) -> Option<PemError> {
        has_inner_blanks(self.body).then(|| self.error(INNER_BLANKS))
    }

    fn error(&self, problem: Message) -> PemError {
        PemError { number: self.number, label: Some(self.label.to_owned()), problem }
    }
}

impl fmt::Debug for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Block({}, {})", self.number, self.label)
    }
}

/// A PEM block that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PemError {
    number: usize,
    label: Option<String>,
    problem: Message,
}

impl fmt::Display for PemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl PemError {
    /// One sentence for a person, in every language.
    pub fn message(&self) -> Message {
        let problem = self.problem.clone();
        match &self.label {
            None => message!("PEM block {}: {}", self.number, problem),
            Some(label) => message!("PEM block {} ({}): {}", self.number, &**label, problem),
        }
    }
}

impl std::error::Error for PemError {}

/// The blocks in `text`, in order. After a block that cannot be read it goes on with the next one.
pub fn blocks(text: &str) -> impl Iterator<Item = Result<Block<'_>, PemError>> {
    let mut rest = text;
    let mut number = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (outside, after) = split_once(rest, BEGIN).unwrap_or((rest, ""));
        let last = outside.len() == rest.len();
        if let Some(problem) = damaged_line(outside) {
            number += 1;
            rest = &rest[outside.len()..];
            return Some(Err(PemError { number, label: None, problem }));
        }
        if last {
            rest = "";
            return None;
        }
        number += 1;
        let (found, after) = block(after, number);
        rest = after;
        Some(found)
    })
}

/// The block whose label `text` begins with, and the text after it; after a block that cannot be
/// read, the text from the next BEGIN line on.
fn block(text: &str, number: usize) -> (Result<Block<'_>, PemError>, &str) {
    let refuse = |label: Option<&str>, problem| {
        let next = split_once(text, BEGIN).map_or(text.len(), |(own, _)| own.len());
        let label = label.map(str::to_owned);
        (Err(PemError { number, label, problem }), &text[next..])
    };
    let one_line = |text: &str| !text.contains(['\n', '\r']);
    let Some((label, after)) =
        split_once(text, DASHES).filter(|(label, _)| !label.is_empty() && one_line(label))
    else {
        return refuse(None, message!("the BEGIN line is not complete"));
    };
    // A label is quoted in errors: other text may be part of a key or of a token.
    if !is_label(label) {
        return refuse(None, message!("the BEGIN line has no valid label"));
    }
    let end = split_once(after, DASHES)
        .and_then(|(body, after)| Some((body, after.strip_prefix(END_WORD)?)));
    let Some((body, after)) = end else {
        return refuse(
            Some(label),
            message!("the END line is missing or damaged: was the text cut?"),
        );
    };
    match split_once(after, DASHES) {
        // The dashes belong to the next BEGIN line.
        Some((_, after)) if after.starts_with("BEGIN ") => {
            refuse(Some(label), message!("the END line is not complete"))
        }
        Some((end, after)) if end == label => (Ok(Block { number, label, body }), after),
        Some((end, _)) if one_line(end) => {
            refuse(Some(label), message!("the BEGIN and END lines differ"))
        }
        _ => refuse(Some(label), message!("the END line is not complete")),
    }
}

/// Whether a text has the form of the labels in use, such as `X509 CRL` or `PKCS #7 SIGNED DATA`.
fn is_label(text: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" #.".contains(&byte);
    text.len() <= LINE && text.bytes().all(allowed)
}

/// What is wrong with a line in a text outside of blocks that was meant to begin or end one: it begins with
/// dashes, and the word and what follows it have no small letters.
fn damaged_line(outside: &str) -> Option<Message> {
    // Nearly all texts have nothing outside of blocks.
    if outside.trim_start().is_empty() {
        return None;
    }
    const OTHER_DASHES: &[char] = &[
        '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}',
        '\u{2500}', '\u{fe63}', '\u{ff0d}',
    ];
    let is_dash = |c: char| c == '-' || OTHER_DASHES.contains(&c);
    for line in outside.split(['\n', '\r']) {
        let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
        let rest = line.trim_start_matches(blank);
        let word = rest.trim_start_matches(|c| is_dash(c) || blank(c));
        let Some(label) =
            word.strip_prefix("BEGIN").or_else(|| word.strip_prefix(END_WORD.trim_end()))
        else {
            continue;
        };
        let (label, is_closed) =
            label.split_once(is_dash).map_or((label, false), |(label, _)| (label, true));
        let dashes = rest.len() - rest.trim_start_matches('-').len();
        let is_other_word = label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && !(is_closed && dashes >= 4 && rest[dashes..].len() == word.len());
        if !rest.starts_with(is_dash)
            || is_other_word
            || label.contains(|c: char| c.is_ascii_lowercase())
        {
            continue;
        }
        return Some(match rest[..rest.len() - word.len()].contains(OTHER_DASHES) {
            true => {
                message!("the dashes of its BEGIN or END line were replaced by other characters")
            }
            false => message!("its BEGIN or END line is damaged; it must be -----BEGIN …-----"),
        });
    }
    None
}

/// The bytes in the lines of a block, however they are wrapped.
fn decode(body: &str) -> Option<Vec<u8>> {
    let mut rest = body.as_bytes();
    let mut text = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        // Nearly all lines have 64 characters, which need not be searched for their end. Shorter lines
        // that only look like one are decoded below.
        let end = match rest.get(LINE) {
            Some(b'\n') => LINE,
            _ => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
        };
        text.extend_from_slice(rest[..end].trim_ascii());
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    // White space inside a line is rare, and looking for it in each costs more than the decoding.
    base64::decode(&text).or_else(|| {
        text.retain(|byte| !byte.is_ascii_whitespace());
        base64::decode(&text)
    })
}

/// `str::split_once` for a mark that begins with a dash. It is several times faster in base64, which
/// has no dashes.
fn split_once<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    memchr::memchr_iter(b'-', text.as_bytes()).find_map(|at| {
        let (before, from) = text.split_at(at);
        Some((before, from.strip_prefix(mark)?))
    })
}

/// The base64 after header lines (RFC 1421), which end with an empty line.
fn after_headers(body: &str) -> Option<&str> {
    let (headers, base64) = body
        .trim_start()
        .split_once("\n\n")
        .or_else(|| body.trim_start().split_once("\r\n\r\n"))?;
    headers.lines().next()?.contains(':').then_some(base64)
}

const INNER_BLANKS: Message =
    message!("the base64 contains blanks, perhaps where + was (form data turns + into a blank)");

fn has_inner_blanks(body: &str) -> bool {
    body.lines().any(|line| line.trim().contains(' '))
}

/// Why a body is not base64, by what commonly damages one.
fn not_base64(body: &str) -> Message {
    if body.trim().is_empty() {
        return message!("it is empty");
    }
    for (sign, problem) in [
        ("&", message!("the base64 contains HTML entities")),
        (
            "\\",
            message!(
                "its line breaks are escaped (a backslash and a letter instead of a line break)"
            ),
        ),
        ("%", message!("the base64 is percent-encoded")),
        ("\u{a0}", message!("the base64 contains no-break spaces")),
        ("-", message!("the base64 contains a dash: is the END line damaged?")),
    ] {
        if body.contains(sign) {
            return problem;
        }
    }
    match body.is_ascii() {
        true if has_inner_blanks(body) => INNER_BLANKS,
        true => message!("the text between BEGIN and END is not base64"),
        false => message!("the base64 contains characters that are not ASCII"),
    }
}

/// Writes the PEM form that every program reads: 64 characters a line, LF, also after the last line.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let mut pem = String::with_capacity(written_len(label, der));
    write_to(&mut pem, label, der);
    pem
}

/// The same at the end of a text.
pub(super) fn write_to(pem: &mut String, label: &str, der: &[u8]) {
    let mut base64 = String::with_capacity(base64_len(der));
    base64::encode(der, &mut base64);
    pem.extend([BEGIN, label, "-----\n"]);
    for start in (0..base64.len()).step_by(LINE) {
        pem.push_str(&base64[start..base64.len().min(start + LINE)]);
        pem.push('\n');
    }
    pem.extend([DASHES, END_WORD, label, "-----\n"]);
}

/// The length of what [`write`] writes.
pub(super) fn written_len(label: &str, der: &[u8]) -> usize {
    let lines = base64_len(der).div_ceil(LINE);
    let ends = BEGIN.len() + DASHES.len() + END_WORD.len() + 2 * (label.len() + DASHES.len() + 1);
    base64_len(der) + lines + ends
}

fn base64_len(der: &[u8]) -> usize {
    der.len().div_ceil(3) * 4
}

/// Whether `text`, in which a block of `der` was found, has the form that [`write`] gives to it: then it
/// need not be written again, which takes half of the time of reading it.
pub(super) fn is_written(text: &str, label: &str, der: &[u8]) -> bool {
    let inner = text
        .strip_prefix(BEGIN)
        .and_then(|text| text.strip_prefix(label)?.strip_prefix("-----\n"))
        .and_then(|text| text.strip_suffix("-----\n")?.strip_suffix(label))
        .and_then(|text| text.strip_suffix("\n-----END "));
    let Some(lines) = inner.map(str::as_bytes) else { return false };
    // If there is no character more than the content needs, none is a blank.
    let length = base64_len(der);
    lines.len() == length + (length - 1) / LINE
        && lines.chunks(LINE + 1).all(|line| line.get(LINE).is_none_or(|end| *end == b'\n'))
        && lines.ends_with(["", "==", "="][der.len() % 3].as_bytes())
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn a_body_reads_as_its_base64_without_white_space(
            der in prop::collection::vec(any::<u8>(), 0..300),
            width in prop::sample::select(&[1_usize, 4, 63, 64, 65, 76, 1000][..]),
            end in prop::sample::select(&["\n", "\r\n", " \n", "\r", "\n\n\t"][..]),
            around in "[ \n]{0,3}",
            changed in prop::option::of((any::<prop::sample::Index>(), "[-=+/A \n_.é]")),
        ) {
            let mut text = String::new();
            base64::encode(&der, &mut text);
            let chars: Vec<char> = text.chars().collect();
            let lines = chars.chunks(width).map(|line| line.iter().collect::<String>() + end);
            let mut body = around.clone() + &lines.collect::<String>() + &around;
            if let Some((at, with)) = changed.filter(|_| !body.is_empty()) {
                let at = at.index(body.len());
                body.replace_range(at..at + 1, &with);
            }
            let bare = body.replace([' ', '\t', '\r', '\n'], "");
            prop_assert_eq!(decode(&body), base64::decode(bare.as_bytes()));
        }

        #[test]
        fn a_mark_is_found_where_it_comes_first(text in "[-Eé ]{0,20}", mark in "-[-E ]{0,3}") {
            prop_assert_eq!(split_once(&text, &mark), text.split_once(&mark));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "([-–]{0,6}|BEGIN |END |X|[ \n]|AAAA|&){0,30}") {
            let count = blocks(&text).filter(|block| block.as_ref().is_ok_and(|it| it.der().is_ok())).count();
            prop_assert!(count <= text.len());
        }
    }
}
