//! Revoke certificate (section 6).

use super::further::Further;
use super::{caller_json, with_file};
use crate::body::Body;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::fields::{Fields, wire_fields};
use crate::json::ObjectWriter;
use crate::messages::message;
use crate::validation;

/// A request to revoke a certificate
/// ([`Client::revoke_certificate`](crate::Client::revoke_certificate), section 6).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RevokeRequest {
    /// `orderID`: the order whose certificate is revoked.
    pub order_id: String,
    /// `reason`: the reason as a text, such as 私钥泄露.
    pub reason: String,
    /// `fileType` and `fileContent`: the organisation's proof on WoTrus's template.
    pub proof: Document,
    further: Further,
}

wire_fields! { RevokeRequest { "orderID" => order_id, "reason" => reason, } }

impl RevokeRequest {
    /// A revocation with what the document requires.
    pub fn new(order_id: impl Into<String>, reason: impl Into<String>, proof: Document) -> Self {
        Self {
            order_id: order_id.into(),
            reason: reason.into(),
            proof,
            further: Further::default(),
        }
    }

    /// Reads the service's own JSON in UTF-8: names in any case, unknown fields are kept and sent.
    /// The file may also be `{"path": …}`.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), naming the field, or line and column of what is
    /// not JSON; [`Kind::File`](crate::Kind::File).
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self> {
        let json = caller_json("json", json.as_ref())?;
        let proof = Document::from_members(json.root())?.ok_or_else(|| {
            Error::argument("fileContent", message!("is required: the organisation's proof"))
        })?;
        let mut revocation = Self::new("", "", proof);
        let unknown = revocation.read_request(json.members())?;
        revocation.further.keep(unknown, &Document::NAMES, &message!("a revocation has none"))?;
        Ok(revocation)
    }

    pub(crate) fn body(&self) -> Result<Body> {
        validation::required("reason", &self.reason)?;
        let mut object = ObjectWriter::new();
        object.text("orderID", validation::order_id(&self.order_id)?);
        object.text("reason", &self.reason);
        self.further.write(&mut object);
        Ok(with_file(Body::default(), object, &self.proof).text("}"))
    }
}
