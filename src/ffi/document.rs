//! `wotrus_document`.

use std::borrow::Cow;
use std::ffi::{c_char, c_void};

use super::guard::{FfiScope, Object};
use super::text::{Charset, path};
use super::wotrus_document;
use crate::error::{Error, Result};
use crate::request::document::MAX_DOCUMENT_SIZE;

/// A document, or why there is none.
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
        crate::Document::from_path_as(file, &type_of(scope, file_type)?)
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
    // Before a length that is a mistake is copied.
    if bytes.len() as u64 > MAX_DOCUMENT_SIZE {
        let limit = MAX_DOCUMENT_SIZE / 1024 / 1024;
        return Err(Error::argument("fileContent", format!("is larger than {limit} MiB")));
    }
    let document = crate::Document::from_bytes(bytes, &type_of(scope, file_type)?);
    document.map(|document| Document(Ok(document)))
}

fn type_of(scope: &FfiScope, file_type: *const c_char) -> Result<Cow<'_, str>> {
    const FIELD: &str = "fileType";
    Charset::Utf8.decode(FIELD, scope.text(FIELD, file_type)?)
}

impl Object for wotrus_document {
    fn broken(mistake: Error) -> Self {
        Self(Document(Err(mistake)))
    }
}
