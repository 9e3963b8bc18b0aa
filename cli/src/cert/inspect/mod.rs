//! `wotrus cert inspect`: shows the contents of certificate files.

mod chain;
mod csr;
mod facts;
mod identity;
mod read;
mod view;

use std::path::PathBuf;
use std::time::SystemTime;

use wotrus::pki::Certificate;
use wotrus::{Cause, Kind};

use self::chain::Chain;
pub(super) use self::facts::common_name;
pub(crate) use self::identity::identity;
pub(crate) use self::view::summary;
use super::contents::Contents;
use crate::charset;
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::json::Json;
use crate::key::{self, Password, PrivateKey};
use crate::lang::say;
use crate::output::{Outcome, Table, print};

/// Show the contents of certificate files: PEM, DER or PKCS#7 (.p7b)
///
/// Of several certificates it tells which issued which, whether they are in the order that a server
/// needs (the leaf first, each followed by its issuer), and whether the signatures are valid. A field that
/// cannot be read is named; with a certificate that cannot be read the exit code is 8. Nothing is sent.
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

    /// The file with the key's password, if it is encrypted
    #[arg(long, value_name = "FILE", requires = "key")]
    password_file: Option<PathBuf>,

    /// Check that the leaf is for this CSR's key
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
}

impl Inspect {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        let mut contents = Contents::default();
        for file in &self.files {
            read::add(&mut contents, file)?;
        }
        let certificates = &contents.certificates;
        let csr = self.csr.as_deref().map(csr::of_csr).transpose()?;
        let password = self.password_file.as_deref();
        let password = password.map(|path| Password::read("--password-file", path)).transpose()?;
        let key = self.key.as_deref();
        let passwords = Vec::from_iter(&password);
        let private = key.map(|path| key::private_keys("--key", path, &passwords)).transpose()?;

        let readable: Vec<_> = certificates
            .iter()
            .enumerate()
            .filter_map(|(at, it)| Some((at, it.as_ref().ok()?.clone())))
            .collect();
        let keys = private.iter().flatten().map(PrivateKey::public).chain(&csr);
        let keys: Vec<_> = keys.collect();
        let chain = Chain::of(&readable, &keys);
        let leaf = certificates[chain.leaf()].as_ref().ok().and_then(|it| it.public_key());
        let is_for = |key: &_| leaf.as_ref() == Some(key);
        let is_for_one = |keys: &Vec<PrivateKey>| keys.iter().any(|key| is_for(key.public()));
        let (for_key, for_csr) = (private.as_ref().map(is_for_one), csr.as_ref().map(is_for));

        let Listing { mut text, json: list, unreadable } = listing(certificates);
        let mut table = Table::new();
        if certificates.len() > 1 {
            chain.rows(&mut table);
        }
        table.pair(say!("for the key", "与私钥匹配"), for_key.map(yes_no));
        table.pair(say!("for the CSR", "与 CSR 匹配"), for_csr.map(yes_no));
        table.pair(say!("also in the files", "文件中还有"), Some(contents.others.join(", ")));
        text += &table.render();

        let json = Json::new()
            .with_raw("certificates", Some(&format!("[{}]", list.join(","))))
            .with_raw("chain", Some(&chain.json().object()))
            .with("matches_key", &for_key)
            .with("matches_csr", &for_csr)
            .with("other_blocks", &contents.others);
        let mismatch = [(for_key, &self.key), (for_csr, &self.csr)]
            .into_iter()
            .find_map(|(matches, file)| file.as_ref().filter(|_| matches == Some(false)));
        let message = match (mismatch, unreadable) {
            (Some(file), _) => {
                let file = charset::display(file);
                say!("the certificate is not for the key in {file}", "证书与 {file} 中的密钥不匹配")
            }
            (None, Some(problem)) => problem,
            (None, None) => return Ok(Outcome { text, json }),
        };
        if !context.json {
            print(&text)?;
        }
        Err(Failure::new(Kind::Protocol, Cause::Certificate, message).after(&json))
    }
}

/// Certificates one after the other, as text and as JSON objects.
struct Listing {
    text: String,
    json: Vec<String>,
    /// The first problem with one that cannot be read.
    unreadable: Option<String>,
}

fn listing(certificates: &[Result<Certificate, String>]) -> Listing {
    let (now, count) = (SystemTime::now(), certificates.len());
    let mut listing = Listing { text: String::new(), json: Vec::new(), unreadable: None };
    for (certificate, number) in certificates.iter().zip(1..) {
        if count > 1 {
            listing.text +=
                &say!("certificate {number} of {count}\n", "第 {number} 张证书，共 {count} 张\n");
        }
        let (table, json) = match certificate {
            Ok(certificate) => (view::table(certificate, now), view::json(certificate, now)),
            Err(problem) => {
                listing.unreadable.get_or_insert_with(|| problem.clone());
                let mut table = Table::new();
                table.pair(say!("CANNOT BE READ", "无法读取"), Some(problem));
                (table, Json::new().with("problem", problem))
            }
        };
        listing.text += &table.render();
        listing.text.push('\n');
        listing.json.push(json.object());
    }
    listing
}

fn yes_no(matches: bool) -> String {
    if matches { say!("yes", "是") } else { say!("NO", "否") }
}
