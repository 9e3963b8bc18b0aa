//! `data` of each operation's response, with the names, the case and the order of the document's examples.

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::order::{Order, Status};
use crate::policy::AbsentCertificates;
use crate::time::rfc3339;

/// Section 2.
#[derive(Serialize)]
pub(crate) struct Created<'a> {
    #[serde(rename = "orderID")]
    pub(crate) order_id: Option<&'a str>,
    #[serde(rename = "orderID_RSA")]
    pub(crate) order_id_rsa: Option<&'a str>,
}

/// Section 3.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderView<'a> {
    id: &'a str,
    product_name: &'static str,
    #[serde(rename = "productID", serialize_with = "upper_case")]
    product_id: Uuid,
    cn: &'a str,
    /// The host names (the name is that of revision V1.02). Null without a host.
    sn: Option<String>,
    org: OrganizationView<'a>,
    order_number: String,
    duration: u32,
    duration_type: u8,
    create_time: String,
    server_count: u8,
    #[serde(rename = "includeRSA")]
    include_rsa: bool,
    is_uploaded_pic: bool,
    #[serde(rename = "isSNVerified")]
    is_sn_verified: bool,
    #[serde(rename = "isCSRSubmited")]
    is_csr_submited: bool,
    is_customer_info_filled: bool,
    status: Status,
    is_pay: u8,
    pending_link: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrganizationView<'a> {
    id: Uuid,
    org_name: &'a str,
    org_phone: Option<&'a str>,
    org_email: Option<&'a str>,
    user_first_name: Option<&'a str>,
    user_last_name: Option<&'a str>,
    user_email: Option<&'a str>,
    user_mobile: Option<&'a str>,
    id_card_number: Option<&'a str>,
    is_upload: bool,
    status: &'static str,
}

fn upper_case<S: Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{:X}", id.hyphenated()))
}

impl<'a> OrderView<'a> {
    /// The order as a query returns it. `pendingLink` leads to the sandbox itself.
    pub(crate) fn of(order: &'a Order, base_url: &str) -> Self {
        let terms = &order.terms;
        let (product, organization) = (terms.product(), &terms.organization);
        let hosts = terms.host_names();
        let uploaded = !order.documents.is_empty();
        Self {
            id: &order.id,
            product_name: product.name,
            product_id: product.id,
            cn: &terms.common_name,
            sn: (!hosts.is_empty()).then(|| hosts.join(",")),
            org: OrganizationView {
                id: order.organization_id,
                org_name: &organization.name,
                org_phone: organization.phone.as_deref(),
                org_email: organization.email.as_deref(),
                user_first_name: organization.user_first_name.as_deref(),
                user_last_name: organization.user_last_name.as_deref(),
                user_email: organization.user_email.as_deref(),
                user_mobile: organization.user_mobile.as_deref(),
                id_card_number: organization.id_card_number.as_deref(),
                is_upload: uploaded,
                status: if order.reviewed() { "issued" } else { "pending" },
            },
            order_number: format!("{:015}", order.number),
            duration: terms.months,
            duration_type: 0,
            create_time: rfc3339(order.created),
            server_count: 1,
            include_rsa: true,
            is_uploaded_pic: uploaded,
            is_sn_verified: order.validated(),
            is_csr_submited: order.csr.is_some(),
            is_customer_info_filled: true,
            status: order.status,
            is_pay: order.payment,
            pending_link: format!("{base_url}/pending/{}.html", order.link),
        }
    }
}

/// Section 4. `None` leaves a field out, `Some(None)` writes null.
#[derive(Default, Serialize)]
pub(crate) struct Pems<'a> {
    #[serde(rename = "pem_RSA", skip_serializing_if = "Option::is_none")]
    rsa: Option<Option<&'a str>>,
    #[serde(rename = "chains_RSA", skip_serializing_if = "Option::is_none")]
    rsa_chain: Option<Option<&'a [&'a str]>>,
    #[serde(rename = "pem_Sign", skip_serializing_if = "Option::is_none")]
    sign: Option<Option<&'a str>>,
    #[serde(rename = "chains_Sign", skip_serializing_if = "Option::is_none")]
    sign_chain: Option<Option<&'a [&'a str]>>,
    #[serde(rename = "pem_Encrypt", skip_serializing_if = "Option::is_none")]
    encrypt: Option<Option<&'a str>>,
    #[serde(rename = "chains_Encrypt", skip_serializing_if = "Option::is_none")]
    encrypt_chain: Option<Option<&'a [&'a str]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<bool>,
}

impl<'a> Pems<'a> {
    /// An RSA or ECC certificate and its chain, root first. `absent` says how the others are written.
    pub(crate) fn rsa(pem: &'a str, chain: &'a [&'a str], absent: AbsentCertificates) -> Self {
        let (no_pem, no_chain) = match absent {
            AbsentCertificates::Null => (Some(None), Some(None)),
            AbsentCertificates::Empty => (Some(Some("")), Some(Some(&[][..]))),
            AbsentCertificates::Absent => (None, None),
        };
        Self {
            rsa: Some(Some(pem)),
            rsa_chain: Some(Some(chain)),
            sign: no_pem,
            sign_chain: no_chain,
            encrypt: no_pem,
            encrypt_chain: no_chain,
            result: None,
        }
    }

    /// The two certificates of an SM2 order and their chain, root first. `absent` says how the RSA one is written.
    pub(crate) fn sm2(
        sign: &'a str,
        encrypt: &'a str,
        chain: &'a [&'a str],
        absent: AbsentCertificates,
    ) -> Self {
        let Self { sign: no_pem, sign_chain: no_chain, .. } = Self::rsa(sign, chain, absent);
        Self {
            rsa: no_pem,
            rsa_chain: no_chain,
            sign: Some(Some(sign)),
            sign_chain: Some(Some(chain)),
            encrypt: Some(Some(encrypt)),
            encrypt_chain: Some(Some(chain)),
            result: None,
        }
    }

    /// The `result` of the document's table: there is no certificate yet.
    pub(crate) fn not_yet() -> Self {
        Self { result: Some(false), ..Self::default() }
    }
}

/// Section 5.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cancelled {
    pub(crate) cancel_result: bool,
    pub(crate) cancel_failed_reason: &'static str,
}

/// Section 6.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Revoking {
    pub(crate) revoke_status: &'static str,
    pub(crate) revoked: bool,
}

/// Section 7.
#[derive(Serialize)]
pub(crate) struct Reissued<'a> {
    #[serde(rename = "newOrderID")]
    pub(crate) new_order_id: &'a str,
}

/// Section 9.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    pub(crate) sent_result: bool,
}
