//! The command's own names of products and documents.

use wotrus::{DocumentType, product};

use crate::failure::{Failure, Result};
use crate::lang::say;

/// The id of a product by its name; another text is an id. It should be a GUID, but only a text without a
/// digit is certainly a misspelt name.
///
/// # Errors
/// What is wrong with such a text.
pub(super) fn product_id(name: &str) -> Result<&str, String> {
    match name {
        "pdf" => Ok(product::PDF_SIGNING),
        "organization" => Ok(product::ORGANIZATION_DOCUMENT_SIGNING),
        "personal" => Ok(product::PERSONAL_DOCUMENT_SIGNING),
        id if id.is_empty() || id.contains(|c: char| c.is_ascii_digit()) => Ok(id),
        _ => Err(say!(
            "is neither pdf, organization or personal, nor a product's GUID",
            "既不是 pdf、organization 或 personal，也不是产品 GUID"
        )),
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
