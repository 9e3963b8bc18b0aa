//! Reads the certificates of a file, those that cannot be read included.

use wotrus::pki::{Block, Certificate, Format, blocks};

use super::format::{is_pkcs7, p7b_certificates};
use crate::file_format::{decoded_base64, described, trimmed};
use crate::lang::{self, say};

/// The parts of a file in PEM, DER, PKCS#7 or base64.
#[derive(Default)]
pub(crate) struct Contents {
    /// The certificates, and why one cannot be read, in the order of the file.
    pub(crate) certificates: Vec<Result<Certificate, String>>,
    /// The labels of the PEM blocks that contain something else.
    pub(crate) others: Vec<String>,
}

impl Contents {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut contents = Self::default();
        let bytes = &*trimmed(bytes);
        match Format::of(bytes) {
            Some(Format::Base64) => {
                if let Some(der) = decoded_base64(bytes) {
                    contents.add_der(&der);
                }
            }
            Some(Format::DerCertificate | Format::DerPkcs7) => contents.add_der(bytes),
            _ => contents.add_pem(&String::from_utf8_lossy(bytes)),
        }
        contents
    }

    /// Why none of the certificates of these bytes can be read, or what they are instead; `None` if one can be
    /// read.
    pub(crate) fn problem(&self, bytes: &[u8]) -> Option<String> {
        if self.certificates.iter().any(Result::is_ok) {
            return None;
        }
        let damaged = self.certificates.iter().find_map(|it| it.as_ref().err().cloned());
        let label = self.others.first().map(String::as_str);
        Some(damaged.unwrap_or_else(|| other_content(label, Format::of(&trimmed(bytes)))))
    }

    /// The option of `cert inspect` that reads a file without certificates, if there is one.
    pub(crate) fn option(&self, bytes: &[u8]) -> Option<&'static str> {
        let label = self.others.first().map(String::as_str);
        match (label, Format::of(&trimmed(bytes))) {
            _ if !self.certificates.is_empty() => None,
            (label, format) if is_request(label, format) => Some("--csr"),
            (Some(label), _) if is_private_key(label) => Some("--key"),
            _ => None,
        }
    }

    fn add_der(&mut self, der: &[u8]) {
        match Format::of(der) {
            Some(Format::DerCertificate) => {
                self.certificates.push(Certificate::from_der(der).ok_or_else(|| {
                    say!(
                        "it is a certificate in DER that is damaged, or other bytes follow it",
                        "DER 证书已损坏，或其后有多余内容"
                    )
                }));
            }
            Some(Format::DerPkcs7) => self.add_p7b(der),
            _ => {}
        }
    }

    fn add_pem(&mut self, text: &str) {
        for block in blocks(text) {
            match block {
                Ok(block) if block.is_certificate() => self.certificates.push(certificate(&block)),
                Ok(block) if is_pkcs7(&block) => match block.der() {
                    Ok(der) => self.add_p7b(&der),
                    Err(error) => self.certificates.push(Err(lang::text(&error.message()))),
                },
                Ok(block) => self.others.push(block.label().to_owned()),
                Err(error) => self.certificates.push(Err(lang::text(&error.message()))),
            }
        }
    }

    fn add_p7b(&mut self, der: &[u8]) {
        match p7b_certificates(der) {
            Some(ders) => self.certificates.extend(ders.into_iter().map(|der| {
                Certificate::from_der(der).ok_or_else(|| {
                    say!(
                        "the PKCS#7 has a certificate that is not X.509",
                        "PKCS#7 中有不是 X.509 的证书"
                    )
                })
            })),
            None => self
                .certificates
                .push(Err(say!("it is PKCS#7 that cannot be read", "PKCS#7 无法读取"))),
        }
    }
}

fn certificate(block: &Block<'_>) -> Result<Certificate, String> {
    let der = block.der().map_err(|error| lang::text(&error.message()))?;
    let (number, label) = (block.number(), block.label());
    Certificate::from_block(der).ok_or_else(|| {
        say!(
            "PEM block {number} ({label}) is not an X.509 certificate",
            "第 {number} 个 PEM 块（{label}）不是 X.509 证书"
        )
    })
}

fn is_request(label: Option<&str>, format: Option<Format>) -> bool {
    match label {
        Some(label) => label.ends_with("CERTIFICATE REQUEST"),
        None => format == Some(Format::DerRequest),
    }
}

fn is_private_key(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
}

/// What a file without certificates contains.
fn other_content(label: Option<&str>, format: Option<Format>) -> String {
    match (label, format) {
        (label, format) if is_request(label, format) => say!("it is a CSR", "文件是 CSR"),
        (Some(label), _) if is_private_key(label) => say!("it is a private key", "文件是私钥"),
        (_, Some(Format::Pkcs7 | Format::DerPkcs7)) => {
            say!("it is PKCS#7 without certificates", "文件是不含证书的 PKCS#7")
        }
        (_, Some(format)) => described(format),
        (Some(label), None) => say!("it is {label}", "文件内容为 {label}"),
        (None, None) => {
            say!("it is neither PEM nor X.509 in DER", "文件不是 PEM，也不是 DER 格式的 X.509")
        }
    }
}
