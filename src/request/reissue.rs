//! Reissue certificate (section 7).

use super::further::{Further, IDEMPOTENCE_ID};
use super::{caller_json, with_file};
use crate::body::Body;
use crate::certificate::csr;
use crate::document::Document;
use crate::error::Result;
use crate::fields::{Fields, wire_fields};
use crate::json::ObjectWriter;
use crate::messages::{Message, message};
use crate::validation;

pub(crate) const IDEMPOTENCE_PLACE: Message =
    message!("a reissue has it as idempotenceID beside orderID");

/// A request to issue a certificate again
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
    /// `csr`: the new certificate signing request, PKCS#10 in PEM; for SM2 that of the signing key.
    /// Required.
    pub csr: String,
    /// `csR_Encrypt`: for SM2, the certificate signing request of the encryption key.
    pub csr_encrypt: Option<String>,
    /// `reason`: the reason as a text, such as 私钥泄露. Required.
    pub reason: String,
    /// `idempotenceID`: your own id of this reissue. With it the call can be repeated safely after a
    /// lost answer.
    pub idempotence_id: Option<String>,
    /// `fileType` and `fileContent`: the organisation's proof on WoTrus's template.
    pub proof: Option<Document>,
    further: Further,
}

wire_fields! {
    ReissueRequest {
        "orderID" => order_id,
        "csr" => csr,
        "csR_Encrypt" => csr_encrypt,
        "reason" => reason,
        "idempotenceID" => idempotence_id,
    }
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

    /// Reads the service's own JSON in UTF-8: names in any case, unknown fields are kept and sent.
    /// The file may also be `{"path": …}`.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), naming the field, or line and column of what is
    /// not JSON, or a name that looks like a misspelt idempotenceID;
    /// [`Kind::File`](crate::Kind::File).
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self> {
        let json = caller_json("json", json.as_ref())?;
        let mut reissue = Self { proof: Document::from_members(json.root())?, ..Self::default() };
        let unknown = reissue.read_request(json.members())?;
        reissue.further.keep(unknown, &Document::NAMES, &IDEMPOTENCE_PLACE)?;
        Ok(reissue)
    }

    /// The HMAC-SHA-256, under `key`, of the whole body that would be sent: 32 bytes. It is to a reissue
    /// what [`OrderRequest::body_hmac`](crate::OrderRequest::body_hmac) is to an order.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), as the call itself would give;
    /// [`Kind::File`](crate::Kind::File) for a proof that cannot be read or has changed.
    pub fn body_hmac(&self, key: &[u8]) -> Result<[u8; 32]> {
        self.body()?.0.hmac(key)
    }

    /// Checks everything and makes the body, with the idempotenceID it carries.
    pub(crate) fn body(&self) -> Result<(Body, Option<String>)> {
        let idempotence_id = validation::idempotence_id(self.idempotence_id.as_deref())?;
        validation::required("reason", &self.reason)?;
        let mut object = ObjectWriter::new();
        object.text("orderID", validation::order_id(&self.order_id)?);
        object.pem("csr", &csr::normalized("csr", &self.csr)?);
        if let Some(csr) = self.csr_encrypt.as_ref().filter(|csr| !validation::is_blank(csr)) {
            object.pem("csR_Encrypt", &csr::normalized("csR_Encrypt", csr)?);
        }
        object.text("reason", &self.reason);
        if let Some(id) = idempotence_id {
            object.text(IDEMPOTENCE_ID, id);
        }
        self.further.write(&mut object);
        let body = match &self.proof {
            None => Body::default().text(object.finish()),
            Some(proof) => with_file(Body::default(), object, proof).text("}"),
        };
        Ok((body, idempotence_id.map(str::to_owned)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hmac_is_that_of_the_body_which_is_sent() {
        const CSR: &str = include_str!("../../tests/fixtures/example.csr");
        let mut reissue = ReissueRequest::new("A1", CSR, "key lost");
        reissue.proof = Some(Document::from_bytes(b"%PDF-1.4".to_vec(), ".pdf").unwrap());
        let (body, _) = reissue.body().unwrap();
        let (mut reader, mut text) = (body.reader(None), vec![0; body.length() as usize]);
        let mut filled = 0;
        while !reader.is_complete() {
            filled += reader.fill(&mut text[filled..]).unwrap();
        }
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"the token");
        let hmac = reissue.body_hmac(b"the token").unwrap();
        assert_eq!(hmac, ring::hmac::sign(&key, &text).as_ref());
        reissue.proof = Some(Document::from_bytes(b"%PDF-1.5".to_vec(), ".pdf").unwrap());
        assert_ne!(reissue.body_hmac(b"the token").unwrap(), hmac);
    }
}
