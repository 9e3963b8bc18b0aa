//! The TLS step. The server's certificate is shown even if it is not trusted.

use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme,
};
use wotrus::Cause;

use super::chain::ChainEnd;
use super::check::{Problem, StepResult};
use super::target::Target;
use crate::cert;
use crate::charset;
use crate::io_problem::io_problem;
use crate::lang::{self, named, say};
use crate::open;

/// Performs a TLS handshake and describes the server's certificate.
pub(super) fn handshake(socket: &mut TcpStream, target: &Target) -> StepResult<()> {
    let roots = roots(target.ca_file.as_deref()).map_err(|message| setup_problem(&message))?;
    let sent: SentCertificates = Arc::default();
    let config =
        config(roots, Arc::clone(&sent)).map_err(|error| setup_problem(&error.to_string()))?;
    let result = complete_handshake(socket, target, config);
    let sent = std::mem::take(&mut *sent.lock().unwrap_or_else(PoisonError::into_inner));
    let summary = sent.first().and_then(|der| cert::summary(der));
    match result {
        Ok(version) => {
            Ok(((), summary.map_or(version.clone(), |summary| format!("{version}; {summary}"))))
        }
        Err(error) => Err(problem(&error, target, &sent, summary)),
    }
}

/// The certificates that the server sent, its own first.
type SentCertificates = Arc<Mutex<Vec<Vec<u8>>>>;

enum HandshakeError {
    Tls(Error),
    Io(io::Error),
}

/// The TLS version that was agreed on.
fn complete_handshake(
    socket: &mut TcpStream,
    target: &Target,
    config: ClientConfig,
) -> Result<String, HandshakeError> {
    let name = ServerName::try_from(target.address.host.clone())
        .map_err(|error| HandshakeError::Tls(Error::General(error.to_string())))?;
    let mut connection =
        ClientConnection::new(Arc::new(config), name).map_err(HandshakeError::Tls)?;
    let deadline = Instant::now() + target.timeout;
    while connection.is_handshaking() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(HandshakeError::Io(io::ErrorKind::TimedOut.into()));
        }
        socket.set_read_timeout(Some(left)).map_err(HandshakeError::Io)?;
        socket.set_write_timeout(Some(left)).map_err(HandshakeError::Io)?;
        if connection.wants_write() {
            connection.write_tls(socket).map_err(HandshakeError::Io)?;
        } else {
            if connection.read_tls(socket).map_err(HandshakeError::Io)? == 0 {
                return Err(HandshakeError::Io(io::ErrorKind::UnexpectedEof.into()));
            }
            if let Err(error) = connection.process_new_packets() {
                // Sends the alert, which tells the server the reason.
                let _ = connection.write_tls(socket);
                return Err(HandshakeError::Tls(error));
            }
        }
    }
    let version = connection.protocol_version().map(|version| format!("{version:?}"));
    Ok(version.unwrap_or_default().replace("TLSv1_", "TLS 1."))
}

/// The problem, the server's certificate, and what to do.
fn problem(
    error: &HandshakeError,
    target: &Target,
    sent: &[Vec<u8>],
    summary: Option<String>,
) -> Problem {
    let host = &target.address.host;
    let (message, advice) = match error {
        HandshakeError::Io(error) => (
            error.to_string(),
            say!(
                "the server closed the connection: it may not support TLS at this port, or a firewall intercepts it",
                "对端中断了连接：该端口可能不是 TLS，或防火墙拦截了连接"
            ),
        ),
        HandshakeError::Tls(Error::InvalidCertificate(error)) => (
            say!("the certificate is not accepted ({error})", "证书未被接受（{error}）"),
            certificate_advice(error, host, sent),
        ),
        HandshakeError::Tls(error @ Error::InvalidMessage(_)) => (
            error.to_string(),
            say!(
                "the server does not use TLS at this port: check the port in base_url",
                "该端口不是 TLS 服务：请检查 base_url 中的端口"
            ),
        ),
        HandshakeError::Tls(error) => (
            error.to_string(),
            say!("the server supports neither TLS 1.2 nor TLS 1.3", "服务器不支持 TLS 1.2 或 1.3"),
        ),
    };
    let message = match summary {
        Some(summary) => say!("{message}: {summary}", "{message}：{summary}"),
        None => message,
    };
    Problem::network(Cause::Tls, message, advice)
}

fn certificate_advice(error: &CertificateError, host: &str, sent: &[Vec<u8>]) -> String {
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
                "证书与主机名 {host} 不符：请检查 base_url"
            )
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            ChainEnd::of(sent).advice()
        }
        _ => say!(
            "the server's operator must replace the certificate; check base_url first",
            "应由服务器管理员更换证书；请先检查 base_url"
        ),
    }
}

/// The CAs that the library trusts.
fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    match ca_file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let certificates = if path == Path::new("system") {
                wotrus::pki::system_ca_certificates().map_err(|problem| lang::text(&problem))
            } else {
                let pem = open::read_regular(path).map_err(|error| io_problem(&error));
                pem.and_then(|pem| {
                    wotrus::pki::ca_certificates(&pem).map_err(|problem| lang::text(&problem))
                })
            };
            let certificates =
                certificates.map_err(|problem| named(&charset::display(path), problem))?;
            for certificate in certificates {
                let _ = roots.add(certificate.into());
            }
        }
    }
    Ok(roots)
}

fn setup_problem(message: &str) -> Problem {
    let advice = say!("check the file that ca_file names", "请检查 ca_file 指定的文件");
    Problem::network(Cause::Tls, message, advice)
}

fn config(roots: RootCertStore, sent: SentCertificates) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| Error::General(error.to_string()))?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(RecordingVerifier { verifier, sent }))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// Verifies certificates as usual and records them.
#[derive(Debug)]
struct RecordingVerifier {
    verifier: Arc<WebPkiServerVerifier>,
    sent: SentCertificates,
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let sent = std::iter::once(end_entity).chain(intermediates).map(|der| der.to_vec());
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = sent.collect();
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
