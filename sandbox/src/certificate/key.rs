//! The private keys of the authorities and of the sandbox's TLS server, as signers for x509-cert's builder.

use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use signature::{Keypair, Signer};
use sm2::dsa::SigningKey;
use x509_cert::builder::Builder;
use x509_cert::der::asn1::{Any, BitString};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Document, Encode};
use x509_cert::spki::{
    self, AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey,
    SubjectPublicKeyInfoOwned,
};

use crate::Error;

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
/// The SM2 curve (GB/T 32918).
pub(crate) const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
/// An SM2 signature with SM3 (GB/T 32918).
pub(crate) const SM2_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
/// The default identity of the signer in an SM2 signature (GM/T 0009).
pub(crate) const DISTINGUISHING_ID: &str = "1234567812345678";

/// The curve of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    Sm2,
}

/// A private key: P-256 signs with SHA-256, SM2 with SM3.
pub(crate) struct Key {
    pair: Pair,
    private_bytes: Vec<u8>,
}

enum Pair {
    P256(EcdsaKeyPair, SystemRandom),
    Sm2(SigningKey),
}

impl Key {
    /// Generates a key.
    pub(crate) fn generate(curve: Curve) -> Result<Self, Error> {
        let random = SystemRandom::new();
        let failed = |_| Error::certificate("the system gives no random numbers for a key");
        match curve {
            Curve::P256 => {
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
                Self::from_private_bytes(pkcs8.map_err(failed)?.as_ref())
            }
            Curve::Sm2 => loop {
                let mut scalar = [0; 32];
                random.fill(&mut scalar).map_err(failed)?;
                // One number in about 2^32 is not below the curve's order.
                if let Ok(key) = Self::from_private_bytes(&scalar) {
                    return Ok(key);
                }
            },
        }
    }

    /// Restores a key from [`private_bytes`](Self::private_bytes).
    pub(crate) fn from_private_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let invalid = || Error::certificate("a private key cannot be read");
        let pair = if bytes.len() == 32 {
            Pair::Sm2(SigningKey::from_slice(DISTINGUISHING_ID, bytes).map_err(|_| invalid())?)
        } else {
            let random = SystemRandom::new();
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, bytes, &random);
            Pair::P256(pair.map_err(|_| invalid())?, random)
        };
        Ok(Self { pair, private_bytes: bytes.to_vec() })
    }

    /// The private key: PKCS#8 for P-256, the 32 bytes of the scalar for SM2.
    pub(crate) fn private_bytes(&self) -> &[u8] {
        &self.private_bytes
    }

    /// The public key as certificates have it.
    pub(crate) fn public(&self) -> Result<SubjectPublicKeyInfoOwned, Error> {
        Ok(SubjectPublicKeyInfoOwned::from_key(&self.verifying_key())?)
    }

    /// Signs the certificate that a builder describes.
    pub(crate) fn sign<B: Builder>(&self, mut builder: B) -> Result<B::Output, Error> {
        let message = builder.finalize(self)?;
        Ok(builder.assemble(self.signature(&message)?, self)?)
    }

    /// Signs a message.
    pub(crate) fn signature(&self, message: &[u8]) -> Result<BitString, Error> {
        let failed = || Error::certificate("a signature cannot be made");
        Ok(match &self.pair {
            Pair::P256(pair, random) => {
                let signature = pair.sign(random, message).map_err(|_| failed())?;
                BitString::from_bytes(signature.as_ref())?
            }
            Pair::Sm2(key) => {
                let signature: sm2::dsa::Signature = key.try_sign(message).map_err(|_| failed())?;
                BitString::from_bytes(signature.to_der().as_bytes())?
            }
        })
    }
}

/// A public key: its curve, and an uncompressed point.
#[derive(Clone)]
pub(crate) struct Public {
    curve: ObjectIdentifier,
    point: Vec<u8>,
}

impl EncodePublicKey for Public {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        let info = SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned {
                oid: EC_PUBLIC_KEY,
                parameters: Some(Any::encode_from(&self.curve)?),
            },
            subject_public_key: BitString::from_bytes(&self.point)?,
        };
        Ok(Document::try_from(info.to_der()?)?)
    }
}

impl Keypair for Key {
    type VerifyingKey = Public;

    fn verifying_key(&self) -> Public {
        match &self.pair {
            Pair::P256(pair, _) => Public { curve: P256, point: pair.public_key().as_ref().into() },
            Pair::Sm2(key) => {
                Public { curve: SM2, point: key.verifying_key().to_sec1_bytes().into_vec() }
            }
        }
    }
}

impl DynSignatureAlgorithmIdentifier for Key {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        let oid = match self.pair {
            Pair::P256(..) => ECDSA_SHA256,
            Pair::Sm2(_) => SM2_SM3,
        };
        Ok(AlgorithmIdentifierOwned { oid, parameters: None })
    }
}
