//! Certificates: what the service sends, and the files a server needs.

mod bundle;
pub(crate) mod csr;
mod der;
mod pem;
mod x509;

pub use bundle::{CertificateBundle, Certificates};
