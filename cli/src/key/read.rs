//! Reads private keys from files, PEM or DER.

use std::path::Path;

use wotrus::pki::{Block, Format, blocks};
use zeroize::Zeroizing;

use super::encrypted::{self, Problem, is_encrypted};
use super::password::Password;
use super::private_key::{PrivateKey, is_ec};
use crate::charset;
use crate::failure::{Failure, Result};
use crate::file_format::{decoded_base64, described_without_key, trimmed};
use crate::input;
use crate::lang::{self, named, say};

/// The one private key of a file; one of the passwords decrypts it if it is encrypted.
pub(crate) fn private_key(flag: &str, path: &Path, passwords: &[&Password]) -> Result<PrivateKey> {
    let mut keys = private_keys(flag, path, passwords)?;
    let key = keys.remove(0);
    if keys.iter().any(|other| other.public() != key.public()) {
        let problem = say!("contains several private keys", "含有多个私钥");
        return Err(Failure::argument(flag, named(&input::name(path), problem)));
    }
    Ok(key)
}

/// The private keys of a file, at least one.
pub(crate) fn private_keys(
    flag: &str,
    path: &Path,
    passwords: &[&Password],
) -> Result<Vec<PrivateKey>> {
    let bytes = Zeroizing::new(input::bytes(flag, path)?);
    let name = charset::display(path);
    find(&bytes, &name, passwords).map_err(|problem| Failure::argument(flag, problem))
}

/// The private keys in the content of a file with this name; otherwise the problem.
fn find(bytes: &[u8], name: &str, passwords: &[&Password]) -> Result<Vec<PrivateKey>, String> {
    let bytes = trimmed(bytes);
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let (mut keys, mut damaged, mut other) = (Vec::new(), None, None);
    for block in blocks(&text) {
        match block {
            Ok(block) if block.is_private_key() => keys.push(of_block(&block, name, passwords)?),
            Ok(block) => other = other.or(Some(block.label().to_owned())),
            Err(error) => damaged = damaged.or(Some(error)),
        }
    }
    if !keys.is_empty() {
        return Ok(keys);
    }
    let reason = match (damaged, Format::of(bytes), other) {
        (_, Some(Format::DerPrivateKey), _) => return Ok(vec![of_der(bytes, name, passwords)?]),
        (_, Some(Format::Base64), _) => match decoded_base64(bytes) {
            Some(der) if Format::of(&der) == Some(Format::DerPrivateKey) => {
                return Ok(vec![of_der(&der, name, passwords)?]);
            }
            _ => described_without_key(Format::Base64),
        },
        (Some(error), _, _) => lang::text(&error.message()),
        (None, Some(format), _) => described_without_key(format),
        (None, None, Some(label)) => say!("it is {label}", "文件内容为 {label}"),
        (None, None, None) => say!("it is neither PEM nor DER", "文件不是 PEM 或 DER"),
    };
    Err(say!("{name} contains no private key: {reason}", "{name} 中没有私钥：{reason}"))
}

/// The private key in a PEM block.
fn of_block(block: &Block<'_>, name: &str, passwords: &[&Password]) -> Result<PrivateKey, String> {
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
    of_der(&Zeroizing::new(der), name, passwords)
}

/// A private key in DER, encrypted or not. `name` is that of its file.
pub(crate) fn of_der(
    der: &[u8],
    name: &str,
    passwords: &[&Password],
) -> Result<PrivateKey, String> {
    let plain = match is_encrypted(der) {
        false => Zeroizing::new(der.to_vec()),
        true => decrypted(der, name, passwords)?,
    };
    PrivateKey::from_der(&plain).ok_or_else(|| match is_ec(&plain) {
        true => say!(
            "{name} contains no public key beside the private one; openssl ec -in {name} -out FILE adds it",
            "{name} 未附带公钥；可用 openssl ec -in {name} -out 文件 补全"
        ),
        false => say!(
            "{name} is damaged, or a private key of an unsupported kind; RSA, EC and Ed25519 are supported",
            "{name} 已损坏或密钥类型不受支持；支持 RSA、EC 和 Ed25519"
        ),
    })
}

/// PKCS#8 in DER, decrypted with one of the passwords.
fn decrypted(
    der: &[u8],
    name: &str,
    passwords: &[&Password],
) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut problem = None;
    for password in passwords {
        match encrypted::decrypted(der, password.text()) {
            Ok(plain) => return Ok(plain),
            Err(found) => problem = Some(found),
        }
    }
    Err(match problem {
        None => say!(
            "{name} is encrypted; give its password with --password-file",
            "{name} 已加密；请用 --password-file 提供密码"
        ),
        Some(Problem::Password) => say!(
            "{name} cannot be decrypted: the password is wrong, or the file is damaged",
            "{name} 无法解密：密码错误或文件已损坏"
        ),
        Some(Problem::Unsupported) => say!(
            "{name} is encrypted with an unsupported algorithm; openssl pkey -in {name} -out FILE writes a readable copy",
            "{name} 使用了不受支持的加密算法；可用 openssl pkey -in {name} -out 文件 写出可读的副本"
        ),
    })
}
