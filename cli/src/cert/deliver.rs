//! Writes a fetched certificate into files or to standard output.

use std::path::PathBuf;

use wotrus::pki::{self, SignatureStatus, check_signature};
use wotrus::{Answer, Cause, CertificateBundle, Certificates, ChainStatus, Kind};

use super::choice::{has_expired, leaves_out_invalid_issuer};
use super::contents::Contents;
use super::outputs::{LoadedOutputs, Outputs};
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::json::Json;
use crate::key::PrivateKey;
use crate::lang::say;
use crate::output::{Outcome, warn};
use crate::reply;

/// Where a certificate is written.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SaveOptions {
    /// Write leaf.pem, chain.pem, fullchain.pem and root.pem into this folder (SM2: sign-leaf.pem, encrypt-leaf.pem, …)
    #[arg(long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,

    /// Replace files with other content
    #[arg(long)]
    pub(crate) force: bool,

    /// Only this one of several certificates
    #[arg(long, value_enum, value_name = "WHICH")]
    only: Option<Which>,

    #[command(flatten)]
    outputs: Outputs,
}

impl SaveOptions {
    /// All certificates into a folder; files with other content stay.
    pub(crate) fn into_folder(folder: PathBuf) -> Self {
        Self { output_dir: Some(folder), force: false, only: None, outputs: Outputs::default() }
    }

    /// The first flag that says where to write, if there is one.
    pub(crate) fn first_flag(&self) -> Option<&'static str> {
        self.output_dir.is_some().then_some("--output-dir").or(self.outputs.first_flag())
    }

    /// Reads the private key and the password, before the certificate is asked for. The command may have another
    /// key.
    pub(crate) fn load(&self) -> Result<Save<'_>> {
        Ok(Save { options: self, outputs: self.outputs.load(None)? })
    }
}

/// Where a certificate is written, with what was read for it.
pub(crate) struct Save<'a> {
    options: &'a SaveOptions,
    pub(crate) outputs: LoadedOutputs,
}

/// A certificate of an order, by the document's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Which {
    Rsa,
    Sign,
    Encrypt,
}

impl Which {
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "Sign" => Self::Sign,
            "Encrypt" => Self::Encrypt,
            _ => Self::Rsa,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Sign => "sign",
            Self::Encrypt => "encrypt",
        }
    }

    /// The prefix of its files' names.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Rsa => "",
            Self::Sign => "sign-",
            Self::Encrypt => "encrypt-",
        }
    }
}

/// Writes the certificates of an order into files, or gives one full chain for standard output. With
/// a CSR or a private key, one of those that are written must be for it.
///
/// # Errors
/// If none is, because a server with that key could not use it; nothing is written then. If the
/// chain of one is incomplete; then only that certificate is written.
pub(crate) fn deliver(
    answer: &Answer<Certificates>,
    csr: Option<&str>,
    save: &Save<'_>,
) -> Result<Outcome> {
    let Save { options: save, outputs } = save;
    let bundles: Vec<(Which, &CertificateBundle)> = answer
        .value()
        .iter()
        .map(|(name, bundle)| (Which::of(name), bundle))
        .filter(|(which, _)| save.only.is_none_or(|only| only == *which))
        .collect();
    if bundles.is_empty() {
        let only = save.only.map_or("", Which::name);
        let problem = say!("the order has no {only} certificate", "订单没有 {only} 证书");
        return Err(Failure::argument("--only", problem));
    }
    let matches_csr = check_csr(&bundles, csr)?;
    let mut parts = Vec::new();
    let mut json = Json::new();
    for (which, bundle) in bundles {
        let part = Parts::of(bundle)?;
        json = json.with_raw(which.name(), Some(&part.json().object()));
        part.warn(which);
        parts.push((which, part));
    }
    let for_key = find_key(&parts, &outputs.keys)?;
    let incomplete = parts.iter().find(|(_, part)| part.status == ChainStatus::Incomplete);
    let mut files = Vec::new();
    if outputs.first_flag().is_some() {
        let part = one_of(&parts, for_key, save)?;
        let chain: Vec<&[u8]> = part.certificates.iter().map(pki::Certificate::der).collect();
        if !chain.is_empty() {
            files.extend(outputs.files(&chain)?);
        }
    }
    if let Some(folder) = &save.output_dir {
        files::prepare_output_dir(folder)?;
        let of_part = |(which, part): &(Which, Parts)| part.files(*which);
        files.extend(parts.iter().flat_map(of_part).map(|file| file.inside(folder)));
    }
    let (text, written) = match save.first_flag() {
        Some(_) => {
            let written = files::write_all(&files, save.force)?;
            (files::list(&written), written)
        }
        None if incomplete.is_some() => Default::default(),
        None => (one_of(&parts, for_key, save)?.full_chain.clone(), Vec::new()),
    };
    let json = Json::new()
        .with_raw("certificates", Some(&json.object()))
        .with("matches_csr", &matches_csr)
        .with("matches_key", &for_key.map(|_| true))
        .with("files", &written)
        .and(&reply::json(answer.reply()));
    match incomplete {
        Some((which, part)) => Err(part.incomplete(*which, save).after(&json)),
        None => Ok(Outcome { text, json }),
    }
}

/// Whether one of the certificates is for the CSR's key; `None` without a CSR.
fn check_csr(bundles: &[(Which, &CertificateBundle)], csr: Option<&str>) -> Result<Option<bool>> {
    let Some(csr) = csr.filter(|csr| !csr.trim().is_empty()) else { return Ok(None) };
    for (_, bundle) in bundles {
        if bundle.matches_csr(csr)? {
            return Ok(Some(true));
        }
    }
    let message = say!(
        "the certificate is not for the key of the CSR; nothing was written",
        "证书与 CSR 的密钥不匹配，未写入任何文件"
    );
    Err(Failure::new(Kind::Protocol, Cause::Certificate, message))
}

/// The position of the certificate that is for one of the private keys; `None` without keys.
fn find_key(parts: &[(Which, Parts)], keys: &[PrivateKey]) -> Result<Option<usize>> {
    if keys.is_empty() {
        return Ok(None);
    }
    let is_for = |(_, part): &(Which, Parts)| {
        keys.iter().any(|key| part.public_key.as_ref() == Some(key.public()))
    };
    match parts.iter().position(is_for) {
        Some(at) => Ok(Some(at)),
        None => {
            let message = say!(
                "the certificate is not for the private key; nothing was written",
                "证书与私钥不匹配，未写入任何文件"
            );
            Err(Failure::new(Kind::Protocol, Cause::Certificate, message))
        }
    }
}

/// The one certificate for outputs that have room for one: standard output, and files of other forms. A private
/// key chooses among several.
fn one_of<'a>(
    parts: &'a [(Which, Parts)],
    for_key: Option<usize>,
    save: &SaveOptions,
) -> Result<&'a Parts> {
    match (parts, for_key) {
        (parts, Some(at)) => Ok(&parts[at].1),
        ([(_, part)], None) => Ok(part),
        (several, None) => {
            let names: Vec<&str> = several.iter().map(|(which, _)| which.name()).collect();
            let names = names.join(", ");
            let problem = match save.outputs.first_flag().filter(|_| save.output_dir.is_some()) {
                Some(flag) => say!(
                    "the order has several certificates ({names}), and {flag} writes one: choose it",
                    "订单有多张证书（{names}），而 {flag} 只写入一张：请选择其一"
                ),
                None => say!(
                    "the order has several certificates ({names}): choose one, or write all with --output-dir",
                    "订单有多张证书（{names}）：请选择其一，或用 --output-dir 写入全部"
                ),
            };
            Err(Failure::argument("--only", problem))
        }
    }
}

/// A certificate's files. Of an incomplete chain only the certificate itself is there.
pub(crate) struct Parts {
    pub(crate) leaf: String,
    pub(crate) chain: String,
    pub(crate) full_chain: String,
    pub(crate) root: Option<String>,
    status: ChainStatus,
    /// Why the chain is incomplete, if the library says more than that.
    problem: Option<String>,
    has_expired: bool,
    /// Whether the last one's issuer came, but is not valid now.
    leaves_out_invalid_issuer: bool,
    /// The leaf, then upwards each issuer; empty if the chain is incomplete.
    certificates: Vec<pki::Certificate>,
    /// The key that the certificate is for.
    public_key: Option<pki::PublicKey>,
}

impl Parts {
    pub(crate) fn of(bundle: &CertificateBundle) -> Result<Self> {
        let leaf = bundle.leaf()?;
        let public_key = certificates(&leaf).first().and_then(pki::Certificate::public_key);
        let alone = |leaf, public_key, status, problem: Option<String>| {
            let (chain, full_chain, root, certificates) = Default::default();
            let (has_expired, leaves_out_invalid_issuer) = (false, false);
            Ok(Self {
                leaf,
                chain,
                full_chain,
                root,
                status,
                problem,
                has_expired,
                leaves_out_invalid_issuer,
                certificates,
                public_key,
            })
        };
        let status = bundle.chain_status()?;
        let with_root = match bundle.full_chain_with_root() {
            Ok(with_root) => with_root,
            Err(error) => return alone(leaf, public_key, status, Some(error.message().to_owned())),
        };
        let path = certificates(&with_root);
        let leaves_out_invalid_issuer = leaves_out_invalid_issuer(&path, &all_of(bundle));
        if status == ChainStatus::Incomplete {
            let problem = leaves_out_invalid_issuer.then(invalid_issuer);
            return alone(leaf, public_key, status, problem);
        }
        let certificates = path;
        let is_signed = |step: &[pki::Certificate]| {
            check_signature(&step[0], &step[1]) != SignatureStatus::Invalid
        };
        if !certificates.windows(2).all(is_signed) {
            let problem = say!(
                "an issuer that came has the right name, but did not sign the certificate",
                "返回的颁发者证书名称相符，但证书并非由其签名"
            );
            return alone(leaf, public_key, ChainStatus::Incomplete, Some(problem));
        }
        Ok(Self {
            leaf,
            chain: bundle.intermediates()?,
            full_chain: bundle.full_chain()?,
            root: bundle.root()?,
            status,
            problem: None,
            has_expired: certificates.iter().any(has_expired),
            leaves_out_invalid_issuer,
            certificates,
            public_key,
        })
    }

    /// Tells what a server's operator should know although the files are written.
    fn warn(&self, which: Which) {
        let name = which.name();
        if self.status == ChainStatus::None {
            warn(&say!(
                "the service sent no issuer of the {name} certificate: fullchain.pem is the certificate alone, and clients may refuse it",
                "服务端未返回 {name} 证书的颁发者证书，fullchain.pem 只含证书本身，客户端可能不信任"
            ));
        }
        if self.has_expired {
            warn(&say!(
                "a certificate in the {name} chain has expired; wotrus cert inspect shows which",
                "{name} 证书链中有已过期的证书，可用 wotrus cert inspect 查看"
            ));
        }
        if self.leaves_out_invalid_issuer {
            let problem = invalid_issuer();
            warn(&say!(
                "{problem}, and was left out of the {name} chain",
                "{problem}，未写入 {name} 证书链"
            ));
        }
    }

    /// The failure for an incomplete chain.
    fn incomplete(&self, which: Which, save: &SaveOptions) -> Failure {
        let (name, prefix) = (which.name(), which.prefix());
        let mut message = say!(
            "the {name} certificate came with issuers, but its chain is incomplete",
            "服务端返回了 {name} 证书的颁发者证书，但证书链不完整"
        );
        if let Some(problem) = &self.problem {
            message += &say!(": {problem}", "：{problem}");
        }
        message += &match save.output_dir {
            Some(_) => say!(
                "; of its files only {prefix}leaf.pem was written",
                "；其文件只写入了 {prefix}leaf.pem"
            ),
            None => say!(
                "; --output-dir writes the certificate alone",
                "；可用 --output-dir 只写入证书本身"
            ),
        };
        Failure::new(Kind::Protocol, Cause::Certificate, message)
    }

    fn json(&self) -> Json {
        let text = |text: &str| Some(text.to_owned()).filter(|_| !self.full_chain.is_empty());
        Json::new()
            .with("leaf", &self.leaf)
            .with("chain", &text(&self.chain))
            .with("fullchain", &text(&self.full_chain))
            .with("root", &self.root)
            .with("chain_status", self.status.as_str())
    }

    /// The files that have content.
    fn files(&self, which: Which) -> Vec<NewFile> {
        let prefix = which.prefix();
        let root = self.root.as_deref().unwrap_or_default();
        [
            ("leaf.pem", &*self.leaf),
            ("chain.pem", &*self.chain),
            ("fullchain.pem", &*self.full_chain),
            ("root.pem", root),
        ]
        .into_iter()
        .filter(|(_, content)| !content.is_empty())
        .map(|(name, content)| NewFile::new(format!("{prefix}{name}"), content))
        .collect()
    }

    /// The files without a prefix, for an order with one certificate.
    pub(crate) fn plain_files(&self) -> Vec<NewFile> {
        self.files(Which::Rsa)
    }
}

/// All certificates that came.
fn all_of(bundle: &CertificateBundle) -> Vec<pki::Certificate> {
    let texts = [bundle.pem()].into_iter().chain(bundle.chain().iter().map(String::as_str));
    texts.flat_map(|text| Contents::of(text.as_bytes()).certificates).flatten().collect()
}

fn invalid_issuer() -> String {
    say!("an issuer that came has expired or is not valid yet", "返回的颁发者证书已过期或尚未生效")
}

/// The certificates in a text that the library wrote.
fn certificates(text: &str) -> Vec<pki::Certificate> {
    let ders = pki::blocks(text).filter_map(|block| block.ok()?.der().ok());
    ders.filter_map(pki::Certificate::from_der).collect()
}
