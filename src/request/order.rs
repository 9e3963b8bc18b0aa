//! Create order (section 2): its three parts.

use std::borrow::Cow;

use super::with_file;
use crate::certificate::csr;
use crate::error::{Error, Result};
use crate::json::fields::{Field, Fields, wire_struct};
use crate::json::{Json, ObjectWriter, Value, escape, quoted};
use crate::request::body::Body;
use crate::request::document::Document;
use crate::request::validation;
use crate::secret::Secret;

/// The product GUIDs that the document names. The service sells others; any is passed on.
pub mod product {
    /// PDF signing and encryption.
    pub const PDF_SIGNING: &str = "76ECE651-B59E-48F2-A47B-135614AADAD9";
    /// Document signing for an organisation.
    pub const ORGANIZATION_DOCUMENT_SIGNING: &str = "2C17C336-A772-42F8-B3DD-4F2591A5B116";
    /// Document signing for a person.
    pub const PERSONAL_DOCUMENT_SIGNING: &str = "D4D30B75-68D5-471C-B66A-21299F1DFAA5";
}

wire_struct! {
    /// What is ordered (`orderinfoPost`).
    pub struct OrderInfo {
        /// The product's GUID. Required; [`product`] has the document's own.
        "productID" => product_id: String,
        /// The subject's CN, usually the organisation's name. Required.
        "commonName" => common_name: String,
        /// The certificate signing request, PKCS#10 in PEM, for an RSA or an ECC key. Any line
        /// ending and wrapping is taken.
        "csR_RSA" => csr_rsa: Option<String>,
        /// The password of the USB key, for a PDF certificate on one.
        "uKeyPassword" => ukey_password: Option<Secret>,
        /// Where that USB key is mailed to.
        "uKeyShipAddress" => ukey_ship_address: Option<String>,
        /// How long the certificate is to be valid: 12 or 24 months; 13 or 25 for a renewal that
        /// takes over the time left. Required.
        "month" => month: u32,
        /// Your own id of this order, such as a database key. With it a lost answer does no harm:
        /// the order is sent again under the same id, and exists once. Empty counts as none.
        "idempotenceID" => idempotence_id: Option<String>,
    }
}

wire_struct! {
    /// Whom the certificate is for (`organizationPost`).
    pub struct Organization {
        /// The registered name. Required.
        "OrgName" => org_name: String,
        /// `Business Entity` (sole trader), `Private Organization` (enterprise), `Government
        /// Entity` or `Non-Commercial Entity`.
        "BusinessCategory" => business_category: Option<String>,
        /// The organisation's phone.
        "OrgPhone" => org_phone: Option<String>,
        /// The organisation's e-mail address.
        "OrgEmail" => org_email: Option<String>,
        /// The applicant's given name.
        "UserFirstName" => user_first_name: Option<String>,
        /// The applicant's family name.
        "UserLastName" => user_last_name: Option<String>,
        /// The applicant's e-mail address.
        "UserEmail" => user_email: Option<String>,
        /// The applicant's mobile phone.
        "UserMobile" => user_mobile: Option<Secret>,
        /// The applicant's identity card number.
        "IDCardNO" => id_card_no: Option<Secret>,
        /// The country, two letters: `CN`, `US`, `JP`, …
        "countryCode" => country_code: Option<String>,
        /// The province.
        "state" => state: Option<String>,
        /// The city.
        "city" => city: Option<String>,
        /// The street address.
        "street" => street: Option<String>,
        /// The postal code.
        "zip" => zip: Option<String>,
        /// The unified social credit code (a number, not a file).
        "businessLicense" => business_license: Option<String>,
        /// Another name of the organisation.
        "OtherName" => other_name: Option<String>,
    }
}

/// What a document proves. The document numbers them 1 to 3; they are sent as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentType {
    /// 1: a letter of authorisation.
    Authorization,
    /// 2: a business licence.
    BusinessLicence,
    /// 3: an identity card.
    IdentityCard,
    /// Another number that the service may take.
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
    /// What it proves.
    pub document_type: DocumentType,
    /// The file.
    pub document: Document,
}

/// An order to be created ([`Client::create_order`](crate::Client::create_order), section 2).
///
/// ```
/// use wotrus::{OrderRequest, product};
/// let mut order = OrderRequest::new(product::PDF_SIGNING, "沃通电子认证服务有限公司", 12, "沃通电子认证服务有限公司");
/// order.info.idempotence_id = Some("order-4711".into());
/// order.organization.country_code = Some("CN".into());
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct OrderRequest {
    /// `orderinfoPost`.
    pub info: OrderInfo,
    /// `organizationPost`.
    pub organization: Organization,
    /// `documentsPost`.
    pub documents: Vec<OrderDocument>,
    extra: Vec<Extra>,
}

/// A field this library does not know: the part it belongs to, its name, its value as JSON.
#[derive(Clone)]
struct Extra {
    part: Option<&'static str>,
    name: String,
    json: String,
}

impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What it holds is not known, so it may be a secret.
        write!(f, "{}.{}", self.part.unwrap_or_default(), self.name)
    }
}

const INFO: &str = "orderinfoPost";
const ORGANIZATION: &str = "organizationPost";
const DOCUMENTS: &str = "documentsPost";

/// The known fields of an order are numbered through both parts.
const INFO_FIELDS: usize = OrderInfo::NAMES.len();
const FIELDS: usize = INFO_FIELDS + Organization::NAMES.len();

const CSR: &str = "csR_RSA";
const MONTH: &str = "month";
const IDEMPOTENCE_ID: &str = "idempotenceID";
/// The fields that must be shown nowhere.
const SECRETS: [&str; 3] = ["uKeyPassword", "UserMobile", "IDCardNO"];

impl OrderRequest {
    /// An order with all that the document requires; the other fields are set on it. A CSR is
    /// needed by every product whose key is not made on a USB key.
    pub fn new(
        product_id: impl Into<String>,
        common_name: impl Into<String>,
        month: u32,
        org_name: impl Into<String>,
    ) -> Self {
        let mut order = Self::default();
        order.info.product_id = product_id.into();
        order.info.common_name = common_name.into();
        order.info.month = month;
        order.organization.org_name = org_name.into();
        order
    }

    /// Adds a document.
    pub fn add_document(&mut self, document_type: DocumentType, document: Document) -> &mut Self {
        self.documents.push(OrderDocument { document_type, document });
        self
    }

    /// Sets a field by its wire name: a known one in any case (`OrgName`; the names of the parts
    /// do not collide), a further one by a dotted path (`orderinfoPost.Hosts`). The value is a
    /// text; a number is read from it where the field is one.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument) for a name that is neither, or `month` that is no
    /// number.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match place(name)? {
            FieldPath::Extra(part, name) => {
                self.add_extra(Some(part), name, quoted(value));
                Ok(())
            }
            FieldPath::Known(index) => usable(name, self.field_mut(index).set(value.into())),
        }
    }

    /// Sets a field as [`set`](Self::set) does, to a value that is JSON: `"orderinfoPost.Hosts"`,
    /// `["a.example","b.example"]`.
    ///
    /// # Errors
    /// As [`set`](Self::set), and for a value that is not JSON.
    pub fn set_json(&mut self, name: &str, value: &str) -> Result<()> {
        let json = Json::parse(value).map_err(|_| Error::argument(name, "is not JSON"))?;
        match place(name)? {
            FieldPath::Extra(part, name) => {
                self.add_extra(Some(part), name, json.root().raw().to_owned());
                Ok(())
            }
            FieldPath::Known(index) => usable(name, self.field_mut(index).read(json.root())),
        }
    }

    /// Reads the service's own JSON: names in any case, unknown fields kept. A document is
    /// `{"documentType":2,"fileType":".pdf","fileContent":"<base64>"}`, or, to be read from disk
    /// while it is sent, `{"documentType":2,"path":"licence.pdf"}`.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), naming the field;
    /// [`Kind::File`](crate::Kind::File) for a document that cannot be read.
    pub fn from_json(json: &str) -> Result<Self> {
        let json = json.trim_start_matches('\u{feff}');
        let json =
            Json::object(json).ok_or_else(|| Error::argument("json", "is not a JSON object"))?;
        let mut order = Self::default();
        for (name, value) in json.root().members() {
            let part = |wanted: &str| name.eq_ignore_ascii_case(wanted);
            let (part_name, unknown) = if part(INFO) {
                (INFO, order.info.read_request(object(INFO, value)?)?)
            } else if part(ORGANIZATION) {
                (ORGANIZATION, order.organization.read_request(object(ORGANIZATION, value)?)?)
            } else if part(DOCUMENTS) {
                order.documents.extend(documents(value)?);
                continue;
            } else {
                order.add_extra(None, &name, value.raw().to_owned());
                continue;
            };
            for (name, value) in unknown {
                order.add_extra(Some(part_name), &name, value.raw().to_owned());
            }
        }
        Ok(order)
    }

    fn add_extra(&mut self, part: Option<&'static str>, name: &str, json: String) {
        add_extra(&mut self.extra, Extra { part, name: name.to_owned(), json });
    }

    /// The body exactly as it would be sent, but for what must not be shown: secrets are `"***"`,
    /// documents their size.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), as the call itself would give.
    pub fn preview(&self) -> Result<String> {
        let mut draft = self.draft();
        for (_, index) in SECRETS.into_iter().filter_map(index_of) {
            let secret = draft.texts[index].iter_mut().filter(|secret| !secret.is_empty());
            secret.for_each(|secret| *secret = "***".into());
        }
        let mut json = draft.up_to_documents()?;
        let shown: Vec<String> = self
            .documents
            .iter()
            .map(|OrderDocument { document_type, document }| {
                let (number, kind) = (document_type.number(), quoted(document.file_type()));
                let size = document.size();
                format!(r#"{{"documentType":{number},"fileType":{kind},"fileContent":"({size} bytes)"}}"#)
            })
            .collect();
        json.push_str(&shown.join(","));
        json.push_str("]}");
        Ok(json)
    }

    pub(crate) fn draft(&self) -> Draft<'_> {
        let documents = self.documents.iter();
        Draft {
            texts: std::array::from_fn(|index| self.field(index).text()),
            documents: documents.map(|one| (one.document_type, &one.document)).collect(),
            extra: Cow::Borrowed(&self.extra),
        }
    }

    fn field(&self, index: usize) -> &dyn Field {
        match index.checked_sub(INFO_FIELDS) {
            None => self.info.field(index),
            Some(index) => self.organization.field(index),
        }
    }

    fn field_mut(&mut self, index: usize) -> &mut dyn Field {
        match index.checked_sub(INFO_FIELDS) {
            None => self.info.field_mut(index),
            Some(index) => self.organization.field_mut(index),
        }
    }
}

fn add_extra(all: &mut Vec<Extra>, new: Extra) {
    all.retain(|extra| extra.part != new.part || extra.name != new.name);
    all.push(new);
}

/// An order as it is sent: the texts of its fields, wherever they are kept.
#[derive(Default)]
pub(crate) struct Draft<'a> {
    texts: [Option<Cow<'a, str>>; FIELDS],
    documents: Vec<(DocumentType, &'a Document)>,
    extra: Cow<'a, [Extra]>,
}

impl<'a> Draft<'a> {
    /// As [`OrderRequest::set`].
    #[cfg(feature = "capi")]
    pub(crate) fn set(&mut self, name: &str, value: Cow<'a, str>) -> Result<()> {
        match place(name)? {
            FieldPath::Known(index) => {
                let number = name_of(index) != MONTH || number(&value).is_some();
                self.texts[index] = Some(value);
                usable(name, number)
            }
            FieldPath::Extra(part, name) => {
                let (part, name) = (Some(part), name.to_owned());
                add_extra(self.extra.to_mut(), Extra { part, name, json: quoted(&value) });
                Ok(())
            }
        }
    }

    #[cfg(feature = "capi")]
    pub(crate) fn add_document(&mut self, document_type: DocumentType, document: &'a Document) {
        self.documents.push((document_type, document));
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.texts[index_of(name)?.1].as_deref()
    }

    /// The caller's own id of the order.
    pub(crate) fn idempotence_id(&self) -> Result<Option<&str>> {
        validation::idempotence_id(self.text(IDEMPOTENCE_ID))
    }

    /// Checks everything and makes the body, with the idempotenceID it carries.
    pub(crate) fn body(&self) -> Result<(Body, Option<String>)> {
        let (mut body, mut text) = (Body::default(), self.up_to_documents()?);
        for (index, (document_type, document)) in self.documents.iter().enumerate() {
            let mut object = ObjectWriter::new();
            object.raw("documentType", document_type.number());
            text.push_str(if index == 0 { "" } else { "," });
            body = with_file(body.text(text), object, document);
            text = "}".to_owned();
        }
        text.push_str("]}");
        body = body.text(text);
        let secrets = SECRETS.into_iter().filter_map(|name| self.text(name));
        body.secrets = secrets.map(Secret::from).collect();
        Ok((body, self.idempotence_id()?.map(str::to_owned)))
    }

    /// The body up to its first document.
    fn up_to_documents(&self) -> Result<String> {
        /// More than the document's example, its CSR included.
        const LIKELY: usize = 4096;
        let info = [(INFO, "productID"), (INFO, "commonName"), (INFO, MONTH)];
        for (part, name) in info.into_iter().chain([(ORGANIZATION, "OrgName")]) {
            validation::required_in(Some(part), name, self.text(name).unwrap_or_default())?;
        }
        let month = self.text(MONTH).and_then(number).unwrap_or_default();
        validation::month(month)?;
        validation::country_code(self.text("countryCode"))?;
        let id = self.idempotence_id()?;
        let csr = self.text(CSR).filter(|csr| !validation::is_blank(csr));
        let csr = csr.map(|csr| csr::normalized(CSR, csr)).transpose()?;
        let mut whole = ObjectWriter::with_capacity(LIKELY);
        for (part, fields) in [(INFO, 0..INFO_FIELDS), (ORGANIZATION, INFO_FIELDS..FIELDS)] {
            whole.object(part, |out| {
                for index in fields {
                    let name = name_of(index);
                    let text = match name {
                        MONTH => {
                            out.raw(name, month);
                            continue;
                        }
                        CSR => csr.as_deref(),
                        IDEMPOTENCE_ID => id,
                        _ => self.texts[index].as_deref(),
                    };
                    // None is so long that it must be a mistake.
                    text.map_or(Ok(()), |text| validation::size(name, out.text(name, text)))?;
                }
                self.write_extra(Some(part), out);
                Ok(())
            })?;
        }
        self.write_extra(None, &mut whole);
        Ok(whole.up_to(DOCUMENTS) + "[")
    }

    fn write_extra(&self, part: Option<&str>, out: &mut ObjectWriter) {
        for extra in self.extra.iter().filter(|extra| extra.part == part) {
            let mut name = String::with_capacity(extra.name.len());
            escape(&mut name, &extra.name);
            out.raw(&name, &extra.json);
        }
    }
}

/// A number, as a text.
fn number(text: &str) -> Option<u32> {
    text.trim().parse().ok()
}

/// The part that a known field is in, and its place among all.
fn index_of(name: &str) -> Option<(&'static str, usize)> {
    let info = OrderInfo::index_of(name).map(|index| (INFO, index));
    info.or_else(|| Some((ORGANIZATION, INFO_FIELDS + Organization::index_of(name)?)))
}

fn name_of(index: usize) -> &'static str {
    match index.checked_sub(INFO_FIELDS) {
        None => OrderInfo::NAMES[index],
        Some(index) => Organization::NAMES[index],
    }
}

/// Where a field of this name belongs.
fn place(name: &str) -> Result<FieldPath<'_>> {
    let (part, name) = match name.split_once('.') {
        None => (None, name),
        Some((part, name)) => (Some(part), name),
    };
    let within = |wanted: &str| part.is_none_or(|part| part.eq_ignore_ascii_case(wanted));
    if let Some((_, index)) = index_of(name).filter(|(home, _)| within(home)) {
        return Ok(FieldPath::Known(index));
    }
    match part {
        Some(part) if part.eq_ignore_ascii_case(INFO) => Ok(FieldPath::Extra(INFO, name)),
        Some(part) if part.eq_ignore_ascii_case(ORGANIZATION) => {
            Ok(FieldPath::Extra(ORGANIZATION, name))
        }
        _ => {
            let rule = "is no field of an order; a further one is named with its part, as in orderinfoPost.Hosts";
            Err(Error::argument(name, rule))
        }
    }
}

/// What a field's name means.
enum FieldPath<'a> {
    Known(usize),
    /// One this library does not know: its part, and its name there.
    Extra(&'static str, &'a str),
}

fn usable(name: &str, usable: bool) -> Result<()> {
    if usable {
        return Ok(());
    }
    let name = name.split_once('.').map_or(name, |(_, name)| name);
    Err(Error::argument(name, "has a value of another kind"))
}

fn object<'a>(name: &str, value: Value<'a>) -> Result<Value<'a>> {
    Some(value)
        .filter(|value| value.is_object())
        .ok_or_else(|| Error::argument(name, "is not an object"))
}

fn documents(value: Value<'_>) -> Result<Vec<OrderDocument>> {
    match value.items() {
        _ if value.is_null() => Ok(Vec::new()),
        Some(items) => items.map(document).collect(),
        None => Err(Error::argument(DOCUMENTS, "is not a list")),
    }
}

fn document(value: Value<'_>) -> Result<OrderDocument> {
    let object = object(DOCUMENTS, value)?;
    let number = object.text_of("documentType").and_then(|text| number(&text));
    let number =
        number.ok_or_else(|| Error::argument("documentType", "is missing, or not a number"))?;
    let document = Document::from_members(object)?
        .ok_or_else(|| Error::argument("fileContent", "is missing, or use path"))?;
    Ok(OrderDocument { document_type: number.into(), document })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_field_goes_out_under_any_name() {
        let mut order = OrderRequest::new("p", "c", 12, "o");
        let name = "a\"\\\n沃";
        order.set(&format!("OrderInfoPost.{name}"), "x").unwrap();
        order.set_json(&format!("organizationPost.{name}"), "[1]").unwrap();
        let json: serde_json::Value = serde_json::from_str(&order.preview().unwrap()).unwrap();
        assert_eq!(json[INFO][name], "x");
        assert_eq!(json[ORGANIZATION][name][0], 1);
        assert_eq!(json[INFO]["month"], 12);
        assert!(json[INFO].get("csR_RSA").is_none(), "a field without a value is not sent");
    }

    #[test]
    fn what_is_missing_is_named_with_its_part() {
        for (json, field, part) in [
            ("{}", "productID", INFO),
            (r#"{"productID":"p"}"#, "productID", INFO),
            (r#"{"orderinfoPost":{"productID":"p","commonName":" "}}"#, "commonName", INFO),
            (
                r#"{"orderinfoPost":{"productID":"p","commonName":"c","month":12}}"#,
                "OrgName",
                ORGANIZATION,
            ),
        ] {
            let error = OrderRequest::from_json(json).unwrap().preview().unwrap_err();
            assert_eq!(error.field(), Some(field));
            assert!(error.message().contains(&format!("in {part}, and missing")), "{error}");
        }
    }

    #[test]
    fn the_fields_that_are_secrets_are_those_that_are_not_shown() {
        let (mut order, mut secrets) = (OrderRequest::default(), OrderRequest::default());
        for name in OrderInfo::NAMES.iter().chain(Organization::NAMES) {
            order.set(name, "7").unwrap();
        }
        for name in SECRETS {
            secrets.set(name, "7").unwrap();
        }
        assert!(!format!("{secrets:?}").contains('7'));
        assert_eq!(format!("{order:?}").matches("***").count(), SECRETS.len());
    }
}
