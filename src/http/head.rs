//! The head of an answer (RFC 9112): what two readers could take in two ways is not taken at all.

use std::time::Duration;

/// What a head says that matters here.
#[derive(Debug, PartialEq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) framing: Framing,
    /// Why the body must not be believed: there is no way, or there are two ways, to tell whether
    /// it is whole, or it is compressed, which nobody asked for.
    pub(super) unusable: Option<String>,
    /// Another request may follow on the connection.
    pub(super) keeps: bool,
    pub(super) retry_after: Option<Duration>,
}

/// How the end of a body is found.
#[derive(Debug, PartialEq)]
pub(super) enum Framing {
    Length(u64),
    Chunks,
    /// Where the connection ends, which may be too early.
    Close,
}

const NOT_HTTP: &str = "it does not begin with a status line of HTTP/1";
const NO_HEADER: &str = "its head has a line that is no header";

impl Head {
    /// Reads a head from the beginning of `input`, and tells how long it is; `None` if there is
    /// more to come.
    pub(super) fn parse(input: &[u8]) -> Result<Option<(Self, usize)>, &'static str> {
        const PROTOCOL: &[u8] = b"HTTP/1.";
        let known = input.len().min(PROTOCOL.len());
        if input[..known] != PROTOCOL[..known] {
            return Err(NOT_HTTP);
        }
        let Some((status_line, mut rest)) = line(input) else { return Ok(None) };
        let (status, keeps) = status(&status_line[known..]).ok_or(NOT_HTTP)?;
        let mut fields = Fields { close: !keeps, ..Fields::default() };
        loop {
            let Some((header, behind)) = line(rest) else { return Ok(None) };
            rest = behind;
            if header.is_empty() {
                break;
            }
            fields.take(header).ok_or(NO_HEADER)?;
        }
        Ok(Some((fields.head(status, keeps), input.len() - rest.len())))
    }

    /// Not yet an answer: one follows (100 Continue, 103 Early Hints).
    pub(super) fn is_interim(&self) -> bool {
        matches!(self.status, 100 | 102..=199)
    }
}

/// The first line, and what is behind it.
pub(super) fn line(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    let line = &input[..end];
    Some((line.strip_suffix(b"\r").unwrap_or(line), &input[end + 1..]))
}

/// The status, and whether it is HTTP/1.1: of `1 200 OK` or `0 200`.
fn status(line: &[u8]) -> Option<(u16, bool)> {
    let (minor, code, rest) = match line {
        [
            minor @ b'0'..=b'1',
            b' ',
            a @ b'1'..=b'9',
            b @ b'0'..=b'9',
            c @ b'0'..=b'9',
            rest @ ..,
        ] => {
            let digit = |byte: &u8| u16::from(byte - b'0');
            (minor, digit(a) * 100 + digit(b) * 10 + digit(c), rest)
        }
        _ => return None,
    };
    let ends = rest.first().is_none_or(|byte| *byte == b' ');
    (ends && is_text(rest)).then_some((code, *minor == b'1'))
}

/// The headers that are looked at.
#[derive(Default)]
struct Fields<'a> {
    lengths: usize,
    length: Option<u64>,
    codings: usize,
    chunked: bool,
    compressed: Option<&'a [u8]>,
    close: bool,
    retry_after: Option<&'a [u8]>,
    date: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    /// Takes a header line; `None` if it is none.
    fn take(&mut self, line: &'a [u8]) -> Option<()> {
        // A line that begins with a blank would be the rest of the one before it, once.
        let colon = line.iter().position(|byte| !is_name(*byte))?;
        let (name, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").filter(|value| colon > 0 && is_text(value))?;
        let value = value.trim_ascii();
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted.as_bytes());
        // Most names are told apart by their length.
        match colon {
            14 if is("Content-Length") => {
                self.lengths += 1;
                self.length = number(value);
            }
            17 if is("Transfer-Encoding") => {
                self.codings += 1;
                self.chunked = value.eq_ignore_ascii_case(b"chunked");
            }
            16 if is("Content-Encoding") && !value.eq_ignore_ascii_case(b"identity") => {
                self.compressed = Some(value);
            }
            10 if is("Connection") => {
                let mut options = value.split(|byte| *byte == b',');
                self.close |= options.any(|o| o.trim_ascii().eq_ignore_ascii_case(b"close"));
            }
            11 if is("Retry-After") => self.retry_after = Some(value),
            4 if is("Date") => self.date = Some(value),
            _ => {}
        }
        Some(())
    }

    fn head(self, status: u16, chunks_known: bool) -> Head {
        let framed = match (self.lengths, self.codings) {
            (1, 0) => self.length.is_some(),
            (0, 1) => self.chunked && chunks_known,
            _ => false,
        };
        // Whatever its headers say; what comes behind would be taken for the next answer.
        let bodiless = matches!(status, 100..=199 | 204 | 304);
        let framing = match self.length {
            _ if bodiless => Framing::Length(0),
            _ if self.chunked => Framing::Chunks,
            Some(length) => Framing::Length(length),
            None => Framing::Close,
        };
        let unusable = match self.compressed {
            _ if !framed => {
                Some("the answer does not say, or says twice, where it ends".to_owned())
            }
            Some(coding) => {
                let coding = coding.escape_ascii().to_string();
                Some(format!("the answer is compressed ({coding:.20}), which was not asked for"))
            }
            None => None,
        };
        let text = |value: Option<&'a [u8]>| std::str::from_utf8(value?).ok();
        let date = text(self.date);
        Head {
            status,
            framing,
            unusable,
            keeps: framed && !self.close && !bodiless,
            retry_after: text(self.retry_after)
                .and_then(|value| crate::http::retry_after::retry_after(value, date)),
        }
    }
}

/// Digits and nothing else.
fn number(value: &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for byte in value {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number = number.checked_mul(10)?.checked_add(digit.into())?;
    }
    (!value.is_empty()).then_some(number)
}

/// No control character but a tab.
fn is_text(value: &[u8]) -> bool {
    value.iter().all(|byte| (*byte >= b' ' && *byte != 0x7f) || *byte == b'\t')
}

/// What the name of a header is made of.
fn is_name(byte: u8) -> bool {
    const NAME: [bool; 256] = {
        let mut table = [false; 256];
        let others = b"!#$%&'*+-.^_`|~";
        let mut at = 0;
        while at < 256 {
            table[at] = (at as u8).is_ascii_alphanumeric();
            at += 1;
        }
        at = 0;
        while at < others.len() {
            table[others[at] as usize] = true;
            at += 1;
        }
        table
    };
    NAME[usize::from(byte)]
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

    #[test]
    fn what_an_answer_says_is_read() {
        let plain = head("HTTP/1.1 200 OK\r\ncontent-length:  42 \r\nX-Y: z\r\n\r\n");
        let expected = Head {
            status: 200,
            framing: Framing::Length(42),
            unusable: None,
            keeps: true,
            retry_after: None,
        };
        assert_eq!(plain, expected);
        let busy = head(
            "HTTP/1.1 503 \r\nRetry-After: 7\r\nTransfer-Encoding: Chunked\r\nConnection: x, Close\r\n\r\n",
        );
        assert_eq!((busy.status, busy.framing, busy.keeps), (503, Framing::Chunks, false));
        assert_eq!(busy.retry_after, Some(Duration::from_secs(7)));
        // A line may end in LF alone, and a status have no words.
        let short = head("HTTP/1.1 204\nContent-Length: 9\n\n");
        assert_eq!((short.status, short.framing, short.keeps), (204, Framing::Length(0), false));
        assert!(head("HTTP/1.1 103 Early Hints\r\n\r\n").is_interim());
        assert!(!head("HTTP/1.1 101 Switching Protocols\r\n\r\n").is_interim());
    }

    #[test]
    fn a_body_without_one_clear_end_is_not_believed() {
        let clear = ["Content-Length: 0", "Transfer-Encoding: chunked", "Content-Length: 007"];
        for line in clear {
            assert_eq!(
                head(&format!("HTTP/1.1 200 OK\r\n{line}\r\n\r\n")).unusable,
                None,
                "{line}"
            );
        }
        for line in [
            "X: y",
            "Content-Length:",
            "Content-Length: +1",
            "Content-Length: -1",
            "Content-Length: 0x1",
            "Content-Length: 1, 1",
            "Content-Length: 18446744073709551616",
            "Content-Length: 1\r\nContent-Length: 1",
            "Content-Length: 1\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: identity",
            "Content-Length: 1\r\nContent-Encoding: gzip",
        ] {
            let head = head(&format!("HTTP/1.1 200 OK\r\n{line}\r\n\r\n"));
            assert!(head.unusable.is_some(), "{line}");
        }
        // Who speaks HTTP/1.0 knows no chunks, and closes.
        let old = head("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert!(old.unusable.is_some() && !old.keeps);
        assert!(!head("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n").keeps);
    }

    #[test]
    fn what_is_no_head_is_refused_at_once() {
        for bad in [
            "SSH-2.0",
            "<",
            "HTTP/2",
            "\r\n",
            "HTTP/1.2 200 OK\r\n",
            "HTTP/1.1  200 OK\r\n",
            "HTTP/1.1 20\r\n",
            "HTTP/1.1 2000 OK\r\n",
            "HTTP/1.1 099 OK\r\n",
            "HTTP/1.1 200OK\r\n",
            "HTTP/1.1 200 O\0K\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n",
            "HTTP/1.1 200 OK\r\nblank : x\r\n",
            "HTTP/1.1 200 OK\r\n: nameless\r\n",
            "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n",
            "HTTP/1.1 200 OK\r\nA: b\rC: d\r\n",
            "HTTP/1.1 200 OK\r\nA: \0\r\n",
        ] {
            assert!(Head::parse(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }

    proptest! {
        /// However it is cut, a head is the same, or not yet there.
        #[test]
        fn a_part_is_never_taken_for_the_whole(cut in 0_usize..100, more in "[\\x00-\\x7f]{0,40}") {
            let text = "HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 12\r\nDate: x\r\n\r\n";
            let whole = Head::parse(text.as_bytes()).unwrap();
            let part = &text[..cut.min(text.len() - 1)];
            prop_assert_eq!(Head::parse(part.as_bytes()).unwrap(), None);
            let followed = text.to_owned() + &more;
            prop_assert_eq!(Head::parse(followed.as_bytes()).unwrap(), whole);
        }

        /// What a parser that is older and laxer refuses is refused here too; what is taken here it
        /// reads the same.
        #[test]
        fn no_head_is_taken_that_others_refuse_or_read_otherwise(
            lines in prop::collection::vec("(Content-Length|X|Date)[ \\t]{0,1}:?[ \\t\\r\\x00a-z0-9:é]{0,9}\r{0,2}", 0..4),
            status_line in "HTTP/1\\.[01] [0-9]{3}([ a-z\\t\r]{0,4})",
        ) {
            let text = format!("{status_line}\r\n{}\n\r\n", lines.join("\n"));
            let mut headers = [httparse::EMPTY_HEADER; 8];
            let mut other = httparse::Response::new(&mut headers);
            let theirs = other.parse(text.as_bytes());
            if let Ok(Some((head, length))) = Head::parse(text.as_bytes()) {
                prop_assert_eq!(theirs, Ok(httparse::Status::Complete(length)), "{:?}", text);
                prop_assert_eq!(other.code, Some(head.status));
                let lengths: Vec<_> =
                    other.headers.iter().filter(|header| header.name == "Content-Length").collect();
                if let (Framing::Length(length @ 1..), [one]) = (&head.framing, &*lengths) {
                    let theirs = String::from_utf8(one.value.to_vec()).unwrap();
                    prop_assert_eq!(theirs.parse(), Ok(*length), "{:?}", text);
                }
            }
        }

        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Head::parse(&bytes);
            let _ = Head::parse(&[b"HTTP/1.1 200 OK\r\n", &*bytes].concat());
        }
    }
}
