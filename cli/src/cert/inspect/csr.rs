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
    let in_pem = blocks(&text).filter_map(Result::ok).filter(|block| block.is_request());
    let in_pem = in_pem.filter_map(|block| CertificateRequest::from_der(block.der().ok()?));
    let mut requests: Vec<_> =
        CertificateRequest::from_der(bytes).into_iter().chain(in_pem).collect();
    let refuse = |problem: String| Failure::argument(FLAG, named(&charset::display(path), problem));
    if requests.iter().any(|request| *request != requests[0]) {
        return Err(refuse(say!("contains more than one request", "含有多个 CSR")));
    }
    match requests.pop() {
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
