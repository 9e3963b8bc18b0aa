//! Retrieve certificate (section 4): up to three certificates, each with the issuers that came.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::chain::{self, Chain, ChainStatus};
use super::csr;
use super::format::Format;
use super::pem::{self, Block};
use super::x509::Certificate;
use crate::error::{Cause, Error, Kind, Result};
use crate::fields::{Fields, Lazy, wire_struct};
use crate::json::Member;
use crate::messages::{Lang, Message, message};

const LABEL: &str = "CERTIFICATE";

wire_struct! {
    /// The fields of the answer.
    struct Raw {
        "pem_RSA" => pem_rsa: Option<String>,
        "chains_RSA" => chains_rsa: Lazy<Vec<String>>,
        "pem_Sign" => pem_sign: Option<String>,
        "chains_Sign" => chains_sign: Lazy<Vec<String>>,
        "pem_Encrypt" => pem_encrypt: Option<String>,
        "chains_Encrypt" => chains_encrypt: Lazy<Vec<String>>,
    }
}

/// The certificates of an order (section 4). A product has some of the three.
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
    pub(crate) fn read<'a>(
        data: impl Iterator<Item = Member<'a>>,
        request_id: &str,
        lang: Lang,
    ) -> Self {
        let raw = Raw::read_answer(data);
        let request_id: Arc<str> = request_id.into();
        let bundle = |pem: Option<String>, chain| {
            let pem = pem.filter(|pem| !pem.trim().is_empty())?;
            let (request_id, own, parts) =
                (Some(Arc::clone(&request_id)), OnceLock::new(), OnceLock::new());
            Some(CertificateBundle { pem, chain, request_id, lang, own, parts })
        };
        Self {
            rsa: bundle(raw.pem_rsa, raw.chains_rsa),
            sign: bundle(raw.pem_sign, raw.chains_sign),
            encrypt: bundle(raw.pem_encrypt, raw.chains_encrypt),
        }
    }

    /// The certificates that came, with the document's names: `RSA`, `Sign`, `Encrypt`.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &CertificateBundle)> {
        [("RSA", &self.rsa), ("Sign", &self.sign), ("Encrypt", &self.encrypt)]
            .into_iter()
            .filter_map(|(name, bundle)| bundle.as_ref().map(|bundle| (name, bundle)))
    }

    /// Whether no certificate came.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// One certificate with the issuers that the service sent. The service's `chains_*` runs from the root
/// down; a server's file wants the reverse. The methods here put the chain in order by names and key
/// identifiers; it may come in any order, and empty parts of it are ignored. It is read once, when a
/// method first needs it; which issuers are valid is decided at that time.
#[derive(Clone)]
pub struct CertificateBundle {
    pem: String,
    chain: Lazy<Vec<String>>,
    /// The RequestID of the call that brought it, for errors.
    request_id: Option<Arc<str>>,
    /// The language of errors.
    lang: Lang,
    /// What `pem` contains, when it has been read.
    own: OnceLock<Own>,
    /// All that came, when it has been read.
    parts: OnceLock<Parts>,
}

/// Of two calls, the same certificate and chain are equal.
impl PartialEq for CertificateBundle {
    fn eq(&self, other: &Self) -> bool {
        (self.pem(), self.chain()) == (other.pem(), other.chain())
    }
}

impl CertificateBundle {
    #[cfg(test)]
    pub(super) fn new(pem: String, chain: Vec<String>) -> Self {
        let chain = chain.into();
        let (own, parts) = (OnceLock::new(), OnceLock::new());
        Self { pem, chain, request_id: None, lang: Lang::En, own, parts }
    }

    /// The certificate as it came (`pem_RSA`, …).
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The chain as it came (`chains_RSA`, …): by the document, the top root first and the lowest
    /// intermediate last.
    pub fn chain(&self) -> &[String] {
        self.chain.get()
    }

    /// The certificate alone: PEM, 64 characters a line, LF. If `pem` contains several certificates,
    /// the one that is not a CA's and issued none of the others.
    ///
    /// # Errors
    /// [`Kind::Protocol`] with [`Cause::Certificate`] if what came cannot be read.
    pub fn leaf(&self) -> Result<String> {
        self.leaf_text().map(Cow::into_owned)
    }

    /// The same, borrowed if it came in this form.
    pub(crate) fn leaf_text(&self) -> Result<Cow<'_, str>> {
        let leaf = match self.only_own_leaf()? {
            Some(leaf) if pem::is_written(self.pem(), LABEL, leaf.der()) => {
                return Ok(Cow::Borrowed(self.pem()));
            }
            Some(leaf) => leaf,
            None => self.leaf_of_chain()?,
        };
        Ok(Cow::Owned(pem::write(LABEL, leaf.der())))
    }

    /// What a server's certificate file holds: the leaf, then upwards each issuer, without the
    /// root, which every client has. If no issuer fits, that is the leaf alone: see
    /// [`chain_status`](Self::chain_status).
    ///
    /// # Errors
    /// As [`leaf`](Self::leaf), also for an unreadable part of a chain that is not complete
    /// without it.
    pub fn full_chain(&self) -> Result<String> {
        self.select(|step, is_root| step == 0 || !is_root)
    }

    /// The same with the root at its end, if the service sent it.
    ///
    /// # Errors
    /// As [`full_chain`](Self::full_chain).
    pub fn full_chain_with_root(&self) -> Result<String> {
        self.select(|_, _| true)
    }

    /// The certificates between leaf and root, the lowest first, one PEM after the other; empty if
    /// there are none.
    ///
    /// # Errors
    /// As [`full_chain`](Self::full_chain).
    pub fn intermediates(&self) -> Result<String> {
        self.select(|step, is_root| step > 0 && !is_root)
    }

    /// The root, if the service sent the chain up to it.
    ///
    /// # Errors
    /// As [`full_chain`](Self::full_chain).
    pub fn root(&self) -> Result<Option<String>> {
        let root = self.select(|step, is_root| step > 0 && is_root)?;
        Ok(Some(root).filter(|pem| !pem.is_empty()))
    }

    /// Whether the issuers that came make a whole chain. With an incomplete one most clients refuse
    /// a server, although [`full_chain`](Self::full_chain) brings a file.
    ///
    /// # Errors
    /// As [`leaf`](Self::leaf).
    pub fn chain_status(&self) -> Result<ChainStatus> {
        let parts = self.parts()?;
        Ok(match (parts.chain.status(), &parts.unreadable) {
            (_, Some(_)) if !parts.chain.has_root() => ChainStatus::Incomplete,
            (status, _) => status,
        })
    }

    /// Whether the certificate is for the key that this CSR (PKCS#10 in PEM) asks for: if not, the
    /// server that holds the key cannot use it.
    ///
    /// # Errors
    /// As [`leaf`](Self::leaf), and [`Kind::Argument`] for what is not a CSR.
    pub fn matches_csr(&self, csr: &str) -> Result<bool> {
        let (leaf, request) = (
            self.leaf_certificate()?,
            csr::parse("csr", csr).map_err(|error| error.in_lang(self.lang))?,
        );
        let same_bytes = leaf.spki_der() == request.spki_der();
        Ok(same_bytes || leaf.public_key().is_some_and(|key| request.public_key() == Some(key)))
    }

    /// The leaf (step 0) and its issuers, those that `wanted` selects by their step and by whether
    /// they are the root.
    fn select(&self, wanted: impl Fn(usize, bool) -> bool) -> Result<String> {
        let Parts { certificates, chain, unreadable } = self.parts()?;
        match unreadable {
            Some(problem) if !chain.has_root() => return Err(self.unusable(problem)),
            _ => {}
        }
        let last = chain.path().len() - 1;
        let wanted = |step| wanted(step, chain.has_root() && step == last);
        let steps = || chain.path().iter().enumerate().filter(|(step, _)| wanted(*step));
        let ders = || steps().map(|(_, at)| certificates[*at].der());
        let mut text = String::with_capacity(ders().map(|der| pem::written_len(LABEL, der)).sum());
        ders().for_each(|der| pem::write_to(&mut text, LABEL, der));
        Ok(text)
    }

    /// Everything that came, and the chain in it.
    fn parts(&self) -> Result<&Parts> {
        let Own { certificates, unreadable } = self.own()?;
        Ok(self.parts.get_or_init(|| {
            let (mut certificates, mut unreadable) = (certificates.clone(), unreadable.clone());
            let first = certificates.len();
            for text in self.chain().iter().filter(|text| !text.trim().is_empty()) {
                let (found, problem) = read(text);
                certificates.extend(found);
                unreadable = unreadable.or(problem);
            }
            let chain = Chain::of(&certificates, chain::find_leaf(&certificates, first));
            Parts { certificates, chain, unreadable }
        }))
    }

    fn leaf_certificate(&self) -> Result<&Certificate> {
        match self.only_own_leaf()? {
            Some(leaf) => Ok(leaf),
            None => self.leaf_of_chain(),
        }
    }

    /// The certificate in `pem`, if it is the only one there and not a CA's. This is the usual case,
    /// in which the chain need not be read.
    fn only_own_leaf(&self) -> Result<Option<&Certificate>> {
        Ok(match &*self.own()?.certificates {
            [only] if only.is_ca() != Some(true) => Some(only),
            _ => None,
        })
    }

    fn leaf_of_chain(&self) -> Result<&Certificate> {
        let parts = self.parts()?;
        Ok(&parts.certificates[parts.chain.path()[0]])
    }

    /// The certificates in `pem`, at least one, and what else in it cannot be read. Some services
    /// append the intermediates to the certificate.
    fn own(&self) -> Result<&Own> {
        let own = self.own.get_or_init(|| {
            let (certificates, unreadable) = read(self.pem());
            Own { certificates, unreadable }
        });
        match &own.unreadable {
            Some(problem) if own.certificates.is_empty() => Err(self.unusable(problem)),
            _ => Ok(own),
        }
    }

    fn unusable(&self, problem: &Message) -> Error {
        let message =
            message!("a certificate that the service sent cannot be read: {}", problem.clone());
        Error::answer(Kind::Protocol, Cause::Certificate, message)
            .with(|facts| facts.request_id = self.request_id.as_deref().map(str::to_owned))
            .in_lang(self.lang)
    }
}

impl fmt::Debug for CertificateBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateBundle({} bytes, chain of {})", self.pem().len(), self.chain().len())
    }
}

/// The parsed contents of the certificate's own text.
#[derive(Clone)]
struct Own {
    certificates: Vec<Certificate>,
    /// What is wrong with the first part that cannot be read.
    unreadable: Option<Message>,
}

/// The parsed contents of a bundle.
#[derive(Clone)]
struct Parts {
    certificates: Vec<Certificate>,
    chain: Chain,
    /// What is wrong with the first part that cannot be read.
    unreadable: Option<Message>,
}

/// The certificates in a text, and what is wrong with the first part that is not one; if there is
/// no certificate, there is a problem.
fn read(text: &str) -> (Vec<Certificate>, Option<Message>) {
    let mut certificates = Vec::new();
    let mut problem = None;
    for block in pem::blocks(text) {
        match block.map_err(|error| error.message()).and_then(|block| certificate(&block)) {
            Ok(certificate) => certificates.push(certificate),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    if certificates.is_empty() && problem.is_none() {
        let format = Format::of(text.as_bytes());
        problem = Some(match format {
            None => message!("it is not PEM"),
            Some(format) => message!("it is {}", format.message()),
        });
    }
    (certificates, problem)
}

fn certificate(block: &Block<'_>) -> Result<Certificate, Message> {
    if !block.is_certificate() {
        return Err(message!("it contains a {}, not a certificate", block.label()));
    }
    let der = block.der().map_err(|error| error.message())?;
    Certificate::from_block(der)
        .ok_or_else(|| message!("it is PEM, but its content is not an X.509 certificate"))
}

#[cfg(test)]
mod tests;
