//! `wotrus_document`.

use std::borrow::Cow;
use std::ffi::{c_char, c_void};

use super::guard::{Border, Object};
use super::text::{Charset, path};
use super::wotrus_document;
use crate::document::MAX_DOCUMENT_SIZE;
use crate::error::{Error, Result};

/// A document, or why there is none.
pub(super) struct Document(Result<crate::Document>);

impl Document {
    pub(super) fn get(&self) -> Result<crate::Document> {
        self.0.clone()
    }
}

pub(super) fn from_path(
    border: &Border,
    file: *const c_char,
    file_type: *const c_char,
) -> Result<Document> {
    let file = path("path", border.text("path", file)?)?;
    let document = if file_type.is_null() {
        crate::Document::from_path(file)
    } else {
        crate::Document::from_path_as(file, &type_of(border, file_type)?)
    };
    document.map(|document| Document(Ok(document)))
}

pub(super) fn from_bytes(
    border: &Border,
    bytes: *const c_void,
    len: usize,
    file_type: *const c_char,
) -> Result<Document> {
    let bytes = border.bytes("bytes", bytes, len)?;
    // Before a length that is a mistake is copied.
    if bytes.len() as u64 > MAX_DOCUMENT_SIZE {
        let limit = MAX_DOCUMENT_SIZE / 1024 / 1024;
        return Err(Error::argument("fileContent", format!("is larger than {limit} MiB")));
    }
    let document = crate::Document::from_bytes(bytes, &type_of(border, file_type)?);
    document.map(|document| Document(Ok(document)))
}

fn type_of(border: &Border, file_type: *const c_char) -> Result<Cow<'_, str>> {
    const FIELD: &str = "fileType";
    Charset::Utf8.decode(FIELD, border.text(FIELD, file_type)?)
}

impl Object for wotrus_document {
    fn broken(mistake: Error) -> Self {
        Self(Document(Err(mistake)))
    }
}
