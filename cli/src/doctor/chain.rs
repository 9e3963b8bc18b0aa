//! Why a server's certificate has no trusted issuer, judged by the certificates that the server sent.

use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::AuthorityInfoAccessSyntax;
use x509_cert::name::Name;

use crate::lang::say;

/// Where the chain that the server sent ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ChainEnd {
    /// The server's certificate is self-signed.
    SelfSigned,
    /// The server sent a root, which is not trusted. Its subject.
    UntrustedRoot(String),
    /// The server did not send the issuer of the last certificate, which must be an intermediate,
    /// because the certificate says where it can be downloaded. The issuer's name.
    MissingIntermediate(String),
    /// The server did not send the issuer of the last certificate, which is an intermediate or a
    /// root that is not trusted. The issuer's name.
    MissingIssuer(String),
    /// The certificates cannot be read.
    Unknown,
}

type Certificate = CertificateInner<Raw>;

impl ChainEnd {
    /// Follows the issuers, from the server's certificate through the others that it sent.
    pub(super) fn of(certificates: &[Vec<u8>]) -> Self {
        let parsed: Vec<Certificate> =
            certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
        let Some(leaf) = parsed.first().filter(|_| parsed.len() == certificates.len()) else {
            return Self::Unknown;
        };
        if is_self_issued(leaf) {
            return Self::SelfSigned;
        }
        let mut last = leaf;
        // The bound ends circles.
        for _ in 0..parsed.len() {
            let Some(issuer) = parsed.iter().find(|other| is_issuer(other, last)) else { break };
            last = issuer;
            if is_self_issued(last) {
                return Self::UntrustedRoot(name(last.tbs_certificate().subject()));
            }
        }
        let issuer = name(last.tbs_certificate().issuer());
        match has_issuer_url(last) {
            true => Self::MissingIntermediate(issuer),
            false => Self::MissingIssuer(issuer),
        }
    }

    /// What to do about it.
    pub(super) fn advice(&self) -> String {
        match self {
            Self::SelfSigned => say!(
                "the server's certificate is self-signed. If you expect that, name it with ca_file; if not, somebody may intercept the connection: stop here",
                "服务器证书为自签名证书。若符合预期，请用 ca_file 指定该证书；否则连接可能被拦截，请停止操作"
            ),
            Self::UntrustedRoot(root) => say!(
                "its root {root} is not among the trusted CAs. If it belongs to your company's proxy or to a sandbox, name it with ca_file; if not, somebody may intercept the connection: stop here",
                "其根证书 {root} 不在受信任的 CA 中。若属于公司代理或沙箱，请用 ca_file 指定；否则连接可能被拦截，请停止操作"
            ),
            Self::MissingIntermediate(issuer) => say!(
                "the server does not send the intermediate certificate {issuer}. Its operator must install the full chain; until then, add the intermediate and its root to a file and name it with ca_file",
                "服务器未发送中间证书 {issuer}。应由服务器管理员安装完整证书链；在此之前，可将该中间证书及其根证书放入同一文件，并用 ca_file 指定"
            ),
            Self::MissingIssuer(issuer) => say!(
                "the server does not send the certificate of the issuer {issuer}. If that is an intermediate, the server's operator must install the full chain; if it is the root of your company's proxy or of a sandbox, name it with ca_file; if you know neither, stop here",
                "服务器未发送颁发者 {issuer} 的证书。若为中间证书，应由服务器管理员安装完整证书链；若为公司代理或沙箱的根证书，请用 ca_file 指定；若均不是，请停止操作"
            ),
            Self::Unknown => say!(
                "its issuer is not among the trusted CAs. If it is your company's proxy or a sandbox, name its CA with ca_file",
                "其颁发者不在受信任的 CA 中。若为公司代理或沙箱，请用 ca_file 指定其 CA"
            ),
        }
    }
}

fn is_self_issued(certificate: &Certificate) -> bool {
    is_issuer(certificate, certificate)
}

fn is_issuer(issuer: &Certificate, certificate: &Certificate) -> bool {
    let der = |name: &Name| name.to_der().ok();
    let subject = der(issuer.tbs_certificate().subject());
    subject.is_some() && subject == der(certificate.tbs_certificate().issuer())
}

/// Public CAs say in each certificate where the issuer's certificate can be downloaded, unless the issuer
/// is a root.
fn has_issuer_url(certificate: &Certificate) -> bool {
    /// id-ad-caIssuers (RFC 5280, 4.2.2.1).
    const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
    let access = certificate.tbs_certificate().get_extension::<AuthorityInfoAccessSyntax>();
    let Ok(Some((_, access))) = access else { return false };
    access.0.iter().any(|access| access.access_method.to_string() == CA_ISSUERS)
}

/// The common name, or else the whole name.
fn name(name: &Name) -> String {
    let text = name.to_string();
    let common_name = text.split(',').find_map(|part| part.trim().strip_prefix("CN="));
    format!("\"{}\"", common_name.unwrap_or(&text))
}
