//! Writes a fetched certificate into files or to standard output.

use std::path::PathBuf;

use wotrus::pki::{self, CertificateRequest, PublicKey, SignatureStatus, check_signature};
use wotrus::{Answer, Cause, CertificateBundle, Certificates, ChainStatus, Kind};

use super::choice::{has_expired, leaves_out_invalid_issuer};
use super::contents::Contents;
use super::format::CertificateList;
use super::outputs::{LoadedOutputs, Outputs};
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::json::Json;
use crate::key::PrivateKey;
use crate::lang::{self, say};
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
    let wanted = Wanted::of(&outputs.keys, csr)?;
    let mut parts = Vec::new();
    let mut json = Json::new();
    for (which, bundle) in bundles {
        let part = Parts::for_keys(bundle, &wanted.keys)?;
        json = json.with_raw(which.name(), Some(&part.json().object()));
        parts.push((which, part));
    }
    let chosen = wanted.choose(&parts, save.output_dir.is_some())?;
    parts.iter().for_each(|(which, part)| part.warn(*which));
    let incomplete = parts.iter().find(|(_, part)| part.status == ChainStatus::Incomplete);
    let mut files = Vec::new();
    if outputs.first_flag().is_some() {
        let part = one_of(&parts, chosen, save)?;
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
        None => (one_of(&parts, chosen, save)?.full_chain.clone(), Vec::new()),
    };
    let json = Json::new()
        .with_raw("certificates", Some(&json.object()))
        .with("matches_csr", &wanted.request.as_ref().map(|_| true))
        .with("matches_key", &(!outputs.keys.is_empty()).then_some(true))
        .with("files", &written)
        .and(&reply::json(answer.reply()));
    match incomplete {
        Some((which, part)) => Err(part.incomplete(*which, save).after(&json)),
        None => Ok(Outcome { text, json }),
    }
}

/// The keys that a certificate is to be for.
struct Wanted {
    /// With private keys and a CSR, the key of the CSR if it is among them, otherwise the private keys' own.
    keys: Vec<PublicKey>,
    has_private_keys: bool,
    request: Option<CertificateRequest>,
}

impl Wanted {
    fn of(private_keys: &[PrivateKey], csr: Option<&str>) -> Result<Self> {
        let request = match csr.filter(|csr| !csr.trim().is_empty()) {
            Some(csr) => Some(CertificateRequest::from_pem(csr).map_err(|problem| {
                let problem = lang::text(&problem);
                Failure::argument("--csr", problem)
            })?),
            None => None,
        };
        let mut keys: Vec<_> = private_keys.iter().map(|key| key.public().clone()).collect();
        if let Some(key) = request.as_ref().and_then(CertificateRequest::public_key)
            && (keys.is_empty() || keys.contains(&key))
        {
            keys = vec![key];
        }
        Ok(Self { keys, has_private_keys: !private_keys.is_empty(), request })
    }

    /// The position of the certificate that is for one of the keys; `None` without keys. If all are written, the
    /// private key and the CSR can belong to different ones.
    ///
    /// # Errors
    /// If no certificate that is written is for the private key, or for the CSR.
    fn choose(&self, parts: &[(Which, Parts)], all_are_written: bool) -> Result<Option<usize>> {
        let of_request = match &self.request {
            Some(request) => {
                let at = parts.iter().position(|(_, part)| part.matches(request));
                Some(at.ok_or_else(not_for_csr)?)
            }
            None => None,
        };
        if !self.has_private_keys {
            return Ok(of_request);
        }
        let is_for = |(_, part): &(Which, Parts)| {
            part.public_key.as_ref().is_some_and(|key| self.keys.contains(key))
        };
        let at = parts.iter().position(is_for).ok_or_else(|| {
            certificate_error(say!(
                "the certificate is not for the private key; nothing was written",
                "证书与私钥不匹配，未写入任何文件"
            ))
        })?;
        let matches = self.request.as_ref().is_none_or(|request| parts[at].1.matches(request));
        if matches || all_are_written { Ok(Some(at)) } else { Err(not_for_csr()) }
    }
}

fn not_for_csr() -> Failure {
    certificate_error(say!(
        "the certificate is not for the key of the CSR; nothing was written",
        "证书与 CSR 的密钥不匹配，未写入任何文件"
    ))
}

fn certificate_error(message: String) -> Failure {
    Failure::new(Kind::Protocol, Cause::Certificate, message)
}

/// The one certificate for outputs that have room for one: standard output, and files of other forms. A key
/// chooses among several.
fn one_of<'a>(
    parts: &'a [(Which, Parts)],
    chosen: Option<usize>,
    save: &SaveOptions,
) -> Result<&'a Parts> {
    match (parts, chosen) {
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
    public_key: Option<PublicKey>,
}

impl Parts {
    pub(crate) fn of(bundle: &CertificateBundle) -> Result<Self> {
        let leaf = bundle.leaf()?;
        let public_key = certificates(&leaf).first().and_then(pki::Certificate::public_key);
        let alone =
            |leaf, public_key, status, problem| Ok(Self::alone(leaf, public_key, status, problem));
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

    /// The same for another certificate beside the bundle's own, if that one is for one of the keys and its own is not.
    fn for_keys(bundle: &CertificateBundle, keys: &[PublicKey]) -> Result<Self> {
        let own = Self::of(bundle)?;
        let is_for = |public: Option<&PublicKey>| public.is_some_and(|key| keys.contains(key));
        let mut others = Contents::of(bundle.pem().as_bytes()).certificates.into_iter().flatten();
        let is_wanted =
            |it: pki::Certificate| it.is_ca() != Some(true) && is_for(it.public_key().as_ref());
        if is_for(own.public_key.as_ref()) || !others.any(is_wanted) {
            return Ok(own);
        }
        let list = CertificateList::of(&all_of(bundle), keys)?;
        if list.status == ChainStatus::Incomplete {
            let problem = list.leaves_out_invalid_issuer.then(invalid_issuer);
            return Ok(Self::alone(list.leaf_pem(), list.public_key(), list.status, problem));
        }
        Ok(Self {
            leaf: list.leaf_pem(),
            chain: list.intermediates(),
            full_chain: list.full_chain(),
            root: Some(list.root()).filter(|root| !root.is_empty()),
            status: list.status,
            problem: None,
            has_expired: list.has_expired,
            leaves_out_invalid_issuer: list.leaves_out_invalid_issuer,
            public_key: list.public_key(),
            certificates: list.into_path(),
        })
    }

    /// Whether the certificate is for the key of a CSR.
    fn matches(&self, request: &CertificateRequest) -> bool {
        let has_same_bytes = |leaf: &pki::Certificate| leaf.spki_der() == request.spki_der();
        certificates(&self.leaf).first().is_some_and(has_same_bytes)
            || self.public_key.is_some() && self.public_key == request.public_key()
    }

    /// A certificate without its chain, which is incomplete.
    fn alone(
        leaf: String,
        public_key: Option<PublicKey>,
        status: ChainStatus,
        problem: Option<String>,
    ) -> Self {
        Self {
            leaf,
            chain: String::new(),
            full_chain: String::new(),
            root: None,
            status,
            problem,
            has_expired: false,
            leaves_out_invalid_issuer: false,
            certificates: Vec::new(),
            public_key,
        }
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
