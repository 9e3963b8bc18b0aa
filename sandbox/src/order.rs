//! An order and its status.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::certificate::csr::Csr;
use crate::certificate::host_name::host_name;
use crate::product::{Product, product};
use crate::time::Millis;

/// The status of an order (section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Status {
    /// Needs no review: it is issued once the domain is validated.
    PendingAutoIssue,
    /// Waiting for a review.
    Pending,
    /// Under review at WoTrus.
    #[serde(rename = "pendingSubmitOrderToCA")]
    PendingSubmitOrderToCa,
    /// Waiting for domain control validation.
    #[serde(rename = "pendingDCV")]
    PendingDcv,
    /// Waiting for the CA to issue.
    #[serde(rename = "pendingCAIssued")]
    PendingCaIssued,
    /// The certificate is issued.
    Issued,
    /// The revocation is under review.
    PendingRevoke,
    /// The certificate is revoked.
    Revoked,
    /// Rejected by WoTrus.
    Rejected,
    /// Cancelled.
    Closed,
}

/// The applicant. Each field is kept as it was sent, because a query returns it.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Organization {
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) user_first_name: Option<String>,
    pub(crate) user_last_name: Option<String>,
    pub(crate) user_email: Option<String>,
    pub(crate) user_mobile: Option<String>,
    pub(crate) id_card_number: Option<String>,
    pub(crate) country: String,
    pub(crate) state: String,
    pub(crate) city: String,
}

/// What is kept of a document: enough to check that it arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Document {
    /// 1 letter of authorisation, 2 business licence, 3 identity card; none for the proof of a revocation or reissue.
    pub(crate) kind: Option<u32>,
    /// `.jpg`, `.gif` or `.pdf`.
    pub(crate) extension: String,
    /// The size of the decoded content in bytes.
    pub(crate) size: u64,
    /// The digest of the decoded content in lower-case hexadecimal.
    pub(crate) sha256: String,
}

/// An issued certificate.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Certificate {
    pub(crate) pem: String,
    pub(crate) serial: Vec<u8>,
    /// The encryption certificate of an SM2 order.
    pub(crate) encryption: Option<EncryptionCertificate>,
    /// The end of its validity, which a reissue keeps.
    pub(crate) until: Millis,
    /// When it was revoked.
    pub(crate) revoked: Option<Millis>,
}

/// The encryption certificate of an SM2 order.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct EncryptionCertificate {
    pub(crate) pem: String,
    pub(crate) serial: Vec<u8>,
}

/// What a customer orders: the part of an order that a reissue takes over.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) product_id: Uuid,
    pub(crate) common_name: String,
    /// The host names of a server certificate beside the common name (`Hosts` of revision V1.02), as certificates have
    /// them.
    pub(crate) hosts: Vec<String>,
    pub(crate) months: u32,
    pub(crate) organization: Organization,
}

impl Terms {
    pub(crate) fn product(&self) -> Product {
        product(self.product_id)
    }

    /// The host names of a server certificate as it has them: the common name if it is one, then the others. Empty for
    /// other products.
    pub(crate) fn host_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        if self.product().is_ssl() {
            // A state file of an earlier version has hosts as they were sent.
            for host in std::iter::once(&self.common_name).chain(&self.hosts) {
                match host_name(host) {
                    Some(name) if !names.contains(&name) => names.push(name),
                    _ => {}
                }
            }
        }
        names
    }

    /// The common name of the certificate's subject. That of a server is one of its host names, letter for letter.
    pub(crate) fn subject_common_name(&self) -> Cow<'_, str> {
        match host_name(&self.common_name) {
            Some(name) if self.product().is_ssl() => Cow::Owned(name),
            _ => Cow::Borrowed(&self.common_name),
        }
    }
}

/// One order.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    /// A GUID in upper case, as in the examples of sections 2 and 4 to 7.
    pub(crate) id: String,
    /// `org.id` of a query.
    pub(crate) organization_id: Uuid,
    /// The secret part of `pendingLink`.
    pub(crate) link: String,
    pub(crate) number: u64,
    pub(crate) created: Millis,
    pub(crate) terms: Terms,
    pub(crate) csr: Option<Csr>,
    /// For the encryption key of an SM2 order.
    pub(crate) encryption_csr: Option<Csr>,
    /// The RSA order that was created together with an SM2 order (`orderID_RSA` of section 2).
    pub(crate) paired: Option<String>,
    pub(crate) documents: Vec<Document>,
    /// `isPay` of a query.
    pub(crate) payment: u8,
    pub(crate) status: Status,
    /// When the next automatic step is taken.
    pub(crate) due: Option<Millis>,
    /// The CA is ready: the next retrieve issues the certificate.
    pub(crate) ready: bool,
    pub(crate) certificate: Option<Certificate>,
    /// The order that this one reissues.
    pub(crate) replaces: Option<String>,
    /// Each status with the time from which it held.
    pub(crate) history: Vec<(Millis, Status)>,
}

impl Status {
    /// The name that the service uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PendingAutoIssue => "pendingAutoIssue",
            Self::Pending => "pending",
            Self::PendingSubmitOrderToCa => "pendingSubmitOrderToCA",
            Self::PendingDcv => "pendingDCV",
            Self::PendingCaIssued => "pendingCAIssued",
            Self::Issued => "issued",
            Self::PendingRevoke => "pendingRevoke",
            Self::Revoked => "revoked",
            Self::Rejected => "rejected",
            Self::Closed => "closed",
        }
    }
}

impl Order {
    /// Whether it is neither issued nor final.
    pub(crate) fn open(&self) -> bool {
        use Status::*;
        matches!(
            self.status,
            PendingAutoIssue | Pending | PendingSubmitOrderToCa | PendingDcv | PendingCaIssued
        )
    }

    /// Whether the review has passed.
    pub(crate) fn reviewed(&self) -> bool {
        use Status::*;
        !matches!(self.status, Pending | PendingSubmitOrderToCa | Rejected | Closed)
    }

    /// Whether the domain is validated. An order without a domain counts as validated after its review.
    pub(crate) fn validated(&self) -> bool {
        self.reviewed() && !matches!(self.status, Status::PendingDcv | Status::PendingAutoIssue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_and_name_agree_on_every_status() {
        use Status::*;
        for status in [
            PendingAutoIssue,
            Pending,
            PendingSubmitOrderToCa,
            PendingDcv,
            PendingCaIssued,
            Issued,
            PendingRevoke,
            Revoked,
            Rejected,
            Closed,
        ] {
            assert_eq!(serde_json::json!(status), status.name());
        }
    }
}
