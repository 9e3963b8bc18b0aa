//! How a certificate is shown, as text and as JSON.

use std::time::SystemTime;

use wotrus::pki::Certificate;

use super::facts::Facts;
use crate::json::Json;
use crate::lang::say;
use crate::output::Table;
use crate::time::{days_text, days_until, rfc3339};

impl Facts {
    fn days_left(&self, now: SystemTime) -> Option<i64> {
        self.validity.map(|(_, end)| days_until(end, now))
    }

    fn validity_text(&self, now: SystemTime) -> String {
        match (self.validity, self.days_left(now)) {
            (Some((begin, _)), _) if now < begin => say!("NOT YET VALID", "尚未生效"),
            (_, Some(days)) => days_text(days),
            (_, None) => say!("validity unknown", "有效期未知"),
        }
    }
}

/// A certificate in one line: its subject, its issuer, and how long it is valid.
pub(crate) fn summary(der: &[u8]) -> Option<String> {
    let facts = Facts::of(&Certificate::from_der(der)?);
    let validity = facts.validity_text(SystemTime::now());
    let issuer = &facts.issuer;
    let whose = match (facts.subject.as_str(), &facts.names[..]) {
        ("", [first, ..]) => first,
        (subject, _) => subject,
    };
    Some(say!("{whose} by {issuer}, {validity}", "{whose}，颁发者 {issuer}，{validity}"))
}

pub(super) fn table(certificate: &Certificate, now: SystemTime) -> Table {
    let facts = Facts::of(certificate);
    let mut table = Table::new();
    let text = facts.validity_text(now);
    table.pair(say!("subject", "主题"), Some(&facts.subject));
    table.pair(say!("issuer", "颁发者"), Some(&facts.issuer));
    table.pair(say!("names", "名称"), Some(facts.names.join(", ")));
    if let Some((from, to)) = facts.validity {
        let (from, to) = (rfc3339(from), rfc3339(to));
        table.pair(say!("valid from", "生效时间"), Some(from));
        table.pair(say!("valid until", "到期时间"), Some(say!("{to} ({text})", "{to}（{text}）")));
    }
    table.pair(say!("key", "公钥"), Some(&facts.key));
    table.pair(say!("signature", "签名算法"), Some(&facts.signature));
    table.pair(say!("serial", "序列号"), Some(&facts.serial));
    table.pair(say!("CA", "是否 CA"), facts.is_ca.then(|| say!("yes", "是")));
    table.pair(say!("usages", "用途"), Some(facts.usages.join(", ")));
    table.pair("SHA-256".to_owned(), Some(&facts.sha256));
    table.pair("SHA-1".to_owned(), Some(&facts.sha1));
    table.pair(say!("CANNOT BE READ", "无法读取"), Some(facts.unreadable.join(", ")));
    table
}

pub(super) fn json(certificate: &Certificate, now: SystemTime) -> Json {
    let facts = Facts::of(certificate);
    let (from, to) = facts.validity.unzip();
    Json::new()
        .with("subject", &facts.subject)
        .with("issuer", &facts.issuer)
        .with("names", &facts.names)
        .with("not_before", &from.map(rfc3339))
        .with("not_after", &to.map(rfc3339))
        .with("days_left", &facts.days_left(now))
        .with("key", &facts.key)
        .with("signature", &facts.signature)
        .with("serial", &facts.serial)
        .with("is_ca", &facts.is_ca)
        .with("usages", &facts.usages)
        .with("sha256", &facts.sha256)
        .with("sha1", &facts.sha1)
        .with("unreadable", &facts.unreadable)
}
