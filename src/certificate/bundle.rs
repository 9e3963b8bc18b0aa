//! Retrieve certificate (section 4): up to three certificates, each with its chain.

use std::borrow::Cow;
use std::fmt;

use super::x509::{X509, path};
use super::{csr, pem};
use crate::error::{Cause, Error, Kind, Result};
use crate::json::Value;
use crate::json::fields::{Fields, wire_struct};

const LABEL: &str = "CERTIFICATE";

wire_struct! {
    /// As they stand in the answer.
    struct Raw {
        "pem_RSA" => pem_rsa: Option<String>,
        "chains_RSA" => chains_rsa: Vec<String>,
        "pem_Sign" => pem_sign: Option<String>,
        "chains_Sign" => chains_sign: Vec<String>,
        "pem_Encrypt" => pem_encrypt: Option<String>,
        "chains_Encrypt" => chains_encrypt: Vec<String>,
    }
}

/// What an order brought (section 4). A product brings some of the three.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Certificates {
    /// `pem_RSA` and `chains_RSA`: the certificate for an RSA or an ECC key.
    pub rsa: Option<CertificateBundle>,
    /// `pem_Sign` and `chains_Sign`: the SM2 certificate to sign with.
    pub sign: Option<CertificateBundle>,
    /// `pem_Encrypt` and `chains_Encrypt`: the SM2 certificate to encrypt with.
    pub encrypt: Option<CertificateBundle>,
}

impl Certificates {
    pub(crate) fn read(data: Value<'_>) -> Self {
        let raw = Raw::read_answer(data);
        let bundle = |pem: Option<String>, chain: Vec<String>| {
            let pem = pem.filter(|pem| !pem.trim().is_empty())?;
            Some(CertificateBundle { pem, chain })
        };
        Self {
            rsa: bundle(raw.pem_rsa, raw.chains_rsa),
            sign: bundle(raw.pem_sign, raw.chains_sign),
            encrypt: bundle(raw.pem_encrypt, raw.chains_encrypt),
        }
    }

    /// Those that came, with the names the document gives them: `RSA`, `Sign`, `Encrypt`.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &CertificateBundle)> {
        [("RSA", &self.rsa), ("Sign", &self.sign), ("Encrypt", &self.encrypt)]
            .into_iter()
            .filter_map(|(name, bundle)| bundle.as_ref().map(|bundle| (name, bundle)))
    }

    /// Whether none came.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// One certificate with what the service sent as its chain. The service's `chains_*` runs from the
/// root down; a server's file wants the reverse. The methods here put the chain in order by issuer
/// and subject, whatever order it came in.
#[derive(Clone, PartialEq)]
pub struct CertificateBundle {
    pem: String,
    chain: Vec<String>,
}

impl CertificateBundle {
    /// The certificate as it came (`pem_RSA`, …).
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The chain as it came (`chains_RSA`, …): by the document, the top root first and the lowest
    /// intermediate last.
    pub fn chain(&self) -> &[String] {
        &self.chain
    }

    /// The certificate alone, as every program reads it: PEM, 64 characters a line, LF.
    ///
    /// # Errors
    /// [`Kind::Protocol`] with [`Cause::Certificate`] if what came cannot be read.
    pub fn leaf(&self) -> Result<String> {
        self.leaf_text().map(Cow::into_owned)
    }

    pub(crate) fn leaf_text(&self) -> Result<Cow<'_, str>> {
        Ok(pem::written(&self.pem, LABEL, self.leaf_x509()?.der()))
    }

    /// What a server's certificate file holds: the leaf, then upwards each issuer, without the
    /// root, which every client has.
    ///
    /// # Errors
    /// As [`leaf`](Self::leaf).
    pub fn full_chain(&self) -> Result<String> {
        self.path(|step, it| step == 0 || !it.is_self_issued())
    }

    /// The same with the root at its end, for the rare program that wants it.
    ///
    /// # Errors
    /// As [`leaf`](Self::leaf).
    pub fn full_chain_with_root(&self) -> Result<String> {
        self.path(|_, _| true)
    }

    /// The certificates between leaf and root, the lowest first, one PEM after the other.
    ///
    /// # Errors
    /// As [`leaf`](Self::leaf).
    pub fn intermediates(&self) -> Result<String> {
        self.path(|step, it| step > 0 && !it.is_self_issued())
    }

    /// The root, where the service sent the chain up to it.
    ///
    /// # Errors
    /// As [`leaf`](Self::leaf).
    pub fn root(&self) -> Result<Option<String>> {
        let root = self.path(|step, it| step > 0 && it.is_self_issued())?;
        Ok(Some(root).filter(|pem| !pem.is_empty()))
    }

    /// Whether the certificate is for the key that this CSR (PKCS#10 in PEM) asks for: if not, the
    /// server that holds the key cannot use it.
    ///
    /// # Errors
    /// As [`leaf`](Self::leaf), and [`Kind::Argument`] for what is no CSR.
    pub fn matches_csr(&self, csr: &str) -> Result<bool> {
        Ok(self.leaf_x509()?.public_key() == csr::public_key(csr)?)
    }

    /// Those of the leaf (step 0) and its issuers, the lowest first, that are wanted.
    fn path(&self, wanted: impl Fn(usize, &X509) -> bool) -> Result<String> {
        let mut candidates = Vec::new();
        for text in &self.chain {
            candidates.extend(certificates(text)?);
        }
        // Some services append the intermediates to the certificate itself.
        let mut own = certificates(&self.pem)?;
        let leaf = own.remove(0);
        candidates.append(&mut own);
        let steps = std::iter::once(&leaf).chain(path(&leaf, &candidates)).enumerate();
        let wanted = steps.filter(|(step, it)| wanted(*step, it));
        Ok(wanted.map(|(_, it)| pem::write(LABEL, it.der())).collect())
    }

    fn leaf_x509(&self) -> Result<X509> {
        Ok(certificates(&self.pem)?.swap_remove(0))
    }
}

impl fmt::Debug for CertificateBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateBundle({} bytes, chain of {})", self.pem.len(), self.chain.len())
    }
}

/// The certificates in a text, at least one.
fn certificates(text: &str) -> Result<Vec<X509>> {
    let unreadable = |problem: &str| {
        let message = format!("a certificate that the service sent cannot be read: {problem}");
        Error::answer(Kind::Protocol, Cause::Certificate, message)
    };
    let certificates = pem::parse(text).map(|block| {
        let block = block.map_err(unreadable)?;
        let known = matches!(block.label, "CERTIFICATE" | "X509 CERTIFICATE");
        known
            .then(|| X509::parse(block.der))
            .flatten()
            .ok_or_else(|| unreadable("it is PEM, but no X.509 certificate inside"))
    });
    match certificates.collect::<Result<Vec<X509>>>()? {
        none if none.is_empty() => Err(unreadable("it is not PEM")),
        some => Ok(some),
    }
}

#[cfg(test)]
mod tests {
    use super::super::x509::tests::certificate;
    use super::*;
    use crate::json::Json;

    fn of(subject: &str, issuer: &str) -> String {
        pem::write(LABEL, &certificate(subject, issuer, subject))
    }

    fn bundle(chain: &[String]) -> CertificateBundle {
        CertificateBundle { pem: of("leaf", "low"), chain: chain.to_vec() }
    }

    #[test]
    fn files_are_in_a_servers_order() {
        let (root, cross, low) = (of("root", "root"), of("cross", "root"), of("low", "cross"));
        let leaf = of("leaf", "low");
        let messy = root.replace('\n', "\r\n");
        for chain in [
            vec![messy.clone(), cross.clone(), low.clone()],
            vec![low.clone(), messy.clone(), cross.clone()],
            vec![format!("{messy}{cross}"), low.clone()],
        ] {
            let bundle = bundle(&chain);
            assert_eq!(bundle.full_chain().unwrap(), format!("{leaf}{low}{cross}"));
            assert_eq!(bundle.full_chain_with_root().unwrap(), format!("{leaf}{low}{cross}{root}"));
            assert_eq!(bundle.intermediates().unwrap(), format!("{low}{cross}"));
            assert_eq!(bundle.root().unwrap().unwrap(), root);
            assert_eq!(bundle.leaf().unwrap(), leaf);
        }
        let appended = CertificateBundle { pem: format!("{leaf}{low}"), chain: vec![] };
        assert_eq!(appended.full_chain().unwrap(), format!("{leaf}{low}"));
        assert_eq!(appended.root().unwrap(), None);
        // One that signed itself is its own file, and nobody's root.
        let own = CertificateBundle { pem: of("own", "own"), chain: vec![root, low] };
        assert_eq!(own.full_chain().unwrap(), of("own", "own"));
        assert_eq!(own.full_chain_with_root().unwrap(), of("own", "own"));
        assert_eq!((own.intermediates().unwrap().as_str(), own.root().unwrap()), ("", None));
    }

    #[test]
    fn the_documents_placeholders_are_kept_and_their_use_is_an_error() {
        let json = include_str!("../../tests/fixtures/retrieve_response.json");
        let json = Json::object(json).unwrap();
        let certificates = Certificates::read(json.root().get("data").unwrap());
        assert_eq!(certificates.iter().count(), 3);
        let rsa = certificates.rsa.unwrap();
        assert_eq!(rsa.pem(), "---begin xxxxx ---end---");
        assert_eq!(rsa.chain(), ["root公钥", "cross公钥", "中级根公钥"]);
        let error = rsa.full_chain().unwrap_err();
        assert_eq!((error.kind(), error.cause()), (Kind::Protocol, Cause::Certificate));
    }

    #[test]
    fn null_empty_and_absent_are_no_certificate() {
        let json = r#"{"pem_RSA":null,"pem_Sign":"","chains_Sign":null,"chains_RSA":"x"}"#;
        assert!(Certificates::read(Json::object(json).unwrap().root()).is_empty());
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::super::x509::tests::certificate;
    use super::*;

    fn of(subject: &str, issuer: &str) -> String {
        pem::write(LABEL, &certificate(subject, issuer, subject))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

        /// Whatever order the issuers come in, however often, in how many texts, and with what
        /// strangers among them: the file is leaf, lowest issuer, ... and the root apart.
        #[test]
        fn a_chain_in_any_order_comes_out_in_a_servers_order(
            length in 0_usize..7,
            with_root: bool,
            strangers in 0_usize..4,
            twice in 0_usize..4,
            crlf: bool,
            appended: bool,
            seed: u64,
        ) {
            let name = |step: usize| format!("ca-{step}");
            let issuers: Vec<String> = (0..length).map(|step| of(&name(step), &name(step + 1))).collect();
            let root = with_root.then(|| of(&name(length), &name(length)));
            let leaf = of("leaf", &name(0));
            let mut texts: Vec<String> = issuers.iter().chain(&root).cloned().collect();
            texts.extend((0..strangers).map(|n| of(&format!("stranger-{n}"), "nobody")));
            texts.extend(texts.clone().into_iter().take(twice));
            // A shuffle by a number, so that a failure can be had again.
            let mut state = seed | 1;
            for at in (1..texts.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                texts.swap(at, (state >> 33) as usize % (at + 1));
            }
            if crlf {
                texts.iter_mut().for_each(|text| *text = text.replace('\n', "\r\n"));
            }
            let (pem, chain) = match appended {
                true => (leaf.clone() + &texts.concat(), vec![]),
                false => (leaf.clone(), texts),
            };
            let bundle = CertificateBundle { pem, chain };
            prop_assert_eq!(bundle.leaf().unwrap(), leaf.clone());
            prop_assert_eq!(bundle.intermediates().unwrap(), issuers.concat());
            let full_chain = leaf + &issuers.concat();
            let with_root = full_chain.clone() + root.as_deref().unwrap_or_default();
            prop_assert_eq!(bundle.full_chain().unwrap(), full_chain);
            prop_assert_eq!(bundle.full_chain_with_root().unwrap(), with_root);
            prop_assert_eq!(bundle.root().unwrap(), root);
        }
    }
}
