//! Certificates: what the service sends, the files that a server needs, and the readers for both.

mod bundle;
pub(crate) mod ca_file;
mod chain;
pub(crate) mod csr;
mod der;
mod format;
mod key;
mod name;
mod pem;
#[cfg(test)]
mod samples;
mod signature;
pub(crate) mod system_cas;
// They run the program openssl, which Windows does not have.
#[cfg(all(test, unix))]
mod tests;
mod validity;
mod x509;

pub use bundle::{CertificateBundle, Certificates};
pub use chain::ChainStatus;

/// Readers of certificates, requests and keys in files.
///
/// They are the ones that this library itself uses on what the service sends, for programs that
/// handle the same files: one reader of PEM, one rule by which a chain is put together, one meaning
/// of "the same key".
///
/// ```
/// use wotrus::pki::{Certificate, Chain, blocks, find_leaf};
///
/// # fn chain(text: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let mut certificates = Vec::new();
/// for block in blocks(text) {
///     let block = block?;
///     if block.is_certificate() {
///         certificates.extend(Certificate::from_block(block.der()?));
///     }
/// }
/// let leaf = find_leaf(&certificates, certificates.len());
/// for position in Chain::of(&certificates, leaf).path() {
///     println!("certificate {}", position + 1);
/// }
/// # Ok(())
/// # }
/// ```
pub mod pki {
    pub use super::ca_file::certificates as ca_certificates;
    pub use super::chain::{Chain, ChainStatus, find_leaf};
    pub use super::csr::CertificateRequest;
    pub use super::format::Format;
    pub use super::key::PublicKey;
    pub use super::pem::{Block, PemError, blocks};
    pub use super::signature::{SignatureStatus, check_signature};
    pub use super::system_cas::certificates as system_ca_certificates;
    pub use super::x509::{Certificate, Extension};
}
