//! Chooses among certificates, and finds those that are left out.

use std::cmp::Reverse;

use wotrus::pki::{Certificate, SignatureStatus, check_signature};

use crate::time::unix_now;

/// The position of the certificate that is wanted: of several, such as one and its renewal for the same key, the one
/// that is valid now and the longest.
pub(crate) fn latest(
    certificates: &[Certificate],
    is_wanted: impl Fn(&Certificate) -> bool,
) -> Option<usize> {
    let now = unix_now();
    let rank = |(at, it): &(usize, &Certificate)| {
        (it.is_valid_at(now), it.validity().map(|(_, end)| end), Reverse(*at))
    };
    let wanted = certificates.iter().enumerate().filter(|(_, it)| is_wanted(it));
    wanted.max_by_key(rank).map(|(at, _)| at)
}

/// Whether there is an issuer of the path's last certificate that is not valid now, and for this reason not in the path.
pub(crate) fn leaves_out_invalid_issuer(path: &[Certificate], all: &[Certificate]) -> bool {
    let now = unix_now();
    let Some(top) = path.last() else { return false };
    let is_issuer = |it: &Certificate| {
        top.is_issued_in_the_name_of(it) && check_signature(top, it) != SignatureStatus::Invalid
    };
    let mut others = all.iter().filter(|it| !it.is_valid_at(now) && !path.contains(it));
    !is_issuer(top) && others.any(is_issuer)
}

/// Whether a certificate has expired.
pub(crate) fn has_expired(certificate: &Certificate) -> bool {
    certificate.validity().is_some_and(|(_, end)| end < unix_now())
}
