//! TLS of the sandbox's HTTPS address: a certificate for this machine's names, from a separate authority.

use std::net::IpAddr;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::Error;
use crate::certificate::authority::Authority;
use crate::certificate::key::{Curve, Key};
use crate::certificate::profile::{KeyRole, Purpose, Subject};
use crate::product::Kind;
use crate::time::{Millis, add_months};

/// The authority that clients must trust, and the server's side of TLS.
pub(crate) struct Tls {
    pub(crate) ca: Authority,
    pub(crate) acceptor: TlsAcceptor,
}

impl Tls {
    /// Issues a server certificate for `localhost`, the loopback addresses and the listening address.
    pub(crate) fn new(ca: Authority, listen: IpAddr, now: Millis) -> Result<Self, Error> {
        let mut hosts = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
        if !listen.is_unspecified() && !hosts.contains(&listen.to_string()) {
            hosts.push(listen.to_string());
        }
        let key = Key::generate(Curve::P256)?;
        let subject = Subject { common_name: "localhost", ..Subject::default() }.name()?;
        let purpose = Purpose::Leaf(Kind::DvSsl, KeyRole::Single, hosts);
        let leaf = ca.issue(purpose, subject, key.public()?, now, add_months(now, 12))?;
        let chain = vec![CertificateDer::from(leaf.der)];
        let private = key.private_bytes().to_vec();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(private));
        let failed = |error: tokio_rustls::rustls::Error| Error::Certificate(error.to_string());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(chain, private)
            .map_err(failed)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { ca, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }
}
