//! Certificate signing requests (PKCS#10).

use std::borrow::Cow;

use super::der::{INTEGER, Reader};
use super::pem;
use crate::error::{Error, Result};

const LABEL: &str = "CERTIFICATE REQUEST";

/// Takes a CSR in PEM with any line ending and wrapping, and gives it as it is sent: 64 characters
/// a line, LF. `field` is the name in errors.
pub(crate) fn normalized<'a>(field: &str, text: &'a str) -> Result<Cow<'a, str>> {
    let der = parse(text).map_err(|problem| Error::argument(field, problem))?;
    Ok(pem::written(text, LABEL, &der))
}

/// The DER of the request in `text`, once it is sure that it is one.
fn parse(text: &str) -> Result<Vec<u8>, String> {
    crate::request::validation::size("", text.len()).map_err(|_| "is longer than 64 KiB")?;
    let mut blocks = pem::parse(text).collect::<Result<Vec<_>, _>>()?;
    if let Some(other) = blocks.iter().find(|block| !block.label.ends_with(LABEL)) {
        return Err(match other.label {
            label if label.ends_with("PRIVATE KEY") => {
                "holds a private key, which must never be sent; the CSR is made from it".to_owned()
            }
            label => format!("holds a {label}, not a certificate signing request"),
        });
    }
    match blocks.len() {
        0 => return Err("holds no -----BEGIN CERTIFICATE REQUEST-----".into()),
        1 => {}
        _ => return Err("holds more than one request".into()),
    }
    let der = blocks.remove(0).der;
    public_key_of(&der).ok_or("is PEM, but not a PKCS#10 request inside")?;
    Ok(der)
}

/// The public key (SubjectPublicKeyInfo, DER) a CSR in PEM asks for.
pub(crate) fn public_key(text: &str) -> Result<Vec<u8>> {
    let der = parse(text).map_err(|problem| Error::argument("csr", problem))?;
    Ok(public_key_of(&der).expect("parse found it").to_vec())
}

fn public_key_of(der: &[u8]) -> Option<&[u8]> {
    let mut outer = Reader::new(der);
    let mut request = outer.sequence()?;
    if !outer.is_empty() {
        return None;
    }
    let mut info = request.sequence()?;
    info.expect(INTEGER)?;
    info.sequence()?; // subject
    let key = info.expect(super::der::SEQUENCE)?;
    request.sequence()?; // signature algorithm
    request.next()?; // signature
    request.is_empty().then_some(key.whole)
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
            format!("\u{feff}{SAMPLE}"),
            format!(
                "-----BEGIN NEW CERTIFICATE REQUEST-----\n{body}\n-----END NEW CERTIFICATE REQUEST-----"
            ),
            SAMPLE.lines().collect::<Vec<_>>().join("\n \n"),
        ] {
            assert_eq!(normalized("csr", &form).unwrap(), expected, "{form}");
        }
        assert_eq!(public_key(SAMPLE).unwrap().len(), 294, "an RSA key of 2048 bits");
    }

    #[test]
    fn what_is_no_csr_is_refused_by_name() {
        let key = pem::write("RSA PRIVATE KEY", b"secret");
        let cases = [
            ("", "no -----BEGIN"),
            ("MIIC", "no -----BEGIN"),
            (&*key, "private key"),
            (&*pem::write("CERTIFICATE", &[0x30, 0]), "CERTIFICATE"),
            (&*pem::write("CERTIFICATE REQUEST", &[0x30, 0]), "PKCS#10"),
            (&*SAMPLE.repeat(2), "more than one"),
            (&SAMPLE[..SAMPLE.len() - 40], "cut"),
        ];
        for (text, expected) in cases {
            let error = normalized("csR_RSA", text).unwrap_err();
            assert_eq!(error.field(), Some("csR_RSA"));
            assert!(error.message().contains(expected), "{error}");
        }
    }
}
