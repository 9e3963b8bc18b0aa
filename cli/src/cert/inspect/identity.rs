//! What the ledger keeps of a certificate.

use std::time::SystemTime;

use wotrus::pki::Certificate;

use super::facts::Facts;

/// The facts by which a certificate is found again.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// 64 hexadecimal digits.
    pub(crate) sha256: String,
    /// Hexadecimal digits.
    pub(crate) serial: String,
    pub(crate) subject: String,
    pub(crate) names: Vec<String>,
    pub(crate) is_ca: bool,
    /// When the validity begins and ends.
    pub(crate) validity: Option<(SystemTime, SystemTime)>,
}

/// The identity of a certificate.
pub(crate) fn identity(certificate: &Certificate) -> Identity {
    let Facts { sha256, serial, subject, names, is_ca, validity, .. } = Facts::of(certificate);
    Identity { sha256: sha256.to_lowercase(), serial, subject, names, is_ca, validity }
}
