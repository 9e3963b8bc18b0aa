//! Chooses the leaf and its chain among certificates in any order.

use wotrus::pki::{
    Certificate, Chain, ChainStatus, PublicKey, SignatureStatus, check_signature, find_leaf,
};
use wotrus::{Cause, Kind};
use x509_cert::der::pem::{LineEnding, encode_string};

use crate::cert::choice::{has_expired, latest, leaves_out_invalid_issuer};
use crate::failure::{Failure, Result};
use crate::lang::say;

/// The leaf, then upwards each issuer.
pub(crate) struct CertificateList {
    path: Vec<Certificate>,
    has_root: bool,
    pub(crate) status: ChainStatus,
    /// How many certificates were there that are not in the path.
    pub(crate) unrelated: usize,
    /// Whether one in the path has expired.
    pub(crate) has_expired: bool,
    /// Whether the last one's issuer was there, but is not valid now.
    pub(crate) leaves_out_invalid_issuer: bool,
}

impl CertificateList {
    /// Of at least one certificate. The leaf is the one that is for one of the keys.
    ///
    /// # Errors
    /// If none is for the key, or if a certificate is not signed by the one that has its issuer's name.
    pub(crate) fn of(certificates: &[Certificate], keys: &[PublicKey]) -> Result<Self> {
        let leaf = match keys {
            [] => find_leaf(certificates, certificates.len()),
            keys => {
                let is_for =
                    |it: &Certificate| it.public_key().is_some_and(|key| keys.contains(&key));
                latest(certificates, is_for).ok_or_else(|| {
                    certificate_error(say!(
                        "none of the certificates is for the private key; nothing was written",
                        "没有证书与私钥匹配，未写入任何文件"
                    ))
                })?
            }
        };
        let chain = Chain::of(certificates, leaf);
        let path: Vec<Certificate> =
            chain.path().iter().map(|at| certificates[*at].clone()).collect();
        let is_signed =
            |step: &[Certificate]| check_signature(&step[0], &step[1]) != SignatureStatus::Invalid;
        if !path.windows(2).all(is_signed) {
            return Err(certificate_error(say!(
                "a certificate has the issuer's name, but did not sign the one below it; nothing was written",
                "有证书与颁发者同名，但并未签发其下级证书；未写入任何文件"
            )));
        }
        Ok(Self {
            has_root: chain.has_root(),
            status: chain.status(),
            unrelated: certificates.len() - path.len(),
            has_expired: path.iter().any(has_expired),
            leaves_out_invalid_issuer: leaves_out_invalid_issuer(&path, certificates),
            path,
        })
    }

    /// The key that the leaf is for.
    pub(crate) fn public_key(&self) -> Option<PublicKey> {
        self.path[0].public_key()
    }

    /// The leaf, then upwards each issuer.
    pub(crate) fn into_path(self) -> Vec<Certificate> {
        self.path
    }

    /// All of them in DER.
    pub(crate) fn ders(&self) -> Vec<&[u8]> {
        self.path.iter().map(Certificate::der).collect()
    }

    /// What a server's certificate file contains: all but the root.
    pub(crate) fn full_chain(&self) -> String {
        pem(&self.path[..self.end()])
    }

    /// The certificates between the leaf and the root.
    pub(crate) fn intermediates(&self) -> String {
        pem(&self.path[1..self.end()])
    }

    pub(crate) fn root(&self) -> String {
        pem(&self.path[self.end()..])
    }

    pub(crate) fn leaf_pem(&self) -> String {
        pem(&self.path[..1])
    }

    /// The position behind the last certificate that a server sends. A root alone is the leaf.
    fn end(&self) -> usize {
        if self.has_root { (self.path.len() - 1).max(1) } else { self.path.len() }
    }
}

fn pem(certificates: &[Certificate]) -> String {
    let pem = |it: &Certificate| {
        encode_string("CERTIFICATE", LineEnding::LF, it.der())
            .expect("a certificate is not too long for PEM")
    };
    certificates.iter().map(pem).collect()
}

fn certificate_error(message: String) -> Failure {
    Failure::new(Kind::Protocol, Cause::Certificate, message)
}
