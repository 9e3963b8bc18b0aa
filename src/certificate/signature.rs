//! Whether one certificate's key signed another certificate.

use ring::VerificationAlgorithm;
use ring::signature as ring;
use rustls_pki_types::alg_id;

use super::der::{INTEGER, OID, Reader};
use super::key::{EC, P256, P384, RSA, Spki};
use super::x509::Certificate;

/// What is known of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureStatus {
    /// The issuer's key made it.
    Valid,
    /// The issuer's key did not make it.
    Invalid,
    /// It was not checked: an algorithm that is not supported (SM2, P-521, …), or a key that is
    /// too small or too large for it.
    Unknown,
}

/// Ed25519 (1.3.101.112)
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// The signature algorithms below 1.2.840.113549.1.1 (RSA) and 1.2.840.10045.4.3 (ECDSA).
const PKCS1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];

/// Whether `issuer`'s key signed `certificate`.
pub fn check_signature(certificate: &Certificate, issuer: &Certificate) -> SignatureStatus {
    check(certificate, issuer).map_or(SignatureStatus::Unknown, |valid| match valid {
        true => SignatureStatus::Valid,
        false => SignatureStatus::Invalid,
    })
}

/// `None` if it cannot be checked.
fn check(certificate: &Certificate, issuer: &Certificate) -> Option<bool> {
    let issuer = Spki::parse(issuer.spki_der())?;
    let algorithm = algorithm(certificate.signature_algorithm_der(), &issuer)?;
    // ring reads only points with both coordinates.
    if issuer.algorithm == EC && issuer.key.first() != Some(&4) {
        return None;
    }
    let key = ring::UnparsedPublicKey::new(algorithm, issuer.key);
    Some(key.verify(certificate.tbs_der(), certificate.signature()?).is_ok())
}

/// The way to check a signature made with `identifier` (an AlgorithmIdentifier in DER) and `key`.
fn algorithm(identifier: &[u8], key: &Spki<'_>) -> Option<&'static dyn VerificationAlgorithm> {
    let mut parts = Reader::new(identifier).sequence()?;
    let whole = parts.rest();
    let oid = parts.expect(OID)?.content;
    if oid == ED25519 && key.algorithm == ED25519 {
        return Some(&ring::ED25519);
    }
    if key.algorithm == EC {
        return Some(match (key.parameters, oid.strip_prefix(ECDSA)?) {
            (P256, [2]) => &ring::ECDSA_P256_SHA256_ASN1,
            (P256, [3]) => &ring::ECDSA_P256_SHA384_ASN1,
            (P384, [2]) => &ring::ECDSA_P384_SHA256_ASN1,
            (P384, [3]) => &ring::ECDSA_P384_SHA384_ASN1,
            _ => return None,
        });
    }
    if key.algorithm != RSA {
        return None;
    }
    let bits = rsa_bits(key.key)?;
    let found: &ring::RsaParameters = match oid.strip_prefix(PKCS1)? {
        [5] => &ring::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        [11] => &ring::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        [13] => &ring::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        _ if bits < 2048 => return None,
        [12] => &ring::RSA_PKCS1_2048_8192_SHA384,
        _ if whole == alg_id::RSA_PSS_SHA256.as_ref() => &ring::RSA_PSS_2048_8192_SHA256,
        _ if whole == alg_id::RSA_PSS_SHA384.as_ref() => &ring::RSA_PSS_2048_8192_SHA384,
        _ if whole == alg_id::RSA_PSS_SHA512.as_ref() => &ring::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    };
    Some(found)
}

/// The size of an RSA key in bits, if ring supports keys of this size and with this exponent.
fn rsa_bits(key: &[u8]) -> Option<usize> {
    let mut numbers = Reader::new(key).sequence()?;
    let modulus = numbers.expect(INTEGER)?.content;
    let exponent = numbers.expect(INTEGER)?.content;
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let bits = modulus.len() * 8 - modulus.first()?.leading_zeros() as usize;
    let exponent_fits = exponent.len() <= 4 && exponent != [1];
    Some(bits).filter(|bits| (1024..=8192).contains(bits) && exponent_fits)
}
