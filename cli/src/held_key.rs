//! Whether a file holds a private key, in any form. It may be the only copy, so no flag replaces it.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::Path;

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use wotrus::pki::Format;
use zeroize::Zeroizing;

use crate::open;

/// Files with keys are smaller; a longer one is not read whole.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// With or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Whether there is a private key in the file at a path. A symbolic link that leads nowhere has none.
///
/// # Errors
/// If the file cannot be read: it may hold a key.
pub(crate) fn holds_key(path: &Path) -> io::Result<bool> {
    let mut content = Zeroizing::new(Vec::new());
    match open::regular(path, OpenOptions::new().read(true)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file?.take(MAX_BYTES).read_to_end(&mut content)?,
    };
    Ok(is_key(&content))
}

/// An encrypted key is one too, and a keystore counts as one, because it cannot be read without its
/// password.
fn is_key(content: &[u8]) -> bool {
    // The version of a BKS keystore, and the magic number of a PVK file.
    if matches!(content, [0, 0, 0, 1 | 2, ..] | [0x1e, 0xf1, 0xb5, 0xb0, ..]) {
        return true;
    }
    match Format::of(content) {
        Some(
            Format::DerPrivateKey
            | Format::Pkcs12
            | Format::JavaKeystore
            | Format::Ssh
            // An unknown DER structure may be another program's key format.
            | Format::Der
            | Format::TruncatedDer,
        ) => true,
        // Each letter of UTF-16 and UTF-32 has zeros beside it.
        Some(format) if format.is_wide_text() => {
            let is_letter = |byte: &u8| !matches!(byte, 0 | 0xfe | 0xff);
            let letters = content.iter().copied().filter(is_letter);
            is_text_of_key(&Zeroizing::new(letters.collect::<Vec<u8>>()))
        }
        _ => is_text_of_key(content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content)),
    }
}

fn is_text_of_key(text: &[u8]) -> bool {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let dense = || text.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    if dense().all(|byte| is_base64(&byte)) {
        let dense: Zeroizing<Vec<u8>> = Zeroizing::new(dense().collect());
        return match BASE64.decode(dense.as_slice()) {
            Ok(content) => !content.is_empty() && is_key(&Zeroizing::new(content)),
            // What begins as a long structure of DER is refused even if it is damaged.
            Err(_) => dense.starts_with(b"MI"),
        };
    }
    let holds = |part: &[u8]| position(text, part).is_some();
    let is_jwk = holds(b"\"kty\"") && (holds(b"\"d\"") || holds(b"\"k\""));
    // PEM, OpenSSH, SSH2 and PGP begin a key with such a line, which in JSON is only a part of one.
    let begins_key = |line: &[u8]| {
        position(line, b"BEGIN ").is_some_and(|at| position(&line[at..], b"PRIVATE KEY").is_some())
    };
    is_jwk || holds(b"PRIVATE KEY-----") || text.split(|byte| *byte == b'\n').any(begins_key)
}

/// Where the part begins in the text.
fn position(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// A key of Ed25519 in PKCS#8.
    const ED25519: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x2012345678901234567890123456789012";

    /// The beginning of an EncryptedPrivateKeyInfo: an algorithm and an OCTET STRING.
    const ENCRYPTED: &[u8] = &[0x30, 0x0a, 0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04, 0x04, 0x01, 0];

    #[test]
    fn keys_are_found_in_every_form() {
        let pem = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let bundle = [b"-----BEGIN CERTIFICATE-----\n".repeat(9000), pem.to_vec()].concat();
        let utf16: Vec<u8> = pem.iter().flat_map(|byte| [*byte, 0]).collect();
        let utf32: Vec<u8> = pem.iter().flat_map(|byte| [0, 0, 0, *byte]).collect();
        let pkcs12 = [0x30, 0x07, 0x02, 0x01, 0x03, 0x30, 0x02, 0x06, 0x00];
        let long = STANDARD.encode([&[0x30, 0x82, 0, 0x0c], &ENCRYPTED[2..]].concat());
        assert!(long.starts_with("MI"), "{long}");
        let (ed25519, line) = (STANDARD.encode(ED25519), [ED25519, b"\r\n"].concat());
        assert!(ed25519.starts_with("MC4C"), "{ed25519}");
        let ec = STANDARD.encode([&[0x30, 0x77, 2, 1, 1, 4, 0x20][..], &[9; 0x72]].concat());
        assert!(ec.starts_with("MHcC"), "{ec}");
        let wide: Vec<u8> = ed25519.bytes().flat_map(|byte| [0, byte]).collect();
        for content in [
            &pem[..],
            b"-----BEGIN RSA PRIVATE KEY-----",
            b"-----BEGIN OPENSSH PRIVATE KEY-----",
            b"PuTTY-User-Key-File-3: ssh-rsa",
            b"\xfe\xed\xfe\xed\0\0\0\x02",
            &bundle,
            &utf16,
            &utf32,
            ENCRYPTED,
            &pkcs12,
            long.as_bytes(),
            ed25519.as_bytes(),
            ed25519.trim_end_matches('=').as_bytes(),
            ec.as_bytes(),
            &wide,
            STANDARD.encode(pem).as_bytes(),
            &line,
            b"\0\0\0\x02\0\0\0\x14",
            b"\0\0\0\x01\0\0\0\x14",
            b"\x1e\xf1\xb5\xb0\0\0\0\0",
            b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n",
            b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n",
            br#"{"private_key":"-----BEGIN PRIVATE KEY-----\nMII"}"#,
            br#"{"kty":"EC","crv":"P-256","x":"A","y":"A","d":"A"}"#,
            br#"{"kty":"oct","k":"A"}"#,
        ] {
            assert!(
                is_key(content),
                "{:?}",
                String::from_utf8_lossy(&content[..content.len().min(60)])
            );
        }
        for content in [
            &b""[..],
            b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            b"<html>",
            b"some text",
            b"word",
            b"The PRIVATE KEY is kept elsewhere.",
            br#"{"kty":"EC","crv":"P-256","x":"A","y":"A"}"#,
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
            b"\xff\xfe\xff\xfe",
            b"PK\x03\x04rest",
            include_bytes!("../assets/licence.pdf"),
            include_bytes!("../assets/example.csr"),
        ] {
            assert!(
                !is_key(content),
                "{:?}",
                String::from_utf8_lossy(&content[..content.len().min(60)])
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_cannot_be_read_is_an_error_and_a_dangling_link_has_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        assert!(!holds_key(&link).unwrap());
        assert!(holds_key(folder.path()).is_err());
    }
}
