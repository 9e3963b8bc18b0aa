//! The options for certificates in other forms than PEM, and the files that they ask for.

use std::path::{Path, PathBuf};

use wotrus::pki::{Certificate, PublicKey};

use super::format::{Encryption, Entry, p7b, pfx_has_only};
use super::inspect::common_name;
use crate::failure::{Failure, Result};
use crate::files::{NewFile, is_same_place, same_place};
use crate::key::{self, Password, PrivateKey};
use crate::lang::say;
use crate::output::warn;

/// Other forms than PEM.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Outputs {
    /// The private key that the certificate must be for, PEM or DER (- for standard input)
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    /// The password of --pfx, and of a --key that is encrypted (- for standard input)
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    /// Write the key and its chain as PKCS#12 into this file, for IIS, Windows and Java
    #[arg(long, value_name = "FILE", requires = "password_file")]
    pfx: Option<PathBuf>,

    /// The key's name in the PFX file, which is the alias in Java [default: the certificate's CN]
    #[arg(long, value_name = "NAME", requires = "pfx")]
    friendly_name: Option<String>,

    /// Encrypt the PFX file with 3DES and SHA-1, for Windows Server 2016 and older
    #[arg(long, requires = "pfx")]
    legacy: bool,

    /// Write the certificate alone in DER into this file
    #[arg(long, value_name = "FILE")]
    der: Option<PathBuf>,

    /// Write the certificate and its chain as PKCS#7 in DER into this file
    #[arg(long, value_name = "FILE")]
    p7b: Option<PathBuf>,
}

impl Outputs {
    /// The first flag that writes a file, if there is one.
    pub(crate) fn first_flag(&self) -> Option<&'static str> {
        let flags = [("--pfx", &self.pfx), ("--der", &self.der), ("--p7b", &self.p7b)];
        flags.into_iter().find(|(_, path)| path.is_some()).map(|(flag, _)| flag)
    }

    /// Reads the key and the password, and checks what can be checked before there is a certificate.
    /// `input_password` is one that a key may be encrypted with, besides the one in `--password-file`.
    pub(crate) fn load(&self, input_password: Option<&Password>) -> Result<LoadedOutputs> {
        const FLAG: &str = "--password-file";
        let outputs = [("--pfx", &self.pfx), ("--der", &self.der), ("--p7b", &self.p7b)];
        let outputs = outputs.map(|(flag, path)| (flag, path.as_deref()));
        for (at, (flag, path)) in outputs.into_iter().enumerate() {
            let Some(path) = path else { continue };
            if path == Path::new("-") {
                let problem = say!("must be a file", "须为文件");
                return Err(Failure::argument(flag, problem));
            }
            let mut others = outputs[..at].iter().filter_map(|(_, other)| *other);
            if others.any(|other| is_same_place(other, path)) {
                return Err(same_place(flag));
            }
        }
        let password = self.password_file.as_deref();
        let password = password.map(|path| Password::read(FLAG, path)).transpose()?;
        if let (Some(_), Some(password)) = (&self.pfx, &password) {
            check_expressible(FLAG, password.for_new(FLAG)?)?;
            if !password.text().is_ascii() {
                warn(&say!(
                    "Java cannot open the PFX file: its password has characters that are not ASCII",
                    "密码含有 ASCII 以外的字符，Java 无法打开该 PFX 文件"
                ));
            }
        }
        if let Some(name) = &self.friendly_name {
            check_expressible("--friendly-name", name)?;
        }
        let keys = match &self.key {
            Some(path) => {
                let passwords = Vec::from_iter(input_password.into_iter().chain(&password));
                key::private_keys("--key", path, &passwords)?
            }
            None => Vec::new(),
        };
        if self.legacy {
            warn(&say!(
                "--legacy protects the private key with 3DES and SHA-1, which are weak; keep the file secret, and use it only where the other form cannot be read",
                "--legacy 以强度较弱的 3DES 和 SHA-1 保护私钥；请妥善保管该文件，仅在无法读取默认格式时使用"
            ));
        }
        Ok(LoadedOutputs { outputs: self.clone(), keys, password })
    }
}

/// The options with the key and the password that they name.
pub(crate) struct LoadedOutputs {
    outputs: Outputs,
    /// The certificate is for one of them, if there are any.
    pub(crate) keys: Vec<PrivateKey>,
    pub(crate) password: Option<Password>,
}

impl LoadedOutputs {
    /// Checks that there is a key, if a PFX file is to be written.
    pub(crate) fn check_key(&self) -> Result<()> {
        match (&self.outputs.pfx, &self.keys[..]) {
            (Some(_), []) => {
                let problem = say!("is required for --pfx", "使用 --pfx 时必须提供");
                Err(Failure::argument("--key", problem))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn first_flag(&self) -> Option<&'static str> {
        self.outputs.first_flag()
    }

    /// The key that is for a certificate.
    pub(crate) fn key_of(&self, public: Option<&PublicKey>) -> Option<&PrivateKey> {
        self.keys.iter().find(|key| Some(key.public()) == public)
    }

    /// The files for a chain, the leaf first, which is for one of the keys.
    pub(crate) fn files(&self, chain: &[&[u8]]) -> Result<Vec<NewFile>> {
        let mut files = Vec::new();
        let leaf = chain.first().copied().unwrap_or_default();
        if let Some(path) = &self.outputs.der {
            files.push(NewFile::new(path, leaf));
        }
        if let Some(path) = &self.outputs.p7b {
            let p7b = p7b(chain)
                .ok_or_else(|| Failure::argument("--p7b", say!("cannot be made", "无法生成")))?;
            files.push(NewFile::new(path, p7b));
        }
        let public = Certificate::from_der(leaf).and_then(|leaf| leaf.public_key());
        let key = self.key_of(public.as_ref());
        if let (Some(path), Some(key), Some(password)) = (&self.outputs.pfx, key, &self.password) {
            let name = match &self.outputs.friendly_name {
                Some(name) => name.clone(),
                None => default_name(leaf),
            };
            let encryption =
                if self.outputs.legacy { Encryption::Legacy } else { Encryption::Modern };
            let pfx = Entry { name: &name, key, chain }.pfx(password.text(), encryption)?;
            let file = NewFile::private(path, pfx);
            // Renewed certificates are often for the same key.
            let is_same_key = pfx_has_only(path, password, key);
            files.push(if is_same_key { file.replacing_key() } else { file });
        }
        Ok(files)
    }
}

/// Whether PKCS#12 can express a character, for which it has two bytes.
fn is_expressible(character: char) -> bool {
    u32::from(character) <= 0xffff
}

fn check_expressible(flag: &str, text: &str) -> Result<()> {
    match text.chars().all(is_expressible) {
        true => Ok(()),
        false => {
            let problem = say!(
                "contains a character that PKCS#12 cannot express",
                "含有 PKCS#12 无法表示的字符"
            );
            Err(Failure::argument(flag, problem))
        }
    }
}

/// The certificate's CN, without characters that PKCS#12 cannot express.
fn default_name(leaf: &[u8]) -> String {
    let name = Certificate::from_der(leaf).and_then(|leaf| common_name(&leaf)).unwrap_or_default();
    let name: String = name.chars().filter(|it| is_expressible(*it)).collect();
    if name.is_empty() { "certificate".to_owned() } else { name }
}
