//! Which of several certificates issued which.

use wotrus::pki::{
    self, Certificate, ChainStatus, PublicKey, SignatureStatus, check_signature, find_leaf,
};

use crate::cert::choice::latest;
use crate::json::Json;
use crate::lang::say;
use crate::output::Table;

/// The path from the leaf up, as positions in the files counted from 0.
pub(super) struct Chain {
    path: Vec<usize>,
    unrelated: Vec<usize>,
    /// Certificates with the name of the issuer that is missing, but another key.
    wrong_key: Vec<usize>,
    signatures: Vec<SignatureStatus>,
    root_included: bool,
    status: ChainStatus,
}

impl Chain {
    /// Of at least one certificate, each with its position in the files. `keys` are the keys that
    /// the leaf should be for.
    pub(super) fn of(found: &[(usize, Certificate)], keys: &[&PublicKey]) -> Self {
        let certificates: Vec<Certificate> = found.iter().map(|(_, it)| it.clone()).collect();
        let wanted = |it: &Certificate| it.public_key().is_some_and(|key| keys.contains(&&key));
        let leaf = latest(&certificates, |it| wanted(it) && it.is_ca() != Some(true))
            .unwrap_or_else(|| find_leaf(&certificates, certificates.len()));
        let chain = pki::Chain::of(&certificates, leaf);
        let steps = chain.path();
        let signatures = steps
            .windows(2)
            .map(|step| check_signature(&certificates[step[0]], &certificates[step[1]]))
            .collect();
        let rest = || (0..certificates.len()).filter(|at| !steps.contains(at));
        let top = &certificates[steps[steps.len() - 1]];
        let wrong_key = rest()
            .filter(|at| !chain.has_root() && certificates[*at] != *top)
            .filter(|at| top.is_issued_in_the_name_of(&certificates[*at]))
            .filter(|at| check_signature(top, &certificates[*at]) != SignatureStatus::Valid);
        let position = |at: usize| found[at].0;
        Self {
            path: steps.iter().copied().map(position).collect(),
            unrelated: rest().map(position).collect(),
            wrong_key: wrong_key.map(position).collect(),
            signatures,
            root_included: chain.has_root(),
            status: chain.status(),
        }
    }

    /// The position of the leaf.
    pub(super) fn leaf(&self) -> usize {
        self.path[0]
    }

    fn in_order(&self) -> bool {
        self.path.iter().enumerate().all(|(index, at)| index == *at)
    }

    /// `None` if a signature was not checked, or if there is none to check.
    fn signatures_hold(&self) -> Option<bool> {
        match &self.signatures[..] {
            [] if self.wrong_key.is_empty() => None,
            [] => Some(false),
            all if all.contains(&SignatureStatus::Invalid) => Some(false),
            all if all.contains(&SignatureStatus::Unknown) => None,
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
                say!("OUT OF ORDER: a server needs {path}", "顺序错误：服务器要求的顺序为 {path}")
            }
        };
        table.pair(say!("chain", "证书链"), Some(order));
        if self.status == ChainStatus::Incomplete {
            let wrong = numbers(&self.wrong_key, ", ");
            let gap = match self.wrong_key.is_empty() {
                true => say!("an issuer is missing", "缺少颁发者证书"),
                false => say!(
                    "certificate {wrong} has the issuer's name, but another key",
                    "证书 {wrong} 与颁发者同名，但密钥不同"
                ),
            };
            table.pair(say!("INCOMPLETE", "链不完整"), Some(gap));
        }
        if self.path.len() > 1 {
            table.pair(
                say!("signatures", "签名"),
                Some(match self.signatures_hold() {
                    Some(true) => say!("valid", "有效"),
                    Some(false) => say!("INVALID", "无效"),
                    None => say!("not checked: unsupported algorithm", "未验证：算法不受支持"),
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
            .with("status", self.status.as_str())
            .with("signatures_hold", &self.signatures_hold())
            .with("root_included", &self.root_included)
            .with("unrelated", &numbers(&self.unrelated))
    }
}
