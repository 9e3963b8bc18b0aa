//! The format of a file that should be PEM and is not, and the command that converts it.

use std::fmt;

use super::der::{self, BIT_STRING, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};
use crate::messages::{Message, message};
use crate::text_encoding::wide_encoding;

/// A form in which certificates, requests and keys are handed out, other than PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// No bytes, or only white space.
    Empty,
    /// Text in UTF-16 with a byte order mark, as Windows programs write it.
    Utf16,
    /// Text in UTF-16 without a byte order mark, the low byte first.
    Utf16Le,
    /// Text in UTF-16 without a byte order mark, the high byte first.
    Utf16Be,
    /// Text in UTF-32 with a byte order mark.
    Utf32,
    /// Text in UTF-32 without a byte order mark, the low byte first.
    Utf32Le,
    /// Text in UTF-32 without a byte order mark, the high byte first.
    Utf32Be,
    /// A certificate in DER.
    DerCertificate,
    /// A certificate signing request in DER.
    DerRequest,
    /// A private key in DER.
    DerPrivateKey,
    /// PKCS#7 (`.p7b`) in DER.
    DerPkcs7,
    /// PKCS#12 (`.pfx`, `.p12`).
    Pkcs12,
    /// Another structure in DER.
    Der,
    /// A structure in DER whose end is missing.
    TruncatedDer,
    /// PKCS#7 in PEM.
    Pkcs7,
    /// A Java keystore (JKS or JCEKS).
    JavaKeystore,
    /// A ZIP archive.
    Zip,
    /// An HTML or XML page.
    Html,
    /// JSON.
    Json,
    /// Base64 without BEGIN and END lines.
    Base64,
    /// A key in the form of OpenSSH or PuTTY.
    Ssh,
}

/// The content type signedData (1.2.840.113549.1.7.2).
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

impl Format {
    /// The form of `bytes`; `None` if it is not known.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let trimmed = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
        Some(match bytes {
            _ if trimmed.is_empty() => Self::Empty,
            [SEQUENCE, second, ..] if *second >= 0x80 || is_one_element(bytes) => {
                Self::of_der(bytes)
            }
            [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => Self::JavaKeystore,
            [b'P', b'K', 3, 4, ..] => Self::Zip,
            _ => return Self::of_encoding(bytes).or_else(|| Self::of_text(trimmed)),
        })
    }

    fn of_encoding(bytes: &[u8]) -> Option<Self> {
        Some(match wide_encoding(bytes)? {
            "UTF-16" => Self::Utf16,
            "UTF-16LE" => Self::Utf16Le,
            "UTF-16BE" => Self::Utf16Be,
            "UTF-32" => Self::Utf32,
            "UTF-32LE" => Self::Utf32Le,
            _ => Self::Utf32Be,
        })
    }

    fn of_text(text: &[u8]) -> Option<Self> {
        let holds = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
        Some(match text[0] {
            _ if holds(b"-----BEGIN PKCS7")
                || holds(b"-----BEGIN PKCS #7")
                || holds(b"-----BEGIN CMS") =>
            {
                Self::Pkcs7
            }
            b'<' => Self::Html,
            b'{' | b'[' => Self::Json,
            _ if text.starts_with(b"ssh-") || text.starts_with(b"PuTTY-") => Self::Ssh,
            // Every structure in question begins with a long SEQUENCE, in base64 "MI".
            b'M' if text.starts_with(b"MI") && text.iter().all(|byte| base64_or_blank(*byte)) => {
                Self::Base64
            }
            _ => return None,
        })
    }

    fn of_der(bytes: &[u8]) -> Self {
        let tags = |mut reader: Reader<'_>| -> Vec<u8> {
            std::iter::from_fn(|| reader.next()).map(|element| element.tag).take(9).collect()
        };
        let mut whole = Reader::new(bytes);
        let Some(outer) = whole.next() else {
            return der::missing(bytes).map_or(Self::Der, |_| Self::TruncatedDer);
        };
        let first = Reader::new(outer.content).next();
        match (&tags(Reader::new(outer.content))[..], first) {
            ([OID, ..], Some(first)) if first.content == SIGNED_DATA => Self::DerPkcs7,
            ([INTEGER, SEQUENCE, SEQUENCE] | [INTEGER, SEQUENCE], Some(version))
                if version.content == [3] =>
            {
                Self::Pkcs12
            }
            ([INTEGER, SEQUENCE, OCTET_STRING, ..] | [INTEGER, OCTET_STRING, ..], _) => {
                Self::DerPrivateKey
            }
            // EncryptedPrivateKeyInfo
            ([SEQUENCE, OCTET_STRING], _) => Self::DerPrivateKey,
            // PKCS#1: nine numbers.
            (all, _) if all.len() == 9 && all.iter().all(|tag| *tag == INTEGER) => {
                Self::DerPrivateKey
            }
            ([SEQUENCE, SEQUENCE, BIT_STRING], Some(signed)) => {
                match &tags(Reader::new(signed.content))[..] {
                    [INTEGER, SEQUENCE, SEQUENCE] | [INTEGER, SEQUENCE, SEQUENCE, 0xa0, ..] => {
                        Self::DerRequest
                    }
                    more if more.len() > 5 => Self::DerCertificate,
                    _ => Self::Der,
                }
            }
            _ => Self::Der,
        }
    }

    /// Whether it is text in UTF-16 or UTF-32.
    pub fn is_wide_text(self) -> bool {
        matches!(
            self,
            Self::Utf16
                | Self::Utf16Le
                | Self::Utf16Be
                | Self::Utf32
                | Self::Utf32Le
                | Self::Utf32Be
        )
    }

    /// The name, in every language.
    pub fn name(self) -> Message {
        self.describe().0
    }

    /// The command that gives PEM, with FILE for the file's name.
    pub fn conversion(self) -> Option<&'static str> {
        Some(self.describe().1).filter(|command| !command.is_empty())
    }

    /// The name, and the command if there is one, in every language.
    pub fn message(self) -> Message {
        match self.describe() {
            (name, "") => name,
            (name, command) => message!("{}; convert it: {}", name, command),
        }
    }

    fn describe(self) -> (Message, &'static str) {
        match self {
            Self::Empty => (message!("empty"), ""),
            Self::Utf16 => (message!("text in {}", "UTF-16"), "iconv -f UTF-16 -t UTF-8 FILE"),
            Self::Utf16Le => {
                (message!("text in {}", "UTF-16LE"), "iconv -f UTF-16LE -t UTF-8 FILE")
            }
            Self::Utf16Be => {
                (message!("text in {}", "UTF-16BE"), "iconv -f UTF-16BE -t UTF-8 FILE")
            }
            Self::Utf32 => (message!("text in {}", "UTF-32"), "iconv -f UTF-32 -t UTF-8 FILE"),
            Self::Utf32Le => {
                (message!("text in {}", "UTF-32LE"), "iconv -f UTF-32LE -t UTF-8 FILE")
            }
            Self::Utf32Be => {
                (message!("text in {}", "UTF-32BE"), "iconv -f UTF-32BE -t UTF-8 FILE")
            }
            Self::DerCertificate => {
                (message!("a certificate in DER"), "openssl x509 -inform DER -in FILE")
            }
            Self::DerRequest => (
                message!("a certificate signing request in DER"),
                "openssl req -inform DER -in FILE",
            ),
            Self::DerPrivateKey => {
                (message!("a private key in DER"), "openssl pkey -inform DER -in FILE")
            }
            Self::DerPkcs7 => (
                message!("PKCS#7 (.p7b) in DER"),
                "openssl pkcs7 -inform DER -print_certs -in FILE",
            ),
            Self::Pkcs12 => (message!("PKCS#12 (.pfx, .p12)"), "openssl pkcs12 -nokeys -in FILE"),
            Self::Der => (message!("DER of an unsupported type"), ""),
            Self::TruncatedDer => (message!("DER that was cut: its end is missing"), ""),
            Self::Pkcs7 => (message!("PKCS#7 (.p7b)"), "openssl pkcs7 -print_certs -in FILE"),
            Self::JavaKeystore => {
                (message!("a Java keystore (JKS)"), "keytool -list -rfc -keystore FILE")
            }
            Self::Zip => (message!("a ZIP archive"), ""),
            Self::Html => (message!("an HTML or XML page"), ""),
            Self::Json => (message!("JSON"), ""),
            Self::Base64 => (message!("base64 without its BEGIN and END lines"), ""),
            Self::Ssh => (message!("a key in OpenSSH or PuTTY format"), ""),
        }
    }
}

/// Whether there is one element, behind which an editor may have put a line break.
fn is_one_element(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.next().is_some() && reader.rest().trim_ascii().is_empty()
}

fn base64_or_blank(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte) || byte.is_ascii_whitespace()
}

/// The name, and the command that converts it if there is one.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_content_is_recognised() {
        for (bytes, format) in [
            (&b""[..], Some(Format::Empty)),
            (b"\xef\xbb\xbf \r\n", Some(Format::Empty)),
            (b"<!DOCTYPE html>", Some(Format::Html)),
            (b"{\"a\":1}", Some(Format::Json)),
            (b"PK\x03\x04rest", Some(Format::Zip)),
            (b"\xfe\xed\xfe\xed\0\0\0\x02", Some(Format::JavaKeystore)),
            (b"\xce\xce\xce\xce\0\0\0\x02", Some(Format::JavaKeystore)),
            (b"ssh-rsa AAAA", Some(Format::Ssh)),
            (b"PuTTY-User-Key-File-3: ssh-rsa", Some(Format::Ssh)),
            (b"MIIC\nAAAA", Some(Format::Base64)),
            (b"\x30\x03\x02\x01\x01", Some(Format::Der)),
            (b"\x30\x03\x02\x01\x01\r\n", Some(Format::Der)),
            (b"\x30\x82\x01\x00\x02\x01\x01", Some(Format::TruncatedDer)),
            (b"\x30\0", Some(Format::Der)),
            (b"\xff\xfe\0\0-\0\0\0", Some(Format::Utf32)),
            (b"\0\0\xfe\xff\0\0\0-", Some(Format::Utf32)),
            (b"-\0\0\0-\0\0\0", Some(Format::Utf32Le)),
            (b"\0\0\0-\0\0\0-", Some(Format::Utf32Be)),
            (b"\0\0\0\x02\0\0\0\x14", None),
            (b"some text", None),
            (b"0123456789", None),
            (b"\x80\x01", None),
        ] {
            assert_eq!(Format::of(bytes), format, "{bytes:?}");
        }
    }
}
