//! Certificate signing requests (PKCS#10).

use std::ops::Range;

use super::der::{self, BIT_STRING, INTEGER, Reader, SEQUENCE};
use super::format::Format;
use super::key::PublicKey;
use super::pem;
use crate::error::{Error, Result};
use crate::messages::{Message, message};

/// A certificate signing request (PKCS#10), as far as its public key. Its signature is not checked.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificateRequest {
    der: Vec<u8>,
    spki: Range<usize>,
}

impl CertificateRequest {
    /// Reads a request in DER, with or without attributes; `None` if the bytes are not a request.
    pub fn from_der(der: impl Into<Vec<u8>>) -> Option<Self> {
        let der = der.into();
        let mut outer = Reader::new(&der);
        let mut request = outer.sequence()?;
        let mut info = request.sequence()?;
        request.expect(SEQUENCE)?; // signature algorithm
        request.expect(BIT_STRING)?; // signature
        info.expect(INTEGER)?; // version
        info.expect(SEQUENCE)?; // subject
        let spki = info.expect(SEQUENCE)?.whole;
        // In a certificate of version 1 the validity would be here.
        let attributes = info.is_empty() || info.expect(0xa0).is_some();
        if !outer.is_empty() || !request.is_empty() || !attributes {
            return None;
        }
        let spki = der::position(&der, spki);
        Some(Self { der, spki })
    }

    /// Reads the one request in a text in PEM.
    ///
    /// # Errors
    /// If the text contains none, several or something else; the error says what it contains.
    pub fn from_pem(text: &str) -> Result<Self, Message> {
        let mut request = None;
        for block in pem::blocks(text) {
            let block = block.map_err(|error| error.message())?;
            if block.is_private_key() {
                return Err(message!(
                    "contains a private key, which must never be sent; send the CSR that was made from it"
                ));
            }
            if !block.is_request() {
                let label = block.label();
                return Err(message!("contains a {}, not a certificate signing request", label));
            }
            if request.replace(block).is_some() {
                return Err(message!("contains more than one request"));
            }
        }
        let Some(block) = request else {
            let what = Format::of(text.as_bytes());
            let what = what.map(|format| message!("; it is {}", format.message()));
            return Err(message!("contains no -----BEGIN CERTIFICATE REQUEST-----{}", what));
        };
        let der = block.der().map_err(|error| error.message())?;
        let missing = der::missing(&der);
        Self::from_der(der).ok_or_else(|| match (missing, block.inner_blanks()) {
            (Some(_), Some(blanks)) => blanks.message(),
            (Some(bytes), None) => {
                message!("is truncated: {} bytes are missing in its PEM block", bytes)
            }
            (None, _) => message!("is PEM, but its content is not a PKCS#10 request"),
        })
    }

    /// The public key that the certificate is requested for; `None` if it cannot be read.
    pub fn public_key(&self) -> Option<PublicKey> {
        PublicKey::from_spki(self.spki_der())
    }

    /// The public key (SubjectPublicKeyInfo) in DER.
    pub fn spki_der(&self) -> &[u8] {
        &self.der[self.spki.clone()]
    }
}

/// The form in which a CSR is sent: PEM with 64 characters a line and LF. `field` is the name in
/// errors.
pub(crate) fn normalized(field: &str, text: &str) -> Result<String> {
    const LABEL: &str = "CERTIFICATE REQUEST";
    let request = parse(field, text)?;
    Ok(match pem::is_written(text, LABEL, &request.der) {
        true => text.to_owned(),
        false => pem::write(LABEL, &request.der),
    })
}

pub(super) fn parse(field: &str, text: &str) -> Result<CertificateRequest> {
    crate::validation::size(field, text.len())?;
    CertificateRequest::from_pem(text).map_err(|problem| Error::argument(field, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../tests/fixtures/example.csr");

    #[test]
    fn the_documents_csr_in_any_wrapping_is_sent_the_same() {
        let expected = normalized("csr", SAMPLE).unwrap();
        assert_eq!(expected.trim_end(), SAMPLE.trim_end());
        let body: String = SAMPLE.lines().filter(|l| !l.starts_with("--")).collect();
        for form in [
            SAMPLE.replace('\n', "\r\n"),
            SAMPLE.replace('\n', "\r\r\n"),
            SAMPLE.replace('\n', " "),
            SAMPLE.replace('\n', ""),
            format!("\u{feff}{SAMPLE}"),
            format!("Subject: CSR\n\n{SAMPLE}"),
            format!(
                "-----BEGIN NEW CERTIFICATE REQUEST-----\n{body}\n-----END NEW CERTIFICATE REQUEST-----"
            ),
            SAMPLE.lines().collect::<Vec<_>>().join("\n \n"),
        ] {
            assert_eq!(normalized("csr", &form).unwrap(), expected, "{form}");
        }
        let request = parse("csr", SAMPLE).unwrap();
        assert_eq!(request.spki_der().len(), 294, "an RSA key of 2048 bits");
    }

    #[test]
    fn a_text_that_is_not_one_whole_csr_is_refused_with_the_reason() {
        let key = pem::write("RSA PRIVATE KEY", b"secret");
        let sample = SAMPLE.trim();
        let line = sample.lines().nth(7).unwrap();
        let bare: Vec<&str> = sample.lines().filter(|line| !line.starts_with('-')).collect();
        let with_plus = sample.contains('+');
        assert!(with_plus, "the sample shows what becomes of a plus sign");
        let cases = [
            (String::new(), "it is empty"),
            ("some text".into(), "no -----BEGIN"),
            (bare.join("\n"), "without its BEGIN and END lines"),
            (key.clone(), "private key"),
            (format!("{sample}\n{key}"), "private key"),
            (pem::write("CERTIFICATE", &[0x30, 0]), "CERTIFICATE"),
            (pem::write("CERTIFICATE REQUEST", &[0x30, 0]), "PKCS#10"),
            (SAMPLE.repeat(2), "more than one"),
            (sample[..sample.len() - 40].into(), "END line is missing"),
            (sample[..sample.len() - 1].into(), "END line is not complete"),
            (sample.replace(line, ""), "bytes are missing"),
            (sample.replace('\n', "\\n"), "escaped"),
            (sample.replace('+', " "), "+ was"),
            (sample.replace('+', "&#43;"), "HTML"),
            (sample.replace('+', "%2B"), "percent"),
            (sample.replace('\n', "\u{a0}\n"), "no-break"),
            (sample.replace("-----", "–––––"), "replaced"),
            (sample.replace("-----BEGIN", "----BEGIN"), "damaged"),
        ];
        for (text, expected) in cases {
            let error = normalized("csR_RSA", &text).unwrap_err();
            assert_eq!(error.field(), Some("csR_RSA"));
            assert!(error.message().contains(expected), "{text}: {error}");
        }
    }
}
