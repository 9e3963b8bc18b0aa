//! TLS, with a look at the certificate that the server shows, also where it is not trusted.

use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use pki_types::pem::PemObject;
use pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme,
};
use wotrus::Cause;

use super::check::{Found, Problem};
use super::target::Target;
use crate::cert;
use crate::lang::say;

/// Shakes hands over the socket; what was shown is told either way.
pub(super) fn handshake(socket: &mut TcpStream, target: &Target) -> Found<()> {
    let roots = roots(target.ca_file.as_deref()).map_err(|message| broken(&message))?;
    let seen: Arc<Mutex<Option<Vec<u8>>>> = Arc::default();
    let config = config(roots, Arc::clone(&seen)).map_err(|error| broken(&error.to_string()))?;
    let result = shake(socket, target, config);
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    let shown = seen.and_then(|der| cert::summary(&der));
    match result {
        Ok(version) => {
            Ok(((), shown.map_or(version.clone(), |shown| format!("{version}; {shown}"))))
        }
        Err(why) => Err(problem(&why, target, shown)),
    }
}

enum Why {
    Tls(Error),
    Io(io::Error),
}

fn shake(socket: &mut TcpStream, target: &Target, config: ClientConfig) -> Result<String, Why> {
    let name = ServerName::try_from(target.address.host.clone())
        .map_err(|error| Why::Tls(Error::General(error.to_string())))?;
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(Why::Tls)?;
    let end = Instant::now() + target.patience;
    while connection.is_handshaking() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Why::Io(io::ErrorKind::TimedOut.into()));
        }
        socket.set_read_timeout(Some(left)).map_err(Why::Io)?;
        socket.set_write_timeout(Some(left)).map_err(Why::Io)?;
        if connection.wants_write() {
            connection.write_tls(socket).map_err(Why::Io)?;
        } else {
            if connection.read_tls(socket).map_err(Why::Io)? == 0 {
                return Err(Why::Io(io::ErrorKind::UnexpectedEof.into()));
            }
            if let Err(error) = connection.process_new_packets() {
                // The alert that tells the server why.
                let _ = connection.write_tls(socket);
                return Err(Why::Tls(error));
            }
        }
    }
    let version = connection.protocol_version().map(|version| format!("{version:?}"));
    Ok(version.unwrap_or_default().replace("TLSv1_", "TLS 1."))
}

/// What is wrong, with the certificate that was shown, and what to do.
fn problem(why: &Why, target: &Target, shown: Option<String>) -> Problem {
    let host = &target.address.host;
    let (message, advice) = match why {
        Why::Io(error) => (
            error.to_string(),
            say!(
                "the other side broke off: it may speak no TLS at this port, or a firewall looks into connections",
                "对端中断了连接：该端口可能不是 TLS，或防火墙拦截了连接"
            ),
        ),
        Why::Tls(Error::InvalidCertificate(error)) => (
            say!("the certificate is not accepted ({error})", "证书未被接受（{error}）"),
            of_certificate(error, host),
        ),
        Why::Tls(error @ Error::InvalidMessage(_)) => (
            error.to_string(),
            say!(
                "no TLS is spoken there: check the port in base_url",
                "该端口不是 TLS 服务：请检查 base_url 中的端口"
            ),
        ),
        Why::Tls(error) => (
            error.to_string(),
            say!(
                "the server wants something else than TLS 1.2 or 1.3",
                "服务器不支持 TLS 1.2 或 1.3"
            ),
        ),
    };
    let message = match shown {
        Some(shown) => say!("{message}: {shown}", "{message}：{shown}"),
        None => message,
    };
    Problem::network(Cause::Tls, message, advice)
}

fn of_certificate(error: &CertificateError, host: &str) -> String {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => say!(
            "the certificate has expired, unless this machine's clock is wrong: compare it with date -u",
            "证书已过期，或本机时钟不准：请用 date -u 核对"
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => say!(
            "the certificate is not valid yet, or this machine's clock is wrong: compare it with date -u",
            "证书尚未生效，或本机时钟不准：请用 date -u 核对"
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            say!(
                "the certificate is for another host than {host}: check base_url",
                "证书与主机 {host} 不符：请检查 base_url"
            )
        }
        _ => say!(
            "its issuer is not among the trusted CAs. If that is your company's proxy or a sandbox, name its CA with ca_file; if not, somebody stands in between: stop here",
            "颁发者不在受信任的 CA 中。若为公司代理或沙箱，请用 ca_file 指定其 CA；否则可能有人在中间拦截，请停止操作"
        ),
    }
}

/// The CAs that the library would trust.
fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let pem =
                std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            for certificate in CertificateDer::pem_slice_iter(&pem).flatten() {
                let _ = roots.add(certificate);
            }
        }
    }
    Ok(roots)
}

fn broken(message: &str) -> Problem {
    let advice = say!("check the file that ca_file names", "请检查 ca_file 指定的文件");
    Problem::network(Cause::Tls, message, advice)
}

fn config(roots: RootCertStore, seen: Arc<Mutex<Option<Vec<u8>>>>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| Error::General(error.to_string()))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Looking { verifier, seen }))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// Verifies as usual, and keeps what it saw.
#[derive(Debug)]
struct Looking {
    verifier: Arc<WebPkiServerVerifier>,
    seen: Arc<Mutex<Option<Vec<u8>>>>,
}

impl ServerCertVerifier for Looking {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
