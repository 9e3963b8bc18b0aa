//! The fields of an X.509 certificate.

use std::fmt;
use std::ops::Range;

use super::der::{self, BIT_STRING, BOOLEAN, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE};
use super::key::PublicKey;
use super::{name, validity};

/// An X.509 certificate, parsed as far as its outer structure. The content of a field is read only
/// when it is needed, so a field that cannot be read does not affect the others.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Certificate {
    der: Vec<u8>,
    fields: Fields,
}

/// Where in the DER each field is, with its tag and length.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Fields {
    /// Whether it is a version that has extensions.
    is_version_3: bool,
    tbs: Range<usize>,
    serial: Range<usize>,
    issuer: Range<usize>,
    validity: Range<usize>,
    subject: Range<usize>,
    spki: Range<usize>,
    /// The content of the list of extensions; empty if there is none.
    extensions: Range<usize>,
    signature_algorithm: Range<usize>,
    signature: Range<usize>,
}

/// One extension of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension<'a> {
    /// The object identifier in DER, without tag and length.
    pub oid: &'a [u8],
    /// Whether a program that does not know the extension must refuse the certificate.
    pub critical: bool,
    /// The extension's own encoding.
    pub value: &'a [u8],
}

/// The last byte of the object identifiers 2.5.29.x.
const SUBJECT_KEY_IDENTIFIER: u8 = 14;
const KEY_USAGE: u8 = 15;
const BASIC_CONSTRAINTS: u8 = 19;
const AUTHORITY_KEY_IDENTIFIER: u8 = 35;

impl Certificate {
    /// Reads a certificate in DER; `None` if the bytes are not a certificate.
    pub fn from_der(der: impl Into<Vec<u8>>) -> Option<Self> {
        let (certificate, rest) = Self::parse(der.into())?;
        rest.is_empty().then_some(certificate)
    }

    /// Reads the content of a PEM block for certificates: a certificate, which OpenSSL's trust settings
    /// may follow. They are ignored.
    pub fn from_block(der: impl Into<Vec<u8>>) -> Option<Self> {
        Self::with_settings(der.into()).map(|(certificate, _)| certificate)
    }

    /// A certificate, and whether trust settings follow that allow or reject some uses.
    pub(super) fn with_settings(der: Vec<u8>) -> Option<(Self, bool)> {
        let (certificate, rest) = Self::parse(der)?;
        let mut rest = Reader::new(&rest);
        if rest.is_empty() {
            return Some((certificate, false));
        }
        let mut settings = rest.sequence()?;
        let trusted = settings.optional(SEQUENCE);
        let rejected = settings.optional(0xa0);
        rest.is_empty().then_some((certificate, trusted.or(rejected).is_some()))
    }

    /// A certificate, and the bytes after it.
    fn parse(mut der: Vec<u8>) -> Option<(Self, Vec<u8>)> {
        let mut outer = Reader::new(&der);
        let mut certificate = outer.sequence()?;
        let position = |part: &[u8]| der::position(&der, part);
        let tbs = certificate.expect(SEQUENCE)?;
        let signature_algorithm = certificate.expect(SEQUENCE)?.whole;
        let signature = certificate.expect(BIT_STRING)?.content;
        if !certificate.is_empty() {
            return None;
        }
        let mut parts = Reader::new(tbs.content);
        let version = parts.optional(0xa0).map(|version| version.content);
        let serial = parts.expect(INTEGER)?.content;
        parts.sequence()?; // signature algorithm
        let issuer = parts.expect(SEQUENCE)?.whole;
        let validity = parts.expect(SEQUENCE)?.whole;
        let subject = parts.expect(SEQUENCE)?.whole;
        let spki = parts.expect(SEQUENCE)?.whole;
        // The unique identifiers of version 2 come before.
        let extensions = std::iter::from_fn(|| parts.next())
            .find(|part| part.tag == 0xa3)
            .and_then(|part| Reader::new(part.content).expect(SEQUENCE));
        let fields = Fields {
            is_version_3: version == Some(&[INTEGER, 1, 2]),
            tbs: position(tbs.whole),
            serial: position(serial),
            issuer: position(issuer),
            validity: position(validity),
            subject: position(subject),
            spki: position(spki),
            extensions: extensions.map_or(0..0, |list| position(list.content)),
            signature_algorithm: position(signature_algorithm),
            signature: position(signature),
        };
        let end = der.len() - outer.rest().len();
        let rest = der.split_off(end);
        Some((Self { der, fields }, rest))
    }

    fn field(&self, range: &Range<usize>) -> &[u8] {
        &self.der[range.clone()]
    }

    /// The whole certificate in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn into_der(self) -> Vec<u8> {
        self.der
    }

    /// What the signature covers, in DER.
    pub fn tbs_der(&self) -> &[u8] {
        self.field(&self.fields.tbs)
    }

    /// The serial number, big-endian, as it is encoded.
    pub fn serial(&self) -> &[u8] {
        self.field(&self.fields.serial)
    }

    /// The issuer's name in DER.
    pub fn issuer_der(&self) -> &[u8] {
        self.field(&self.fields.issuer)
    }

    /// The subject's name in DER.
    pub fn subject_der(&self) -> &[u8] {
        self.field(&self.fields.subject)
    }

    /// The validity in DER.
    pub fn validity_der(&self) -> &[u8] {
        self.field(&self.fields.validity)
    }

    /// The public key (SubjectPublicKeyInfo) in DER.
    pub fn spki_der(&self) -> &[u8] {
        self.field(&self.fields.spki)
    }

    /// The algorithm of the signature (AlgorithmIdentifier) in DER.
    pub fn signature_algorithm_der(&self) -> &[u8] {
        self.field(&self.fields.signature_algorithm)
    }

    /// The signature's bytes; `None` if it is not a whole number of them.
    pub fn signature(&self) -> Option<&[u8]> {
        self.field(&self.fields.signature).strip_prefix(&[0])
    }

    /// Whether another certificate's subject is this one's issuer, compared by RFC 5280, section 7.1.
    pub fn is_issued_in_the_name_of(&self, other: &Self) -> bool {
        name::normalized(self.issuer_der()) == name::normalized(other.subject_der())
    }

    /// The public key, to be compared; `None` if it cannot be read.
    pub fn public_key(&self) -> Option<PublicKey> {
        PublicKey::from_spki(self.spki_der())
    }

    /// The extensions, in order, up to one that cannot be read.
    pub fn extensions(&self) -> impl Iterator<Item = Extension<'_>> {
        let mut list = Reader::new(self.field(&self.fields.extensions));
        std::iter::from_fn(move || {
            let mut parts = list.sequence()?;
            let oid = parts.expect(OID)?.content;
            let critical = parts.optional(BOOLEAN).is_some_and(|flag| flag.content != [0]);
            Some(Extension { oid, critical, value: parts.expect(OCTET_STRING)?.content })
        })
    }

    /// The value of an extension 2.5.29.x.
    fn extension(&self, last: u8) -> Option<&[u8]> {
        self.extensions().find(|it| it.oid == [0x55, 0x1d, last]).map(|it| it.value)
    }

    /// The identifier of the certificate's own key, if it is there.
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        let value = self.extension(SUBJECT_KEY_IDENTIFIER)?;
        Some(Reader::new(value).expect(OCTET_STRING)?.content)
    }

    /// The identifier of the issuer's key, if it is there.
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        let value = self.extension(AUTHORITY_KEY_IDENTIFIER)?;
        // [0] is the key identifier.
        Some(Reader::new(value).sequence()?.optional(0x80)?.content)
    }

    /// Whether the basic constraints say that this is a CA's certificate; `None` without any.
    pub fn is_ca(&self) -> Option<bool> {
        let value = self.extension(BASIC_CONSTRAINTS)?;
        let flag = Reader::new(value).sequence()?.optional(BOOLEAN);
        Some(flag.is_some_and(|flag| flag.content != [0]))
    }

    /// Whether the certificate may issue others: a CA's, one whose key usage says so, or one of a
    /// version that has no field for it.
    pub(super) fn may_issue(&self) -> bool {
        // Bit 5 of the key usage is keyCertSign. The first byte counts unused bits.
        let signs = self
            .extension(KEY_USAGE)
            .and_then(|value| Reader::new(value).expect(BIT_STRING))
            .map(|bits| bits.content.get(1).is_some_and(|byte| byte & 0x04 != 0));
        let is_ca = self.is_ca().unwrap_or(!self.fields.is_version_3 || signs == Some(true));
        is_ca && signs != Some(false)
    }

    /// Whether `seconds` since 1970 are within the validity; also if the validity cannot be read.
    pub fn is_valid_at(&self, seconds: i64) -> bool {
        self.validity().is_none_or(|(from, to)| (from..=to).contains(&seconds))
    }

    /// When the validity begins and ends, in seconds since 1970; `None` if it cannot be read.
    pub fn validity(&self) -> Option<(i64, i64)> {
        validity::read(self.validity_der())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} bytes)", self.der.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{certificate, element};
    use super::*;

    #[test]
    fn bytes_that_are_cut_or_too_many_are_not_a_certificate() {
        let good = certificate("a", "b", "k");
        assert!(Certificate::from_der(good.clone()).is_some());
        for cut in 0..good.len() {
            assert!(Certificate::from_der(&good[..cut]).is_none(), "{cut}");
        }
        assert!(Certificate::from_der([&good[..], &[0]].concat()).is_none());
        assert!(Certificate::from_block([&good[..], &[0]].concat()).is_none());
    }

    #[test]
    fn trust_settings_are_distinguished_from_an_alias() {
        let good = certificate("a", "b", "k");
        let with = |settings: &[u8]| Certificate::with_settings([&good[..], settings].concat());
        assert!(!with(&[]).unwrap().1);
        assert!(!with(&element(SEQUENCE, &element(0x0c, b"alias"))).unwrap().1);
        for tag in [SEQUENCE, 0xa0] {
            let settings = element(SEQUENCE, &element(tag, &element(OID, &[42])));
            let (certificate, limited) = with(&settings).unwrap();
            assert!(limited && certificate.der() == good);
        }
    }
}
