//! Whether a file holds a private key, in any form. It may be the only copy, so no flag replaces it.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wotrus::pki::Format;
use zeroize::Zeroizing;

use crate::open;

/// Files with keys are smaller; a longer one is not read whole.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Whether there is a private key in the file at a path. A symbolic link that leads nowhere has none.
///
/// # Errors
/// If the file cannot be read, because then nobody can tell.
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
    match Format::of(content) {
        Some(
            Format::DerPrivateKey
            | Format::Pkcs12
            | Format::JavaKeystore
            | Format::Ssh
            // Of another program, perhaps.
            | Format::Der,
        ) => true,
        Some(Format::Base64) => {
            let dense: Zeroizing<Vec<u8>> = Zeroizing::new(
                content.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect(),
            );
            STANDARD.decode(dense.as_slice()).map_or(true, |der| is_key(&Zeroizing::new(der)))
        }
        // Each letter of UTF-16 has a zero beside it.
        Some(Format::Utf16) => {
            let letters: Zeroizing<Vec<u8>> =
                Zeroizing::new(content.iter().copied().filter(|byte| *byte != 0).collect());
            is_pem(&letters)
        }
        _ => is_pem(content),
    }
}

fn is_pem(text: &[u8]) -> bool {
    // OpenSSH, PKCS#1, SEC 1 and PKCS#8, encrypted or not, end their labels with these words.
    const LABEL: &[u8] = b"PRIVATE KEY-----";
    text.windows(LABEL.len()).any(|part| part == LABEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of an EncryptedPrivateKeyInfo: an algorithm and an OCTET STRING.
    const ENCRYPTED: &[u8] = &[0x30, 0x0a, 0x30, 0x05, 0x06, 0x03, 0x2a, 0x03, 0x04, 0x04, 0x01, 0];

    #[test]
    fn keys_are_found_in_every_form() {
        let pem = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let bundle = [b"-----BEGIN CERTIFICATE-----\n".repeat(9000), pem.to_vec()].concat();
        let utf16: Vec<u8> = pem.iter().flat_map(|byte| [*byte, 0]).collect();
        let pkcs12 = [0x30, 0x07, 0x02, 0x01, 0x03, 0x30, 0x02, 0x06, 0x00];
        let base64 = STANDARD.encode([&[0x30, 0x82, 0, 0x0c], &ENCRYPTED[2..]].concat());
        assert!(base64.starts_with("MI"), "{base64}");
        for content in [
            &pem[..],
            b"-----BEGIN RSA PRIVATE KEY-----",
            b"-----BEGIN OPENSSH PRIVATE KEY-----",
            b"PuTTY-User-Key-File-3: ssh-rsa",
            b"\xfe\xed\xfe\xed\0\0\0\x02",
            &bundle,
            &utf16,
            ENCRYPTED,
            &pkcs12,
            base64.as_bytes(),
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
