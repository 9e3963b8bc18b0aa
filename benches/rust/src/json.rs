//! The service's JSON as types, with the fields that the programs use.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::{Outcome, setting};

/// The envelope of every answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer<T> {
    is_success: bool,
    error_msg: Option<String>,
    data: Option<T>,
}

impl<T> Answer<T> {
    /// The data of a success.
    pub fn data(self) -> Outcome<T> {
        match self {
            Self { is_success: true, data: Some(data), .. } => Ok(data),
            Self { error_msg, .. } => Err(error_msg.unwrap_or_default().into()),
        }
    }
}

/// The fields of an order that are read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    id: String,
    cn: String,
    org: Org,
    create_time: String,
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Org {
    org_name: String,
}

impl Order {
    /// The five fields.
    pub fn fields(&self) -> [&str; 5] {
        [&self.id, &self.cn, &self.org.org_name, &self.create_time, &self.status]
    }
}

/// The id of an order that was created.
#[derive(Deserialize)]
pub struct Created {
    /// The id.
    #[serde(rename = "orderID")]
    pub order_id: String,
}

/// Three certificates with their chains.
#[derive(Deserialize)]
pub struct Certificates {
    #[serde(rename = "pem_RSA")]
    rsa: String,
    #[serde(rename = "chains_RSA")]
    rsa_chain: Vec<String>,
    #[serde(rename = "pem_Sign")]
    sign: String,
    #[serde(rename = "chains_Sign")]
    sign_chain: Vec<String>,
    #[serde(rename = "pem_Encrypt")]
    encrypt: String,
    #[serde(rename = "chains_Encrypt")]
    encrypt_chain: Vec<String>,
}

impl Certificates {
    /// Every certificate, each before its chain.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [
            (&self.rsa, &self.rsa_chain),
            (&self.sign, &self.sign_chain),
            (&self.encrypt, &self.encrypt_chain),
        ]
        .into_iter()
        .flat_map(|(pem, chain)| std::iter::once(pem).chain(chain))
        .map(String::as_str)
    }
}

/// The create request of the service document's example, without its empty fields.
#[derive(Serialize)]
pub struct Request<'a> {
    #[serde(rename = "orderinfoPost")]
    info: Info<'a>,
    #[serde(rename = "organizationPost")]
    organization: Organization<'a>,
    #[serde(rename = "documentsPost")]
    documents: Vec<Document>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Info<'a> {
    #[serde(rename = "productID")]
    product_id: &'a str,
    common_name: &'a str,
    #[serde(rename = "csR_RSA")]
    csr: &'a str,
    month: u32,
    #[serde(rename = "idempotenceID")]
    idempotence_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Organization<'a> {
    org_name: &'a str,
    org_phone: &'a str,
    org_email: &'a str,
    user_first_name: &'a str,
    user_last_name: &'a str,
    user_email: &'a str,
    user_mobile: &'a str,
    #[serde(rename = "countryCode")]
    country_code: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    document_type: u32,
    file_type: &'static str,
    file_content: String,
}

impl<'a> Request<'a> {
    /// An order for this CSR, with the base64 of a document if there is one.
    pub fn new(csr: &'a str, document: Option<String>) -> Self {
        let info = Info {
            product_id: "76ECE651-B59E-48F2-A47B-135614AADAD9",
            common_name: "沃通电子认证服务有限公司",
            csr,
            month: 12,
            idempotence_id: "order-4711",
        };
        let organization = Organization {
            org_name: "刘大强",
            org_phone: "18610077459",
            org_email: "ldq@wotrus.com",
            user_first_name: "大强",
            user_last_name: "刘",
            user_email: "ldq@wotrus.com",
            user_mobile: "18610077459",
            country_code: "CN",
        };
        let document = document.map(|file_content| Document {
            document_type: 2,
            file_type: ".pdf",
            file_content,
        });
        Self { info, organization, documents: document.into_iter().collect() }
    }
}

/// A file in base64.
pub fn encoded(path: &str) -> Outcome<String> {
    Ok(STANDARD.encode(std::fs::read(path)?))
}

/// The CSR of the order.
pub fn csr() -> Outcome<String> {
    Ok(std::fs::read_to_string(setting("BENCH_CSR"))?)
}
