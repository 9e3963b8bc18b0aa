//! The test's CA, and server certificates that must not be trusted.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// The bytes in one TLS record of a server. Longer responses need several records.
pub(crate) const RECORD: usize = 2048;

/// Which certificate a server presents.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Shown {
    /// For loopback and wotrus.test, issued by the CA that the client trusts.
    Good,
    Expired,
    NotYetValid,
    WrongHost,
    /// The host is in the common name only.
    CommonNameOnly,
    /// Valid, but issued by an unknown CA.
    UnknownCa,
    SelfSigned,
    /// Valid for client authentication only.
    ForClients,
}

/// Two CAs; the client trusts one of them through `ca_file`.
pub(crate) struct Certificates {
    trusted: CertifiedIssuer<'static, KeyPair>,
    unknown: CertifiedIssuer<'static, KeyPair>,
    _folder: tempfile::TempDir,
    pub(crate) ca_file: PathBuf,
}

impl Certificates {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ca_file = folder.path().join("ca.pem");
        let trusted = authority("Trusted");
        std::fs::File::create(&ca_file).unwrap().write_all(trusted.pem().as_bytes()).unwrap();
        Self { trusted, unknown: authority("Unknown"), _folder: folder, ca_file }
    }

    pub(crate) fn server(&self, shown: Shown) -> Arc<ServerConfig> {
        let names: &[&str] = match shown {
            Shown::WrongHost => &["other.test"],
            Shown::CommonNameOnly => &[],
            _ => &["127.0.0.1", "localhost", "wotrus.test"],
        };
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.extended_key_usages = vec![match shown {
            Shown::ForClients => ExtendedKeyUsagePurpose::ClientAuth,
            _ => ExtendedKeyUsagePurpose::ServerAuth,
        }];
        match shown {
            Shown::Expired => params.not_after = date_time_ymd(2020, 1, 1),
            Shown::NotYetValid => params.not_before = date_time_ymd(2090, 1, 1),
            _ => {}
        }
        let key = KeyPair::generate().unwrap();
        let certificate = match shown {
            Shown::SelfSigned => params.self_signed(&key),
            Shown::UnknownCa => params.signed_by(&key, &self.unknown),
            _ => params.signed_by(&key, &self.trusted),
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.unwrap().der().clone()], key)
            .unwrap();
        // The limit includes the record header.
        config.max_fragment_size = Some(RECORD + 5);
        Arc::new(config)
    }
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}
