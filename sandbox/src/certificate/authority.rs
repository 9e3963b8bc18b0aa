//! Certificate authorities: roots and intermediates, the certificates that they issue, and revocation lists.

use ring::rand::{SecureRandom, SystemRandom};
use x509_cert::Certificate;
use x509_cert::Version;
use x509_cert::builder::CertificateBuilder;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::der::asn1::Uint;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::referenced::OwnedToRef;
use x509_cert::der::{Decode, Encode, EncodePem};
use x509_cert::ext::ToExtension;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{DynSignatureAlgorithmIdentifier, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

use crate::Error;
use crate::certificate::key::{Curve, Key};
use crate::certificate::profile::{Profile, Purpose, Subject};
use crate::time::{Millis, add_months, calendar};

/// How long an authority's own certificate is valid, in months.
const AUTHORITY_MONTHS: u32 = 240;
/// How long before its issue a certificate or revocation list becomes valid, because clocks differ.
const BACKDATED: Millis = 5 * 60 * 1000;
/// How long a revocation list is valid.
const CRL_LIFE: Millis = 7 * 24 * 3600 * 1000;

/// A certificate that may issue others, and its key.
pub(crate) struct Authority {
    key: Key,
    certificate: Certificate,
    pem: String,
}

/// An issued certificate.
pub(crate) struct Issued {
    pub(crate) der: Vec<u8>,
    pub(crate) pem: String,
    /// Big-endian and positive.
    pub(crate) serial: Vec<u8>,
}

impl Authority {
    /// Generates a self-signed authority.
    pub(crate) fn root(common_name: &str, curve: Curve, now: Millis) -> Result<Self, Error> {
        let key = Key::generate(curve)?;
        let name = authority_name(common_name)?;
        let profile = Profile { issuer: None, subject: name, purpose: Purpose::Root };
        let issued = sign(&key, profile, key.public()?, now, add_months(now, AUTHORITY_MONTHS))?;
        Self::from_parts(key, &issued.der)
    }

    /// Generates an authority whose certificate this one issues.
    fn intermediate(&self, common_name: &str, curve: Curve, now: Millis) -> Result<Self, Error> {
        let key = Key::generate(curve)?;
        let subject = authority_name(common_name)?;
        let until = add_months(now, AUTHORITY_MONTHS);
        let issued = self.issue(Purpose::Intermediate, subject, key.public()?, now, until)?;
        Self::from_parts(key, &issued.der)
    }

    /// Restores an authority from its key and its certificate.
    pub(crate) fn from_parts(key: Key, der: &[u8]) -> Result<Self, Error> {
        let certificate = Certificate::from_der(der)?;
        let pem = certificate.to_pem(LineEnding::LF)?;
        Ok(Self { key, certificate, pem })
    }

    /// Issues a certificate for the public key, valid from `now` until `until`.
    pub(crate) fn issue(
        &self,
        purpose: Purpose,
        subject: Name,
        public_key: SubjectPublicKeyInfoOwned,
        now: Millis,
        until: Millis,
    ) -> Result<Issued, Error> {
        let issuer = Some(self.certificate.tbs_certificate().subject().clone());
        let profile = Profile { issuer, subject, purpose };
        sign(&self.key, profile, public_key, now, until)
    }

    /// The list of revoked certificates, each a serial number and the time of its revocation, in DER. x509-cert's own
    /// builder is not used: its authority key identifier is that of the issuer's issuer.
    pub(crate) fn crl(&self, revoked: &[(&[u8], Millis)], now: Millis) -> Result<Vec<u8>, Error> {
        let time = |at| Time::from(calendar(at));
        let tbs = self.certificate.tbs_certificate();
        let number = CrlNumber(Uint::new(&now.to_be_bytes())?);
        let issuer_key =
            AuthorityKeyIdentifier::try_from(tbs.subject_public_key_info().owned_to_ref())?;
        let entry = |&(serial, at): &(&[u8], Millis)| {
            Ok(RevokedCert {
                serial_number: SerialNumber::new(serial)?,
                revocation_date: time(at),
                crl_entry_extensions: None,
            })
        };
        let entries = revoked.iter().map(entry).collect::<Result<Vec<_>, Error>>()?;
        let list: TbsCertList = TbsCertList {
            version: Version::V2,
            signature: self.key.signature_algorithm_identifier()?,
            issuer: tbs.subject().clone(),
            this_update: time(now.saturating_sub(BACKDATED)),
            next_update: Some(time(now.saturating_add(CRL_LIFE))),
            // An empty list is left out (RFC 5280, 5.1.2.6).
            revoked_certificates: (!entries.is_empty()).then_some(entries),
            crl_extensions: Some(vec![
                issuer_key.to_extension(tbs.subject(), &[])?,
                number.to_extension(tbs.subject(), &[])?,
            ]),
        };
        let list: CertificateList = CertificateList {
            signature: self.key.signature(&list.to_der()?)?,
            signature_algorithm: list.signature.clone(),
            tbs_cert_list: list,
        };
        Ok(list.to_der()?)
    }

    /// The private key and the certificate, for the state file.
    pub(crate) fn parts(&self) -> Result<(Vec<u8>, Vec<u8>), Error> {
        Ok((self.key.private_bytes().to_vec(), self.certificate.to_der()?))
    }

    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }
}

/// A root, and the intermediate below it that issues the leaf certificates.
pub(crate) struct Hierarchy {
    pub(crate) root: Authority,
    pub(crate) intermediate: Authority,
}

impl Hierarchy {
    fn generate(name: &str, curve: Curve, now: Millis) -> Result<Self, Error> {
        let root = Authority::root(&format!("WoTrus Sandbox {name}Root CA"), curve, now)?;
        let issuer = format!("WoTrus Sandbox {name}Issuing CA");
        let intermediate = root.intermediate(&issuer, curve, now)?;
        Ok(Self { root, intermediate })
    }

    /// The chain as the service returns it, with the root first (section 4).
    pub(crate) fn chain(&self) -> [&str; 2] {
        [self.root.pem(), self.intermediate.pem()]
    }
}

/// The authorities that issue the ordered certificates.
pub(crate) struct Ca {
    /// For RSA and ECC keys.
    pub(crate) general: Hierarchy,
    pub(crate) sm2: Hierarchy,
}

impl Ca {
    /// Generates all of them.
    pub(crate) fn generate(now: Millis) -> Result<Self, Error> {
        let general = Hierarchy::generate("", Curve::P256, now)?;
        Ok(Self { general, sm2: Hierarchy::generate("SM2 ", Curve::Sm2, now)? })
    }

    /// The authorities for SM2 keys, or for all others.
    pub(crate) fn of(&self, sm2: bool) -> &Hierarchy {
        if sm2 { &self.sm2 } else { &self.general }
    }
}

fn authority_name(common_name: &str) -> Result<Name, Error> {
    Subject { country: "CN", organization: "WoTrus Sandbox", common_name, ..Subject::default() }
        .name()
}

fn sign(
    key: &Key,
    profile: Profile,
    public_key: SubjectPublicKeyInfoOwned,
    now: Millis,
    until: Millis,
) -> Result<Issued, Error> {
    let serial = random_serial()?;
    let validity = Validity::new(
        Time::from(calendar(now.saturating_sub(BACKDATED))),
        Time::from(calendar(until)),
    );
    let builder =
        CertificateBuilder::new(profile, SerialNumber::new(&serial)?, validity, public_key)?;
    let certificate = key.sign(builder)?;
    Ok(Issued { der: certificate.to_der()?, pem: certificate.to_pem(LineEnding::LF)?, serial })
}

/// 16 bytes. The first one has its highest bit clear and the next one set, so that DER neither pads nor shortens it.
fn random_serial() -> Result<Vec<u8>, Error> {
    let mut serial = vec![0; 16];
    let random = SystemRandom::new();
    random.fill(&mut serial).map_err(|_| {
        Error::certificate("the system gives no random numbers for a serial number")
    })?;
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(serial)
}
