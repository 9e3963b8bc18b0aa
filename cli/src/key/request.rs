//! Certificate signing requests (PKCS#10).

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, RSA_PKCS1_SHA256, RsaKeyPair,
};
use sm2::dsa::SigningKey;
use sm2::dsa::signature::Signer;
use sm2::pkcs8::DecodePrivateKey;
use wotrus::{Cause, Kind};
use x509_cert::attr::Attributes;
use x509_cert::der::asn1::{Any, BitString, Null, ObjectIdentifier, OctetString};
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Encode, EncodePem};
use x509_cert::ext::Extension;
use x509_cert::request::{CertReq, CertReqInfo, ExtensionReq, Version};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::private_key::{EC, P256, P384, PrivateKey, RSA, SM2};
use super::subject::CheckedSubject;
use crate::failure::{Failure, Result};
use crate::lang::say;

const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
/// An SM2 signature with SM3 (GB/T 32918).
const SM2_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
/// The default identity of the signer in an SM2 signature (GM/T 0009).
const DISTINGUISHING_ID: &str = "1234567812345678";

/// A request in PEM for the key and the subject.
///
/// # Errors
/// If the key is of a kind that cannot sign requests here.
pub(crate) fn request(key: &PrivateKey, subject: &CheckedSubject) -> Result<String> {
    pem(key, subject).ok_or_else(|| {
        let message = say!(
            "no request can be made with this key: RSA of 2048, 3072 and 4096 bits (two primes, an exponent of 65537 or more), P-256, P-384 and SM2 (the curve by its name) are supported; openssl req -new -key FILE makes requests for other keys",
            "无法用此密钥生成 CSR：支持 2048、3072 和 4096 位 RSA（两个素数，指数不小于 65537）以及 P-256、P-384 和 SM2（以名称标识曲线）；其他密钥可用 openssl req -new -key 文件 生成 CSR"
        );
        Failure::new(Kind::Argument, Cause::Invalid, message)
    })
}

fn pem(key: &PrivateKey, subject: &CheckedSubject) -> Option<String> {
    let mut attributes = Attributes::new();
    if !subject.alternative_names.0.is_empty() {
        let value = subject.alternative_names.to_der().ok()?;
        let extension = Extension {
            extn_id: SUBJECT_ALT_NAME,
            critical: false,
            extn_value: OctetString::new(value).ok()?,
        };
        attributes.insert(ExtensionReq(vec![extension]).try_into().ok()?).ok()?;
    }
    let info = CertReqInfo {
        version: Version::V1,
        subject: subject.name.clone(),
        public_key: key.spki().clone(),
        attributes,
    };
    let (oid, parameters, signature) = sign(key, &info.to_der().ok()?)?;
    let algorithm = AlgorithmIdentifierOwned { oid, parameters };
    let signature = BitString::from_bytes(&signature).ok()?;
    CertReq { info, algorithm, signature }.to_pem(LineEnding::LF).ok()
}

/// The algorithm, its parameters, and the signature.
fn sign(key: &PrivateKey, message: &[u8]) -> Option<(ObjectIdentifier, Option<Any>, Vec<u8>)> {
    let algorithm = &key.spki().algorithm;
    let curve = || algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok();
    Some(match algorithm.oid {
        RSA => {
            // Some programs leave out the NULL that PKCS#8 has for RSA.
            let pair = RsaKeyPair::from_der(key.inner()?).ok()?;
            let mut signature = vec![0; pair.public().modulus_len()];
            pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
            (RSA_SHA256, Some(Any::encode_from(&Null).ok()?), signature)
        }
        EC => match curve()? {
            P256 => (ECDSA_SHA256, None, ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING, key, message)?),
            P384 => (ECDSA_SHA384, None, ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING, key, message)?),
            SM2 => {
                let secret = sm2::SecretKey::from_pkcs8_der(key.pkcs8()).ok()?;
                let signer = SigningKey::new(DISTINGUISHING_ID, &secret).ok()?;
                let signature: sm2::dsa::Signature = signer.try_sign(message).ok()?;
                (SM2_SM3, None, signature.to_der().as_bytes().to_vec())
            }
            _ => return None,
        },
        _ => return None,
    })
}

fn ecdsa(
    algorithm: &'static EcdsaSigningAlgorithm,
    key: &PrivateKey,
    message: &[u8],
) -> Option<Vec<u8>> {
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, key.pkcs8(), &random).ok()?;
    Some(pair.sign(&random, message).ok()?.as_ref().to_vec())
}
