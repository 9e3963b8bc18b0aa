//! `wotrus_document`: a file to send.

use std::borrow::Cow;
use std::ffi::{c_char, c_void};

use super::guard::{FfiScope, Object};
use super::path::HostPath;
use super::text::Charset;
use super::wotrus_document;
use crate::error::{Cause, Error, Kind, Result};

#[derive(Clone)]
pub(super) enum Document {
    /// A path with the file type, if one is given. The file is opened by the call that sends it, because
    /// only its client knows the charset of the path.
    Path(HostPath, Option<String>),
    Bytes(crate::Document),
    /// Why the document could not be made.
    Failed(Error),
}

impl Document {
    /// Returns the document for a client with this charset.
    pub(super) fn get(&self, charset: Charset) -> Result<crate::Document> {
        match self {
            Self::Path(path, file_type) => {
                let path = path
                    .decode(charset)
                    .map_err(|problem| Error::new(Kind::File, Cause::FileRead, problem))?;
                match file_type {
                    None => crate::Document::from_path(path),
                    Some(file_type) => crate::Document::from_path_as(path, file_type),
                }
            }
            Self::Bytes(document) => Ok(document.clone()),
            Self::Failed(mistake) => Err(mistake.clone()),
        }
    }
}

pub(super) fn from_path(
    scope: &FfiScope,
    file: *const c_char,
    file_type: *const c_char,
) -> Result<Document> {
    let path = HostPath::new(scope.text("path", file)?);
    let file_type = match file_type.is_null() {
        true => None,
        false => Some(decode_type(scope, file_type)?.into_owned()),
    };
    Ok(Document::Path(path, file_type))
}

pub(super) fn from_bytes(
    scope: &FfiScope,
    bytes: *const c_void,
    len: usize,
    file_type: *const c_char,
) -> Result<Document> {
    let bytes = scope.bytes("bytes", bytes, len)?;
    // Checked before the bytes are copied: the length may be a mistake.
    crate::Document::check_size(bytes.len() as u64)?;
    let document = crate::Document::from_bytes(bytes, &decode_type(scope, file_type)?);
    document.map(Document::Bytes)
}

fn decode_type(scope: &FfiScope, file_type: *const c_char) -> Result<Cow<'_, str>> {
    const FIELD: &str = "fileType";
    Charset::Utf8.decode(FIELD, scope.text(FIELD, file_type)?)
}

impl Object for wotrus_document {
    fn failed(mistake: Error) -> Self {
        Self(Document::Failed(mistake))
    }
}
