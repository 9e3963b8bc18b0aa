//! PKCS#12 (`.pfx`, `.p12`): a private key and its chain under a password.

use std::fs::OpenOptions;
use std::io::Read;
use std::path::Path;

use p12_keystore::error::Error;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, Pkcs12Archive,
    PrivateKey as StoredKey, PrivateKeyChain,
};
use ring::digest;
use zeroize::Zeroizing;

use crate::failure::{Failure, Result};
use crate::key::{Password, PrivateKey};
use crate::lang::say;
use crate::open;

/// The algorithms of a PFX file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// PBES2 with AES-256, HMAC with SHA-256.
    Modern,
    /// 3DES and SHA-1, for programs that know nothing else.
    Legacy,
}

/// What a PFX file contains.
pub(crate) struct Entry<'a> {
    /// Shown by programs as the alias or the friendly name.
    pub(crate) name: &'a str,
    pub(crate) key: &'a PrivateKey,
    /// The leaf in DER, then upwards each issuer.
    pub(crate) chain: &'a [&'a [u8]],
}

impl Entry<'_> {
    /// The PFX file.
    pub(crate) fn pfx(&self, password: &str, encryption: Encryption) -> Result<Vec<u8>> {
        self.written(password, encryption).map_err(|error| {
            Failure::argument("--pfx", say!("cannot be made: {error}", "无法生成：{error}"))
        })
    }

    fn written(&self, password: &str, encryption: Encryption) -> p12_keystore::Result<Vec<u8>> {
        let certificates = self
            .chain
            .iter()
            .map(|der| Certificate::from_der(der))
            .collect::<Result<Vec<_>, _>>()?;
        let leaf = self.chain.first().copied().unwrap_or_default();
        // Any id will do that the key and the leaf have in common. Other programs use SHA-1 too.
        let id = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, leaf).as_ref().to_vec();
        let key = StoredKey::from_der(self.key.pkcs8())?;
        let chain = PrivateKeyChain::new(id, key, certificates);
        let mut store = KeyStore::new();
        store.add_entry(self.name, KeyStoreEntry::PrivateKeyChain(chain));
        let (algorithm, mac, iterations) = match encryption {
            Encryption::Modern => {
                let algorithm = EncryptionAlgorithm::PbeWithHmacSha256AndAes256;
                (algorithm, MacAlgorithm::HmacSha256, 100_000)
            }
            Encryption::Legacy => {
                let algorithm = EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc;
                (algorithm, MacAlgorithm::HmacSha1, 10_000)
            }
        };
        store
            .writer(password)
            .encryption_algorithm(algorithm)
            .encryption_iterations(iterations)
            .mac_algorithm(mac)
            .mac_iterations(iterations)
            .write()
    }
}

/// The certificates of a PFX file, each in DER, and the private keys, each as PKCS#8. `name` is that of the
/// file.
///
/// # Errors
/// The problem, in a sentence that names the file.
pub(super) fn read(
    pfx: &[u8],
    name: &str,
    password: Option<&Password>,
) -> Result<(Vec<Vec<u8>>, Vec<PrivateKey>), String> {
    let archive = archive(pfx, name, password)?;
    let keys = private_keys(&archive, name)?;
    Ok((archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect(), keys))
}

fn archive(pfx: &[u8], name: &str, password: Option<&Password>) -> Result<Pkcs12Archive, String> {
    let archive = Pkcs12Archive::from_pkcs12(pfx, password.map_or("", Password::text));
    archive.map_err(|error| match (error, password) {
        (Error::MacError(_) | Error::Pkcs5Error(_) | Error::UnpadError, None) => say!(
            "{name} is encrypted; give its password with --password-file",
            "{name} 已加密；请用 --password-file 提供密码"
        ),
        (error @ (Error::MacError(_) | Error::Pkcs5Error(_) | Error::UnpadError), Some(_))
            if !is_unsupported(&error) => say!(
            "{name} cannot be decrypted: the password is wrong, or the file is damaged",
            "{name} 无法解密：密码错误或文件已损坏"
        ),
        (error, _) => say!(
            "{name} is PKCS#12 that cannot be read ({error}); openssl pkcs12 -legacy -in {name} -nodes -out FILE may read it",
            "{name} 是无法读取的 PKCS#12（{error}）；可尝试 openssl pkcs12 -legacy -in {name} -nodes -out 文件"
        ),
    })
}

/// Whether the algorithm is at fault and not the password. The error has only a text.
fn is_unsupported(error: &Error) -> bool {
    matches!(error, Error::Pkcs5Error(text) if text.contains("unsupported"))
}

fn private_keys(archive: &Pkcs12Archive, name: &str) -> Result<Vec<PrivateKey>, String> {
    let keys = archive.keys.iter().map(|bag| PrivateKey::from_der(bag.key.as_der()));
    let keys: Option<Vec<_>> = keys.collect();
    keys.ok_or_else(|| {
        say!(
            "{name} contains a private key of an unsupported kind, or without its public half; openssl pkcs12 -in {name} -nodes -out FILE and openssl ec -in FILE -out KEY add that of an EC key",
            "{name} 含有类型不受支持或未附带公钥的私钥；若为 EC 密钥，可用 openssl pkcs12 -in {name} -nodes -out 文件 和 openssl ec -in 文件 -out 私钥文件 补全"
        )
    })
}

/// Whether the file at a path is a PFX file that the password opens, and this key is all that is secret in it.
pub(crate) fn has_only(path: &Path, password: &Password, key: &PrivateKey) -> bool {
    let mut bytes = Zeroizing::new(Vec::new());
    let file = open::regular(path, OpenOptions::new().read(true));
    if file.and_then(|mut file| file.read_to_end(&mut bytes)).is_err() {
        return false;
    }
    archive(&bytes, "", Some(password)).is_ok_and(|archive| {
        let keys = private_keys(&archive, "").unwrap_or_default();
        let are_this_key = keys.iter().all(|found| found.public() == key.public());
        !keys.is_empty() && are_this_key && archive.secrets.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use p12_keystore::secret::{Secret, SecretKeyType};

    use super::*;
    use crate::key::Algorithm;

    fn key() -> PrivateKey {
        PrivateKey::from_der(&Algorithm::P256.generate().unwrap()).unwrap()
    }

    #[test]
    fn a_pfx_with_another_secret_or_without_a_key_is_not_only_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let (path, password) = (folder.path().join("a.pfx"), folder.path().join("password"));
        std::fs::write(&password, "changeit").unwrap();
        let password = Password::read("", &password).unwrap();
        let (this, other) = (key(), key());
        for (keys, secrets, expected) in [
            (&[&this][..], 0, true),
            (&[&this, &this], 0, true),
            (&[&this, &other], 0, false),
            (&[&other], 0, false),
            (&[&this], 1, false),
            (&[], 1, false),
            (&[], 0, false),
        ] {
            let mut store = KeyStore::new();
            for (index, key) in keys.iter().enumerate() {
                let key = StoredKey::from_der(key.pkcs8()).unwrap();
                let chain = PrivateKeyChain::new(vec![index as u8], key, Vec::new());
                store.add_entry(&index.to_string(), KeyStoreEntry::PrivateKeyChain(chain));
            }
            for _ in 0..secrets {
                let secret = Secret::builder(SecretKeyType::Aes).with_length(32).build().unwrap();
                store.add_entry("secret", KeyStoreEntry::Secret(secret));
            }
            let pfx = store.writer(password.text()).write().unwrap();
            assert_eq!(
                Pkcs12Archive::from_pkcs12(&pfx, password.text()).unwrap().secrets.len(),
                secrets
            );
            std::fs::write(&path, pfx).unwrap();
            let found = has_only(&path, &password, &this);
            assert_eq!(found, expected, "{} keys, {secrets} secrets", keys.len());
        }
    }
}
