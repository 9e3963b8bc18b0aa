//! Reads certificates and private keys from files of any form.

use std::path::Path;

use wotrus::pki::{Block, Certificate, Format, PemError, blocks};
use zeroize::Zeroizing;

use super::{p7b, pfx};
use crate::charset;
use crate::failure::{Failure, Result};
use crate::file_format::{decoded_base64, described_without_key, trimmed};
use crate::input;
use crate::key::{Password, PrivateKey, key_of_der};
use crate::lang::{self, named, say};

/// What was found in files, in their order.
#[derive(Default)]
pub(crate) struct Source {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) keys: Vec<PrivateKey>,
}

impl Source {
    /// Adds the contents of a file: PEM, DER, P7B or PFX. `password` decrypts what is encrypted.
    ///
    /// # Errors
    /// If there is neither a certificate nor a private key in it, or one that cannot be read.
    pub(crate) fn add(&mut self, path: &Path, password: Option<&Password>) -> Result<()> {
        let bytes = Zeroizing::new(input::bytes("FILE", path)?);
        let name = charset::display(path);
        let before = self.certificates.len() + self.keys.len();
        let found = self.content(&bytes, &name, password).and_then(|()| {
            match self.certificates.len() + self.keys.len() > before {
                true => Ok(()),
                false => Err(nothing_in(&name, &bytes)),
            }
        });
        found.map_err(|problem| Failure::argument("FILE", problem))
    }

    fn content(
        &mut self,
        bytes: &[u8],
        name: &str,
        password: Option<&Password>,
    ) -> Result<(), String> {
        let bytes = trimmed(bytes);
        match Format::of(bytes) {
            Some(Format::Base64) => {
                let der = decoded_base64(bytes).ok_or_else(|| nothing_in(name, bytes))?;
                self.der(&der, name, password)
            }
            Some(_) if bytes.first() == Some(&0x30) => self.der(bytes, name, password),
            _ => self.pem(
                &Zeroizing::new(String::from_utf8_lossy(bytes).into_owned()),
                name,
                password,
            ),
        }
    }

    fn der(&mut self, der: &[u8], name: &str, password: Option<&Password>) -> Result<(), String> {
        match Format::of(der) {
            Some(Format::DerCertificate) => self.certificates.extend(Certificate::from_der(der)),
            Some(Format::DerPrivateKey) => {
                self.keys.push(key_of_der(der, name, &Vec::from_iter(password))?)
            }
            Some(Format::DerPkcs7) => self.p7b(der, name)?,
            Some(Format::Pkcs12) => {
                let (certificates, keys) = pfx::read(der, name, password)?;
                for der in certificates {
                    self.certificate(&der, name)?;
                }
                self.keys.extend(keys);
            }
            _ => {}
        }
        Ok(())
    }

    fn pem(&mut self, text: &str, name: &str, password: Option<&Password>) -> Result<(), String> {
        for block in blocks(text) {
            let block = block.map_err(|error| described_error(name, &error))?;
            let label = block.label();
            if block.is_private_key() {
                if block.is_encrypted() || label.starts_with("OPENSSH") {
                    return Err(say!(
                        "{name} contains a key in an old or foreign form ({label}); openssl pkey -in {name} -out FILE or ssh-keygen -p -m PEM -f FILE writes a readable copy",
                        "{name} 含有旧格式或其他程序格式的密钥（{label}）；可用 openssl pkey -in {name} -out 文件 或 ssh-keygen -p -m PEM -f 文件 写出可读的副本"
                    ));
                }
                let der = Zeroizing::new(decoded(&block, name)?);
                self.keys.push(key_of_der(&der, name, &Vec::from_iter(password))?);
            } else if block.is_certificate() {
                self.certificate(&decoded(&block, name)?, name)?;
            } else if p7b::is_pkcs7(&block) {
                self.p7b(&decoded(&block, name)?, name)?;
            }
        }
        Ok(())
    }

    fn p7b(&mut self, der: &[u8], name: &str) -> Result<(), String> {
        let certificates = p7b::certificates(der).ok_or_else(|| {
            say!("{name} is PKCS#7 that cannot be read", "{name} 是无法读取的 PKCS#7")
        })?;
        certificates.iter().try_for_each(|der| self.certificate(der, name))
    }

    fn certificate(&mut self, der: &[u8], name: &str) -> Result<(), String> {
        let certificate = Certificate::from_block(der).ok_or_else(|| {
            say!("{name} contains a certificate that is not X.509", "{name} 含有不是 X.509 的证书")
        })?;
        // Files often overlap.
        if !self.certificates.contains(&certificate) {
            self.certificates.push(certificate);
        }
        Ok(())
    }
}

fn decoded(block: &Block<'_>, name: &str) -> Result<Vec<u8>, String> {
    block.der().map_err(|error| described_error(name, &error))
}

fn described_error(name: &str, error: &PemError) -> String {
    named(name, lang::text(&error.message()))
}

fn nothing_in(name: &str, bytes: &[u8]) -> String {
    let bytes = trimmed(bytes);
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let block = blocks(&text).find_map(Result::ok);
    let reason = match (Format::of(bytes), block.as_ref().map(Block::label)) {
        (Some(Format::Pkcs7 | Format::DerPkcs7), _) => {
            say!("it is PKCS#7 without certificates", "文件是不含证书的 PKCS#7")
        }
        (Some(format), _) => described_without_key(format),
        (None, Some(label)) => say!("it is {label}", "文件内容为 {label}"),
        (None, None) => say!("it is in no known form", "文件格式未知"),
    };
    say!(
        "{name} contains neither a certificate nor a private key: {reason}",
        "{name} 中既没有证书也没有私钥：{reason}"
    )
}
