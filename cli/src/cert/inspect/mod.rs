//! `wotrus cert inspect`: what is in a file of certificates.

mod chain;
mod key;
mod read;
mod view;

use std::path::PathBuf;
use std::time::SystemTime;

use wotrus::{Cause, Kind};

use self::chain::Chain;
use self::key::PublicKey;
use self::read::Certificate;
pub(crate) use self::view::summary;
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::say;
use crate::output::{Outcome, Table, print};

/// Show what is in files of certificates, PEM or DER
///
/// Of several certificates it tells which issued which, whether they stand in a server's order (the
/// leaf first, each followed by its issuer), and whether the signatures hold. Nothing is sent.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus cert inspect fullchain.pem --key private.pem"
    "wotrus cert inspect leaf.pem chain.pem root.pem --csr example.csr"
    "wotrus --json cert inspect leaf.pem | jq '.certificates[0].days_left'"
))]
pub(crate) struct Inspect {
    /// Files with one certificate or several (- for standard input)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Check that the leaf is for this private key, which is not shown and not sent
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    /// Check that the leaf is for this CSR's key
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
}

impl Inspect {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        let mut certificates = Vec::new();
        for file in &self.files {
            certificates.extend(read::certificates(file)?);
        }
        let csr = self.csr.as_deref().map(PublicKey::of_csr).transpose()?;
        let key = self.key.as_deref().map(PublicKey::of_private_key).transpose()?;

        let chain = Chain::of(&certificates);
        let leaf = PublicKey::of_certificate(&certificates[chain.leaf()]);
        let matches = |other: Option<PublicKey>| other.map(|other| leaf == other);
        let (for_key, for_csr) = (matches(key), matches(csr));

        let (now, count) = (SystemTime::now(), certificates.len());
        let mut text = String::new();
        let mut list = Vec::new();
        for (index, certificate) in certificates.iter().enumerate() {
            if count > 1 {
                let number = index + 1;
                text += &say!(
                    "certificate {number} of {count}\n",
                    "第 {number} 张证书，共 {count} 张\n"
                );
            }
            text += &view::table(certificate, now).render();
            text.push('\n');
            list.push(view::json(certificate, now).object());
        }
        let mut table = Table::new();
        if count > 1 {
            chain.rows(&mut table);
        }
        table.pair(say!("for the key", "与私钥匹配"), for_key.map(yes_no));
        table.pair(say!("for the CSR", "与 CSR 匹配"), for_csr.map(yes_no));
        text += &table.render();

        let json = Json::new()
            .with_raw("certificates", Some(&format!("[{}]", list.join(","))))
            .with_raw("chain", Some(&chain.json().object()))
            .with("matches_key", &for_key)
            .with("matches_csr", &for_csr);
        for (matches, file) in [(for_key, &self.key), (for_csr, &self.csr)] {
            if let (Some(false), Some(file)) = (matches, file) {
                if !context.json {
                    print(&text)?;
                }
                let file = file.display();
                let message = say!(
                    "the certificate is not for the key in {file}",
                    "证书与 {file} 中的密钥不匹配"
                );
                return Err(Failure::new(Kind::Protocol, Cause::Certificate, message).after(&json));
            }
        }
        Ok(Outcome { text, json })
    }
}

fn yes_no(matches: bool) -> String {
    if matches { say!("yes", "是") } else { say!("NO", "否") }
}

/// Hexadecimal digits. Without colons a fingerprint fits into 80 columns.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A certificate's public key without its wrapping.
impl PublicKey {
    fn of_certificate(certificate: &Certificate) -> Self {
        Self::new(certificate.parsed.tbs_certificate().subject_public_key_info())
    }
}
