//! The answer to a query of an order (section 3).

use std::borrow::Cow;

use super::id;
use crate::fields::{Field, Fields, wire_struct, wire_words};
use crate::json::{Member, Value};
use crate::secret::Secret;

wire_words! {
    /// The state of an order (section 3).
    pub enum OrderStatus {
        /// No manual review is needed: the order is issued once domain validation is done.
        PendingAutoIssue = "pendingAutoIssue",
        /// Waiting for manual review.
        Pending = "pending",
        /// Under review at WoTrus.
        PendingSubmitOrderToCa = "pendingSubmitOrderToCA",
        /// Waiting for domain control validation.
        PendingDcv = "pendingDCV",
        /// Waiting for the CA. The document's flow ends here with "call retrieve; if it can be
        /// obtained, issued".
        PendingCaIssued = "pendingCAIssued",
        /// Issued: the certificate can be retrieved.
        Issued = "issued",
        /// Its revocation is under manual review.
        PendingRevoke = "pendingRevoke",
        /// Revoked.
        Revoked = "revoked",
        /// Rejected.
        Rejected = "rejected",
        /// Closed.
        Closed = "closed",
        /// `unknown`, as the service says.
        Unknown = "unknown",
    }
}

impl OrderStatus {
    /// Whether the order has ended without a certificate: `revoked`, `rejected` or `closed`.
    pub fn is_final_without_certificate(&self) -> bool {
        matches!(self, Self::Revoked | Self::Rejected | Self::Closed)
    }

    /// Whether the order waits for something before it is issued.
    pub(crate) fn is_pending(&self) -> bool {
        matches!(
            self,
            Self::PendingAutoIssue
                | Self::Pending
                | Self::PendingSubmitOrderToCa
                | Self::PendingDcv
                | Self::PendingCaIssued
        )
    }
}

wire_words! {
    /// Whether an order is paid (`isPay`, section 3).
    pub enum PaymentStatus {
        /// Not paid.
        Unpaid = "0",
        /// Paid.
        Paid = "1",
        /// Issued first and paid later; not paid yet.
        IssueFirst = "2",
    }
}

wire_struct! {
    /// An order's data at the service (section 3). Fields that are absent or of another type are
    /// empty; [`Reply::get`](crate::Reply::get) reads fields that are not listed here.
    pub struct Order {
        /// The order's id.
        "id" => id: String,
        /// The product's name.
        "productName" => product_name: Option<String>,
        /// The product's GUID.
        "productID" => product_id: Option<String>,
        /// The subject's CN: the order's `commonName`.
        "cn" => common_name: Option<String>,
        /// The certificate's host names (no serial number).
        "sn" => host_names: Option<String>,
        /// The organisation that the certificate is for.
        "org" => organization: Option<OrderOrganization>,
        /// A number for people to read; it is not the id.
        "orderNumber" => order_number: Option<String>,
        /// The validity: the order's `month`.
        "duration" => duration: Option<u32>,
        /// The unit of `duration`; the document shows 0 with months.
        "durationType" => duration_type: Option<u32>,
        /// When it was created: RFC 3339 with offset and milliseconds.
        "createTime" => create_time: Option<String>,
        /// On how many servers it may be used.
        "serverCount" => server_count: Option<u32>,
        /// Whether an SM2 order includes an RSA one.
        "includeRSA" => include_rsa: Option<bool>,
        /// Whether the documents are uploaded.
        "isUploadedPic" => is_uploaded_pic: Option<bool>,
        /// Whether the host names are validated.
        "isSNVerified" => is_sn_verified: Option<bool>,
        /// Whether the CSR was submitted (the service spells it so).
        "isCSRSubmited" => is_csr_submitted: Option<bool>,
        /// Whether the customer's data is complete.
        "isCustomerInfoFilled" => is_customer_info_filled: Option<bool>,
        /// The order's state.
        "status" => status: OrderStatus,
        /// The state of the payment.
        "isPay" => is_pay: PaymentStatus,
        /// A page where the end customer completes validation, uploads and CSR. Anybody who has the
        /// link can act on the order.
        "pendingLink" => pending_link: Option<Secret>,
    }
}

wire_struct! {
    /// The organisation of an [`Order`].
    pub struct OrderOrganization {
        /// Its id.
        "id" => id: Option<String>,
        /// The registered name.
        "orgName" => org_name: Option<String>,
        /// The organisation's phone.
        "orgPhone" => org_phone: Option<String>,
        /// The organisation's e-mail address.
        "orgEmail" => org_email: Option<String>,
        /// The applicant's given name.
        "userFirstName" => user_first_name: Option<String>,
        /// The applicant's family name.
        "userLastName" => user_last_name: Option<String>,
        /// The applicant's e-mail address.
        "userEmail" => user_email: Option<String>,
        /// The applicant's mobile phone.
        "userMobile" => user_mobile: Option<Secret>,
        /// The applicant's identity card number: the order's `IDCardNO`.
        "idCardNumber" => id_card_number: Option<Secret>,
        /// Whether its documents are uploaded.
        "isUpload" => is_upload: Option<bool>,
        /// The state of the organisation's own review.
        "status" => status: Option<String>,
    }
}

impl Order {
    /// Reads `data`; ids of zeros, as .NET writes absent ones, become empty.
    pub(crate) fn read<'a>(data: impl Iterator<Item = Member<'a>>) -> Self {
        let mut order = Self::read_answer(data);
        order.id = id::present(&order.id).unwrap_or_default().to_owned();
        order.product_id = order.product_id.filter(|id| id::present(id).is_some());
        if let Some(organization) = &mut order.organization {
            organization.id = organization.id.take().filter(|id| id::present(id).is_some());
        }
        order
    }
}

impl Field for OrderOrganization {
    fn set(&mut self, _: Cow<'_, str>) -> bool {
        false
    }

    fn read(&mut self, value: Value<'_>) -> bool {
        if value.is_object() {
            *self = Self::read_answer(value.members());
        }
        value.is_object()
    }
}
