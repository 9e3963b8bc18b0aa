//! `wotrus cert convert`

use std::path::PathBuf;

use wotrus::ChainStatus;

use super::format::{CertificateList, Source};
use super::outputs::{LoadedOutputs, Outputs};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::help::epilogue;
use crate::json::Json;
use crate::key::{Password, PrivateKey};
use crate::lang::say;
use crate::output::{Outcome, warn};

/// Convert certificates and private keys: PEM, DER, PKCS#7 (.p7b) and PKCS#12 (.pfx)
///
/// The forms of the files are recognised. Of the certificates the leaf is chosen, or the one for the
/// private key, and its chain is put in order. Without an option that writes a file, the chain is
/// written to standard output. Nothing is sent.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus cert convert old.pfx --password-file p.txt --output-dir pem"
    "wotrus cert convert fullchain.pem --key private.pem \\"
    "    --pfx www.pfx --password-file p.txt"
    "wotrus cert convert old.pfx --input-password-file old.txt \\"
    "    --pfx new.pfx --password-file p.txt"
    "wotrus cert convert chain.p7b >fullchain.pem"
    "wotrus cert convert leaf.cer chain.p7b --p7b all.p7b --der leaf.der"
))]
pub(crate) struct Convert {
    /// Files with certificates, private keys or both (- for standard input)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The password of the files [default: the one in --password-file]
    #[arg(long, value_name = "FILE")]
    input_password_file: Option<PathBuf>,

    /// Write leaf.pem, chain.pem, fullchain.pem, root.pem and key.pem into this folder, as far as they are there
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,

    /// Replace files with other content
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    outputs: Outputs,
}

impl Convert {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        let password = self.input_password_file.as_deref();
        let password = password.map(|path| Password::read("--input-password-file", path));
        let password = password.transpose()?;
        let mut outputs = self.outputs.load(password.as_ref())?;
        let mut source = Source::default();
        for file in &self.files {
            source.add(file, password.as_ref().or(outputs.password.as_ref()))?;
        }
        // --key chooses among the keys of the files.
        if outputs.keys.is_empty() {
            outputs.keys = one_key(source.keys)?.into_iter().collect();
        }
        outputs.check_key()?;
        if source.certificates.is_empty() {
            return self.key_alone(&outputs);
        }
        let keys: Vec<_> = outputs.keys.iter().map(|key| key.public().clone()).collect();
        let list = CertificateList::of(&source.certificates, &keys)?;
        warn_about(&list);
        self.write(&list, &outputs)
    }

    fn write(&self, list: &CertificateList, outputs: &LoadedOutputs) -> Result<Outcome> {
        let mut files = outputs.files(&list.ders())?;
        let key = outputs.key_of(list.public_key().as_ref());
        if let Some(folder) = &self.output_dir {
            files::prepare_output_dir(folder)?;
            let parts = [
                ("leaf.pem", list.leaf_pem()),
                ("chain.pem", list.intermediates()),
                ("fullchain.pem", list.full_chain()),
                ("root.pem", list.root()),
            ];
            let parts = parts.into_iter().filter(|(_, content)| !content.is_empty());
            files.extend(parts.map(|(name, content)| NewFile::new(folder.join(name), content)));
            files.extend(key.map(|key| key_file(key).inside(folder)));
        }
        let json = Json::new()
            .with("leaf", &list.leaf_pem())
            .with("chain", &list.intermediates())
            .with("fullchain", &list.full_chain())
            .with("root", &Some(list.root()).filter(|root| !root.is_empty()))
            .with("chain_status", list.status.as_str())
            .with("matches_key", &key.map(|_| true));
        self.finish(&files, json, list.full_chain())
    }

    /// Files that contain a private key only.
    fn key_alone(&self, outputs: &LoadedOutputs) -> Result<Outcome> {
        let is_other = |pair: &[PrivateKey]| pair[0].public() != pair[1].public();
        if outputs.keys.windows(2).any(is_other) {
            let problem = say!(
                "there are several private keys, and no certificate in the files that chooses one",
                "有多个私钥，且文件中没有可据以选定私钥的证书"
            );
            return Err(Failure::argument("--key", problem));
        }
        match (&self.output_dir, &outputs.keys[..], outputs.first_flag()) {
            (Some(folder), [key, ..], None) => {
                files::prepare_output_dir(folder)?;
                self.finish(&[key_file(key).inside(folder)], Json::new(), String::new())
            }
            (_, _, flag) => {
                let problem = say!(
                    "there is no certificate in the files; --output-dir writes the private key alone",
                    "文件中没有证书；可用 --output-dir 只写出私钥"
                );
                Err(Failure::argument(flag.unwrap_or("FILE"), problem))
            }
        }
    }

    fn finish(&self, files: &[NewFile], json: Json, text: String) -> Result<Outcome> {
        let written = files::write_all(files, self.force)?;
        let text = if written.is_empty() { text } else { files::list(&written) };
        Ok(Outcome { text, json: json.with("files", &written) })
    }
}

fn key_file(key: &PrivateKey) -> NewFile {
    NewFile::private("key.pem", key.pem().as_bytes())
}

/// The one private key in the files.
fn one_key(mut keys: Vec<PrivateKey>) -> Result<Option<PrivateKey>> {
    let last = keys.pop();
    let is_other =
        |key: &PrivateKey| last.as_ref().is_some_and(|last| last.public() != key.public());
    if keys.iter().any(is_other) {
        let problem = say!(
            "there are several private keys in the files; one certificate is converted at a time",
            "文件中有多个私钥；每次只转换一张证书"
        );
        return Err(Failure::argument("FILE", problem));
    }
    Ok(last)
}

fn warn_about(list: &CertificateList) {
    if list.has_expired {
        warn(&say!(
            "a certificate in the chain has expired; wotrus cert inspect shows which",
            "证书链中有已过期的证书，可用 wotrus cert inspect 查看"
        ));
    }
    if list.leaves_out_invalid_issuer {
        warn(&say!(
            "an issuer was left out, because it has expired or is not valid yet",
            "有颁发者证书已过期或尚未生效，未写入"
        ));
    } else if list.status == ChainStatus::Incomplete {
        warn(&say!(
            "the issuer of the last certificate in the chain is not in the files",
            "文件中缺少证书链末端证书的颁发者证书"
        ));
    }
    let count = list.unrelated;
    if count > 0 {
        warn(&say!(
            "certificates that are not in the chain were left out: {count}",
            "不在证书链中的证书未写入，数量：{count}"
        ));
    }
}
