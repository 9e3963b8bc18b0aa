//! The head of an answer (RFC 9112). httparse reads the lines; which of them are trusted, and how the
//! end of the body is found, is decided here. What two readers could understand in two ways is refused.

use std::borrow::Cow;
use std::mem::MaybeUninit;
use std::time::Duration;

use httparse::{Header, ParserConfig, Response, Status};

use super::exchange_error::Problem;
use super::retry_after::retry_after;
use crate::digits::number;
use crate::messages::{Message, message};

const MAX_HEADERS: usize = 128;

/// The parts of a head that matter here.
#[derive(Debug, PartialEq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) framing: Framing,
    /// Why the body must not be used: its end cannot be told, or it is compressed, which was not
    /// asked for.
    pub(super) unusable: Option<Message>,
    /// Whether another request may follow on the connection.
    pub(super) keep_alive: bool,
    pub(super) retry_after: Option<Duration>,
}

/// How the end of the body is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    /// The end of the connection is the end of the body.
    UntilClose,
}

impl Head {
    /// Reads a head from the beginning of `input`, and its length; nothing if it is not yet complete.
    pub(super) fn parse(input: &[u8]) -> Result<Option<(Self, usize)>, Problem> {
        if input.is_empty() {
            return Ok(None);
        }
        match parse_complete(input) {
            // A line without a colon is one of these.
            Err(httparse::Error::HeaderName) => {
                let (cleaned, removed) = without_lines_without_colon(input);
                let head = parse_complete(&cleaned).map_err(problem_of)?;
                Ok(head.map(|(head, length)| (head, length + removed)))
            }
            head => head.map_err(problem_of),
        }
        .and_then(|head| match head {
            Some((head, _)) if head.status < 100 => Err(problem_of(httparse::Error::Status)),
            head => Ok(head),
        })
    }

    /// Not yet the answer: one follows (100 Continue, 103 Early Hints).
    pub(super) fn is_interim(&self) -> bool {
        matches!(self.status, 100 | 102..=199)
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

fn problem_of(error: httparse::Error) -> Problem {
    match error {
        httparse::Error::TooManyHeaders => Problem::HeadTooLarge,
        httparse::Error::Version | httparse::Error::Status => {
            Problem::NotHttp(message!("it does not begin with a status line of HTTP/1"))
        }
        _ => Problem::NotHttp(message!("its head has a line that is not a header")),
    }
}

/// Parses the head once it is complete. Folded lines and blanks before the colon are accepted; [`Fields::read`]
/// ignores such a line if it would decide the framing.
fn parse_complete(input: &[u8]) -> Result<Option<(Head, usize)>, httparse::Error> {
    let mut headers = [MaybeUninit::<Header<'_>>::uninit(); MAX_HEADERS];
    let mut response = Response::new(&mut []);
    let parsed = ParserConfig::default()
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .parse_response_with_uninit_headers(&mut response, input, &mut headers)?;
    let Status::Complete(length) = parsed else { return Ok(None) };
    let head = &input[..length];
    let end_line = if head.ends_with(b"\r\n") { 2 } else { 1 };
    let mut fields = Fields::default();
    for (at, header) in response.headers.iter().enumerate() {
        let is_lenient = || {
            let next = response.headers.get(at + 1);
            let end = next.map_or(length - end_line, |next| offset(next, input));
            is_lenient(&input[offset(header, input) + header.name.len()..end])
        };
        fields.read(header, is_lenient);
    }
    let status = response.code.unwrap_or_default();
    Ok(Some((fields.into_head(status, response.version == Some(1)), length)))
}

/// A copy of the complete lines of the head in which the header lines without a colon are left out, with
/// the lines that continue them; and how many bytes were left out.
fn without_lines_without_colon(input: &[u8]) -> (Vec<u8>, usize) {
    let mut kept = Vec::with_capacity(input.len());
    let mut removed = 0;
    let mut removing = false;
    let mut in_status_line = true;
    let lines = input.split_inclusive(|byte| *byte == b'\n');
    for line in lines.take_while(|line| line.ends_with(b"\n")) {
        // Only an empty line ends the head: a line of blanks continues the one before it.
        let text = line.strip_suffix(b"\r\n").or(line.strip_suffix(b"\n")).unwrap_or(line);
        // What follows the head must not be looked at.
        if text.is_empty() && !in_status_line {
            kept.extend_from_slice(line);
            break;
        }
        let continues = line.starts_with(b" ") || line.starts_with(b"\t");
        removing = match (in_status_line, continues) {
            (true, _) => false,
            (false, true) => removing,
            (false, false) => !text.contains(&b':') && is_text(text),
        };
        match removing {
            true => removed += line.len(),
            false => kept.extend_from_slice(line),
        }
        in_status_line &= text.is_empty();
    }
    (kept, removed)
}

/// No control character but the tab.
fn is_text(value: &[u8]) -> bool {
    value.iter().all(|byte| !byte.is_ascii_control() || *byte == b'\t')
}

/// The headers that are looked at.
#[derive(Default)]
struct Fields<'a> {
    length: Length,
    transfer_codings: usize,
    chunked: bool,
    compressed: Option<&'a [u8]>,
    close: bool,
    retry_after: Option<&'a [u8]>,
    date: Option<&'a [u8]>,
}

#[derive(Default, PartialEq)]
enum Length {
    #[default]
    Absent,
    Bytes(u64),
    /// Not a number, or two different ones.
    Invalid,
}

impl<'a> Fields<'a> {
    /// Reads a header. A lenient line, which other readers may understand otherwise, never decides where
    /// the body ends or whether the connection is used again.
    fn read(&mut self, header: &Header<'a>, is_lenient: impl FnOnce() -> bool) {
        const DECIDING: [&str; 3] = ["Content-Length", "Transfer-Encoding", "Connection"];
        const OTHERS: [&str; 3] = ["Content-Encoding", "Retry-After", "Date"];
        let is = |name: &&&str| name.eq_ignore_ascii_case(header.name);
        let deciding = DECIDING.iter().find(is);
        if deciding.is_some() && is_lenient() {
            self.close = true;
            return;
        }
        match deciding.or_else(|| OTHERS.iter().find(is)).copied() {
            Some("Content-Length") => self.read_length(header.value),
            Some("Transfer-Encoding") => {
                self.transfer_codings += 1;
                self.chunked = header.value.eq_ignore_ascii_case(b"chunked");
            }
            Some("Connection") => {
                let mut options = header.value.split(|byte| *byte == b',');
                self.close |= options.any(|o| o.trim_ascii().eq_ignore_ascii_case(b"close"));
            }
            Some("Content-Encoding") if !header.value.eq_ignore_ascii_case(b"identity") => {
                self.compressed = Some(header.value);
            }
            Some("Retry-After") => self.retry_after = Some(header.value),
            Some("Date") => self.date = Some(header.value),
            _ => {}
        }
    }

    /// The same length several times, or as a list, is one length (RFC 9112, section 6.3).
    fn read_length(&mut self, value: &[u8]) {
        for value in value.split(|byte| *byte == b',') {
            let length = number(value.trim_ascii()).map(|length| length as u64);
            self.length = match (&self.length, length) {
                (Length::Absent, Some(length)) => Length::Bytes(length),
                (Length::Bytes(known), Some(length)) if *known == length => Length::Bytes(length),
                _ => Length::Invalid,
            };
        }
    }

    fn into_head(self, status: u16, is_http_1_1: bool) -> Head {
        // Such an answer has no body, whatever its headers say.
        let bodiless = matches!(status, 100..=199 | 204 | 304);
        let (framing, unclear) = match (&self.length, self.transfer_codings) {
            (Length::Absent, 0) => (Framing::UntilClose, false),
            (Length::Bytes(length), 0) => (Framing::Length(*length), false),
            // HTTP/1.0 has no chunks.
            (Length::Absent, 1) if self.chunked && is_http_1_1 => (Framing::Chunked, false),
            (_, _) if self.chunked => (Framing::Chunked, true),
            _ => (Framing::UntilClose, true),
        };
        let framing = if bodiless { Framing::Length(0) } else { framing };
        let unusable = match self.compressed {
            _ if unclear => Some(message!("the answer does not say clearly where it ends")),
            _ if bodiless => Some(message!("the answer (HTTP {}) has no body", status)),
            Some(coding) => {
                let coding = coding.escape_ascii().to_string();
                Some(message!(
                    "the answer is compressed ({}), which was not asked for",
                    format!("{coding:.20}")
                ))
            }
            None => None,
        };
        let retry_after = self.retry_after.and_then(unfolded).and_then(|value| {
            let date = self.date.and_then(unfolded);
            retry_after(&value, date.as_deref())
        });
        Head {
            status,
            framing,
            unusable,
            keep_alive: is_http_1_1
                && !unclear
                && !self.close
                && !bodiless
                && framing != Framing::UntilClose,
            retry_after,
        }
    }
}

/// Where a header is in the input.
fn offset(header: &Header<'_>, input: &[u8]) -> usize {
    header.name.as_ptr() as usize - input.as_ptr() as usize
}

/// Whether a header is folded, or has a blank before the colon; `line` is what follows its name, up to
/// the next header.
fn is_lenient(line: &[u8]) -> bool {
    !line.starts_with(b":") || line.iter().filter(|byte| **byte == b'\n').count() > 1
}

/// A header's value as text, each line break in it replaced by a space.
fn unfolded(value: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(value).ok()?;
    Some(match value.contains(&b'\n') {
        true => Cow::Owned(text.replace(['\r', '\n'], " ")),
        false => Cow::Borrowed(text),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head(text: &str) -> Head {
        let (head, length) = Head::parse(text.as_bytes()).unwrap().unwrap();
        assert_eq!(length, text.len());
        head
    }

    fn with_headers(lines: &str) -> Head {
        head(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n"))
    }

    #[test]
    fn the_parts_of_a_head() {
        let plain = with_headers("content-length:  42 \r\nX-Y: z");
        let expected = Head {
            status: 200,
            framing: Framing::Length(42),
            unusable: None,
            keep_alive: true,
            retry_after: None,
        };
        assert_eq!(plain, expected);
        let busy = head(
            "HTTP/1.1 503 \r\nRetry-After: 7\r\nTransfer-Encoding: Chunked\r\nConnection: x, Close\r\n\r\n",
        );
        assert_eq!((busy.status, busy.framing, busy.keep_alive), (503, Framing::Chunked, false));
        assert_eq!(busy.retry_after, Some(Duration::from_secs(7)));
        // Lines may end in LF alone, and a status may have no reason, or one in GBK.
        let short = head("HTTP/1.1 204\nContent-Length: 9\n\n");
        assert_eq!((short.status, short.framing), (204, Framing::Length(0)));
        assert!(!short.keep_alive && short.unusable.is_some());
        let gbk = b"HTTP/1.1 200 \xb3\xc9\xb9\xa6\r\nContent-Length: 1\r\n\r\n";
        assert_eq!(Head::parse(gbk).unwrap().unwrap().0.status, 200);
        assert!(head("HTTP/1.1 103 Early Hints\r\n\r\n").is_interim());
        assert!(!head("HTTP/1.1 101 Switching Protocols\r\n\r\n").is_interim());
    }

    #[test]
    fn framing_must_be_clear() {
        for (line, framing) in [
            ("Content-Length: 0", Framing::Length(0)),
            ("Transfer-Encoding: chunked", Framing::Chunked),
            ("Content-Length: 007", Framing::Length(7)),
            ("Content-Length: 1, 1", Framing::Length(1)),
            ("Content-Length: 1\r\nContent-Length: 1", Framing::Length(1)),
            ("X: y", Framing::UntilClose),
        ] {
            let head = with_headers(line);
            assert_eq!((head.unusable, head.framing), (None, framing), "{line}");
        }
        for line in [
            "Content-Length:",
            "Content-Length: +1",
            "Content-Length: -1",
            "Content-Length: 0x1",
            "Content-Length: 1, 2",
            "Content-Length: 1,",
            "Content-Length: 18446744073709551616",
            "Content-Length: 1\r\nContent-Length: 2",
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Content-Length: 1\r\nContent-Encoding: gzip",
        ] {
            assert!(with_headers(line).unusable.is_some(), "{line}");
        }
        // HTTP/1.0 has no chunks, and closes.
        let old = head("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert!(old.unusable.is_some() && !old.keep_alive);
        assert!(!head("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n").keep_alive);
        assert!(!with_headers("X: y").keep_alive);
    }

    #[test]
    fn lenient_lines_are_accepted_but_never_decide_the_framing() {
        for line in [
            "X: y\r\n folded",
            "X: y\r\n\tfolded\r\n twice",
            "Server : x",
            "Server\t : x",
            "oops",
            "oops\r\n : 9",
            "a b c",
            "oops\r\nX: y\r\n ",
        ] {
            let head = with_headers(&format!("{line}\r\nContent-Length: 5"));
            assert_eq!((head.framing, head.keep_alive), (Framing::Length(5), true), "{line}");
        }
        for line in [
            "Content-Length : 5",
            "Content-Length:\r\n 5",
            "Content-Length: 5\r\n 5",
            "Content-Length: 5\r\n \r\nX: y",
            "Content-Length: 5\r\n ",
            "Content-Length 5",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding:\r\n chunked",
            "Transfer-Encoding chunked",
        ] {
            let head = with_headers(line);
            assert_eq!((head.framing, head.keep_alive), (Framing::UntilClose, false), "{line}");
            let head = with_headers(&format!("Content-Length: 7\r\n{line}"));
            assert_eq!(head.framing, Framing::Length(7), "{line}");
        }
        let head = head("HTTP/1.1 429 X\r\nRetry-After:\r\n 120\r\noops\r\n\r\n");
        assert_eq!(head.retry_after, Some(Duration::from_secs(120)));
    }

    #[test]
    fn the_length_of_a_head_counts_the_lines_that_were_left_out() {
        let text = "\r\nHTTP/1.1 200 OK\r\noops\r\n more\r\nContent-Length: 4\r\nagain\r\n\r\nbody\r\nno colon";
        let (head, length) = Head::parse(text.as_bytes()).unwrap().unwrap();
        assert_eq!(head.framing, Framing::Length(4));
        assert_eq!(&text[length..], "body\r\nno colon");
    }

    #[test]
    fn input_that_is_not_a_head_is_refused_at_once() {
        for bad in [
            "SSH-2.0",
            "<",
            "HTTP/1.2 200 OK\r\n",
            "HTTP/1.1  200 OK\r\n",
            "HTTP/1.1 20\r\n",
            "HTTP/1.1 2000 OK\r\n",
            "HTTP/1.1 099 OK\r\n\r\n",
            "HTTP/1.1 200OK\r\n",
            "HTTP/1.1 200 O\0K\r\n",
            "HTTP/1.1 200 OK\r\n folded nothing\r\n",
            "HTTP/1.1 200 OK\r\n: nameless\r\n",
            "HTTP/1.1 200 OK\r\nX(Y): z\r\n",
            "HTTP/1.1 200 OK\r\noops\0\r\n",
            "HTTP/1.1 200 OK\r\noops\rX\r\n",
            "HTTP/1.1 200 OK\r\nA: b\rC: d\r\n",
            "HTTP/1.1 200 OK\r\nA: \0\r\n",
            "HTTP/1.1 200 OK\r\noops\r\nA: \0\r\n",
        ] {
            assert!(Head::parse(bad.as_bytes()).is_err(), "{bad:?}");
        }
        let many = format!("HTTP/1.1 200 OK\r\n{}", "X: y\r\n".repeat(MAX_HEADERS + 2));
        assert!(matches!(Head::parse(many.as_bytes()), Err(Problem::HeadTooLarge)));
    }

    proptest! {
        /// Wherever the input is cut, the head is the same or not yet complete.
        #[test]
        fn a_part_of_a_head_is_never_taken_for_the_whole(
            cut in 0_usize..100,
            more in "[\\x00-\\x7f]{0,40}",
            odd in prop::sample::select(vec!["", "oops\r\n", "X : y\r\n", "X: y\r\n z\r\n"]),
        ) {
            let text = format!("HTTP/1.1 503 Busy\r\nRetry-After: 3\r\n{odd}Content-Length: 12\r\nDate: x\r\n\r\n");
            let whole = Head::parse(text.as_bytes()).unwrap();
            let part = &text[..cut.min(text.len() - 1)];
            prop_assert_eq!(Head::parse(part.as_bytes()).unwrap(), None);
            let followed = text.to_owned() + &more;
            prop_assert_eq!(Head::parse(followed.as_bytes()).unwrap(), whole);
        }

        #[test]
        fn no_input_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Head::parse(&bytes);
            let _ = Head::parse(&[b"HTTP/1.1 200 OK\r\n", &*bytes].concat());
        }
    }
}
