//! The JSON body of a call: text, with documents in it that are encoded while they are sent.

use ring::hmac;

use crate::document::{Document, DocumentReader};
use crate::error::{Cause, Error, Kind, Result};
use crate::messages::message;
use crate::secret::Secret;

/// Document bytes read at a time: a multiple of three, so that base64 pads only the last chunk.
const CHUNK: usize = 24 * 1024;

/// A body of known length, which can be read for each attempt.
#[derive(Default)]
pub(crate) struct Body {
    parts: Vec<Part>,
    length: u64,
    /// Secrets in the body, which are redacted where the service echoes them.
    pub(crate) secrets: Vec<Secret>,
}

enum Part {
    Text(Secret),
    Base64(Document),
}

impl Body {
    /// Appends JSON text as it is.
    pub(crate) fn text(mut self, json: impl Into<String>) -> Self {
        let json = json.into();
        self.length += json.len() as u64;
        self.parts.push(Part::Text(Secret::new(json)));
        self
    }

    /// Appends a document as a JSON string in base64.
    pub(crate) fn document(mut self, document: &Document) -> Self {
        self = self.text("\"");
        self.length += document.size().div_ceil(3) * 4;
        self.parts.push(Part::Base64(document.clone()));
        self.text("\"")
    }

    /// In bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The HMAC-SHA-256 of the whole body under a key.
    ///
    /// # Errors
    /// [`Kind::File`](crate::Kind::File) for a document that cannot be read or has changed.
    pub(crate) fn hmac(&self, key: &[u8]) -> Result<[u8; 32]> {
        let mut reader = self.reader(None);
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        let mut buffer = [0; 8 * 1024];
        while !reader.is_complete() {
            let count = reader.fill(&mut buffer)?;
            context.update(&buffer[..count]);
        }
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        Ok(out)
    }

    /// Reads the body from its start. `progress` receives the number of bytes that were handed out,
    /// and the total.
    pub(crate) fn reader<'a>(&'a self, progress: Option<&'a dyn Fn(u64, u64)>) -> BodyReader<'a> {
        let part = Reading::Text(&[]);
        BodyReader { body: self, progress, next: 0, part, handed: 0, reported: 0 }
    }
}

enum Reading<'a> {
    Text(&'a [u8]),
    Base64 { document: DocumentReader<'a>, encoded: String, at: usize },
}

/// Hands out a body once. How much of it was handed out decides, after a failure, whether the service
/// can have processed the call: it cannot before the last byte.
pub(crate) struct BodyReader<'a> {
    body: &'a Body,
    progress: Option<&'a dyn Fn(u64, u64)>,
    /// The index of the part after the one that is read.
    next: usize,
    part: Reading<'a>,
    handed: u64,
    reported: u64,
}

impl BodyReader<'_> {
    /// The length of the whole body in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.body.length
    }

    /// Whether the last byte was handed out.
    pub(crate) fn is_complete(&self) -> bool {
        self.handed == self.body.length
    }

    /// Fills `out` as far as the body goes, and returns the number of bytes.
    ///
    /// # Errors
    /// [`Kind::File`](crate::Kind::File) for a document that cannot be read or has changed.
    pub(crate) fn fill(&mut self, out: &mut [u8]) -> Result<usize> {
        let count = self.copy(out)?;
        if count == 0 && !out.is_empty() && !self.is_complete() {
            let message = message!("the body is shorter than it was");
            return Err(Error::new(Kind::File, Cause::FileChanged, message));
        }
        self.handed += count as u64;
        if let Some(progress) = self.progress {
            const STEP: u64 = 256 * 1024;
            let is_due = self.handed >= self.reported + STEP;
            if is_due || (self.is_complete() && self.reported > 0) {
                self.reported = self.handed;
                progress(self.handed, self.body.length);
            }
        }
        Ok(count)
    }

    fn advance(&mut self) -> Result<()> {
        self.part = match self.body.parts.get(self.next) {
            None => Reading::Text(&[]),
            Some(Part::Text(text)) => Reading::Text(text.expose().as_bytes()),
            Some(Part::Base64(document)) => Reading::Base64 {
                document: document.reader()?,
                encoded: String::with_capacity(CHUNK.div_ceil(3) * 4),
                at: 0,
            },
        };
        self.next += 1;
        Ok(())
    }

    fn copy(&mut self, out: &mut [u8]) -> Result<usize> {
        let mut filled = 0;
        loop {
            let out = &mut out[filled..];
            let count = match &mut self.part {
                Reading::Text(text) => take(text, out),
                Reading::Base64 { document, encoded, at } => {
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

/// For tests that read a whole body as text.
#[cfg(test)]
impl std::io::Read for BodyReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.fill(out).map_err(std::io::Error::other)
    }
}

/// Moves as many bytes as fit from the front of `from` to `out`.
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

    fn read_all(body: &Body, step: usize) -> String {
        let mut reader = body.reader(None);
        let (mut out, mut buffer) = (Vec::new(), vec![0; step]);
        loop {
            let count = reader.fill(&mut buffer).unwrap();
            out.extend(&buffer[..count]);
            if reader.is_complete() {
                return String::from_utf8(out).unwrap();
            }
        }
    }

    #[test]
    fn documents_are_encoded_with_an_exact_length() {
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
                    // Each time from the start, as for a retry.
                    assert!(read_all(&body, step) == expected, "{size} by {step}");
                }
            }
        }
    }

    #[test]
    fn a_body_is_complete_with_its_last_byte_only() {
        let body = Body::default().text("abc");
        let mut reader = body.reader(None);
        let mut two = [0; 2];
        assert_eq!(reader.fill(&mut two).unwrap(), 2);
        assert!(!reader.is_complete());
        assert_eq!(reader.fill(&mut two).unwrap(), 1);
        assert!(reader.is_complete());
    }

    #[test]
    fn progress_ends_with_the_whole_length() {
        let document = Document::from_bytes(vec![1; 900_000], ".pdf").unwrap();
        let body = Body::default().document(&document);
        let reports = std::cell::RefCell::new(Vec::new());
        let report = |sent, total| reports.borrow_mut().push((sent, total));
        let mut reader = body.reader(Some(&report));
        while !reader.is_complete() {
            reader.fill(&mut [0; 8192]).unwrap();
        }
        let reports = reports.into_inner();
        assert!(reports.len() >= 4 && reports.is_sorted(), "{reports:?}");
        assert_eq!(reports.last(), Some(&(body.length(), body.length())));
    }
}
