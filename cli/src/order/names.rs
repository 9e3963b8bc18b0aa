//! The command's own names of products and documents.

use wotrus::{DocumentType, product};

use crate::failure::{Failure, Result};
use crate::lang::say;

/// The GUID of a product; another text is one already.
pub(super) fn product_id(name: &str) -> &str {
    match name {
        "pdf" => product::PDF_SIGNING,
        "organization" => product::ORGANIZATION_DOCUMENT_SIGNING,
        "personal" => product::PERSONAL_DOCUMENT_SIGNING,
        guid => guid,
    }
}

/// The type of a document by its name or number.
pub(super) fn document_type(name: &str) -> Result<DocumentType> {
    Ok(match name {
        "authorization" => DocumentType::Authorization,
        "licence" | "license" => DocumentType::BusinessLicence,
        "identity" => DocumentType::IdentityCard,
        number => number.parse::<u32>().map(DocumentType::from).map_err(|_| {
            let problem = say!(
                "the type is authorization, licence, identity, or a number",
                "类型应为 authorization、licence、identity 或数字"
            );
            Failure::argument("--document", problem)
        })?,
    })
}
