//! The fields of a certificate, in both forms.

use std::net::IpAddr;
use std::time::SystemTime;

use ring::digest;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::Decode;
use x509_cert::der::asn1::{AnyRef, UintRef};
use x509_cert::der::oid::db::DB;
use x509_cert::der::{Tag, Tagged};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName};
use x509_cert::name::Name;
use x509_cert::spki::{ObjectIdentifier, SubjectPublicKeyInfoOwned};

use super::hex;
use super::read::Certificate;
use crate::json::Json;
use crate::lang::say;
use crate::output::Table;
use crate::time;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What is shown, read out once.
struct Facts {
    subject: String,
    issuer: String,
    names: Vec<String>,
    not_before: SystemTime,
    not_after: SystemTime,
    key: String,
    signature: String,
    serial: String,
    is_ca: bool,
    usages: Vec<String>,
    sha256: String,
    sha1: String,
}

impl Facts {
    fn of(certificate: &Certificate) -> Self {
        let tbs = certificate.parsed.tbs_certificate();
        let fingerprint = |algorithm| hex(digest::digest(algorithm, &certificate.der).as_ref());
        let constraints = tbs.get_extension::<BasicConstraints>().ok().flatten();
        Self {
            subject: name(tbs.subject()),
            issuer: name(tbs.issuer()),
            names: names(certificate),
            not_before: tbs.validity().not_before.to_system_time(),
            not_after: tbs.validity().not_after.to_system_time(),
            key: key(tbs.subject_public_key_info()),
            signature: oid_name(&certificate.parsed.signature_algorithm().oid),
            // The first byte may be there for the sign alone.
            serial: match tbs.serial_number().as_bytes() {
                [0, rest @ ..] if !rest.is_empty() => hex(rest),
                all => hex(all),
            },
            is_ca: constraints.is_some_and(|(_, constraints)| constraints.ca),
            usages: usages(certificate),
            sha256: fingerprint(&digest::SHA256),
            sha1: fingerprint(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        }
    }

    /// Whole days until it ends; negative once it has.
    fn days_left(&self, now: SystemTime) -> i64 {
        let seconds = match self.not_after.duration_since(now) {
            Ok(left) => i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            Err(over) => -i64::try_from(over.duration().as_secs()).unwrap_or(i64::MAX) - 1,
        };
        seconds.div_euclid(DAY)
    }

    fn validity(&self, now: SystemTime) -> String {
        let days = self.days_left(now);
        match days {
            _ if now < self.not_before => say!("NOT YET VALID", "尚未生效"),
            ..0 => {
                let days = -days - 1;
                say!("EXPIRED {days} days ago", "已过期 {days} 天")
            }
            _ => say!("{days} days left", "剩余 {days} 天"),
        }
    }
}

/// A certificate in a line: whose, by whom, and for how long.
pub(crate) fn summary(der: &[u8]) -> Option<String> {
    let certificate = Certificate::parse(der.to_vec()).ok()?;
    let facts = Facts::of(&certificate);
    let validity = facts.validity(SystemTime::now());
    let issuer = &facts.issuer;
    let whose = match (facts.subject.as_str(), &facts.names[..]) {
        ("", [first, ..]) => first,
        (subject, _) => subject,
    };
    Some(say!("{whose} by {issuer}, {validity}", "{whose}，颁发者 {issuer}，{validity}"))
}

pub(super) fn table(certificate: &Certificate, now: SystemTime) -> Table {
    let facts = Facts::of(certificate);
    let mut table = Table::new();
    let validity = facts.validity(now);
    let (from, to) = (time::rfc3339(facts.not_before), time::rfc3339(facts.not_after));
    table.pair(say!("subject", "主题"), Some(&facts.subject));
    table.pair(say!("issuer", "颁发者"), Some(&facts.issuer));
    table.pair(say!("names", "名称"), Some(facts.names.join(", ")));
    table.pair(say!("valid from", "生效时间"), Some(from));
    table.pair(
        say!("valid until", "到期时间"),
        Some(say!("{to} ({validity})", "{to}（{validity}）")),
    );
    table.pair(say!("key", "公钥"), Some(&facts.key));
    table.pair(say!("signature", "签名算法"), Some(&facts.signature));
    table.pair(say!("serial", "序列号"), Some(&facts.serial));
    table.pair(say!("CA", "是否 CA"), facts.is_ca.then(|| say!("yes", "是")));
    table.pair(say!("usages", "用途"), Some(facts.usages.join(", ")));
    table.pair("SHA-256".to_owned(), Some(&facts.sha256));
    table.pair("SHA-1".to_owned(), Some(&facts.sha1));
    table
}

pub(super) fn json(certificate: &Certificate, now: SystemTime) -> Json {
    let facts = Facts::of(certificate);
    Json::new()
        .with("subject", &facts.subject)
        .with("issuer", &facts.issuer)
        .with("names", &facts.names)
        .with("not_before", &time::rfc3339(facts.not_before))
        .with("not_after", &time::rfc3339(facts.not_after))
        .with("days_left", &facts.days_left(now))
        .with("key", &facts.key)
        .with("signature", &facts.signature)
        .with("serial", &facts.serial)
        .with("is_ca", &facts.is_ca)
        .with("usages", &facts.usages)
        .with("sha256", &facts.sha256)
        .with("sha1", &facts.sha1)
}

/// A name as RFC 4514 has it, the most special part first.
fn name(name: &Name) -> String {
    let mut parts: Vec<String> = name.iter().map(part).collect();
    parts.reverse();
    parts.join(",")
}

fn part(part: &AttributeTypeAndValue) -> String {
    // Old certificates hold Chinese in UTF-16, which would be shown as its bytes.
    if part.value.tag() != Tag::BmpString {
        return part.to_string();
    }
    let units = part.value.value().chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]]));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
    let key = match part.oid.to_string().as_str() {
        "2.5.4.3" => "CN".to_owned(),
        "2.5.4.7" => "L".to_owned(),
        "2.5.4.8" => "ST".to_owned(),
        "2.5.4.10" => "O".to_owned(),
        "2.5.4.11" => "OU".to_owned(),
        other => other.to_owned(),
    };
    format!("{key}={text}")
}

/// The other names a certificate holds for.
fn names(certificate: &Certificate) -> Vec<String> {
    let found = certificate.parsed.tbs_certificate().get_extension::<SubjectAltName>();
    let Ok(Some((_, SubjectAltName(names)))) = found else { return Vec::new() };
    names
        .iter()
        .filter_map(|name| match name {
            GeneralName::DnsName(name) => Some(name.to_string()),
            GeneralName::Rfc822Name(name) => Some(name.to_string()),
            GeneralName::UniformResourceIdentifier(name) => Some(name.to_string()),
            GeneralName::DirectoryName(name) => Some(name.to_string()),
            GeneralName::IpAddress(bytes) => {
                let bytes = bytes.as_bytes();
                let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
                four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
                    .ok()
                    .map(|address| address.to_string())
            }
            _ => None,
        })
        .collect()
}

/// What it may be used for, by the standards' names.
fn usages(certificate: &Certificate) -> Vec<String> {
    let tbs = certificate.parsed.tbs_certificate();
    let mut usages = Vec::new();
    if let Ok(Some((_, KeyUsage(flags)))) = tbs.get_extension::<KeyUsage>() {
        usages.extend(flags.into_iter().map(|flag| {
            let name = format!("{flag:?}");
            name[..1].to_lowercase() + &name[1..]
        }));
    }
    if let Ok(Some((_, ExtendedKeyUsage(oids)))) = tbs.get_extension::<ExtendedKeyUsage>() {
        usages.extend(oids.iter().map(|oid| oid_name(oid).replace("id-kp-", "")));
    }
    usages
}

/// The kind and the size of a key.
fn key(info: &SubjectPublicKeyInfoOwned) -> String {
    let curve = info
        .algorithm
        .parameters
        .as_ref()
        .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
    match (oid_name(&info.algorithm.oid).as_str(), curve) {
        ("rsaEncryption", _) => match rsa_bits(info.subject_public_key.raw_bytes()) {
            Some(bits) => format!("RSA {bits}"),
            None => "RSA".to_owned(),
        },
        ("id-ecPublicKey", Some(curve)) => format!("EC {}", oid_name(&curve)),
        (other, _) => other.trim_start_matches("id-").to_owned(),
    }
}

fn rsa_bits(key: &[u8]) -> Option<usize> {
    let modulus = AnyRef::from_der(key)
        .ok()?
        .sequence(|reader| {
            let modulus = UintRef::decode(reader)?;
            let _exponent = UintRef::decode(reader)?;
            Ok::<_, x509_cert::der::Error>(modulus)
        })
        .ok()?;
    let bytes = modulus.as_bytes();
    Some(bytes.len() * 8 - bytes.first()?.leading_zeros() as usize)
}

/// An object identifier's name, or the identifier.
fn oid_name(oid: &ObjectIdentifier) -> String {
    /// Names that people know better, and those that the table lacks.
    const KNOWN: [(&str, &str); 7] = [
        ("1.2.840.10045.3.1.7", "P-256"),
        ("1.3.132.0.34", "P-384"),
        ("1.3.132.0.35", "P-521"),
        ("1.2.156.10197.1.301", "SM2"),
        ("1.2.156.10197.1.501", "SM2-with-SM3"),
        ("1.3.6.1.5.5.7.3.36", "documentSigning"),
        ("1.3.101.112", "Ed25519"),
    ];
    let text = oid.to_string();
    let known = KNOWN.iter().find(|(number, _)| *number == text).map(|(_, name)| *name);
    known.or_else(|| DB.by_oid(oid)).map_or(text, str::to_owned)
}
