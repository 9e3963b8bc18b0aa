//! Files of CA certificates.

use super::format::Format;
use super::pem;
use super::x509::Certificate;
use crate::messages::{Message, message};

/// The DER of every certificate in a file of CAs.
///
/// # Errors
/// If the file contains none or is not PEM, or if a block is not a certificate or cannot be read:
/// a CA that is silently ignored would be noticed only when a connection fails.
// Trust settings in a TRUSTED CERTIFICATE cannot be applied, so a certificate with any is refused.
pub fn certificates(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Message> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    for block in pem::blocks(&text) {
        let block = block.map_err(|error| error.message())?;
        let (number, label) = (block.number(), block.label());
        if !block.is_certificate() {
            return Err(message!("PEM block {} is not a certificate but {}", number, label));
        }
        let der = block.der().map_err(|error| error.message())?;
        let (certificate, settings) = Certificate::with_settings(der).ok_or_else(|| {
            message!("PEM block {} ({}) is not an X.509 certificate", number, label)
        })?;
        if settings {
            return Err(message!(
                "PEM block {} ({}) limits what the CA is trusted for, which is not supported; openssl x509 -in FILE -out NEW removes the limits",
                number,
                label
            ));
        }
        found.push(certificate.into_der());
    }
    if found.is_empty() {
        let what = Format::of(bytes).map(|format| message!("; it is {}", format.message()));
        return Err(message!("contains no certificate in PEM{}", what));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::pem::write;
    use super::super::samples::certificate;
    use super::*;

    #[test]
    fn every_ca_counts_or_is_refused_by_its_number() {
        let (one, two) = (certificate("a", "a", "k"), certificate("b", "b", "k"));
        let (first, second) = (write("CERTIFICATE", &one), write("X509 CERTIFICATE", &two));
        let all = vec![one.clone(), two.clone()];
        for text in [
            format!("{first}{second}"),
            format!("\u{feff}{first}{second}"),
            format!("{}{second}", first.trim_end()),
            format!("# CA\n{first}\r\nSome CA\n===\n{second}"),
            format!(
                "# --- BEGIN roots ---\n{first}Subject: CN=FRONT-END CA\n{second}# --- END ---"
            ),
        ] {
            assert_eq!(certificates(text.as_bytes()).unwrap(), all, "{text}");
        }
        let comment = [&b"# T\xfcrk\n"[..], first.as_bytes(), second.as_bytes()].concat();
        assert_eq!(certificates(&comment).unwrap(), all);

        let trusted = |settings: &[u8]| write("TRUSTED CERTIFICATE", &[&one, settings].concat());
        assert_eq!(certificates(trusted(&[]).as_bytes()).unwrap(), std::slice::from_ref(&one));
        // An alias alone limits nothing.
        assert_eq!(
            certificates(trusted(&[0x30, 3, 12, 1, 65]).as_bytes()).unwrap(),
            std::slice::from_ref(&one)
        );
        for (text, why) in [
            (String::new(), "it is empty"),
            ("no PEM".into(), "contains no certificate"),
            (
                format!("{first}{}", write("PRIVATE KEY", &[1])),
                "block 2 is not a certificate but PRIVATE KEY",
            ),
            (format!("{first}----BEGIN CERTIFICATE-----\nAAAA"), "block 2: its BEGIN"),
            (
                format!("{first}{}", write("CERTIFICATE", &[0x30, 0])),
                "block 2 (CERTIFICATE) is not an X.509",
            ),
            (trusted(&[0x30, 4, 0x30, 2, 6, 0]), "limits what the CA is trusted for"),
        ] {
            let error = certificates(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let error = certificates(&one).unwrap_err().to_string();
        assert!(error.contains("DER") && error.contains("openssl x509 -inform DER"), "{error}");
    }
}
