//! The documents of an order (`documentsPost`).

use super::parts::{DOCUMENTS, IDEMPOTENCE_PLACE, object};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::fields::number;
use crate::json::{Value, find, wrong_type};
use crate::messages::message;
use crate::request::further::Further;

/// The type of a document, which is sent as a number. WoTrus's API document lists 1 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentType {
    /// 1: a letter of authorisation.
    Authorization,
    /// 2: a business licence.
    BusinessLicence,
    /// 3: an identity card.
    IdentityCard,
    /// Another number that the service may accept.
    Other(u32),
}

impl DocumentType {
    /// The number on the wire.
    pub const fn number(self) -> u32 {
        match self {
            Self::Authorization => 1,
            Self::BusinessLicence => 2,
            Self::IdentityCard => 3,
            Self::Other(number) => number,
        }
    }
}

impl From<u32> for DocumentType {
    fn from(number: u32) -> Self {
        match number {
            1 => Self::Authorization,
            2 => Self::BusinessLicence,
            3 => Self::IdentityCard,
            other => Self::Other(other),
        }
    }
}

/// One entry of `documentsPost`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OrderDocument {
    /// The type of document.
    pub document_type: DocumentType,
    /// The file.
    pub document: Document,
    pub(super) further: Further,
}

/// Reads `documentsPost`.
pub(super) fn read(value: Value<'_>) -> Result<Vec<OrderDocument>> {
    match value.items() {
        _ if value.is_null() => Ok(Vec::new()),
        Some(items) => items.map(read_one).collect(),
        None => Err(Error::argument(DOCUMENTS, wrong_type(message!("a list"), value))),
    }
}

fn read_one(value: Value<'_>) -> Result<OrderDocument> {
    const NUMBER: &str = "documentType";
    let members: Vec<_> = object(DOCUMENTS, value)?.members().collect();
    let kind = find(members.iter().copied(), NUMBER).filter(|kind| !kind.is_null());
    let kind = kind.ok_or_else(|| Error::argument(NUMBER, message!("is required, but missing")))?;
    let kind_number = kind.scalar().and_then(|text| number(&text));
    let kind_number = kind_number
        .ok_or_else(|| Error::argument(NUMBER, wrong_type(message!("a whole number"), kind)))?;
    let document = Document::from_members(value)?.ok_or_else(|| {
        Error::argument("fileContent", message!("is required, but missing (or give path)"))
    })?;
    let known = [&[NUMBER][..], &Document::NAMES].concat();
    let mut further = Further::default();
    further.keep(members, &known, &IDEMPOTENCE_PLACE)?;
    Ok(OrderDocument { document_type: kind_number.into(), document, further })
}
