//! Certificate requests: their PEM is read as leniently as the document's example needs, and their signature is checked.

use ::signature::Verifier;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use serde::{Deserialize, Serialize};
use sm2::dsa::VerifyingKey;
use x509_cert::der::asn1::{AnyRef, BitString};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{self, Decode, Encode, Reader, SliceReader};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::certificate::key::{DISTINGUISHING_ID, SM2, SM2_SM3};
use crate::product::Product;
use crate::refusal::Refusal;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
/// The smallest RSA modulus that a public CA accepts, in bits.
const RSA_BITS: usize = 2048;

/// What the service keeps of a request: the public key. The certificate's subject comes from the order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Csr {
    /// The SubjectPublicKeyInfo in DER.
    pub(crate) public_key: Vec<u8>,
}

impl Csr {
    /// Whether the key is on SM2's curve.
    pub(crate) fn is_sm2(&self) -> bool {
        let key = SubjectPublicKeyInfoOwned::from_der(&self.public_key);
        let curve = key.ok().and_then(|key| key.algorithm.parameters?.decode_as().ok());
        curve == Some(SM2)
    }

    /// Reads a PEM request, and checks that its key fits the product.
    pub(crate) fn read_for(pem: &str, product: &Product) -> Result<Self, Refusal> {
        let csr = Self::read(pem)?;
        csr.check(product).map(|()| csr)
    }

    /// Refuses a key that does not fit the product: SM2 products need SM2 keys, and others must not have them.
    pub(crate) fn check(&self, product: &Product) -> Result<(), Refusal> {
        let fits = self.is_sm2() == product.sm2;
        fits.then_some(()).ok_or_else(|| Refusal::new("CSR 密钥算法与产品不符"))
    }

    /// Reads a PEM request. White space is ignored: the document's example has raw line breaks and blanks in it.
    pub(crate) fn read(pem: &str) -> Result<Self, Refusal> {
        let der = pem_body(pem).ok_or_else(|| Refusal::new("CSR 格式错误"))?;
        let request = Request::parse(&der).map_err(|_| Refusal::new("CSR 格式错误"))?;
        let key = &request.public_key;
        if !strong_enough(key)? {
            return Err(Refusal::new("CSR 的 RSA 密钥长度不能小于 2048 位"));
        }
        if !signed_by_its_key(&request) {
            return Err(Refusal::new("CSR 签名验证失败"));
        }
        let public_key = key.to_der().map_err(|_| Refusal::new("CSR 格式错误"))?;
        Ok(Self { public_key })
    }
}

/// A request taken apart. Its subject and its attributes are not needed; some programs leave the attributes
/// out, although PKCS#10 requires them.
struct Request<'a> {
    /// The bytes that are signed.
    info: &'a [u8],
    public_key: SubjectPublicKeyInfoOwned,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

impl<'a> Request<'a> {
    fn parse(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let request = reader.sequence(|reader| {
            let info = reader.tlv_bytes()?;
            let algorithm = Decode::decode(reader)?;
            let signature = Decode::decode(reader)?;
            Ok::<_, der::Error>(Self { info, public_key: public_key(info)?, algorithm, signature })
        })?;
        reader.finish()?;
        Ok(request)
    }
}

/// The key in `CertificationRequestInfo ::= SEQUENCE { version, subject, subjectPKInfo, attributes }`.
fn public_key(info: &[u8]) -> der::Result<SubjectPublicKeyInfoOwned> {
    SliceReader::new(info)?.sequence(|reader| {
        u8::decode(reader)?;
        AnyRef::decode(reader)?;
        let key = Decode::decode(reader)?;
        if !reader.is_finished() {
            AnyRef::decode(reader)?;
        }
        Ok::<_, der::Error>(key)
    })
}

fn pem_body(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem
        .split_once("-----BEGIN CERTIFICATE REQUEST-----")
        .or_else(|| pem.split_once("-----BEGIN NEW CERTIFICATE REQUEST-----"))?;
    let (text, _) = rest.split_once("-----END ")?;
    let dense: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(dense).ok()
}

fn strong_enough(key: &SubjectPublicKeyInfoOwned) -> Result<bool, Refusal> {
    let unsupported = || Refusal::new("CSR 密钥算法不支持");
    if key.algorithm.oid == RSA {
        let bits = modulus_bits(key.subject_public_key.raw_bytes()).ok_or_else(unsupported)?;
        return Ok(bits >= RSA_BITS);
    }
    let curve = || key.algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok();
    match curve() {
        Some(P256 | P384 | P521 | SM2) if key.algorithm.oid == EC => Ok(true),
        _ => Err(unsupported()),
    }
}

/// The length in bits of the modulus in `RSAPublicKey ::= SEQUENCE { modulus INTEGER, … }`.
fn modulus_bits(der: &[u8]) -> Option<usize> {
    use x509_cert::der::asn1::UintRef;
    let (modulus, _exponent): (UintRef<'_>, UintRef<'_>) = AnyRef::from_der(der)
        .ok()?
        .sequence(|r| Ok::<_, der::Error>((UintRef::decode(r)?, UintRef::decode(r)?)))
        .ok()?;
    let bytes = modulus.as_bytes();
    Some(bytes.len() * 8 - bytes.first()?.leading_zeros() as usize)
}

/// Whether the request is signed by its key. Algorithms that ring does not have (PSS, P-521) pass unchecked.
fn signed_by_its_key(request: &Request<'_>) -> bool {
    let Some(signature) = request.signature.as_bytes() else { return false };
    let key = &request.public_key;
    let curve = key.algorithm.parameters.as_ref().and_then(|p| p.decode_as().ok());
    if request.algorithm.oid == SM2_SM3 {
        return signed_with_sm2(key.subject_public_key.raw_bytes(), request.info, signature);
    }
    let Some(algorithm) = verifier(&request.algorithm.oid.to_string(), curve) else {
        return true;
    };
    UnparsedPublicKey::new(algorithm, key.subject_public_key.raw_bytes())
        .verify(request.info, signature)
        .is_ok()
}

/// OpenSSL signs requests with an empty identity, other programs with the default one.
fn signed_with_sm2(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let Ok(signature) = sm2::dsa::Signature::from_der(signature) else { return false };
    [DISTINGUISHING_ID, ""].into_iter().any(|id| {
        VerifyingKey::from_sec1_bytes(id, point)
            .is_ok_and(|key| key.verify(message, &signature).is_ok())
    })
}

fn verifier(
    oid: &str,
    curve: Option<ObjectIdentifier>,
) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match (oid, curve) {
        ("1.2.840.113549.1.1.5", _) => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        ("1.2.840.113549.1.1.11", _) => &signature::RSA_PKCS1_2048_8192_SHA256,
        ("1.2.840.113549.1.1.12", _) => &signature::RSA_PKCS1_2048_8192_SHA384,
        ("1.2.840.113549.1.1.13", _) => &signature::RSA_PKCS1_2048_8192_SHA512,
        ("1.2.840.10045.4.3.2", Some(P256)) => &signature::ECDSA_P256_SHA256_ASN1,
        ("1.2.840.10045.4.3.2", Some(P384)) => &signature::ECDSA_P384_SHA256_ASN1,
        ("1.2.840.10045.4.3.3", Some(P256)) => &signature::ECDSA_P256_SHA384_ASN1,
        ("1.2.840.10045.4.3.3", Some(P384)) => &signature::ECDSA_P384_SHA384_ASN1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../tests/fixtures/example.csr");

    #[test]
    fn the_example_is_read_with_any_line_breaks() {
        let one = Csr::read(EXAMPLE).unwrap();
        for variant in [
            EXAMPLE.replace('\n', "\r\n"),
            EXAMPLE.replace('\n', " \n\n"),
            EXAMPLE.replace("CERTIFICATE REQUEST-----\n", "CERTIFICATE REQUEST-----"),
            EXAMPLE.replace("CERTIFICATE REQ", "NEW CERTIFICATE REQ"),
        ] {
            assert!(Csr::read(&variant).is_ok_and(|csr| csr == one), "{variant}");
        }
    }

    #[test]
    fn a_request_without_attributes_is_read() {
        assert!(Csr::read(include_str!("../../tests/fixtures/no_attributes.csr")).is_ok());
    }

    #[test]
    fn a_text_that_is_not_a_request_is_refused() {
        for text in ["", "--- begin ---xxx xxx ---end---", &EXAMPLE[..400], &EXAMPLE[40..]] {
            assert_eq!(Csr::read(text).err().unwrap().message(), "CSR 格式错误");
        }
    }

    #[test]
    fn a_request_that_its_key_did_not_sign_is_refused() {
        let forged = EXAMPLE.replace("tNCFnM54", "tNCFnM55");
        assert_ne!(forged, EXAMPLE);
        assert_eq!(Csr::read(&forged).err().unwrap().message(), "CSR 签名验证失败");
    }

    #[test]
    fn sm2_signatures_are_checked_with_the_empty_and_the_default_identity() {
        for pem in [
            include_str!("../../tests/fixtures/sm2_sign.csr"),
            include_str!("../../tests/fixtures/sm2_encrypt.csr"),
        ] {
            assert!(Csr::read(pem).is_ok_and(|csr| csr.is_sm2()));
            // A changed byte in the signature, and one in the signed subject.
            let der = pem_body(pem).unwrap();
            for at in [der.len() - 1, 30] {
                let mut forged = der.clone();
                forged[at] ^= 1;
                let text = STANDARD.encode(forged);
                let pem = format!("-----BEGIN CERTIFICATE REQUEST-----\n{text}\n-----END C");
                assert!(Csr::read(&pem).is_err(), "{at}");
            }
        }
        assert!(!Csr::read(EXAMPLE).unwrap().is_sm2());
    }

    #[test]
    fn short_rsa_keys_and_other_algorithms_are_refused() {
        let short = include_str!("../../tests/fixtures/rsa1024.csr");
        assert!(Csr::read(short).err().unwrap().message().contains("2048"));
        assert!(Csr::read(include_str!("../../tests/fixtures/p256.csr")).is_ok());
        assert!(Csr::read(include_str!("../../tests/fixtures/p384.csr")).is_ok());
        let edwards = Csr::read(include_str!("../../tests/fixtures/ed25519.csr"));
        assert_eq!(edwards.err().unwrap().message(), "CSR 密钥算法不支持");
    }
}
