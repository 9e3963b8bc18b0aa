//! Revoke certificate (section 6).

use super::further::{Further, refuse_idempotence_id};
use super::{caller_json, with_file};
use crate::error::{Error, Result};
use crate::json::{ObjectWriter, wrong_type};
use crate::messages::message;
use crate::request::body::Body;
use crate::request::document::Document;
use crate::request::validation;

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
        let text = |name| match json.get(name).filter(|value| !value.is_null()) {
            None => Ok(String::new()),
            Some(value) => match value.scalar() {
                Some(text) => Ok(text.into_owned()),
                None => Err(Error::argument(name, wrong_type(message!("a text"), value))),
            },
        };
        let proof = Document::from_members(json.root())?.ok_or_else(|| {
            Error::argument("fileContent", message!("is required: the organisation's proof"))
        })?;
        let mut revocation = Self::new(text("orderID")?, text("reason")?, proof);
        for member in json.members() {
            let name = member.name();
            let is = |known: &&str| known.eq_ignore_ascii_case(&name);
            if !["orderID", "reason", "fileType", "fileContent", "path"].iter().any(is) {
                refuse_idempotence_id(&name, message!("a revocation has none"))?;
                revocation.further.set(&name, member.value.raw());
            }
        }
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
