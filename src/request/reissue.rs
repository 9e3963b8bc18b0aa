//! Reissue certificate (section 7).

use super::with_file;
use crate::certificate::csr;
use crate::error::{Error, Result};
use crate::json::{Json, ObjectWriter};
use crate::request::body::Body;
use crate::request::document::Document;
use crate::request::validation;

/// A certificate to be issued anew
/// ([`Client::reissue_certificate`](crate::Client::reissue_certificate), section 7).
///
/// For SM2 and Sectigo products the new certificate, once issued, revokes the old one, and the
/// proof file is required. For others the old certificate stays valid until its revocation is
/// requested, each one of them, and the file may be left out.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ReissueRequest {
    /// `orderID`: the order whose certificate is replaced. Required.
    pub order_id: String,
    /// `csr`: the new request, PKCS#10 in PEM; for SM2 that of the signing key. Required.
    pub csr: String,
    /// `csR_Encrypt`: for SM2, the request of the encryption key.
    pub csr_encrypt: Option<String>,
    /// `reason`: in words, such as 私钥泄露. Required.
    pub reason: String,
    /// `idempotenceID`: your own id of this reissue; with it a lost answer does no harm.
    pub idempotence_id: Option<String>,
    /// `fileType` and `fileContent`: the organisation's proof on WoTrus's template.
    pub proof: Option<Document>,
}

impl ReissueRequest {
    /// A reissue with all that the document requires of every product.
    pub fn new(
        order_id: impl Into<String>,
        csr: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            order_id: order_id.into(),
            csr: csr.into(),
            reason: reason.into(),
            ..Self::default()
        }
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
        Ok(Self {
            order_id: text("orderID"),
            csr: text("csr"),
            csr_encrypt: object.text_of("csR_Encrypt"),
            reason: text("reason"),
            idempotence_id: object.text_of("idempotenceID"),
            proof: Document::from_members(object)?,
        })
    }

    /// Checks everything and makes the body, with the idempotenceID it carries.
    pub(crate) fn body(&self) -> Result<(Body, Option<String>)> {
        let idempotence_id = validation::idempotence_id(self.idempotence_id.as_deref())?;
        validation::required("reason", &self.reason)?;
        let mut object = ObjectWriter::new();
        object.text("orderID", validation::order_id(&self.order_id)?);
        object.text("csr", &csr::normalized("csr", &self.csr)?);
        if let Some(csr) = self.csr_encrypt.as_ref().filter(|csr| !validation::is_blank(csr)) {
            object.text("csR_Encrypt", &csr::normalized("csR_Encrypt", csr)?);
        }
        object.text("reason", &self.reason);
        if let Some(id) = idempotence_id {
            object.text("idempotenceID", id);
        }
        let body = match &self.proof {
            None => Body::default().text(object.finish()),
            Some(proof) => with_file(Body::default(), object, proof).text("}"),
        };
        Ok((body, idempotence_id.map(str::to_owned)))
    }
}
