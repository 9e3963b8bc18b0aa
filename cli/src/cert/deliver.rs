//! What becomes of a certificate that was fetched: files, or standard output.

use std::path::{Path, PathBuf};

use wotrus::{Answer, Cause, CertificateBundle, Certificates, Kind};

use crate::failure::{Failure, Result};
use crate::files::{self, NewFile, Written};
use crate::json::Json;
use crate::lang::say;
use crate::output::{Outcome, Table};
use crate::reply;

/// Where a certificate goes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SaveOptions {
    /// Write leaf.pem, chain.pem, fullchain.pem and root.pem into this folder (SM2: sign-leaf.pem, encrypt-leaf.pem, …)
    #[arg(long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,

    /// Replace files that hold something else
    #[arg(long)]
    pub(crate) force: bool,

    /// Of several certificates this one alone
    #[arg(long, value_enum, value_name = "WHICH")]
    only: Option<Which>,
}

/// A certificate of an order, by the document's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    Rsa,
    Sign,
    Encrypt,
}

impl Which {
    fn of(name: &str) -> Self {
        match name {
            "Sign" => Self::Sign,
            "Encrypt" => Self::Encrypt,
            _ => Self::Rsa,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Sign => "sign",
            Self::Encrypt => "encrypt",
        }
    }

    /// What the names of its files begin with.
    fn prefix(self) -> &'static str {
        match self {
            Self::Rsa => "",
            Self::Sign => "sign-",
            Self::Encrypt => "encrypt-",
        }
    }
}

/// A fetched certificate, known to be for the CSR's key where there is a CSR.
pub(crate) struct Certificate<'a> {
    answer: &'a Answer<Certificates>,
    matches_csr: Option<bool>,
}

impl<'a> Certificate<'a> {
    /// # Errors
    /// If none of its certificates is for the CSR's key: a server with that key could not use it.
    pub(crate) fn new(answer: &'a Answer<Certificates>, csr: Option<&str>) -> Result<Self> {
        let Some(csr) = csr.filter(|csr| !csr.trim().is_empty()) else {
            return Ok(Self { answer, matches_csr: None });
        };
        for (_, bundle) in answer.value().iter() {
            if bundle.matches_csr(csr)? {
                return Ok(Self { answer, matches_csr: Some(true) });
            }
        }
        let message = say!(
            "the certificate is not for the key of the CSR; nothing was written",
            "证书与 CSR 的密钥不匹配，未写入任何文件"
        );
        Err(Failure::new(Kind::Protocol, Cause::Certificate, message))
    }

    /// Writes the files, or gives the full chain for standard output.
    pub(crate) fn deliver(&self, save: &SaveOptions) -> Result<Outcome> {
        let mut wanted = Vec::new();
        let mut json = Json::new();
        for (name, bundle) in self.answer.value().iter() {
            let which = Which::of(name);
            if save.only.is_none_or(|only| only == which) {
                let parts = Parts::of(bundle)?;
                json = json.with_raw(which.name(), Some(&parts.json().object()));
                wanted.push((which, parts));
            }
        }
        if wanted.is_empty() {
            let only = save.only.map_or("", Which::name);
            let problem = say!("the order has no {only} certificate", "订单没有 {only} 证书");
            return Err(Failure::argument("--only", problem));
        }
        let (text, written) = match &save.output_dir {
            Some(folder) => {
                let files: Vec<NewFile> =
                    wanted.iter().flat_map(|(which, parts)| parts.files(*which)).collect();
                let written = files::write(folder, &files, save.force)?;
                (list(&written), written)
            }
            None => (self.standard_output(&wanted)?, Vec::new()),
        };
        let json = Json::new()
            .with_raw("certificates", Some(&json.object()))
            .with("matches_csr", &self.matches_csr)
            .with("files", &written)
            .and(&reply::json(self.answer.reply()));
        Ok(Outcome { text, json })
    }

    /// One chain; several in one stream would serve no program.
    fn standard_output(&self, wanted: &[(Which, Parts)]) -> Result<String> {
        match wanted {
            [(_, parts)] => Ok(parts.full_chain.clone()),
            several => {
                let names: Vec<&str> = several.iter().map(|(which, _)| which.name()).collect();
                let names = names.join(", ");
                let problem = say!(
                    "the order has several certificates ({names}): choose one, or write all with --output-dir",
                    "订单有多张证书（{names}）：请选择其一，或用 --output-dir 写入全部"
                );
                Err(Failure::argument("--only", problem))
            }
        }
    }
}

/// A certificate's files.
pub(crate) struct Parts {
    pub(crate) leaf: String,
    pub(crate) chain: String,
    pub(crate) full_chain: String,
    pub(crate) root: Option<String>,
}

impl Parts {
    pub(crate) fn of(bundle: &CertificateBundle) -> Result<Self> {
        Ok(Self {
            leaf: bundle.leaf()?,
            chain: bundle.intermediates()?,
            full_chain: bundle.full_chain()?,
            root: bundle.root()?,
        })
    }

    fn json(&self) -> Json {
        Json::new()
            .with("leaf", &self.leaf)
            .with("chain", &self.chain)
            .with("fullchain", &self.full_chain)
            .with("root", &self.root)
    }

    /// Those that have something in them.
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

    /// All four under their plain names, for an order with one certificate.
    pub(crate) fn plain_files(&self) -> Vec<NewFile> {
        self.files(Which::Rsa)
    }
}

/// The files, and which of them were there already.
pub(crate) fn list(files: &[Written]) -> String {
    let mut table = Table::new();
    for file in files {
        let state =
            if file.written { say!("written", "已写入") } else { say!("unchanged", "未变") };
        table.row([state.as_str(), &shown(&file.path)]);
    }
    table.render()
}

fn shown(path: &Path) -> String {
    crate::charset::display(path)
}
