//! The contents of certificates: names, key usages and extensions.

use std::net::IpAddr;

use x509_cert::TbsCertificate;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::{self, profile::BuilderProfile};
use x509_cert::der::asn1::{Any, Ia5String, PrintableStringRef, Utf8StringRef};
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::spki::SubjectPublicKeyInfoRef;

use crate::Error;
use crate::product::Kind;

const fn oid(dotted: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dotted)
}

const COUNTRY: ObjectIdentifier = oid("2.5.4.6");
const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
const SERVER_AUTH: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.1");
const CLIENT_AUTH: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.2");
const EMAIL_PROTECTION: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.4");
/// RFC 9336. Readers of Microsoft and Adobe looked for the two below before there was an RFC.
const DOCUMENT_SIGNING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.36");
const MICROSOFT_DOCUMENT_SIGNING: ObjectIdentifier = oid("1.3.6.1.4.1.311.10.3.12");
const ADOBE_PDF_SIGNING: ObjectIdentifier = oid("1.2.840.113583.1.1.5");

/// The parts of a subject. Empty ones are left out of its name.
#[derive(Default)]
pub(crate) struct Subject<'a> {
    pub(crate) country: &'a str,
    pub(crate) state: &'a str,
    pub(crate) city: &'a str,
    pub(crate) organization: &'a str,
    pub(crate) common_name: &'a str,
}

impl Subject<'_> {
    /// The distinguished name, with the country first.
    pub(crate) fn name(&self) -> Result<Name, Error> {
        let parts = [
            (COUNTRY, self.country),
            (oid("2.5.4.8"), self.state),
            (oid("2.5.4.7"), self.city),
            (oid("2.5.4.10"), self.organization),
            (oid("2.5.4.3"), self.common_name),
        ];
        let mut names = RdnSequence::default();
        for (oid, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
            let value = match oid {
                COUNTRY => Any::encode_from(&PrintableStringRef::new(text)?)?,
                _ => Any::encode_from(&Utf8StringRef::new(text)?)?,
            };
            let part = vec![AttributeTypeAndValue { oid, value }];
            names.push(RelativeDistinguishedName::try_from(part)?);
        }
        Ok(Name::hazmat_from_rdn_sequence(names))
    }
}

/// What a certificate is for.
#[derive(Clone)]
pub(crate) enum Purpose {
    Root,
    Intermediate,
    /// A customer's certificate: the product's kind, the role of its key, and the host names of a server.
    Leaf(Kind, KeyRole, Vec<String>),
}

/// Whether a certificate is one of an SM2 pair, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyRole {
    /// The only certificate of its order.
    Single,
    Signature,
    Encryption,
}

/// What x509-cert's builder asks for one certificate.
pub(crate) struct Profile {
    /// None for a self-signed certificate.
    pub(crate) issuer: Option<Name>,
    pub(crate) subject: Name,
    pub(crate) purpose: Purpose,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, subject: &Name) -> Name {
        self.issuer.as_ref().unwrap_or(subject).clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        issuer_key: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let rsa = key.algorithm.oid == RSA;
        let mut list = Extensions { subject: tbs.subject(), extensions: Vec::new() };
        list.push(&BasicConstraints { ca: self.is_ca(), path_len_constraint: self.path_length() })?;
        list.push(&KeyUsage(self.usages(rsa)))?;
        if let Purpose::Leaf(kind, _, hosts) = &self.purpose {
            list.push(&ExtendedKeyUsage(extended_usages(*kind)))?;
            let names =
                hosts.iter().map(|host| general_name(host)).collect::<Result<Vec<_>, _>>()?;
            if !names.is_empty() {
                list.push(&SubjectAltName(names))?;
            }
        }
        list.push(&SubjectKeyIdentifier::try_from(key)?)?;
        if self.issuer.is_some() {
            list.push(&AuthorityKeyIdentifier::try_from(issuer_key)?)?;
        }
        Ok(list.extensions)
    }
}

struct Extensions<'a> {
    subject: &'a Name,
    extensions: Vec<Extension>,
}

impl Extensions<'_> {
    fn push<E>(&mut self, extension: E) -> builder::Result<()>
    where
        E: ToExtension,
        builder::Error: From<E::Error>,
    {
        self.extensions.push(extension.to_extension(self.subject, &self.extensions)?);
        Ok(())
    }
}

impl Profile {
    fn is_ca(&self) -> bool {
        !matches!(self.purpose, Purpose::Leaf(..))
    }

    fn path_length(&self) -> Option<u8> {
        matches!(self.purpose, Purpose::Intermediate).then_some(0)
    }

    /// To encrypt, an RSA key enciphers keys and an EC key agrees on them.
    fn usages(&self, rsa: bool) -> FlagSet<KeyUsages> {
        let sign: FlagSet<KeyUsages> = KeyUsages::DigitalSignature.into();
        let encrypt = if rsa { KeyUsages::KeyEncipherment } else { KeyUsages::KeyAgreement };
        match &self.purpose {
            Purpose::Root | Purpose::Intermediate => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            Purpose::Leaf(_, KeyRole::Signature, _) => sign | KeyUsages::NonRepudiation,
            Purpose::Leaf(_, KeyRole::Encryption, _) => {
                KeyUsages::KeyEncipherment | KeyUsages::DataEncipherment | KeyUsages::KeyAgreement
            }
            Purpose::Leaf(Kind::Pdf, ..) => sign | KeyUsages::NonRepudiation | encrypt,
            Purpose::Leaf(Kind::Signing, ..) => sign | KeyUsages::NonRepudiation,
            Purpose::Leaf(Kind::DvSsl | Kind::OvSsl, ..) if rsa => sign | encrypt,
            Purpose::Leaf(Kind::DvSsl | Kind::OvSsl, ..) => sign,
        }
    }
}

fn extended_usages(kind: Kind) -> Vec<ObjectIdentifier> {
    let signing = [DOCUMENT_SIGNING, MICROSOFT_DOCUMENT_SIGNING, ADOBE_PDF_SIGNING];
    match kind {
        Kind::Pdf => [&signing[..], &[EMAIL_PROTECTION]].concat(),
        Kind::Signing => signing.to_vec(),
        Kind::DvSsl | Kind::OvSsl => vec![SERVER_AUTH, CLIENT_AUTH],
    }
}

fn general_name(host: &str) -> builder::Result<GeneralName> {
    Ok(match host.parse::<IpAddr>() {
        Ok(ip) => GeneralName::from(ip),
        Err(_) => GeneralName::DnsName(Ia5String::new(host)?),
    })
}
