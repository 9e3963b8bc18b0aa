//! Certificates and keys in other forms than PEM: read and written.

mod certificate_list;
mod p7b;
mod pfx;
mod source;

pub(super) use certificate_list::CertificateList;
pub(super) use p7b::{certificates as p7b_certificates, is_pkcs7, p7b};
pub(super) use pfx::{Encryption, Entry, has_only as pfx_has_only};
pub(super) use source::Source;
