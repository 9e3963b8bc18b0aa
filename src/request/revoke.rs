//! Revoke certificate (section 6).

use super::with_file;
use crate::error::{Error, Result};
use crate::json::{Json, ObjectWriter};
use crate::request::body::Body;
use crate::request::document::Document;
use crate::request::validation;

/// A certificate to be revoked
/// ([`Client::revoke_certificate`](crate::Client::revoke_certificate), section 6).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RevokeRequest {
    /// `orderID`: the order whose certificate is revoked.
    pub order_id: String,
    /// `reason`: in words, such as 私钥泄露.
    pub reason: String,
    /// `fileType` and `fileContent`: the organisation's proof on WoTrus's template.
    pub proof: Document,
}

impl RevokeRequest {
    /// A revocation; the document requires all three.
    pub fn new(order_id: impl Into<String>, reason: impl Into<String>, proof: Document) -> Self {
        Self { order_id: order_id.into(), reason: reason.into(), proof }
    }

    /// Reads the service's own JSON, names in any case; the file also as `{"path": …}`.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), [`Kind::File`](crate::Kind::File).
    pub fn from_json(json: &str) -> Result<Self> {
        let json = json.trim_start_matches('\u{feff}');
        let json =
            Json::object(json).ok_or_else(|| Error::argument("json", "is not a JSON object"))?;
        let object = json.root();
        let text = |name| object.text_of(name).unwrap_or_default();
        let proof = Document::from_members(object)?.ok_or_else(|| {
            Error::argument("fileContent", "is required: the organisation's proof")
        })?;
        Ok(Self::new(text("orderID"), text("reason"), proof))
    }

    pub(crate) fn body(&self) -> Result<Body> {
        validation::required("reason", &self.reason)?;
        let mut object = ObjectWriter::new();
        object.text("orderID", validation::order_id(&self.order_id)?);
        object.text("reason", &self.reason);
        Ok(with_file(Body::default(), object, &self.proof).text("}"))
    }
}
