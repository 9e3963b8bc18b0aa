//! The body of an order, checked.

use std::borrow::Cow;

use super::parts::{DOCUMENTS, INFO, ORGANIZATION};
use super::{OrderDocument, OrderInfo, OrderRequest, Organization};
use crate::body::Body;
use crate::certificate::csr;
use crate::error::Result;
use crate::fields::{Field, Fields};
use crate::json::{ObjectWriter, Value};
use crate::request::further::{Further, IDEMPOTENCE_ID};
use crate::request::with_file;
use crate::secret::Secret;
use crate::validation;

/// More than the document's example takes without its CSR, in bytes.
const INITIAL_CAPACITY: usize = 1024;

const CSR: &str = "csR_RSA";

impl OrderRequest {
    /// The body exactly as it would be sent, except for what must not be shown: secrets are
    /// `"***"`, and of documents only the size.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), as the call itself would give.
    pub fn preview(&self) -> Result<String> {
        let mut json = self.up_to_documents(true)?;
        for (index, document) in self.documents.iter().enumerate() {
            let mut object = document.head();
            object.text("fileType", document.document.file_type());
            object.text("fileContent", &format!("({} bytes)", document.document.size()));
            json.push_str(if index == 0 { "" } else { "," });
            json.push_str(&object.finish());
        }
        json.push_str("]}");
        Ok(json)
    }

    /// The HMAC-SHA-256, under `key`, of the whole body that would be sent: 32 bytes. A program that
    /// records an order before it sends it can tell by this, after a crash, whether it would send the
    /// same body again, without storing secrets and documents. Documents are read for it. Another
    /// version of this library may write the same order differently.
    ///
    /// ```
    /// # fn main() -> wotrus::Result<()> {
    /// use wotrus::{OrderRequest, product};
    ///
    /// let mut order = OrderRequest::new(product::PDF_SIGNING, "沃通", 12, "沃通");
    /// let before = order.body_hmac(b"the token")?;
    /// order.info.idempotence_id = Some("order-4711".into());
    /// assert_ne!(order.body_hmac(b"the token")?, before);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), as the call itself would give;
    /// [`Kind::File`](crate::Kind::File) for a document that cannot be read or has changed.
    pub fn body_hmac(&self, key: &[u8]) -> Result<[u8; 32]> {
        self.body()?.0.hmac(key)
    }

    /// Checks everything and makes the body, with the idempotenceID it carries.
    pub(crate) fn body(&self) -> Result<(Body, Option<String>)> {
        let (mut body, mut text) = (Body::default(), self.up_to_documents(false)?);
        for (index, document) in self.documents.iter().enumerate() {
            text.push_str(if index == 0 { "" } else { "," });
            body = with_file(body.text(text), document.head(), &document.document);
            text = "}".to_owned();
        }
        text.push_str("]}");
        body = body.text(text);
        body.secrets = secrets(&self.info).chain(secrets(&self.organization)).collect();
        let id = validation::idempotence_id(self.info.idempotence_id.as_deref())?;
        Ok((body, id.map(str::to_owned)))
    }

    /// The body up to its first document.
    fn up_to_documents(&self, hide_secrets: bool) -> Result<String> {
        let (info, organization) = (&self.info, &self.organization);
        validation::required_in(Some(INFO), "productID", &info.product_id)?;
        validation::required_in(Some(INFO), "commonName", &info.common_name)?;
        let month = if info.month == 0 { "" } else { "given" };
        validation::required_in(Some(INFO), "month", month)?;
        validation::required_in(Some(ORGANIZATION), "OrgName", &organization.org_name)?;
        validation::month(info.month)?;
        validation::country_code(organization.country_code.as_deref())?;
        let id = validation::idempotence_id(info.idempotence_id.as_deref())?;
        let csr = info.csr_rsa.as_deref().filter(|csr| !validation::is_blank(csr));
        let csr = csr.map(|csr| csr::normalized(CSR, csr)).transpose()?;
        let mut whole =
            ObjectWriter::with_capacity(INITIAL_CAPACITY + csr.as_ref().map_or(0, String::len));
        let checked = (csr.as_deref(), id);
        whole.object(INFO, |out| {
            let field = |index| info.field(index);
            write(out, OrderInfo::NAMES, &field, checked, &self.further_info, hide_secrets)
        })?;
        whole.object(ORGANIZATION, |out| {
            let (names, field) = (Organization::NAMES, |index| organization.field(index));
            write(out, names, &field, (None, None), &self.further_organization, hide_secrets)
        })?;
        self.further_parts.write(&mut whole);
        Ok(whole.up_to(DOCUMENTS) + "[")
    }
}

impl OrderDocument {
    /// The object up to the file.
    fn head(&self) -> ObjectWriter {
        let mut object = ObjectWriter::new();
        object.raw("documentType", self.document_type.number());
        self.further.write(&mut object);
        object
    }
}

/// Writes one part of the order, with a CSR and an idempotenceID that were checked.
fn write<'a>(
    out: &mut ObjectWriter,
    names: &[&str],
    field: &dyn Fn(usize) -> &'a dyn Field,
    (csr, idempotence_id): (Option<&str>, Option<&str>),
    further: &Further,
    hide_secrets: bool,
) -> Result<()> {
    for (index, name) in names.iter().enumerate() {
        let field = field(index);
        let text = match *name {
            CSR => csr.map(Cow::Borrowed),
            IDEMPOTENCE_ID => idempotence_id.map(Cow::Borrowed),
            _ => field.text(),
        };
        match text {
            None => {}
            Some(csr) if *name == CSR => validation::size(name, out.pem(name, &csr))?,
            Some(text) if hide_secrets && field.is_secret() && !text.is_empty() => {
                out.text(name, "***");
            }
            Some(number) if field.is_number() => out.raw(name, number),
            Some(text) => validation::size(name, out.text(name, &text))?,
        }
    }
    further.write(out);
    Ok(())
}

/// The values of secret fields in JSON that the caller sends unchanged: in its members and in those of
/// its parts.
pub(crate) fn secrets_in(json: Value<'_>) -> Vec<Secret> {
    let members =
        json.members().flat_map(|member| [member].into_iter().chain(member.value.members()));
    let secrets = members.filter(|member| {
        let name = member.name();
        is_secret::<OrderInfo>(&name) || is_secret::<Organization>(&name)
    });
    secrets.filter_map(|member| Some(Secret::new(member.value.scalar()?))).collect()
}

fn is_secret<T: Fields + Default>(name: &str) -> bool {
    T::index_of(name).is_some_and(|index| T::default().field(index).is_secret())
}

/// The values that must not be shown.
fn secrets<T: Fields>(fields: &T) -> impl Iterator<Item = Secret> {
    let fields = (0..T::NAMES.len()).map(|index| fields.field(index));
    let secrets = fields.filter(|field| field.is_secret()).filter_map(|field| field.text());
    secrets.map(|text| Secret::new(text.into_owned()))
}
