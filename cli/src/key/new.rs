//! `wotrus key new`

use std::path::{Path, PathBuf};

use super::algorithm::Algorithm;
use super::csr::{self, CsrFile};
use super::encrypted::encrypted_pem;
use super::password::Password;
use super::private_key::PrivateKey;
use super::subject::Subject;
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::say;
use crate::output::{Outcome, tell};

/// Make a private key, and a certificate signing request for it
///
/// The key is written as PKCS#8 in PEM with mode 0600, and is on disk before the request is made. An
/// existing file is never overwritten. Nothing is sent.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus key new private.pem --csr example.csr \\"
    "    --common-name 沃通电子认证服务有限公司 \\"
    "    --org-name 沃通电子认证服务有限公司 --country CN"
    "wotrus key new private.pem --algorithm p256 --csr example.csr \\"
    "    --host www.例子.中国 --host 例子.中国"
    "wotrus key new sign.pem --algorithm sm2 --csr sign.csr --common-name 沃通"
))]
pub(crate) struct New {
    /// The file for the private key
    #[arg(value_name = "KEY")]
    key: PathBuf,

    /// The kind of the key
    #[arg(long, value_enum, default_value_t = Algorithm::Rsa2048)]
    algorithm: Algorithm,

    /// Write a request (CSR) into this file
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,

    /// Encrypt the key with the password in this file (- for standard input)
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    #[command(flatten)]
    subject: Subject,
}

impl New {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        if self.csr.is_none() && !self.subject.is_empty() {
            let problem = say!("is required for a subject", "指定主体信息时必须提供");
            return Err(Failure::argument("--csr", problem));
        }
        let flag = "--password-file";
        let password =
            self.password_file.as_deref().map(|path| Password::read(flag, path)).transpose()?;
        let password = password.as_ref().map(|it| it.for_new(flag)).transpose()?;
        if self.csr.as_deref().is_some_and(|csr| files::is_same_place(csr, &self.key)) {
            return Err(files::same_place("--csr"));
        }
        let csr = self.csr.map(|path| CsrFile::new(path, &self.subject)).transpose()?;
        self.subject.tell_of_unused_host();
        let key = create(&self.key, self.algorithm, password)?;
        let mut written = vec![files::Written { path: self.key, written: true }];
        if let Some(csr) = csr {
            let kept = |failure: Failure| {
                tell(&say!(
                    "the key is kept; wotrus key csr makes a request for it",
                    "私钥已保留，可用 wotrus key csr 为其生成 CSR"
                ));
                failure.after(&Json::new().with("files", &written))
            };
            let (_, file) = csr.write(&key).map_err(kept)?;
            written.push(file);
        }
        let json = Json::new().with("algorithm", self.algorithm.name()).with("files", &written);
        Ok(Outcome { text: files::list(&written), json })
    }
}

/// Makes a key, and writes it to disk before it returns.
///
/// # Errors
/// If there is anything at the path already.
pub(crate) fn create(
    path: &Path,
    algorithm: Algorithm,
    password: Option<&str>,
) -> Result<PrivateKey> {
    csr::refuse_standard_output("KEY", path)?;
    files::check_absent(path)?;
    let key = PrivateKey::from_der(&algorithm.generate()?).ok_or_else(|| {
        Failure::argument("--algorithm", say!("made an unreadable key", "生成的密钥无法读取"))
    })?;
    let pem = match password {
        Some(password) => encrypted_pem(&key, password)?.into(),
        None => key.pem(),
    };
    files::create(NewFile::private(path, pem.as_bytes()))?;
    Ok(key)
}
