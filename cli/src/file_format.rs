//! Names the format of a file.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wotrus::pki::Format;
use zeroize::Zeroizing;

use crate::der;
use crate::lang::{self, say};

/// The name of a format that has no certificate in PEM, and the command that gives one.
pub(crate) fn described(format: Format) -> String {
    let command = match format {
        Format::DerPkcs7 | Format::Pkcs7 | Format::Base64 => Some("wotrus cert convert FILE"),
        Format::Pkcs12 => Some("wotrus cert convert FILE --password-file PASSWORD"),
        other => other.conversion(),
    };
    with_command(format, command)
}

/// The name of a format that has no private key, and the command that gives one if it may have one.
pub(crate) fn described_without_key(format: Format) -> String {
    let command = match format {
        Format::Pkcs12 => {
            Some("wotrus cert convert FILE --password-file PASSWORD --output-dir DIR")
        }
        Format::JavaKeystore => Some(
            "keytool -importkeystore -srckeystore FILE -destkeystore NEW.p12 -deststoretype PKCS12",
        ),
        Format::DerCertificate | Format::DerRequest | Format::DerPkcs7 | Format::Pkcs7 => None,
        other => other.conversion(),
    };
    with_command(format, command)
}

fn with_command(format: Format, command: Option<&str>) -> String {
    let name = lang::text(&format.name());
    match command {
        Some(command) => {
            say!("it is {name}; convert it: {command}", "{name}；转换命令：{command}")
        }
        None => say!("it is {name}", "{name}"),
    }
}

/// The content of a file without a byte order mark, and a structure in DER as [`der::definite`] gives it.
pub(crate) fn trimmed(bytes: &[u8]) -> Cow<'_, [u8]> {
    der::definite(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}

/// The bytes of a text in base64, which may have line breaks; a structure in DER as [`der::definite`] gives it.
pub(crate) fn decoded_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let dense = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    let dense: Zeroizing<Vec<u8>> = Zeroizing::new(dense.collect());
    let mut decoded = Zeroizing::new(STANDARD.decode(dense.as_slice()).ok()?);
    let length = match der::definite(&decoded) {
        Cow::Owned(der) => return Some(Zeroizing::new(der)),
        Cow::Borrowed(der) => der.len(),
    };
    decoded.truncate(length);
    Some(decoded)
}
