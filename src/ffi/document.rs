//! `wotrus_document`: a file to send.

use std::borrow::Cow;
use std::ffi::{c_char, c_void};

use super::guard::{FfiScope, Object};
use super::text::{Charset, path};
use super::wotrus_document;
use crate::error::{Error, Result};
use crate::request::document::MAX_DOCUMENT_SIZE;

/// A document, or why it could not be made.
pub(super) struct Document(Result<crate::Document>);

impl Document {
    pub(super) fn get(&self) -> Result<crate::Document> {
        self.0.clone()
    }
}

pub(super) fn from_path(
    scope: &FfiScope,
    file: *const c_char,
    file_type: *const c_char,
) -> Result<Document> {
    let file = path("path", scope.text("path", file)?)?;
    let document = if file_type.is_null() {
        crate::Document::from_path(file)
    } else {
        crate::Document::from_path_as(file, &decode_type(scope, file_type)?)
    };
    document.map(|document| Document(Ok(document)))
}

pub(super) fn from_bytes(
    scope: &FfiScope,
    bytes: *const c_void,
    len: usize,
    file_type: *const c_char,
) -> Result<Document> {
    let bytes = scope.bytes("bytes", bytes, len)?;
    // Checked before the bytes are copied: the length may be a mistake.
    if bytes.len() as u64 > MAX_DOCUMENT_SIZE {
        let limit = MAX_DOCUMENT_SIZE / 1024 / 1024;
        return Err(Error::argument("fileContent", format!("is larger than {limit} MiB")));
    }
    let document = crate::Document::from_bytes(bytes, &decode_type(scope, file_type)?);
    document.map(|document| Document(Ok(document)))
}

fn decode_type(scope: &FfiScope, file_type: *const c_char) -> Result<Cow<'_, str>> {
    const FIELD: &str = "fileType";
    Charset::Utf8.decode(FIELD, scope.text(FIELD, file_type)?)
}

impl Object for wotrus_document {
    fn failed(mistake: Error) -> Self {
        Self(Document(Err(mistake)))
    }
}
