//! Which of several certificates issued which.

use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert};
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, Encode, Reader};

use super::read::Certificate;
use crate::json::Json;
use crate::lang::say;
use crate::output::Table;

/// What can be said of a signature.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Signature {
    Holds,
    Fails,
    /// Of an algorithm that is not known here, as SM2 is.
    Unknown,
}

/// The way from a leaf up, as positions in the file.
pub(super) struct Chain {
    path: Vec<usize>,
    unrelated: Vec<usize>,
    signatures: Vec<Signature>,
    root_included: bool,
}

impl Chain {
    /// At least one certificate.
    pub(super) fn of(certificates: &[Certificate]) -> Self {
        let names: Vec<(Vec<u8>, Vec<u8>)> = certificates.iter().map(names).collect();
        let issues = |issuer: usize, other: usize| {
            issuer != other && names[issuer].0 == names[other].1 && names[other].0 != names[other].1
        };
        let all = 0..certificates.len();
        // The leaf issued none of the others; the first such one, where there are several.
        let is_leaf = |at: &usize| !all.clone().any(|other| issues(*at, other));
        let mut path = vec![all.clone().find(is_leaf).unwrap_or(0)];
        let mut signatures = Vec::new();
        loop {
            let last = path[path.len() - 1];
            let mut issuers: Vec<(usize, Signature)> = all
                .clone()
                .filter(|issuer| !path.contains(issuer) && issues(*issuer, last))
                .map(|issuer| (issuer, signature(&certificates[last], &certificates[issuer])))
                .collect();
            // Several CAs may bear one name, as after a renewal: the one whose signature holds.
            issuers.sort_by_key(|(_, signature)| *signature != Signature::Holds);
            let Some((issuer, signature)) = issuers.first() else { break };
            signatures.push(*signature);
            path.push(*issuer);
        }
        let last = path[path.len() - 1];
        let root_included = names[last].0 == names[last].1;
        let unrelated = all.filter(|at| !path.contains(at)).collect();
        Self { path, unrelated, signatures, root_included }
    }

    /// The position of the certificate that all is about.
    pub(super) fn leaf(&self) -> usize {
        self.path[0]
    }

    fn in_order(&self) -> bool {
        self.path.iter().enumerate().all(|(index, at)| index == *at)
    }

    fn signatures_hold(&self) -> Option<bool> {
        match &self.signatures[..] {
            [] => None,
            all if all.contains(&Signature::Fails) => Some(false),
            all if all.contains(&Signature::Unknown) => None,
            _ => Some(true),
        }
    }

    pub(super) fn rows(&self, table: &mut Table) {
        let numbers = |positions: &[usize], between: &str| {
            let numbers: Vec<String> = positions.iter().map(|at| (at + 1).to_string()).collect();
            numbers.join(between)
        };
        let path = numbers(&self.path, " ← ");
        let order = match (self.path.len(), self.in_order()) {
            (1, _) => say!("none: no certificate here issued another", "无：彼此之间没有颁发关系"),
            (_, true) => say!("in order, the leaf first: {path}", "顺序正确，叶证书在前：{path}"),
            (_, false) => {
                say!("OUT OF ORDER: a server wants {path}", "顺序错误：服务器要求的顺序为 {path}")
            }
        };
        table.pair(say!("chain", "证书链"), Some(order));
        if self.path.len() > 1 {
            table.pair(
                say!("signatures", "签名"),
                Some(match self.signatures_hold() {
                    Some(true) => say!("hold", "有效"),
                    Some(false) => say!("DO NOT HOLD", "无效"),
                    None => {
                        say!("not checked: an algorithm not known here", "未验证：算法不受支持")
                    }
                }),
            );
            table.pair(
                say!("root", "根证书"),
                Some(match self.root_included {
                    true => say!("included; a server may leave it out", "已包含，服务器可不发送"),
                    false => say!("left out, as a server should", "未包含，服务器无需发送"),
                }),
            );
        }
        let unrelated = Some(numbers(&self.unrelated, ", ")).filter(|_| self.path.len() > 1);
        table.pair(say!("NOT IN THE CHAIN", "不在链中"), unrelated);
    }

    pub(super) fn json(&self) -> Json {
        let numbers = |positions: &[usize]| positions.iter().map(|at| at + 1).collect::<Vec<_>>();
        Json::new()
            .with("order", &numbers(&self.path))
            .with("in_order", &self.in_order())
            .with("signatures_hold", &self.signatures_hold())
            .with("root_included", &self.root_included)
            .with("unrelated", &numbers(&self.unrelated))
    }
}

/// The subject and the issuer, as bytes to compare.
fn names(certificate: &Certificate) -> (Vec<u8>, Vec<u8>) {
    let tbs = certificate.parsed.tbs_certificate();
    (tbs.subject().to_der().unwrap_or_default(), tbs.issuer().to_der().unwrap_or_default())
}

/// Whether the issuer's key made the certificate's signature.
fn signature(certificate: &Certificate, issuer: &Certificate) -> Signature {
    let issuer = issuer.der.as_slice().into();
    let signed = AnyRef::from_der(&certificate.der).and_then(|whole| {
        whole.sequence(|parts| {
            let signed = parts.tlv_bytes()?;
            while !parts.is_finished() {
                parts.tlv_bytes()?;
            }
            Ok::<_, x509_cert::der::Error>(signed)
        })
    });
    let algorithm = certificate.parsed.signature_algorithm().to_der();
    let (Ok(issuer), Ok(signed), Ok(algorithm)) =
        (EndEntityCert::try_from(&issuer), signed, algorithm)
    else {
        return Signature::Unknown;
    };
    let bytes = certificate.parsed.signature().raw_bytes();
    let mut found = Signature::Unknown;
    for candidate in ALL_VERIFICATION_ALGS {
        // Its identifier comes without the two bytes of the sequence around it.
        if algorithm.get(2..) != Some(&candidate.signature_alg_id()[..]) {
            continue;
        }
        match issuer.verify_signature(*candidate, signed, bytes) {
            Ok(()) => return Signature::Holds,
            Err(webpki::Error::InvalidSignatureForPublicKey) => found = Signature::Fails,
            Err(_) => {}
        }
    }
    found
}
