//! An order, and the words for its state.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::csr::Csr;
use crate::product::{Product, product};
use crate::time::Millis;

/// The states of section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Status {
    /// Needs no review: issued once its domain is validated.
    PendingAutoIssue,
    /// Waits for a review.
    Pending,
    /// Is reviewed at WoTrus.
    #[serde(rename = "pendingSubmitOrderToCA")]
    PendingSubmitOrderToCa,
    /// Waits for domain control validation.
    #[serde(rename = "pendingDCV")]
    PendingDcv,
    /// Waits for the CA.
    #[serde(rename = "pendingCAIssued")]
    PendingCaIssued,
    /// Its certificate stands.
    Issued,
    /// Its revocation is audited.
    PendingRevoke,
    /// Its certificate is revoked.
    Revoked,
    /// Turned down.
    Rejected,
    /// Cancelled.
    Closed,
}

/// The applicant, each field as it was sent: queries give it back.
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

/// What is kept of a document: enough to tell that it arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Document {
    /// 1 letter of authorisation, 2 business licence, 3 identity card; none for a proof of revocation or reissue.
    pub(crate) kind: Option<u32>,
    /// `.jpg`, `.gif` or `.pdf`.
    pub(crate) extension: String,
    /// In bytes, decoded.
    pub(crate) size: u64,
    /// Lower-case hexadecimal.
    pub(crate) sha256: String,
}

/// An issued certificate.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Certificate {
    pub(crate) pem: String,
    pub(crate) serial: Vec<u8>,
    /// The second one of an SM2 order, to encrypt with.
    pub(crate) encryption: Option<EncryptionCertificate>,
    /// The instant its life ends; a reissue keeps it.
    pub(crate) until: Millis,
    pub(crate) revoked: Option<Millis>,
}

/// What an SM2 order's certificate is issued with.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct EncryptionCertificate {
    pub(crate) pem: String,
    pub(crate) serial: Vec<u8>,
}

/// What a customer asks for: the part of an order that a reissue takes over.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) product_id: Uuid,
    pub(crate) common_name: String,
    /// The host names of a server certificate beyond the common name (`Hosts` of revision V1.02).
    pub(crate) hosts: Vec<String>,
    pub(crate) months: u32,
    pub(crate) organization: Organization,
}

impl Terms {
    pub(crate) fn product(&self) -> Product {
        product(self.product_id)
    }

    /// The names of the server: the common name where it is one, then the others.
    pub(crate) fn all_hosts(&self) -> Vec<String> {
        let mut hosts = Vec::new();
        if self.product().is_ssl() {
            for host in std::iter::once(&self.common_name).chain(&self.hosts) {
                if is_host(host) && !hosts.contains(host) {
                    hosts.push(host.clone());
                }
            }
        }
        hosts
    }
}

/// A domain name, perhaps with a wildcard, or an IP address.
pub(crate) fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let domain = text.strip_prefix("*.").unwrap_or(text);
    text.parse::<std::net::IpAddr>().is_ok() || domain.contains('.') && domain.split('.').all(label)
}

/// One order.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    /// A GUID in capitals, as in the examples of sections 2 and 4 to 7.
    pub(crate) id: String,
    /// The wire's `org.id`.
    pub(crate) organization_id: Uuid,
    /// The secret part of `pendingLink`.
    pub(crate) link: String,
    pub(crate) number: u64,
    pub(crate) created: Millis,
    pub(crate) terms: Terms,
    pub(crate) csr: Option<Csr>,
    /// The key to encrypt with, of an SM2 order.
    pub(crate) encryption_csr: Option<Csr>,
    /// The RSA order that goes with an SM2 order (`orderID_RSA` of section 2).
    pub(crate) paired: Option<String>,
    pub(crate) documents: Vec<Document>,
    /// The wire's `isPay`.
    pub(crate) payment: u8,
    pub(crate) status: Status,
    /// When the next step happens by itself.
    pub(crate) due: Option<Millis>,
    /// The CA is done, and a retrieve will find the certificate.
    pub(crate) ready: bool,
    pub(crate) certificate: Option<Certificate>,
    /// The order that this one reissues.
    pub(crate) replaces: Option<String>,
    /// Each state and when it was entered.
    pub(crate) history: Vec<(Millis, Status)>,
}

impl Status {
    /// Its name on the wire.
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
    /// Neither issued nor ended.
    pub(crate) fn open(&self) -> bool {
        use Status::*;
        matches!(
            self.status,
            PendingAutoIssue | Pending | PendingSubmitOrderToCa | PendingDcv | PendingCaIssued
        )
    }

    /// Whether a review, or a validation, is behind it.
    pub(crate) fn reviewed(&self) -> bool {
        use Status::*;
        !matches!(self.status, Pending | PendingSubmitOrderToCa | Rejected | Closed)
    }

    /// Whether its domain is validated; orders without a domain count as such once reviewed.
    pub(crate) fn validated(&self) -> bool {
        self.reviewed() && !matches!(self.status, Status::PendingDcv | Status::PendingAutoIssue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_one_name() {
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

    #[test]
    fn hosts_are_told_from_organisations() {
        for host in ["a.cn", "*.a.cn", "127.0.0.1", "::1", "xn--55qx5d.cn"] {
            assert!(is_host(host), "{host}");
        }
        for name in
            ["", "沃通电子认证服务有限公司", "localhost", "*.*.cn", "a..cn", "A Co. Ltd", "a.cn/"]
        {
            assert!(!is_host(name), "{name}");
        }
    }
}
