//! The kinds of keys that can be made, and how they are made.

use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm,
};
use rsa::PrivateKey;
use sm2::pkcs8::EncodePrivateKey;
use wotrus::{Cause, Kind};
use zeroize::Zeroizing;

use crate::failure::{Failure, Result};
use crate::lang::say;

/// The kind of a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Algorithm {
    Rsa2048,
    Rsa3072,
    Rsa4096,
    P256,
    P384,
    Sm2,
}

impl Algorithm {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Sm2 => "sm2",
        }
    }

    /// A new key, as PKCS#8 in DER.
    pub(crate) fn generate(self) -> Result<Zeroizing<Vec<u8>>> {
        let key = match self {
            Self::Rsa2048 => rsa(2048),
            Self::Rsa3072 => rsa(3072),
            Self::Rsa4096 => rsa(4096),
            Self::P256 => nist(&ECDSA_P256_SHA256_ASN1_SIGNING),
            Self::P384 => nist(&ECDSA_P384_SHA384_ASN1_SIGNING),
            Self::Sm2 => sm2(),
        };
        key.ok_or_else(|| {
            let message = say!("a key cannot be generated", "无法生成密钥");
            Failure::new(Kind::Internal, Cause::Invalid, message)
        })
    }
}

fn rsa(bits: usize) -> Option<Zeroizing<Vec<u8>>> {
    let key = PrivateKey::new(&mut getrandom::SysRng, bits).ok()?;
    Some(Zeroizing::new(key.to_pkcs8_der().ok()?.as_bytes().to_vec()))
}

fn nist(algorithm: &'static EcdsaSigningAlgorithm) -> Option<Zeroizing<Vec<u8>>> {
    let key = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).ok()?;
    Some(Zeroizing::new(key.as_ref().to_vec()))
}

fn sm2() -> Option<Zeroizing<Vec<u8>>> {
    let mut scalar = Zeroizing::new([0; 32]);
    loop {
        SystemRandom::new().fill(&mut *scalar).ok()?;
        // One number in about 2^32 is not below the curve's order.
        if let Ok(key) = sm2::SecretKey::from_slice(&*scalar) {
            return Some(Zeroizing::new(key.to_pkcs8_der().ok()?.as_bytes().to_vec()));
        }
    }
}
