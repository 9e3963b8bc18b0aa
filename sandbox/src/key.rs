//! Keys of the two curves that are issued from, worn as the signer that the certificate builder asks for.

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
/// The curve of GB/T 32918.
pub(crate) const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
/// The signature over SM3 of GB/T 32918.
pub(crate) const SM2_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
/// The signer's identity in an SM2 signature, unless another is agreed on (GM/T 0009).
pub(crate) const DISTINGUISHING_ID: &str = "1234567812345678";

/// What a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    Sm2,
}

/// A private key on P-256, which signs with SHA-256, or on SM2's curve, which signs with SM3.
pub(crate) struct Key {
    pair: Pair,
    kept: Vec<u8>,
}

enum Pair {
    P256(EcdsaKeyPair, SystemRandom),
    Sm2(SigningKey),
}

impl Key {
    /// Makes a new key.
    pub(crate) fn generate(curve: Curve) -> Result<Self, Error> {
        let random = SystemRandom::new();
        let failed = |_| Error::certificate("no randomness for a key");
        match curve {
            Curve::P256 => {
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
                Self::restore(pkcs8.map_err(failed)?.as_ref())
            }
            Curve::Sm2 => loop {
                let mut scalar = [0; 32];
                random.fill(&mut scalar).map_err(failed)?;
                // Once in some four thousand million it is no number below the curve's order.
                if let Ok(key) = Self::restore(&scalar) {
                    return Ok(key);
                }
            },
        }
    }

    /// Takes a key that was kept: PKCS#8 for P-256, the bare number for SM2.
    pub(crate) fn restore(kept: &[u8]) -> Result<Self, Error> {
        let no_key = || Error::certificate("a key that is none");
        let pair = if kept.len() == 32 {
            Pair::Sm2(SigningKey::from_slice(DISTINGUISHING_ID, kept).map_err(|_| no_key())?)
        } else {
            let random = SystemRandom::new();
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, kept, &random);
            Pair::P256(pair.map_err(|_| no_key())?, random)
        };
        Ok(Self { pair, kept: kept.to_vec() })
    }

    /// The private key, to keep; one on P-256 also serves TLS, as PKCS#8.
    pub(crate) fn kept(&self) -> &[u8] {
        &self.kept
    }

    /// The public key as certificates carry it.
    pub(crate) fn public(&self) -> Result<SubjectPublicKeyInfoOwned, Error> {
        Ok(SubjectPublicKeyInfoOwned::from_key(&self.verifying_key())?)
    }

    /// Signs what a builder has put together.
    pub(crate) fn sign<B: Builder>(&self, mut builder: B) -> Result<B::Output, Error> {
        let message = builder.finalize(self)?;
        Ok(builder.assemble(self.signature(&message)?, self)?)
    }

    /// Signs these very bytes.
    pub(crate) fn signature(&self, message: &[u8]) -> Result<BitString, Error> {
        let failed = || Error::certificate("no randomness for a signature");
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

/// The public half: its curve, and an uncompressed point.
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
