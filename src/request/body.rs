//! The JSON body of a call: text with documents between, encoded while it is sent.

use std::io::{self, Read};

use crate::request::document::{Document, DocumentReader};
use crate::secret::Secret;

/// Document bytes read at a time; a multiple of three, so that base64 pads only the last.
const CHUNK: usize = 24 * 1024;

/// A body with its exact length, which can be read as often as it takes.
#[derive(Default)]
pub(crate) struct Body {
    parts: Vec<Part>,
    length: u64,
    /// What must not come back in an error when the service echoes it.
    pub(crate) secrets: Vec<Secret>,
}

enum Part {
    Text(Secret),
    Base64(Document),
}

impl Body {
    pub(crate) fn text(mut self, json: impl Into<String>) -> Self {
        let json = json.into();
        self.length += json.len() as u64;
        self.parts.push(Part::Text(Secret::new(json)));
        self
    }

    /// The document as a JSON string.
    pub(crate) fn document(mut self, document: &Document) -> Self {
        self = self.text("\"");
        self.length += document.size().div_ceil(3) * 4;
        self.parts.push(Part::Base64(document.clone()));
        self.text("\"")
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Reads it from its start, for one attempt; `progress` hears how much has been handed over.
    pub(crate) fn reader<'a>(&'a self, progress: Option<&'a dyn Fn(u64, u64)>) -> BodyReader<'a> {
        BodyReader {
            body: self,
            progress,
            next: 0,
            current: Current::None,
            handed: 0,
            told: 0,
            failure: None,
        }
    }
}

enum Current<'a> {
    None,
    Text(&'a [u8]),
    Base64 { document: DocumentReader<'a>, encoded: String, at: usize },
}

/// How much of the body was handed over is what decides, after a failure, whether the service can
/// have processed it: it cannot before the last byte.
pub(crate) struct BodyReader<'a> {
    body: &'a Body,
    progress: Option<&'a dyn Fn(u64, u64)>,
    next: usize,
    current: Current<'a>,
    handed: u64,
    told: u64,
    failure: Option<String>,
}

impl BodyReader<'_> {
    /// How much it is in all.
    pub(crate) fn length(&self) -> u64 {
        self.body.length
    }

    /// Whether all of it was handed to the connection.
    pub(crate) fn complete(&self) -> bool {
        self.handed == self.body.length
    }

    /// What went wrong with a document, in words.
    pub(crate) fn failure(&mut self) -> Option<String> {
        self.failure.take()
    }

    fn advance(&mut self) -> Result<(), String> {
        self.current = match self.body.parts.get(self.next) {
            None => Current::None,
            Some(Part::Text(text)) => Current::Text(text.expose().as_bytes()),
            Some(Part::Base64(document)) => Current::Base64 {
                document: document.reader()?,
                encoded: String::with_capacity(CHUNK.div_ceil(3) * 4),
                at: 0,
            },
        };
        self.next += 1;
        Ok(())
    }

    /// Fills `out` as far as the body goes: a small one leaves in one piece.
    fn copy(&mut self, out: &mut [u8]) -> Result<usize, String> {
        let mut filled = 0;
        loop {
            let out = &mut out[filled..];
            let count = match &mut self.current {
                Current::Text(text) => take(text, out),
                Current::Base64 { document, encoded, at } => {
                    if *at == encoded.len() {
                        let mut raw = [0; CHUNK];
                        let count = document.fill(&mut raw)?;
                        encoded.clear();
                        *at = 0;
                        crate::base64::encode(&raw[..count], encoded);
                    }
                    let mut rest = &encoded.as_bytes()[*at..];
                    let count = take(&mut rest, out);
                    *at += count;
                    count
                }
                Current::None => 0,
            };
            filled += count;
            if count == out.len() || self.next > self.body.parts.len() {
                return Ok(filled);
            }
            if count == 0 {
                self.advance()?;
            }
        }
    }
}

impl Read for BodyReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.copy(out).map_err(|failure| {
            self.failure = Some(failure.clone());
            io::Error::other(failure)
        })?;
        self.handed += count as u64;
        if let Some(progress) = self.progress {
            const STEP: u64 = 256 * 1024;
            if self.handed >= self.told + STEP || (self.complete() && self.told > 0) {
                self.told = self.handed;
                progress(self.handed, self.body.length);
            }
        }
        Ok(count)
    }
}

/// Moves as much as fits from the front of `from` to `out`.
fn take(from: &mut &[u8], out: &mut [u8]) -> usize {
    let (now, later) = from.split_at(from.len().min(out.len()));
    out[..now.len()].copy_from_slice(now);
    *from = later;
    now.len()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn read_all(body: &Body, step: usize) -> (String, bool) {
        let mut reader = body.reader(None);
        let (mut out, mut buffer) = (Vec::new(), vec![0; step]);
        loop {
            let count = reader.read(&mut buffer).unwrap();
            if count == 0 {
                return (String::from_utf8(out).unwrap(), reader.complete());
            }
            out.extend(&buffer[..count]);
        }
    }

    #[test]
    fn documents_are_encoded_in_place_with_an_exact_length() {
        for size in [1, 2, 3, 4, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 2] {
            let bytes: Vec<u8> = (0..size).map(|i| (i * 7) as u8).collect();
            let documents = [
                Document::from_bytes(bytes.clone(), ".pdf").unwrap(),
                Document::from_reader(Cursor::new(bytes.clone()), ".pdf").unwrap(),
            ];
            for document in documents {
                let body = Body::default().text("{\"a\":").document(&document).text("}");
                let expected = format!("{{\"a\":\"{}\"}}", STANDARD.encode(&bytes));
                assert_eq!(body.length(), expected.len() as u64);
                for step in [1_000_003, 4096, 7] {
                    // Again from the start each time, as for a retry.
                    assert!(read_all(&body, step) == (expected.clone(), true), "{size} by {step}");
                }
            }
        }
    }

    #[test]
    fn a_body_is_complete_with_its_last_byte_only() {
        let body = Body::default().text("abc");
        let mut reader = body.reader(None);
        let mut two = [0; 2];
        assert_eq!(reader.read(&mut two).unwrap(), 2);
        assert!(!reader.complete());
        assert_eq!(reader.read(&mut two).unwrap(), 1);
        assert!(reader.complete());
    }

    #[test]
    fn progress_ends_with_all() {
        let document = Document::from_bytes(vec![1; 900_000], ".pdf").unwrap();
        let body = Body::default().document(&document);
        let heard = std::cell::RefCell::new(Vec::new());
        let tell = |sent, total| heard.borrow_mut().push((sent, total));
        io::copy(&mut body.reader(Some(&tell)), &mut io::sink()).unwrap();
        let heard = heard.into_inner();
        assert!(heard.len() >= 4 && heard.is_sorted(), "{heard:?}");
        assert_eq!(heard.last(), Some(&(body.length(), body.length())));
    }
}
