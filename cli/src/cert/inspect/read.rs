//! Certificates out of files.

use std::path::Path;

use pki_types::pem::{PemObject, SectionKind};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::Decode;

use crate::failure::{Failure, Result};
use crate::input;
use crate::lang::say;

/// A certificate: the bytes, and their meaning. `Raw`: what exists is shown, also where it breaks rules.
pub(super) struct Certificate {
    pub(super) der: Vec<u8>,
    pub(super) parsed: CertificateInner<Raw>,
}

impl Certificate {
    pub(super) fn parse(der: Vec<u8>) -> Result<Self, x509_cert::der::Error> {
        CertificateInner::from_der(&der).map(|parsed| Self { parsed, der })
    }
}

/// A part of a file.
pub(super) struct Block {
    pub(super) kind: SectionKind,
    pub(super) der: Vec<u8>,
}

/// The PEM blocks of a file; none if it holds no PEM.
pub(super) fn blocks(flag: &str, path: &Path, bytes: &[u8]) -> Result<Vec<Block>> {
    // An old name of the same thing.
    let text =
        String::from_utf8_lossy(bytes).replace("NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST");
    let mut blocks = Vec::new();
    for block in <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes()) {
        let (kind, der) = block.map_err(|error| {
            let path = path.display();
            Failure::argument(
                flag,
                say!("{path} is no readable PEM: {error}", "{path} 不是可读的 PEM：{error}"),
            )
        })?;
        blocks.push(Block { kind, der });
    }
    Ok(blocks)
}

/// The certificates of a file, in its order; at least one.
pub(super) fn certificates(path: &Path) -> Result<Vec<Certificate>> {
    const FLAG: &str = "FILE";
    let bytes = input::bytes(FLAG, path)?;
    let blocks = blocks(FLAG, path, &bytes)?;
    let mut found = Vec::new();
    for Block { der, .. } in blocks.iter().filter(|block| block.kind == SectionKind::Certificate) {
        found.push(der.clone());
    }
    if found.is_empty() && blocks.is_empty() && bytes.first() == Some(&0x30) {
        found.push(bytes.clone());
    }
    let name = path.display().to_string();
    if found.is_empty() {
        let what = other_content(&blocks, &bytes);
        return Err(Failure::argument(&name, say!("holds no certificate{what}", "没有证书{what}")));
    }
    let parsed = found.into_iter().map(Certificate::parse);
    parsed.collect::<Result<_, _>>().map_err(|error| {
        let problem = say!(
            "holds something that is no X.509 certificate ({error})",
            "含有无法解析为 X.509 证书的内容（{error}）"
        );
        Failure::argument(&name, problem)
    })
}

/// What a file without certificates holds, and what to do with it.
fn other_content(blocks: &[Block], bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match blocks.first().map(|block| block.kind) {
        Some(SectionKind::Csr) => {
            say!(", but a CSR: give it as --csr", "，而是 CSR：请用 --csr 给出")
        }
        Some(SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey) => {
            say!(", but a private key: give it as --key", "，而是私钥：请用 --key 给出")
        }
        _ if text.contains("-----BEGIN PKCS7") => say!(
            ", but PKCS#7: openssl pkcs7 -print_certs gives its certificates",
            "，而是 PKCS#7：可用 openssl pkcs7 -print_certs 取出证书"
        ),
        _ if text.contains("ENCRYPTED PRIVATE KEY") => {
            say!(", but an encrypted private key", "，而是加密的私钥")
        }
        _ => String::new(),
    }
}
