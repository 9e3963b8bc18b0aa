//! The fields of a certificate, each read by itself, so one that cannot be read does not affect the others.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use ring::digest;
use wotrus::pki::Certificate;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::{Any, AnyRef, UintRef};
use x509_cert::der::oid::db::DB;
use x509_cert::der::{Decode, Encode, Tag, Tagged};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;
use x509_cert::spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};

use crate::der::sequence;

/// The object identifiers 2.5.29.x in DER, without tag and length.
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];

/// What is shown of a certificate. Texts are empty if the field is, or if it cannot be read.
pub(super) struct Facts {
    pub(super) subject: String,
    pub(super) issuer: String,
    pub(super) names: Vec<String>,
    /// When the validity begins and ends.
    pub(super) validity: Option<(SystemTime, SystemTime)>,
    pub(super) key: String,
    pub(super) signature: String,
    pub(super) serial: String,
    pub(super) is_ca: bool,
    pub(super) usages: Vec<String>,
    pub(super) sha256: String,
    pub(super) sha1: String,
    /// The names of the fields that cannot be read.
    pub(super) unreadable: Vec<&'static str>,
}

impl Facts {
    pub(super) fn of(certificate: &Certificate) -> Self {
        let mut unreadable = Vec::new();
        let mut read = |field, value: Option<String>| {
            value.unwrap_or_else(|| {
                unreadable.push(field);
                String::new()
            })
        };
        let subject = read("subject", name(certificate.subject_der()));
        let issuer = read("issuer", name(certificate.issuer_der()));
        let key = read("subjectPublicKeyInfo", key(certificate.spki_der()));
        let signature = AlgorithmIdentifierOwned::from_der(certificate.signature_algorithm_der());
        let signature = read("signatureAlgorithm", signature.ok().map(|it| oid_name(&it.oid)));
        let validity = certificate.validity().and_then(|(from, to)| Some((time(from)?, time(to)?)));
        if validity.is_none() {
            unreadable.push("validity");
        }
        let names = extension(certificate, SUBJECT_ALT_NAME).map(names);
        let usages = extension(certificate, KEY_USAGE).map(key_usages);
        let extended = extension(certificate, EXTENDED_KEY_USAGE).map(extended_usages);
        for (field, found) in
            [("subjectAltName", &names), ("keyUsage", &usages), ("extendedKeyUsage", &extended)]
        {
            if found.as_ref().is_some_and(Option::is_none) {
                unreadable.push(field);
            }
        }
        let list = |found: Option<Option<Vec<String>>>| found.flatten().unwrap_or_default();
        let fingerprint = |algorithm| hex(digest::digest(algorithm, certificate.der()).as_ref());
        Self {
            subject,
            issuer,
            names: list(names),
            validity,
            key,
            signature,
            // The first byte may be there only for the sign.
            serial: match certificate.serial() {
                [0, rest @ ..] if !rest.is_empty() => hex(rest),
                all => hex(all),
            },
            is_ca: certificate.is_ca() == Some(true),
            usages: [list(usages), list(extended)].concat(),
            sha256: fingerprint(&digest::SHA256),
            sha1: fingerprint(&digest::SHA1_FOR_LEGACY_USE_ONLY),
            unreadable,
        }
    }
}

fn extension<'a>(certificate: &'a Certificate, oid: &[u8]) -> Option<&'a [u8]> {
    certificate.extensions().find(|it| it.oid == oid).map(|it| it.value)
}

fn time(seconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    match seconds {
        0.. => SystemTime::UNIX_EPOCH.checked_add(distance),
        _ => SystemTime::UNIX_EPOCH.checked_sub(distance),
    }
}

/// Hexadecimal digits. Without colons a fingerprint fits into 80 columns.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A name in the form of RFC 4514, the most specific part first.
fn name(der: &[u8]) -> Option<String> {
    let mut parts: Vec<String> = Name::from_der(der).ok()?.iter().map(part).collect();
    parts.reverse();
    Some(parts.join(","))
}

/// The subject's CN as a text.
pub(crate) fn common_name(certificate: &Certificate) -> Option<String> {
    let name = Name::from_der(certificate.subject_der()).ok()?;
    let part = name.iter().find(|part| part.oid.to_string() == "2.5.4.3")?;
    text(&part.value)
}

/// The text of a value in any string type.
fn text(value: &Any) -> Option<String> {
    let content = value.value();
    Some(match value.tag() {
        // UTF-16, the high byte first. Old certificates contain Chinese in it.
        Tag::BmpString => {
            let units = content.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
        }
        // In practice Latin-1.
        Tag::TeletexString => content.iter().copied().map(char::from).collect(),
        _ => std::str::from_utf8(content).ok()?.to_owned(),
    })
}

fn part(part: &AttributeTypeAndValue) -> String {
    // x509-cert escapes the texts of some string types, and shows the bytes of others.
    let text = match part.value.tag() {
        Tag::BmpString | Tag::TeletexString | Tag::VisibleString => text(&part.value),
        _ => None,
    };
    let value = text.and_then(|text| Any::new(Tag::Utf8String, text.as_bytes()).ok());
    match value {
        Some(value) => AttributeTypeAndValue { oid: part.oid, value }.to_string(),
        None => part.to_string(),
    }
}

/// The subject's alternative names; a name of a kind that is not shown is named by its kind.
fn names(value: &[u8]) -> Option<Vec<String>> {
    let names = sequence(value)?;
    Some(
        names.iter().map(|name| alternative_name(name).unwrap_or_else(|| "?".to_owned())).collect(),
    )
}

fn alternative_name(name: &AnyRef<'_>) -> Option<String> {
    Some(match GeneralName::from_der(&name.to_der().ok()?).ok()? {
        GeneralName::DnsName(name) => name.to_string(),
        GeneralName::Rfc822Name(name) => name.to_string(),
        GeneralName::UniformResourceIdentifier(name) => name.to_string(),
        GeneralName::DirectoryName(directory) => self::name(&directory.to_der().ok()?)?,
        GeneralName::RegisteredId(oid) => format!("registeredID {oid}"),
        GeneralName::OtherName(other) => format!("otherName {}", other.type_id),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()?.to_string()
        }
        GeneralName::EdiPartyName(_) => "ediPartyName".to_owned(),
    })
}

fn key_usages(value: &[u8]) -> Option<Vec<String>> {
    let KeyUsage(flags) = KeyUsage::from_der(value).ok()?;
    let usages = flags.into_iter().map(|flag| {
        let name = format!("{flag:?}");
        name[..1].to_lowercase() + &name[1..]
    });
    Some(usages.collect())
}

fn extended_usages(value: &[u8]) -> Option<Vec<String>> {
    let ExtendedKeyUsage(oids) = ExtendedKeyUsage::from_der(value).ok()?;
    Some(oids.iter().map(|oid| oid_name(oid).replace("id-kp-", "")).collect())
}

/// The kind of a key, and its size or curve.
fn key(der: &[u8]) -> Option<String> {
    let info = SubjectPublicKeyInfoOwned::from_der(der).ok()?;
    let parameters = info.algorithm.parameters.as_ref();
    let curve = parameters.and_then(|it| it.decode_as::<ObjectIdentifier>().ok());
    Some(match (oid_name(&info.algorithm.oid).as_str(), curve) {
        ("rsaEncryption", _) => match rsa_bits(info.subject_public_key.raw_bytes()) {
            Some(bits) => format!("RSA {bits}"),
            None => "RSA".to_owned(),
        },
        ("id-ecPublicKey", Some(curve)) => format!("EC {}", oid_name(&curve)),
        ("id-ecPublicKey", None) => "EC".to_owned(),
        (other, _) => other.trim_start_matches("id-").to_owned(),
    })
}

fn rsa_bits(key: &[u8]) -> Option<usize> {
    let numbers = sequence(key)?;
    let modulus = UintRef::from_der(&numbers.first()?.to_der().ok()?).ok()?.as_bytes().to_vec();
    Some(modulus.len() * 8 - modulus.first()?.leading_zeros() as usize)
}

/// An object identifier's name, or the identifier.
fn oid_name(oid: &ObjectIdentifier) -> String {
    /// Better known names, and those that the table lacks.
    const KNOWN: [(&str, &str); 8] = [
        ("1.2.840.10045.3.1.7", "P-256"),
        ("1.3.132.0.34", "P-384"),
        ("1.3.132.0.35", "P-521"),
        ("1.3.132.0.10", "secp256k1"),
        ("1.2.156.10197.1.301", "SM2"),
        ("1.2.156.10197.1.501", "SM2-with-SM3"),
        ("1.3.6.1.5.5.7.3.36", "documentSigning"),
        ("1.3.101.112", "Ed25519"),
    ];
    let text = oid.to_string();
    let known = KNOWN.iter().find(|(number, _)| *number == text).map(|(_, name)| *name);
    known.or_else(|| DB.by_oid(oid)).map_or(text, str::to_owned)
}
