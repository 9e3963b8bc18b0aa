//! `wotrus key csr`

use std::path::{Path, PathBuf};

use super::password::Password;
use super::private_key::PrivateKey;
use super::read;
use super::request::request;
use super::subject::{CheckedSubject, Subject};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile, Written};
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::say;
use crate::output::Outcome;

/// Make a certificate signing request for an existing private key
///
/// An existing file is never overwritten. Nothing is sent.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus key csr private.pem --csr renewal.csr \\"
    "    --common-name 沃通电子认证服务有限公司 \\"
    "    --org-name 沃通电子认证服务有限公司 --country CN"
))]
pub(crate) struct Csr {
    /// The file with the private key, PEM or DER (- for standard input)
    #[arg(value_name = "KEY")]
    key: PathBuf,

    /// The file for the request
    #[arg(long, value_name = "FILE")]
    csr: PathBuf,

    /// The file with the key's password (- for standard input)
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    #[command(flatten)]
    subject: Subject,
}

impl Csr {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        let csr = CsrFile::new(self.csr, &self.subject)?;
        self.subject.tell_of_unused_host();
        let password = self.password_file.as_deref();
        let password = password.map(|path| Password::read("--password-file", path)).transpose()?;
        let key = read::private_key("KEY", &self.key, &Vec::from_iter(&password))?;
        let written = [csr.write(&key)?.1];
        let json = Json::new().with("files", &written);
        Ok(Outcome { text: files::list(&written), json })
    }
}

/// A request that can be written: its subject is complete, and nothing is at its path.
pub(crate) struct CsrFile {
    path: PathBuf,
    subject: CheckedSubject,
}

impl CsrFile {
    pub(crate) fn new(path: PathBuf, subject: &Subject) -> Result<Self> {
        refuse_standard_output("--csr", &path)?;
        let subject = subject.checked()?;
        files::check_absent(&path)?;
        Ok(Self { path, subject })
    }

    /// Makes the request for the key, and writes it to disk before it returns.
    pub(crate) fn write(self, key: &PrivateKey) -> Result<(String, Written)> {
        let pem = request(key, &self.subject)?;
        files::create(NewFile::new(self.path.clone(), pem.as_str()))?;
        Ok((pem, Written { path: self.path, written: true }))
    }
}

/// Keys and requests are written into files that are synced, which standard output is not.
pub(crate) fn refuse_standard_output(flag: &str, path: &Path) -> Result<()> {
    if path == Path::new("-") {
        let problem = say!("must be a file", "须为文件");
        return Err(Failure::argument(flag, problem));
    }
    Ok(())
}
