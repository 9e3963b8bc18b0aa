//! The public keys of CSRs and private keys, to be compared with a certificate's.

use std::path::Path;

use ring::signature::{Ed25519KeyPair, KeyPair};
use wotrus::pki::{CertificateRequest, Format, PublicKey, blocks};
use x509_cert::der::asn1::{Any, AnyRef, BitString, Null, ObjectIdentifier};
use x509_cert::der::{Decode, Encode, Tag, TagNumber, Tagged};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use zeroize::Zeroizing;

use super::der::{members, sequence};
use crate::charset;
use crate::failure::{Failure, Result};
use crate::file_format::described;
use crate::input;
use crate::lang::{self, say};

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The key of a CSR, in PEM or DER.
pub(super) fn of_csr(path: &Path) -> Result<PublicKey> {
    const FLAG: &str = "--csr";
    let bytes = input::bytes(FLAG, path)?;
    let text = String::from_utf8_lossy(&bytes);
    let in_pem = || {
        let block = blocks(&text).filter_map(Result::ok).find(|block| block.is_request())?;
        CertificateRequest::from_der(block.der().ok()?)
    };
    let request = CertificateRequest::from_der(bytes.as_slice()).or_else(in_pem);
    let refuse = |problem: String| {
        let name = charset::display(path);
        Failure::argument(FLAG, format!("{name}: {problem}"))
    };
    match request {
        Some(request) => request.public_key().ok_or_else(|| {
            refuse(say!("the public key of the CSR cannot be read", "无法读取 CSR 的公钥"))
        }),
        // The reader of CSRs for orders says in detail what is wrong.
        None => Err(refuse(match (CertificateRequest::from_pem(&text), Format::of(&bytes)) {
            (Err(problem), None) => lang::text(&problem),
            (_, Some(format)) => described(format),
            (Ok(_), None) => say!("is not a CSR", "不是 CSR"),
        })),
    }
}

/// The public half of a private key, in PEM or DER.
pub(super) fn of_private_key(path: &Path) -> Result<PublicKey> {
    const FLAG: &str = "--key";
    let bytes = Zeroizing::new(input::bytes(FLAG, path)?);
    let name = charset::display(path);
    let refuse = |problem: String| Failure::argument(FLAG, problem);
    let encrypted = || {
        refuse(say!(
            "{name} is encrypted; openssl pkey -in {name} | wotrus cert inspect … --key - asks for its password",
            "{name} 已加密；可用 openssl pkey -in {name} | wotrus cert inspect … --key - 输入密码"
        ))
    };
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    let mut damaged = None;
    let mut key = None;
    for block in blocks(&text) {
        match block {
            Ok(block) if block.is_private_key() => {
                if block.is_encrypted() || block.label().starts_with("ENCRYPTED") {
                    return Err(encrypted());
                }
                if block.label().starts_with("OPENSSH") {
                    return Err(refuse(say!(
                        "{name} is in OpenSSH's format; ssh-keygen -p -m PEM -f FILE converts a copy of it",
                        "{name} 为 OpenSSH 格式；可用 ssh-keygen -p -m PEM -f 文件 转换其副本"
                    )));
                }
                let der = block.der().map_err(|error| refuse(format!("{name}: {error}")))?;
                key = Some(Zeroizing::new(der));
                break;
            }
            Ok(_) => {}
            Err(error) => damaged = damaged.or(Some(error)),
        }
    }
    let format = Format::of(&bytes);
    let key = match key {
        Some(key) => key,
        None if format == Some(Format::DerPrivateKey) => bytes,
        None => {
            let reason = match (damaged, format) {
                (Some(error), _) => error.to_string(),
                (None, Some(format)) => described(format),
                (None, None) => say!("it is neither PEM nor DER", "文件不是 PEM 或 DER"),
            };
            return Err(refuse(say!(
                "{name} contains no private key: {reason}",
                "{name} 中没有私钥：{reason}"
            )));
        }
    };
    if is_encrypted(&key) {
        return Err(encrypted());
    }
    public_half(&key).ok_or_else(|| {
        refuse(say!(
            "{name} contains no public key beside the private one, or is of an unsupported kind; openssl pkey -in {name} | wotrus cert inspect … --key - adds it",
            "{name} 未附带公钥或密钥类型不受支持；可用 openssl pkey -in {name} | wotrus cert inspect … --key - 补全"
        ))
    })
}

/// EncryptedPrivateKeyInfo: an algorithm and a text.
fn is_encrypted(key: &[u8]) -> bool {
    sequence(key).is_some_and(|parts| {
        matches!(&parts[..], [one, two] if one.tag() == Tag::Sequence && two.tag() == Tag::OctetString)
    })
}

/// Reads PKCS#8, PKCS#1 and SEC 1. What a key may be used for is not asked: it is only compared.
fn public_half(key: &[u8]) -> Option<PublicKey> {
    let parts = sequence(key)?;
    let (algorithm, bits) = match &parts[..] {
        [_version, algorithm, private, rest @ ..] if algorithm.tag() == Tag::Sequence => {
            let algorithm = AlgorithmIdentifierOwned::from_der(&algorithm.to_der().ok()?).ok()?;
            let private = private.value();
            let bits = match algorithm.oid {
                RSA | RSA_PSS => rsa_bits(private)?,
                EC => tagged(&sequence(private)?, 1).and_then(bit_string)?,
                ED25519 => {
                    let seed = AnyRef::from_der(private).ok()?;
                    let pair = Ed25519KeyPair::from_seed_unchecked(seed.value()).ok()?;
                    pair.public_key().as_ref().to_vec()
                }
                // PKCS#8 version 2: [1], an implicitly tagged BIT STRING.
                _ => tagged(rest, 1)?.strip_prefix(&[0])?.to_vec(),
            };
            (algorithm, bits)
        }
        // RFC 5915: [0] is the curve, [1] the public key.
        [_version, private, rest @ ..] if private.tag() == Tag::OctetString => {
            let curve = Any::from_der(tagged(rest, 0)?).ok()?;
            let algorithm = AlgorithmIdentifierOwned { oid: EC, parameters: Some(curve) };
            (algorithm, tagged(rest, 1).and_then(bit_string)?)
        }
        _ => {
            let null = Any::encode_from(&Null).ok()?;
            (AlgorithmIdentifierOwned { oid: RSA, parameters: Some(null) }, rsa_bits(key)?)
        }
    };
    let subject_public_key = BitString::from_bytes(&bits).ok()?;
    let spki = SubjectPublicKeyInfoOwned { algorithm, subject_public_key };
    PublicKey::from_spki(&spki.to_der().ok()?)
}

/// PKCS#1's RSAPublicKey, the modulus and the public exponent, out of its RSAPrivateKey.
fn rsa_bits(private: &[u8]) -> Option<Vec<u8>> {
    let parts = sequence(private)?;
    let [_version, modulus, exponent, ..] = &parts[..] else { return None };
    let numbers = [modulus.to_der().ok()?, exponent.to_der().ok()?].concat();
    AnyRef::new(Tag::Sequence, &numbers).ok()?.to_der().ok()
}

/// The content of a context-specific tag.
fn tagged<'a>(parts: &[AnyRef<'a>], wanted: u32) -> Option<&'a [u8]> {
    let is = |part: &&AnyRef<'_>| matches!(part.tag(), Tag::ContextSpecific { number, .. } if number == TagNumber(wanted));
    parts.iter().find(is).map(|part| part.value())
}

fn bit_string(der: &[u8]) -> Option<Vec<u8>> {
    let parts = members(der)?;
    let [bits] = &parts[..] else { return None };
    (bits.tag() == Tag::BitString).then(|| bits.value().strip_prefix(&[0]).map(<[u8]>::to_vec))?
}
