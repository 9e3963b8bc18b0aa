//! Private keys that are encrypted with a password (PKCS#8's EncryptedPrivateKeyInfo).

use pkcs8::pkcs5::{self, pbes2::Parameters};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use ring::rand::{SecureRandom, SystemRandom};
use wotrus::{Cause, Kind};
use x509_cert::der::pem::{LineEnding, encode_string};
use x509_cert::der::{Tag, Tagged};
use zeroize::Zeroizing;

use super::private_key::PrivateKey;
use crate::der::sequence;
use crate::failure::{Failure, Result};
use crate::lang::say;

/// What OWASP recommends for PBKDF2 with HMAC-SHA-256.
const ITERATIONS: u32 = 600_000;

/// EncryptedPrivateKeyInfo: an algorithm and a text.
pub(super) fn is_encrypted(key: &[u8]) -> bool {
    sequence(key).is_some_and(|parts| {
        matches!(&parts[..], [one, two] if one.tag() == Tag::Sequence && two.tag() == Tag::OctetString)
    })
}

/// Why a key cannot be decrypted.
pub(super) enum Problem {
    /// An algorithm that this program does not know.
    Unsupported,
    Password,
}

/// PKCS#8 in DER out of EncryptedPrivateKeyInfo.
pub(super) fn decrypted(key: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let info = EncryptedPrivateKeyInfoRef::try_from(key).map_err(|_| Problem::Unsupported)?;
    // A wrong password is noticed by the padding, or because the plain text is not PKCS#8.
    let plain = info.decrypt(password).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::DecryptFailed)
        | pkcs8::Error::Asn1(_)
        | pkcs8::Error::KeyMalformed(_) => Problem::Password,
        _ => Problem::Unsupported,
    })?;
    Ok(Zeroizing::new(plain.as_bytes().to_vec()))
}

/// EncryptedPrivateKeyInfo in PEM: AES-256 with a key that PBKDF2 derives with HMAC-SHA-256, which OpenSSL and Java
/// read.
pub(crate) fn encrypted_pem(key: &PrivateKey, password: &str) -> Result<String> {
    let pem = || {
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        let random = SystemRandom::new();
        random.fill(&mut salt).and_then(|()| random.fill(&mut iv)).ok()?;
        let parameters =
            Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, iv).ok()?;
        let info = PrivateKeyInfoRef::try_from(key.pkcs8()).ok()?;
        let der = info.encrypt_with_params(parameters, password).ok()?;
        encode_string("ENCRYPTED PRIVATE KEY", LineEnding::LF, der.as_bytes()).ok()
    };
    pem().ok_or_else(|| {
        let message = say!("the key cannot be encrypted", "无法加密私钥");
        Failure::new(Kind::Internal, Cause::Invalid, message)
    })
}
