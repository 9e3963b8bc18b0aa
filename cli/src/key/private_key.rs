//! A private key, and its public half.

use pkcs8::EncodePrivateKey;
use ring::signature::{Ed25519KeyPair, KeyPair};
use wotrus::pki::PublicKey;
use x509_cert::der::asn1::{Any, AnyRef, BitString, Null, ObjectIdentifier};
use x509_cert::der::pem::{LineEnding, encode_string};
use x509_cert::der::{Decode, Encode, Tag, Tagged};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use zeroize::Zeroizing;

use crate::der::{constructed, element, members, sequence, tagged};

/// id-ecPublicKey
pub(crate) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// rsaEncryption
pub(crate) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(crate) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
pub(crate) const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
pub(crate) const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// A private key of any kind. It has no `Debug`, and is overwritten when it is dropped.
pub(crate) struct PrivateKey {
    pkcs8: Zeroizing<Vec<u8>>,
    spki: SubjectPublicKeyInfoOwned,
    public: PublicKey,
}

impl PrivateKey {
    /// Reads PKCS#8, PKCS#1 or SEC 1 in DER; `None` if it is none of them, or if its public half is not
    /// there and cannot be computed.
    pub(crate) fn from_der(key: &[u8]) -> Option<Self> {
        let found = Self::with_public_half(key);
        if found.as_ref().is_some_and(|it| !it.has_compressed_point()) {
            return found;
        }
        completed(key).and_then(|key| Self::with_public_half(&key)).or(found)
    }

    /// Whether the public half is the shorter form of a point on a curve, which few programs read.
    fn has_compressed_point(&self) -> bool {
        self.spki.algorithm.oid == EC
            && matches!(self.spki.subject_public_key.raw_bytes(), [2 | 3, ..])
    }

    fn with_public_half(key: &[u8]) -> Option<Self> {
        let parts = sequence(key)?;
        let (pkcs8, algorithm, bits) = match &parts[..] {
            [_version, algorithm, private, rest @ ..] if algorithm.tag() == Tag::Sequence => {
                let algorithm =
                    AlgorithmIdentifierOwned::from_der(&algorithm.to_der().ok()?).ok()?;
                let bits = public_bits(&algorithm.oid, private.value(), rest)?;
                (key.to_vec(), algorithm, bits)
            }
            // RFC 5915: [0] is the curve, [1] the public key.
            [_version, private, rest @ ..] if private.tag() == Tag::OctetString => {
                let curve = Any::from_der(tagged(rest, 0)?).ok()?;
                let algorithm = AlgorithmIdentifierOwned { oid: EC, parameters: Some(curve) };
                let bits = tagged(rest, 1).and_then(bit_string)?;
                (pkcs8(&algorithm, key)?, algorithm, bits)
            }
            _ => {
                let null = Any::encode_from(&Null).ok()?;
                let algorithm = AlgorithmIdentifierOwned { oid: RSA, parameters: Some(null) };
                (pkcs8(&algorithm, key)?, algorithm, rsa_bits(key)?)
            }
        };
        let pkcs8 = Zeroizing::new(pkcs8);
        let subject_public_key = BitString::from_bytes(&bits).ok()?;
        let spki = SubjectPublicKeyInfoOwned { algorithm, subject_public_key };
        let public = PublicKey::from_spki(&spki.to_der().ok()?)?;
        Some(Self { pkcs8, spki, public })
    }

    /// PKCS#8 in DER.
    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The key inside PKCS#8, in the form of its kind: PKCS#1 for RSA.
    pub(super) fn inner(&self) -> Option<&[u8]> {
        Some(sequence(&self.pkcs8)?.get(2)?.value())
    }

    /// PKCS#8 in PEM.
    pub(crate) fn pem(&self) -> Zeroizing<String> {
        let pem = encode_string("PRIVATE KEY", LineEnding::LF, &self.pkcs8);
        Zeroizing::new(pem.expect("a key is not too long for PEM"))
    }

    /// The public half as certificates contain it.
    pub(crate) fn spki(&self) -> &SubjectPublicKeyInfoOwned {
        &self.spki
    }

    /// The public half, to be compared.
    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// The bits of the public key out of the members of PKCS#8. What a key may be used for is not asked.
fn public_bits(
    algorithm: &ObjectIdentifier,
    private: &[u8],
    rest: &[AnyRef<'_>],
) -> Option<Vec<u8>> {
    Some(match *algorithm {
        RSA | RSA_PSS => rsa_bits(private)?,
        EC => tagged(&sequence(private)?, 1).and_then(bit_string)?,
        ED25519 => {
            let seed = AnyRef::from_der(private).ok()?;
            let pair = Ed25519KeyPair::from_seed_unchecked(seed.value()).ok()?;
            pair.public_key().as_ref().to_vec()
        }
        // PKCS#8 version 2: [1], an implicitly tagged BIT STRING.
        _ => tagged(rest, 1)?.strip_prefix(&[0])?.to_vec(),
    })
}

/// Whether it is an EC key in PKCS#8 or SEC 1.
pub(super) fn is_ec(key: &[u8]) -> bool {
    let Some(parts) = sequence(key) else { return false };
    match &parts[..] {
        [_version, algorithm, _private, ..] if algorithm.tag() == Tag::Sequence => {
            let members = algorithm.to_der().ok();
            let members = members.as_deref().and_then(sequence);
            members.is_some_and(|it| it.first().and_then(|oid| oid.decode_as().ok()) == Some(EC))
        }
        [_version, private, ..] => private.tag() == Tag::OctetString,
        _ => false,
    }
}

/// An EC key with its whole public half, which Java leaves out, as PKCS#8.
fn completed(key: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let parts = sequence(key)?;
    let (curve, private) = match &parts[..] {
        [_version, algorithm, private, ..] if algorithm.tag() == Tag::Sequence => {
            let algorithm = AlgorithmIdentifierOwned::from_der(&algorithm.to_der().ok()?).ok()?;
            let curve = algorithm.parameters.filter(|_| algorithm.oid == EC)?;
            (curve.decode_as().ok()?, sequence(private.value())?)
        }
        [_version, private, rest @ ..] if private.tag() == Tag::OctetString => {
            (ObjectIdentifier::from_der(tagged(rest, 0)?).ok()?, sequence(key)?)
        }
        _ => return None,
    };
    let scalar = private.get(1)?.value();
    let document = match curve {
        P256 => p256::SecretKey::from_slice(scalar).ok()?.to_pkcs8_der(),
        P384 => p384::SecretKey::from_slice(scalar).ok()?.to_pkcs8_der(),
        SM2 => sm2::SecretKey::from_slice(scalar).ok()?.to_pkcs8_der(),
        _ => return None,
    };
    Some(Zeroizing::new(document.ok()?.as_bytes().to_vec()))
}

/// PKCS#8 around a key in an older form.
fn pkcs8(algorithm: &AlgorithmIdentifierOwned, key: &[u8]) -> Option<Vec<u8>> {
    const VERSION_1: &[u8] = &[2, 1, 0];
    let private = Zeroizing::new(element(Tag::OctetString, key)?);
    constructed(Tag::Sequence, &[VERSION_1, &algorithm.to_der().ok()?, &private])
}

/// PKCS#1's RSAPublicKey, the modulus and the public exponent, out of its RSAPrivateKey.
fn rsa_bits(private: &[u8]) -> Option<Vec<u8>> {
    let parts = sequence(private)?;
    let [_version, modulus, exponent, ..] = &parts[..] else { return None };
    constructed(Tag::Sequence, &[&modulus.to_der().ok()?, &exponent.to_der().ok()?])
}

fn bit_string(der: &[u8]) -> Option<Vec<u8>> {
    let parts = members(der)?;
    let [bits] = &parts[..] else { return None };
    (bits.tag() == Tag::BitString).then(|| bits.value().strip_prefix(&[0]).map(<[u8]>::to_vec))?
}
