//! Fields and documents set on an order or a reissue, recorded until the call that sends them:
//! only its client knows which charset the text is in.

use std::borrow::Cow;
use std::ffi::c_char;

use super::document::Document;
use super::guard::FfiScope;
use super::text::Charset;
use super::wotrus_document;
use crate::error::{Error, Result};
use crate::secret::zeroize;

/// All fields and documents, in the order they were set.
pub(super) struct RecordedFields {
    steps: Vec<Step>,
    /// The names and values, one after the other. It is wiped, because some are secrets.
    text: Vec<u8>,
}

enum Step {
    /// The lengths of the name and of the value.
    Set(usize, usize),
    Document(u32, Document),
    Mistake(Error),
}

/// One field or document, decoded.
pub(super) enum Field<'a> {
    Text(Cow<'a, str>, Cow<'a, str>),
    Document(u32, crate::Document),
}

impl Default for RecordedFields {
    fn default() -> Self {
        // Enough for the document's example, its CSR included.
        Self { steps: Vec::with_capacity(16), text: Vec::with_capacity(2048) }
    }
}

impl Drop for RecordedFields {
    fn drop(&mut self) {
        zeroize(&mut self.text);
    }
}

impl RecordedFields {
    pub(super) fn set(
        &mut self,
        scope: &FfiScope,
        name: *const c_char,
        value: *const c_char,
    ) -> Result<()> {
        let name = scope.name(name)?;
        let value = scope.text(name, value)?;
        let length = self.text.len() + name.len() + value.len();
        if length > self.text.capacity() {
            // A reallocation by Vec would leave secrets in freed memory.
            let larger = Vec::with_capacity(length * 2);
            let mut outgrown = std::mem::replace(&mut self.text, larger);
            self.text.extend_from_slice(&outgrown);
            zeroize(&mut outgrown);
        }
        self.text.extend_from_slice(name);
        self.text.extend_from_slice(value);
        self.steps.push(Step::Set(name.len(), value.len()));
        Ok(())
    }

    pub(super) fn add_document(&mut self, number: u32, document: &wotrus_document) {
        self.steps.push(Step::Document(number, document.0.clone()));
    }

    pub(super) fn add_mistake(&mut self, mistake: Error) {
        self.steps.push(Step::Mistake(mistake));
    }

    /// Decodes the fields and hands them to `apply` in the order they were set, up to the first
    /// mistake.
    pub(super) fn replay<'a>(
        &'a self,
        charset: Charset,
        mut apply: impl FnMut(Field<'a>) -> Result<()>,
    ) -> Result<()> {
        // All of it is checked at once where that is enough.
        let whole = Some(&*self.text).filter(|_| charset == Charset::Utf8);
        let whole = whole.and_then(|text| std::str::from_utf8(text).ok());
        let mut at = 0;
        let mut text = |name: &str, length: usize| {
            let range = at..at + length;
            at = range.end;
            match whole.and_then(|whole| whole.get(range.clone())) {
                Some(text) => Ok(Cow::Borrowed(text)),
                None => charset.decode(name, &self.text[range]),
            }
        };
        for step in &self.steps {
            match step {
                Step::Set(name, value) => {
                    let name = text("name", *name)?;
                    let value = text(&name, *value)?;
                    apply(Field::Text(name, value))?;
                }
                Step::Document(number, document) => {
                    apply(Field::Document(*number, document.get(charset)?))?;
                }
                Step::Mistake(mistake) => return Err(mistake.clone()),
            }
        }
        Ok(())
    }
}
