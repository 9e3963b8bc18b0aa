//! Reads private keys from files, PEM or DER.

use std::path::Path;

use wotrus::pki::{Format, blocks};
use zeroize::Zeroizing;

use super::encrypted::{self, Problem, is_encrypted};
use super::password::Password;
use super::private_key::PrivateKey;
use crate::charset;
use crate::failure::{Failure, Result};
use crate::file_format::{described, trimmed};
use crate::input;
use crate::lang::{self, named, say};

/// The private key of a file; `password` decrypts it if it is encrypted.
pub(crate) fn private_key(
    flag: &str,
    path: &Path,
    password: Option<&Password>,
) -> Result<PrivateKey> {
    let bytes = Zeroizing::new(input::bytes(flag, path)?);
    let name = charset::display(path);
    find(&bytes, &name, password).map_err(|problem| Failure::argument(flag, problem))
}

/// The first private key in the content of a file with this name; otherwise the problem.
fn find(bytes: &[u8], name: &str, password: Option<&Password>) -> Result<PrivateKey, String> {
    let bytes = trimmed(bytes);
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let mut damaged = None;
    for block in blocks(&text) {
        match block {
            Ok(block) if block.is_private_key() => {
                if block.is_encrypted() {
                    return Err(say!(
                        "{name} is encrypted in OpenSSL's old form; openssl pkey -in {name} -out FILE writes a readable copy",
                        "{name} 以 OpenSSL 旧格式加密；可用 openssl pkey -in {name} -out 文件 写出可读的副本"
                    ));
                }
                if block.label().starts_with("OPENSSH") {
                    return Err(say!(
                        "{name} is in OpenSSH's format; ssh-keygen -p -m PEM -f FILE converts a copy of it",
                        "{name} 为 OpenSSH 格式；可用 ssh-keygen -p -m PEM -f 文件 转换其副本"
                    ));
                }
                let der = block.der().map_err(|error| named(name, lang::text(&error.message())))?;
                return of_der(&Zeroizing::new(der), name, password);
            }
            Ok(_) => {}
            Err(error) => damaged = damaged.or(Some(error)),
        }
    }
    let reason = match (damaged, Format::of(bytes)) {
        (_, Some(Format::DerPrivateKey)) => return of_der(bytes, name, password),
        (Some(error), _) => lang::text(&error.message()),
        (None, Some(format)) => described(format),
        (None, None) => say!("it is neither PEM nor DER", "文件不是 PEM 或 DER"),
    };
    Err(say!("{name} contains no private key: {reason}", "{name} 中没有私钥：{reason}"))
}

/// A private key in DER, encrypted or not. `name` is that of its file.
pub(crate) fn of_der(
    der: &[u8],
    name: &str,
    password: Option<&Password>,
) -> Result<PrivateKey, String> {
    let plain = match (is_encrypted(der), password) {
        (false, _) => Zeroizing::new(der.to_vec()),
        (true, None) => {
            return Err(say!(
                "{name} is encrypted; give its password with --password-file",
                "{name} 已加密；请用 --password-file 提供密码"
            ));
        }
        (true, Some(password)) => {
            encrypted::decrypted(der, password.text()).map_err(|problem| match problem {
                Problem::Password => say!(
                    "{name} cannot be decrypted: the password is wrong, or the file is damaged",
                    "{name} 无法解密：密码错误或文件已损坏"
                ),
                Problem::Unsupported => say!(
                    "{name} is encrypted with an unsupported algorithm; openssl pkey -in {name} -out FILE writes a readable copy",
                    "{name} 使用了不受支持的加密算法；可用 openssl pkey -in {name} -out 文件 写出可读的副本"
                ),
            })?
        }
    };
    PrivateKey::from_der(&plain).ok_or_else(|| {
        say!(
            "{name} contains no public key beside the private one, or is of an unsupported kind; openssl pkey -in {name} -out FILE adds it",
            "{name} 未附带公钥或密钥类型不受支持；可用 openssl pkey -in {name} -out 文件 补全"
        )
    })
}
