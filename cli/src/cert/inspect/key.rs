//! Public keys, to be compared: a certificate's, a CSR's, a private key's.

use std::path::Path;

use pki_types::PrivateKeyDer;
use pki_types::pem::{PemObject, SectionKind};
use x509_cert::der::asn1::{Any, AnyRef, BitString};
use x509_cert::der::{Decode, Encode, Reader, Tag, TagNumber, Tagged};
use x509_cert::request::CertReq;
use x509_cert::spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};

use super::read::{Block, blocks};
use crate::failure::{Failure, Result};
use crate::input;
use crate::lang::say;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A public key, in a form that is the same whoever wrote it.
#[derive(PartialEq)]
pub(super) struct PublicKey {
    algorithm: ObjectIdentifier,
    parameters: Option<Vec<u8>>,
    bits: Vec<u8>,
}

impl PublicKey {
    pub(super) fn new(info: &SubjectPublicKeyInfoOwned) -> Self {
        let algorithm = info.algorithm.oid;
        // For RSA there are none, written as NULL or not at all.
        let parameters = info.algorithm.parameters.as_ref().filter(|_| algorithm != RSA);
        Self {
            algorithm,
            parameters: parameters.and_then(|parameters| parameters.to_der().ok()),
            bits: info.subject_public_key.raw_bytes().to_vec(),
        }
    }

    pub(super) fn of_csr(path: &Path) -> Result<Self> {
        const FLAG: &str = "--csr";
        let bytes = input::bytes(FLAG, path)?;
        let pem = blocks(FLAG, path, &bytes)?;
        let csr = pem.into_iter().find(|block| block.kind == SectionKind::Csr);
        let der = csr.map_or(bytes, |Block { der, .. }| der);
        CertReq::from_der(&der).map(|csr| Self::new(&csr.info.public_key)).map_err(|_| {
            let path = path.display();
            Failure::argument(
                FLAG,
                say!("{path} is no CSR, PEM or DER", "{path} 不是 PEM 或 DER 格式的 CSR"),
            )
        })
    }

    pub(super) fn of_private_key(path: &Path) -> Result<Self> {
        const FLAG: &str = "--key";
        let bytes = input::bytes(FLAG, path)?;
        let name = path.display();
        let text = String::from_utf8_lossy(&bytes);
        if text.contains("ENCRYPTED") {
            let problem = say!(
                "{name} is encrypted; openssl pkey -in {name} | wotrus cert inspect … --key - asks for its password",
                "{name} 已加密；可用 openssl pkey -in {name} | wotrus cert inspect … --key - 输入密码"
            );
            return Err(Failure::argument(FLAG, problem));
        }
        let key = match text.contains("-----BEGIN") {
            true => PrivateKeyDer::from_pem_slice(&bytes).ok(),
            false => PrivateKeyDer::try_from(&bytes[..]).ok().map(|key| key.clone_key()),
        };
        let Some(key) = key else {
            let problem = say!(
                "{name} holds no private key, PEM or DER",
                "{name} 中没有 PEM 或 DER 格式的私钥"
            );
            return Err(Failure::argument(FLAG, problem));
        };
        let public = rustls::crypto::ring::sign::any_supported_type(&key)
            .ok()
            .and_then(|key| key.public_key()?.to_vec().into())
            .and_then(|info| SubjectPublicKeyInfoOwned::from_der(&info).ok());
        public.map(|info| Self::new(&info)).or_else(|| Self::written_beside(&key)).ok_or_else(|| {
            let problem = say!(
                "{name} is of a kind that is not known here (known: RSA from 2048 bits, EC, SM2, Ed25519)",
                "{name} 的密钥类型不受支持（支持：2048 位及以上 RSA、EC、SM2、Ed25519）"
            );
            Failure::argument(FLAG, problem)
        })
    }

    /// The public key that a private key on a curve not known here, as SM2's, has written beside it.
    fn written_beside(key: &PrivateKeyDer<'_>) -> Option<Self> {
        let (algorithm, private) = match key {
            PrivateKeyDer::Pkcs8(key) => {
                let parts = parts(key.secret_pkcs8_der())?;
                let [_version, algorithm, private, ..] = &parts[..] else { return None };
                let algorithm = AlgorithmIdentifierOwned::from_der(&algorithm.to_der().ok()?);
                (algorithm.ok(), private.value())
            }
            PrivateKeyDer::Sec1(key) => (None, key.secret_sec1_der()),
            _ => return None,
        };
        // RFC 5915: [0] is the curve, [1] the public key.
        let parts = parts(private)?;
        let tagged = |wanted| {
            let is = |part: &&AnyRef<'_>| matches!(part.tag(), Tag::ContextSpecific { number, .. } if number == wanted);
            parts.iter().find(is).map(|part| part.value())
        };
        let algorithm = match algorithm {
            Some(algorithm) => algorithm,
            None => AlgorithmIdentifierOwned {
                oid: EC,
                parameters: Some(Any::from_der(tagged(TagNumber(0))?).ok()?),
            },
        };
        let subject_public_key = BitString::from_der(tagged(TagNumber(1))?).ok()?;
        Some(Self::new(&SubjectPublicKeyInfoOwned { algorithm, subject_public_key }))
    }
}

/// The members of a sequence.
fn parts(der: &[u8]) -> Option<Vec<AnyRef<'_>>> {
    let whole = AnyRef::from_der(der).ok()?;
    let parts = whole.sequence(|reader| {
        let mut parts = Vec::new();
        while !reader.is_finished() {
            parts.push(AnyRef::decode(reader)?);
        }
        Ok::<_, x509_cert::der::Error>(parts)
    });
    parts.ok()
}
