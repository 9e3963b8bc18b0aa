//! Reads certificates from files.

use std::path::Path;

use wotrus::pki::{Block, Certificate, Format, blocks};

use crate::charset;
use crate::failure::{Failure, Result};
use crate::file_format::described;
use crate::input;
use crate::lang::{self, say};

/// The parts of files that are shown.
#[derive(Default)]
pub(super) struct Contents {
    /// The certificates, and why one cannot be read, in the order of the files.
    pub(super) certificates: Vec<Result<Certificate, String>>,
    /// The labels of the PEM blocks that contain something else.
    pub(super) others: Vec<String>,
}

impl Contents {
    /// Adds the contents of a file.
    ///
    /// # Errors
    /// If there is no certificate in it that can be read.
    pub(super) fn add(&mut self, path: &Path) -> Result<()> {
        const ARGUMENT: &str = "FILE";
        let bytes = input::bytes(ARGUMENT, path)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut certificates = Vec::new();
        let mut others = Vec::new();
        for block in blocks(&text) {
            match block {
                Ok(block) if !block.is_certificate() => others.push(block.label().to_owned()),
                Ok(block) => certificates.push(certificate(&block)),
                Err(error) => certificates.push(Err(lang::text(&error.message()))),
            }
        }
        let format = Format::of(&bytes);
        if certificates.is_empty() && format == Some(Format::DerCertificate) {
            certificates.extend(Certificate::from_der(bytes.as_slice()).map(Ok));
        }
        if !certificates.iter().any(Result::is_ok) {
            let reason = match certificates.pop() {
                Some(Err(problem)) => problem,
                _ => other_content(others.first().map(String::as_str), format),
            };
            let problem = say!("contains no certificate: {reason}", "没有证书：{reason}");
            return Err(Failure::argument(&charset::display(path), problem));
        }
        self.certificates.append(&mut certificates);
        self.others.append(&mut others);
        Ok(())
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

/// What a file without certificates contains, and what to do with it.
fn other_content(label: Option<&str>, format: Option<Format>) -> String {
    let request = || say!("it is a CSR; give it as --csr", "文件是 CSR，请用 --csr 指定");
    match (label, format) {
        (Some(label), _) if label.ends_with("CERTIFICATE REQUEST") => request(),
        (None, Some(Format::DerRequest)) => request(),
        (Some(label), _) if label.ends_with("PRIVATE KEY") => {
            say!("it is a private key; give it as --key", "文件是私钥，请用 --key 指定")
        }
        (_, Some(format)) => described(format),
        (Some(label), None) => say!("it is {label}", "文件内容为 {label}"),
        (None, None) => {
            say!("it is neither PEM nor X.509 in DER", "文件不是 PEM，也不是 DER 格式的 X.509")
        }
    }
}
