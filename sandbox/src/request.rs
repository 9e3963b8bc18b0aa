//! The bodies of requests, read into what the operations need; secrets that nothing needs are not kept.

use uuid::Uuid;

use crate::csr::Csr;
use crate::document;
use crate::envelope::Refusal;
use crate::fields::Fields;
use crate::order::{Document, Organization, Terms};
use crate::policy::Policies;
use crate::product::product;

/// The longest common name that X.509 allows, in characters.
const COMMON_NAME_MAX: usize = 64;
const MONTHS: [u32; 4] = [12, 24, 13, 25];
const CATEGORIES: [&str; 4] =
    ["Business Entity", "Private Organization", "Government Entity", "Non-Commercial Entity"];

/// An idempotenceID and the content it was sent with.
pub(crate) struct Idempotent {
    pub(crate) id: String,
    pub(crate) content: [u8; 32],
}

/// Section 2.
pub(crate) struct Create {
    pub(crate) terms: Terms,
    pub(crate) csr: Option<Csr>,
    /// The key to encrypt with, of an SM2 order.
    pub(crate) encryption_csr: Option<Csr>,
    /// The RSA order that goes with an SM2 order.
    pub(crate) paired: Option<(Terms, Option<Csr>)>,
    pub(crate) documents: Vec<Document>,
    pub(crate) idempotence: Option<Idempotent>,
}

/// Section 6.
pub(crate) struct Revoke {
    pub(crate) order_id: String,
    pub(crate) proof: Document,
}

/// Section 7.
pub(crate) struct Reissue {
    pub(crate) order_id: String,
    pub(crate) csr: Csr,
    pub(crate) encryption_csr: Option<Csr>,
    pub(crate) proof: Option<Document>,
    pub(crate) idempotence: Option<Idempotent>,
}

impl Create {
    pub(crate) fn read(body: Fields<'_>, policies: &Policies) -> Result<Self, Refusal> {
        let order = body.object("orderinfoPost")?;
        let organization = read_organization(body.object("organizationPost")?)?;
        let product_id = Uuid::parse_str(&order.required("productID")?)
            .map_err(|_| Refusal::invalid("productID"))?;
        let common_name = order.required("commonName")?.into_owned();
        if common_name.chars().count() > COMMON_NAME_MAX {
            return Err(Refusal::new("参数 commonName 不能超过 64 个字符"));
        }
        let months = order.number("month")?;
        if !MONTHS.contains(&months) {
            return Err(Refusal::invalid("month"));
        }
        let product = product(product_id);
        let csr =
            |name, product| order.text(name)?.map(|pem| Csr::read_for(&pem, &product)).transpose();
        let bound = order.text("BindRSAProductID")?.filter(|_| product.sm2);
        let separators = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
        let hosts = order.text("Hosts")?.unwrap_or_default();
        let hosts = hosts.split(separators).filter(|host| !host.is_empty()).map(str::to_owned);
        let documents = body.objects("documentsPost")?;
        let documents = documents
            .into_iter()
            .map(|fields| match fields.number("documentType")? {
                kind @ 1..=3 => document::read(fields, Some(kind), policies.document_content),
                _ => Err(Refusal::invalid("documentType")),
            })
            .collect::<Result<_, _>>()?;
        let hosts = hosts.collect();
        let terms = Terms { product_id, common_name, hosts, months, organization };
        let paired = match bound {
            None => None,
            Some(id) => {
                let product_id =
                    Uuid::parse_str(&id).map_err(|_| Refusal::invalid("BindRSAProductID"))?;
                let csr = csr("csR_RSA", crate::product::product(product_id))?;
                Some((Terms { product_id, ..terms.clone() }, csr))
            }
        };
        Ok(Self {
            csr: csr(if product.sm2 { "Csr_Sign" } else { "csR_RSA" }, product)?,
            encryption_csr: match product.sm2 {
                true => csr("Csr_Encrypt", product)?,
                false => None,
            },
            paired,
            terms,
            documents,
            idempotence: idempotence(order, body)?,
        })
    }
}

fn read_organization(fields: Fields<'_>) -> Result<Organization, Refusal> {
    fields.required("OrgName")?;
    if fields.text("BusinessCategory")?.is_some_and(|it| !CATEGORIES.contains(&it.as_ref())) {
        return Err(Refusal::invalid("BusinessCategory"));
    }
    let country = fields.text("countryCode")?.unwrap_or_default().to_ascii_uppercase();
    let letters = country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !letters || !matches!(country.len(), 0 | 2) {
        return Err(Refusal::invalid("countryCode"));
    }
    let raw = |name| Ok(fields.raw(name)?.map(|text| text.into_owned()));
    let text = |name| Ok(fields.text(name)?.unwrap_or_default().into_owned());
    Ok(Organization {
        name: raw("OrgName")?.unwrap_or_default(),
        phone: raw("OrgPhone")?,
        email: raw("OrgEmail")?,
        user_first_name: raw("UserFirstName")?,
        user_last_name: raw("UserLastName")?,
        user_email: raw("UserEmail")?,
        user_mobile: raw("UserMobile")?,
        id_card_number: raw("IDCardNO")?,
        country,
        state: text("state")?,
        city: text("city")?,
    })
}

impl Revoke {
    pub(crate) fn read(body: Fields<'_>, policies: &Policies) -> Result<Self, Refusal> {
        let order_id = body.required("orderID")?.into_owned();
        body.required("reason")?;
        Ok(Self { order_id, proof: document::read(body, None, policies.document_content)? })
    }
}

impl Reissue {
    pub(crate) fn read(body: Fields<'_>, policies: &Policies) -> Result<Self, Refusal> {
        let order_id = body.required("orderID")?.into_owned();
        let csr = Csr::read(&body.required("csr")?)?;
        let encryption_csr = body.text("csR_Encrypt")?.map(|pem| Csr::read(&pem)).transpose()?;
        body.required("reason")?;
        let proof = body.text("fileContent")?.is_some() || body.text("fileType")?.is_some();
        let proof = proof.then(|| document::read(body, None, policies.document_content));
        Ok(Self {
            order_id,
            csr,
            encryption_csr,
            proof: proof.transpose()?,
            idempotence: idempotence(body, body)?,
        })
    }
}

/// The order of `{orderID, …}`, beside one more required field where there is one.
pub(crate) fn read_order_id(body: Fields<'_>, also: Option<&str>) -> Result<String, Refusal> {
    let order_id = body.required("orderID")?.into_owned();
    also.map(|name| body.required(name)).transpose()?;
    Ok(order_id)
}

/// An empty idempotenceID is none: the document's own example has one.
fn idempotence(holder: Fields<'_>, content: Fields<'_>) -> Result<Option<Idempotent>, Refusal> {
    let id = holder.text("idempotenceID")?;
    Ok(id.map(|id| Idempotent { id: id.into_owned(), content: content.fingerprint() }))
}
