//! The public keys of CSRs, to be compared with a certificate's.

use std::path::Path;

use wotrus::pki::{CertificateRequest, Format, PublicKey, blocks};

use crate::charset;
use crate::failure::{Failure, Result};
use crate::file_format::{described, trimmed};
use crate::input;
use crate::lang::{self, named, say};

/// The key of a CSR, in PEM or DER.
pub(super) fn of_csr(path: &Path) -> Result<PublicKey> {
    const FLAG: &str = "--csr";
    let content = input::bytes(FLAG, path)?;
    let bytes = trimmed(&content);
    let text = String::from_utf8_lossy(bytes);
    let in_pem = || {
        let block = blocks(&text).filter_map(Result::ok).find(|block| block.is_request())?;
        CertificateRequest::from_der(block.der().ok()?)
    };
    let request = CertificateRequest::from_der(bytes).or_else(in_pem);
    let refuse = |problem: String| Failure::argument(FLAG, named(&charset::display(path), problem));
    match request {
        Some(request) => request.public_key().ok_or_else(|| {
            refuse(say!("the public key of the CSR cannot be read", "无法读取 CSR 的公钥"))
        }),
        // The reader of CSRs for orders says in detail what is wrong.
        None => Err(refuse(match (CertificateRequest::from_pem(&text), Format::of(bytes)) {
            (Err(problem), None) => lang::text(&problem),
            (_, Some(format)) => described(format),
            (Ok(_), None) => say!("is not a CSR", "不是 CSR"),
        })),
    }
}
