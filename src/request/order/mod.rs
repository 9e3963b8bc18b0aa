//! Create order (section 2).

mod body;
mod documents;
mod fields;
mod parts;

pub(crate) use body::secrets_in;
pub use documents::{DocumentType, OrderDocument};
pub use fields::{OrderInfo, Organization, product};

use self::parts::{DOCUMENTS, IDEMPOTENCE_PLACE, INFO, ORGANIZATION, object};
use super::caller_text;
use super::further::{Further, refuse_idempotence_id, refuse_within};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::fields::{Field, Fields};
use crate::json::{Json, Member, quoted, wrong_type};
use crate::messages::message;
use crate::options::SWAPPED;

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
    further_info: Further,
    further_organization: Further,
    further_parts: Further,
}

impl OrderRequest {
    /// An order with all that the document requires; set the other fields on it. Every product
    /// whose key is not made on a USB key needs a CSR.
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
        self.documents.push(OrderDocument { document_type, document, further: Further::default() });
        self
    }

    /// Sets a field by its wire name. A known field needs no part before its name (`OrgName`, in
    /// any case: no name is in both parts); a further one does (`orderinfoPost.Hosts`). The value
    /// is a text; where the field is a number it is read from the text.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument) for a further name without its part, for `month`
    /// that is not a number, and for a name that looks like a misspelt or misplaced idempotenceID.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let target = self.field_mut(name).map_err(|error| {
            let field = without_part(value);
            match OrderInfo::index_of(field).or(Organization::index_of(field)) {
                // The name may be a secret, so it is not quoted.
                Some(_) => Error::argument(field, SWAPPED),
                None => error,
            }
        });
        match target? {
            Target::Known(field) => match field.set(value.into()) {
                true => Ok(()),
                false => {
                    let problem = message!("should be {}, but is another text", field.expected());
                    Err(Error::argument(without_part(name), problem))
                }
            },
            Target::Further(further, name) => {
                further.set(name, quoted(value));
                Ok(())
            }
        }
    }

    /// Sets a field as [`set`](Self::set) does, to a value that is JSON: `"orderinfoPost.Hosts"`,
    /// `["a.example","b.example"]`.
    ///
    /// # Errors
    /// As [`set`](Self::set), for a value that is not JSON, and for such a name inside it.
    pub fn set_json(&mut self, name: &str, value: &str) -> Result<()> {
        let json =
            Json::parse(value).map_err(|error| Error::argument(name, error.mistake.message()))?;
        match self.field_mut(name)? {
            Target::Known(field) => match field.read(json.root()) {
                true => Ok(()),
                false => {
                    let problem = wrong_type(field.expected(), json.root());
                    Err(Error::argument(without_part(name), problem))
                }
            },
            Target::Further(further, name) => {
                refuse_within(json.root(), &IDEMPOTENCE_PLACE)?;
                further.set(name, json.root().raw());
                Ok(())
            }
        }
    }

    /// Reads the service's own JSON in UTF-8: names in any case, unknown fields are kept and sent.
    /// A document is `{"documentType":2,"fileType":".pdf","fileContent":"<base64>"}`, or, to be
    /// read from disk while it is sent, `{"documentType":2,"path":"licence.pdf"}`.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), naming the field, or line and column of what is
    /// not JSON, or a name that looks like a misspelt or misplaced idempotenceID;
    /// [`Kind::File`](crate::Kind::File) for a document that cannot be read.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self> {
        Self::from_json_text(caller_text("json", json.as_ref())?)
    }

    pub(crate) fn from_json_text(json: &str) -> Result<Self> {
        // The part that is the longest, with the CSR, is listed in the same pass.
        let (json, info) =
            Json::object_nested(json, INFO).map_err(|problem| Error::argument("json", problem))?;
        let mut order = Self::default();
        let has_one_info = parts(&json, INFO).count() == 1;
        for Member { value, .. } in parts(&json, INFO) {
            let value = object(INFO, value)?;
            let members: Vec<_> = match has_one_info {
                true => info.iter(json.text()).collect(),
                false => value.members().collect(),
            };
            let unknown = order.info.read_request(members.into_iter())?;
            order.further_info.keep(unknown, &[], &IDEMPOTENCE_PLACE)?;
        }
        for Member { value, .. } in parts(&json, ORGANIZATION) {
            let members = object(ORGANIZATION, value)?.members();
            let unknown = order.organization.read_request(members)?;
            order.further_organization.keep(unknown, &[], &IDEMPOTENCE_PLACE)?;
        }
        for Member { value, .. } in parts(&json, DOCUMENTS) {
            order.documents.extend(documents::read(value)?);
        }
        let parts = [INFO, ORGANIZATION, DOCUMENTS];
        for part in parts {
            let short = part.strip_suffix("Post").unwrap_or(part);
            if json.get(short).is_some() {
                let problem = message!("is named {}, which the service ignores", short);
                return Err(Error::argument(part, problem));
            }
        }
        order.further_parts.keep(json.members(), &parts, &IDEMPOTENCE_PLACE)?;
        Ok(order)
    }

    /// The field that a name means.
    fn field_mut<'a, 'b>(&'a mut self, name: &'b str) -> Result<Target<'a, 'b>> {
        let whole = (None, name);
        let (part, field) = name.split_once('.').map_or(whole, |(part, field)| (Some(part), field));
        let is_in = |home: &str| part.is_some_and(|part| part.eq_ignore_ascii_case(home));
        let may_be_in = |home| part.is_none() || is_in(home);
        if let Some(index) = OrderInfo::index_of(field).filter(|_| may_be_in(INFO)) {
            return Ok(Target::Known(self.info.field_mut(index)));
        }
        if let Some(index) = Organization::index_of(field).filter(|_| may_be_in(ORGANIZATION)) {
            return Ok(Target::Known(self.organization.field_mut(index)));
        }
        refuse_idempotence_id(field, &IDEMPOTENCE_PLACE)?;
        if is_in(INFO) {
            Ok(Target::Further(&mut self.further_info, field))
        } else if is_in(ORGANIZATION) {
            Ok(Target::Further(&mut self.further_organization, field))
        } else {
            let rule = message!(
                "is not a field of an order; write a further one with its part, as in orderinfoPost.Hosts"
            );
            Err(Error::argument(field, rule))
        }
    }
}

/// What a field's name means.
enum Target<'a, 'b> {
    Known(&'a mut dyn Field),
    /// A field that this library does not know, by its name without the part.
    Further(&'a mut Further, &'b str),
}

fn without_part(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, field)| field)
}

/// The members that are this part of the order.
fn parts<'a>(json: &'a Json<&str>, part: &str) -> impl Iterator<Item = Member<'a>> {
    json.members().filter(move |member| member.name().eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> OrderRequest {
        OrderRequest::new("p", "c", 12, "o")
    }

    fn sent(order: &OrderRequest) -> serde_json::Value {
        serde_json::from_str(&order.preview().unwrap()).unwrap()
    }

    #[test]
    fn unknown_fields_are_sent_under_any_name() {
        let mut order = order();
        let name = "a\"\\\n沃";
        order.set(&format!("OrderInfoPost.{name}"), "x").unwrap();
        order.set_json(&format!("organizationPost.{name}"), "[1]").unwrap();
        let json = sent(&order);
        assert_eq!(json[INFO][name], "x");
        assert_eq!(json[ORGANIZATION][name][0], 1);
        assert_eq!(json[INFO]["month"], 12);
        assert!(json[INFO].get("csR_RSA").is_none(), "a field without a value is not sent");
    }

    #[test]
    fn unknown_members_of_the_callers_json_are_sent_where_they_were() {
        let json = r#"{"orderinfoPost":{"productID":"p","commonName":"c","month":12,"Hosts":["a"]},
            "organizationPost":{"OrgName":"o","x":{"y":1}},
            "documentsPost":[{"documentType":2.0,"fileType":".pdf","fileContent":"eA==","note":"n"}],
            "agent":1e999}"#;
        let order = OrderRequest::from_json(json).unwrap();
        assert_eq!(order.documents[0].document_type, DocumentType::BusinessLicence);
        let preview = order.preview().unwrap();
        for part in [r#""Hosts":["a"]"#, r#""x":{"y":1}"#, r#""note":"n""#, r#""agent":1e999"#] {
            assert!(preview.contains(part), "{part} is missing in {preview}");
        }
    }

    #[test]
    fn a_missing_field_is_named_with_its_part() {
        for (json, field, part) in [
            ("{}", "productID", INFO),
            (r#"{"productID":"p"}"#, "productID", INFO),
            (r#"{"orderinfoPost":{"productID":"p","commonName":" "}}"#, "commonName", INFO),
            (r#"{"orderinfoPost":{"productID":"p","commonName":"c"}}"#, "month", INFO),
            (
                r#"{"orderinfoPost":{"productID":"p","commonName":"c","month":12}}"#,
                "OrgName",
                ORGANIZATION,
            ),
        ] {
            let error = OrderRequest::from_json(json).unwrap().preview().unwrap_err();
            assert_eq!(error.field(), Some(field));
            assert!(error.message().contains(&format!("in {part}, but missing")), "{error}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_refused_with_what_was_expected() {
        for (json, field, problem) in [
            (r#"{"orderinfoPost":[]}"#, INFO, "should be an object, but is a list"),
            (r#"{"orderinfoPost":{"month":[12]}}"#, "month", "a whole number, but is a list"),
            (r#"{"orderinfoPost":{"month":12.5}}"#, "month", "a whole number, but is a number"),
            (r#"{"orderinfoPost":{"month":"a year"}}"#, "month", "a whole number, but is a text"),
            (
                r#"{"orderinfoPost":{"uKeyPassword":{}}}"#,
                "uKeyPassword",
                "a text, but is an object",
            ),
            (r#"{"documentsPost":{}}"#, DOCUMENTS, "a list, but is an object"),
            (r#"{"documentsPost":["x"]}"#, DOCUMENTS, "an object, but is a text"),
            (r#"{"documentsPost":[{"documentType":1.5}]}"#, "documentType", "a whole number"),
            (r#"{"documentsPost":[{}]}"#, "documentType", "is required, but missing"),
        ] {
            let error = OrderRequest::from_json(json).unwrap_err();
            assert_eq!(error.field(), Some(field), "{error}");
            assert!(error.message().contains(problem), "{error}");
        }
    }

    #[test]
    fn whole_numbers_are_months_in_every_form() {
        for month in ["12", "12.0", "\"12\"", "\" 12.00 \"", "1.2e1", "12e0", "\"12.\""] {
            let json = format!(r#"{{"orderinfoPost":{{"month":{month}}}}}"#);
            assert_eq!(OrderRequest::from_json(json).unwrap().info.month, 12, "{month}");
        }
        for month in ["12.5", "-12", "1e99", "\"NaN\"", "\"\"", "true"] {
            let json = format!(r#"{{"orderinfoPost":{{"month":{month}}}}}"#);
            assert!(OrderRequest::from_json(json).is_err(), "{month}");
        }
    }

    #[test]
    fn a_part_without_its_suffix_is_refused() {
        for (name, part) in
            [("documents", DOCUMENTS), ("orderInfo", INFO), ("ORGANIZATION", ORGANIZATION)]
        {
            let error = OrderRequest::from_json(format!(r#"{{"{name}":null}}"#)).unwrap_err();
            assert_eq!(error.field(), Some(part), "{error}");
        }
        // In a part they are fields like others.
        OrderRequest::from_json(r#"{"organizationPost":{"documents":"x"}}"#).unwrap();
    }

    #[test]
    fn a_misspelt_or_misplaced_idempotence_id_is_refused() {
        for (json, field) in [
            (r#"{"idempotenceID":"1"}"#, "idempotenceID"),
            (r#"{"organizationPost":{"IdempotenceId":"1"}}"#, "IdempotenceId"),
            (r#"{"orderinfoPost":{"idempotentID":"1"}}"#, "idempotentID"),
            (r#"{"orderinfoPost":{"IDEMPOTENCYKEY":null}}"#, "IDEMPOTENCYKEY"),
            (r#"{"orderinfoPost":{"\u0069dempotence_id":"1"}}"#, "idempotence_id"),
            (r#"{"order":[{"x":{"idempotenceID":"1"}}]}"#, "idempotenceID"),
            (r#"{"orderinfoPost":{"x":{"idempotency":"1"}}}"#, "idempotency"),
            (
                r#"{"documentsPost":[{"documentType":1,"fileType":".pdf","fileContent":"eA==","idempotenceID":"1"}]}"#,
                "idempotenceID",
            ),
        ] {
            let error = OrderRequest::from_json(json).unwrap_err();
            assert_eq!(error.field(), Some(field), "{error}");
            assert!(error.message().contains("idempotenceID in orderinfoPost"), "{error}");
        }
        for name in ["idempotentID", "orderinfoPost.idempotentID", "organizationPost.idempotenceID"]
        {
            let error = order().set(name, "1").unwrap_err();
            assert_eq!(error.field(), Some(without_part(name)));
            assert!(order().set_json(name, "1").is_err());
        }
        let nested = order().set_json("orderinfoPost.x", r#"[{"idempotenceID":1}]"#);
        assert_eq!(nested.unwrap_err().field(), Some("idempotenceID"));
        for name in ["idempotenceID", "IDEMPOTENCEid", "orderinfopost.idempotenceId"] {
            let mut order = order();
            order.set(name, "1").unwrap();
            assert_eq!(order.info.idempotence_id.as_deref(), Some("1"));
        }
    }

    #[test]
    fn a_name_that_was_given_as_the_value_is_not_quoted() {
        for value in ["uKeyPassword", "orderinfoPost.ukeypassword"] {
            let error = order().set("p4ssw0rd.secret", value).unwrap_err();
            assert_eq!(error.field(), Some(without_part(value)));
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        }
    }

    #[test]
    fn secret_fields_are_the_same_in_debug_output_preview_and_body() {
        let mut order = order();
        for name in OrderInfo::NAMES.iter().chain(Organization::NAMES) {
            let value = if *name == "month" { "12" } else { "secret-7" };
            if !matches!(*name, "csR_RSA" | "countryCode") {
                order.set(name, value).unwrap();
            }
        }
        let json = sent(&order);
        let hidden = [
            &json[INFO]["uKeyPassword"],
            &json[ORGANIZATION]["UserMobile"],
            &json[ORGANIZATION]["IDCardNO"],
        ];
        assert_eq!(hidden, ["***"; 3]);
        assert_eq!(format!("{order:?}").matches("***").count(), hidden.len());
        assert_eq!(order.preview().unwrap().matches("***").count(), hidden.len());
        let (body, _) = order.body().unwrap();
        assert_eq!(body.secrets.len(), hidden.len());
    }

    #[test]
    fn secrets_of_raw_json_are_found_in_members_and_parts() {
        let json = r#"{"ukeypassword":"a1","orderinfoPost":{"uKeyPassword":"b2","month":12},
            "organizationPost":{"IDCardNO":"c3","UserMobile":"d4","OrgName":"o"}}"#;
        let json = Json::parse(json).ok().unwrap();
        let found: Vec<_> =
            secrets_in(json.root()).iter().map(|it| it.expose().to_owned()).collect();
        assert_eq!(found, ["a1", "b2", "c3", "d4"]);
    }
}
