//! ring's P-256 keys, worn as the signer that the certificate builder asks for.

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use signature::Keypair;
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

/// A private key on P-256; signs with SHA-256.
pub(crate) struct Key {
    pair: EcdsaKeyPair,
    pkcs8: Vec<u8>,
    random: SystemRandom,
}

impl Key {
    /// Makes a new key.
    pub(crate) fn generate() -> Result<Self, Error> {
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
                .map_err(|_| Error::certificate("no randomness for a key"))?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// Takes a key that was kept.
    pub(crate) fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, Error> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &random)
            .map_err(|_| Error::certificate("a key that is no P-256 key"))?;
        Ok(Self { pair, pkcs8: pkcs8.to_vec(), random })
    }

    /// The private key, to keep or to serve TLS with.
    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
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
        let signature = self
            .pair
            .sign(&self.random, message)
            .map_err(|_| Error::certificate("no randomness for a signature"))?;
        Ok(BitString::from_bytes(signature.as_ref())?)
    }
}

/// The public half: an uncompressed point.
#[derive(Clone)]
pub(crate) struct Public(Vec<u8>);

impl EncodePublicKey for Public {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        let info = SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned {
                oid: EC_PUBLIC_KEY,
                parameters: Some(Any::encode_from(&P256)?),
            },
            subject_public_key: BitString::from_bytes(&self.0)?,
        };
        Ok(Document::try_from(info.to_der()?)?)
    }
}

impl Keypair for Key {
    type VerifyingKey = Public;

    fn verifying_key(&self) -> Public {
        Public(self.pair.public_key().as_ref().to_vec())
    }
}

impl DynSignatureAlgorithmIdentifier for Key {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(AlgorithmIdentifierOwned { oid: ECDSA_SHA256, parameters: None })
    }
}
