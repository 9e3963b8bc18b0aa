//! The bodies of create, revoke and reissue requests. Secrets that no operation needs are not kept.

use uuid::Uuid;

use super::document;
use super::fields::Fields;
use super::idempotence::Idempotence;
use crate::certificate::csr::Csr;
use crate::certificate::host_name::host_name;
use crate::order::{Document, Organization, Terms};
use crate::policy::{HostlessSsl, Policies};
use crate::product::{is_known, product};
use crate::refusal::Refusal;

/// The longest common name that X.509 allows, in characters.
const COMMON_NAME_MAX: usize = 64;
const MONTHS: [u32; 4] = [12, 24, 13, 25];
const CATEGORIES: [&str; 4] =
    ["Business Entity", "Private Organization", "Government Entity", "Non-Commercial Entity"];

/// Section 2.
pub(crate) struct Create {
    pub(crate) terms: Terms,
    pub(crate) csr: Option<Csr>,
    /// For the encryption key of an SM2 order.
    pub(crate) encryption_csr: Option<Csr>,
    /// The RSA order that is created together with an SM2 order.
    pub(crate) paired: Option<(Terms, Option<Csr>)>,
    pub(crate) documents: Vec<Document>,
    pub(crate) idempotence: Option<Idempotence>,
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
    pub(crate) idempotence: Option<Idempotence>,
}

impl Create {
    pub(crate) fn read(body: Fields<'_>, policies: &Policies) -> Result<Self, Refusal> {
        let order = body.object("orderinfoPost")?;
        let organization = read_organization(body.object("organizationPost")?)?;
        let product_id = Uuid::parse_str(&order.required("productID")?)
            .map_err(|_| Refusal::invalid("productID"))?;
        let common_name = order.required("commonName")?.into_owned();

        let months = order.number("month")?;
        if !MONTHS.contains(&months) {
            return Err(Refusal::invalid("month"));
        }
        let product = product(product_id);
        let csr =
            |name, product| order.text(name)?.map(|pem| Csr::read_for(&pem, &product)).transpose();
        let bound = order.text("BindRSAProductID")?.filter(|_| product.sm2);
        let hosts = order.list("Hosts")?;
        let hosts = match product.is_ssl() {
            true => read_hosts(&hosts)?,
            false => Vec::new(),
        };
        let documents = body.objects("documentsPost")?;
        let documents = documents
            .into_iter()
            .map(|fields| match fields.number("documentType")? {
                kind @ 1..=3 => document::read(fields, Some(kind), policies.document_content),
                _ => Err(Refusal::invalid("documentType")),
            })
            .collect::<Result<_, _>>()?;
        let terms = Terms { product_id, common_name, hosts, months, organization };
        check_names(&terms, policies)?;
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
            idempotence: Idempotence::read(order, body)?,
        })
    }
}

/// The host names of `Hosts`, in the form in which a certificate has them.
fn read_hosts(text: &str) -> Result<Vec<String>, Refusal> {
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '，' | '；');
    text.split(separators)
        .filter(|host| !host.is_empty())
        .map(|host| {
            host_name(host).ok_or_else(|| {
                Refusal::new(format!("参数 Hosts 中的 {host} 不是有效的域名或 IP 地址"))
            })
        })
        .collect()
}

/// Refuses a common name that no certificate can have, and a server certificate that would name no host.
fn check_names(terms: &Terms, policies: &Policies) -> Result<(), Refusal> {
    if terms.subject_common_name().chars().count() > COMMON_NAME_MAX {
        return Err(Refusal::new("参数 commonName 不能超过 64 个字符"));
    }
    // That an unknown product is SSL is an assumption, which is no reason to refuse its orders.
    let ssl = terms.product().is_ssl() && is_known(terms.product_id);
    if ssl && terms.host_names().is_empty() && policies.hostless_ssl == HostlessSsl::Refuse {
        let message = "SSL 证书订单须在 commonName 或 Hosts 中提供有效的域名或 IP 地址";
        return Err(Refusal::new(message));
    }
    Ok(())
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
            idempotence: Idempotence::read(body, body)?,
        })
    }
}

/// Reads the `orderID` of a body that may have one more required field.
pub(crate) fn read_order_id(body: Fields<'_>, also: Option<&str>) -> Result<String, Refusal> {
    let order_id = body.required("orderID")?.into_owned();
    also.map(|name| body.required(name)).transpose()?;
    Ok(order_id)
}
