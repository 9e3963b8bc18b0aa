//! Why a server's certificate has no trusted issuer, judged by the certificates that the server sent.

use wotrus::pki;
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::Decode;
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
        let parsed: Option<Vec<_>> =
            certificates.iter().map(|der| pki::Certificate::from_der(der.as_slice())).collect();
        let chain = parsed.filter(|all| !all.is_empty()).map(|all| pki::Chain::of(&all, 0));
        let last = chain.as_ref().and_then(|chain| chain.path().last());
        let (Some(chain), Some(&last)) = (&chain, last) else { return Self::Unknown };
        let Ok(last) = Certificate::from_der(&certificates[last]) else { return Self::Unknown };
        let issuer = name(last.tbs_certificate().issuer());
        match (chain.has_root(), chain.path().len()) {
            (true, 1) => Self::SelfSigned,
            (true, _) => Self::UntrustedRoot(issuer),
            (false, _) if has_issuer_url(&last) => Self::MissingIntermediate(issuer),
            (false, _) => Self::MissingIssuer(issuer),
        }
    }

    /// What to do about it.
    pub(super) fn advice(&self) -> String {
        match self {
            Self::SelfSigned => say!(
                "the server's certificate is self-signed. If you expect that, name it with ca_file; if not, the connection may be intercepted: stop here",
                "服务器证书为自签名证书。若符合预期，请用 ca_file 指定该证书；否则连接可能被拦截，请停止操作"
            ),
            Self::UntrustedRoot(root) => say!(
                "its root {root} is not among the trusted CAs. If it belongs to your company's proxy or to a sandbox, name it with ca_file; if not, the connection may be intercepted: stop here",
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

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{
        BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair,
    };

    /// AuthorityInfoAccess with one caIssuers URL, `http://ca.example/ca`, in DER.
    const ISSUER_URL: &[u8] =
        b"\x30\x22\x30\x20\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x14http://ca.example/ca";

    fn params(name: &str, is_ca: bool, has_url: bool) -> CertificateParams {
        let mut params = CertificateParams::new(vec!["service.example".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        if is_ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        if has_url {
            const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
            params.custom_extensions.push(CustomExtension::from_oid_content(
                AUTHORITY_INFO_ACCESS,
                ISSUER_URL.to_vec(),
            ));
        }
        params
    }

    /// A leaf, its intermediate and the root.
    fn chain(leaf_has_url: bool) -> [Vec<u8>; 3] {
        let keys: Vec<KeyPair> = (0..3).map(|_| KeyPair::generate().unwrap()).collect();
        let root = params("Test Root", true, false);
        let intermediate = params("Test Issuing CA", true, false);
        let leaf = params("service.example", false, leaf_has_url);
        let root_der = root.self_signed(&keys[0]).unwrap().der().to_vec();
        let root_issuer = Issuer::from_params(&root, &keys[0]);
        let intermediate_der =
            intermediate.signed_by(&keys[1], &root_issuer).unwrap().der().to_vec();
        let issuer = Issuer::from_params(&intermediate, &keys[1]);
        let leaf_der = leaf.signed_by(&keys[2], &issuer).unwrap().der().to_vec();
        [leaf_der, intermediate_der, root_der]
    }

    #[test]
    fn the_end_of_the_sent_chain_is_found() {
        let [leaf, intermediate, root] = chain(true);
        let quoted = |name: &str| format!("\"{name}\"");
        for (sent, end) in [
            (vec![&leaf], ChainEnd::MissingIntermediate(quoted("Test Issuing CA"))),
            (vec![&leaf, &root], ChainEnd::MissingIntermediate(quoted("Test Issuing CA"))),
            (vec![&leaf, &intermediate], ChainEnd::MissingIssuer(quoted("Test Root"))),
            (vec![&leaf, &root, &intermediate], ChainEnd::UntrustedRoot(quoted("Test Root"))),
            (vec![&root], ChainEnd::SelfSigned),
            (vec![], ChainEnd::Unknown),
        ] {
            let sent: Vec<Vec<u8>> = sent.into_iter().cloned().collect();
            assert_eq!(ChainEnd::of(&sent), end);
        }
        assert_eq!(ChainEnd::of(&[vec![0x30, 0]]), ChainEnd::Unknown);
        let [leaf, ..] = chain(false);
        let end = ChainEnd::of(&[leaf]);
        assert_eq!(end, ChainEnd::MissingIssuer(quoted("Test Issuing CA")));
        assert!(end.advice().contains("install the full chain"));
    }
}
