//! Verifies a certificate chain with webpki.

use std::time::SystemTime;

use pki_types::pem::PemObject;
use pki_types::{CertificateDer, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

/// Verifies that `root` issued `leaf` through `intermediates`; all are PEM.
pub(super) fn chain(leaf: &str, intermediates: &str, root: &str) -> Result<(), String> {
    let read = |pem: &str| -> Result<Vec<CertificateDer<'static>>, String> {
        CertificateDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())
    };
    let (leaf, intermediates, root) = (read(leaf)?, read(intermediates)?, read(root)?);
    let [leaf] = &leaf[..] else { return Err("the leaf is not one certificate".into()) };
    let [root] = &root[..] else { return Err("the root is not one certificate".into()) };
    let anchor = anchor_from_trusted_cert(root).map_err(|error| error.to_string())?;
    let leaf = EndEntityCert::try_from(leaf).map_err(|error| error.to_string())?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now = UnixTime::since_unix_epoch(now);
    leaf.verify_for_usage(
        ALL_VERIFICATION_ALGS,
        &[anchor],
        &intermediates,
        now,
        KeyUsage::required_if_present(DOCUMENT_SIGNING),
        None,
        None,
    )
    .map(drop)
    .map_err(|error| error.to_string())
}

/// id-kp-documentSigning (RFC 9336), 1.3.6.1.5.5.7.3.36.
const DOCUMENT_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 36];
