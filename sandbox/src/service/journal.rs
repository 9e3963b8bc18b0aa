//! The journal: the last requests, without their secrets.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use hyper::http::request::Parts;
use serde_json::Value;

use crate::time::Millis;

/// How many requests are kept.
const LENGTH: usize = 1000;
/// The largest body that is kept, in bytes.
const BODY_MAX: usize = 64 << 10;
/// How much of a path or RequestID is kept, in bytes: clients without a token send these too.
const TEXT_MAX: usize = 1024;

/// How the header `WoTrusToken` compares with the sandbox's token. Its value is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenCheck {
    Valid,
    Invalid,
    Missing,
}

/// One request and its response.
#[derive(Clone)]
pub(crate) struct Entry {
    /// Counted from 1, since the start or the last reset.
    pub(crate) number: u64,
    pub(crate) at: Millis,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) request_id: Option<String>,
    pub(crate) token: TokenCheck,
    /// The size of the body that was read, in bytes.
    pub(crate) size: usize,
    body: Vec<u8>,
    /// The status of the response. None if a fault prevented it.
    pub(crate) status: Option<u16>,
    /// The fault that the request met.
    pub(crate) fault: Option<String>,
}

impl Entry {
    pub(crate) fn of(head: &Parts, token: TokenCheck) -> Self {
        let id = head.headers.get("RequestID");
        Self {
            number: 0,
            at: 0,
            method: shortened(head.method.as_str()),
            path: redacted_path(head.uri.path_and_query().map_or("", |path| path.as_str())),
            request_id: id.map(|id| shortened(&String::from_utf8_lossy(id.as_bytes()))),
            token,
            size: 0,
            body: Vec::new(),
            status: None,
            fault: None,
        }
    }

    /// Keeps the body. Of a large one only the size is kept.
    pub(crate) fn received(&mut self, body: Vec<u8>) {
        self.size = body.len();
        self.body = if body.len() <= BODY_MAX { body } else { Vec::new() };
    }

    /// The body's JSON with its secrets redacted. None if it is large, absent or not JSON.
    pub(crate) fn redacted_body(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok().map(redacted)
    }
}

/// The last requests, oldest first.
#[derive(Default)]
pub(crate) struct Journal(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    entries: VecDeque<Entry>,
    count: u64,
}

impl Journal {
    pub(crate) fn note(&self, mut entry: Entry, now: Millis) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.count += 1;
        (entry.number, entry.at) = (pages.count, now);
        if pages.entries.len() == LENGTH {
            pages.entries.pop_front();
        }
        pages.entries.push_back(entry);
    }

    /// Passes the entries to `view`, newest first.
    pub(crate) fn read<T>(&self, view: impl FnOnce(&[&Entry]) -> T) -> T {
        let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        view(&pages.entries.iter().rev().collect::<Vec<_>>())
    }

    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Entries::default();
    }
}

/// The fields that contain secrets or personal data (sections 2, 3, 6 and 7), in lower case.
const SECRETS: [&str; 8] = [
    "ukeypassword",
    "ukeyshipaddress",
    "idcardno",
    "idcardnumber",
    "usermobile",
    "orgphone",
    "filecontent",
    "pendinglink",
];

/// Replaces each secret by its length.
fn redacted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(redacted).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| match SECRETS.contains(&name.to_ascii_lowercase().as_str()) {
                true => (name, redact(&value)),
                false => (name, redacted(value)),
            })
            .collect(),
        other => other,
    }
}

/// The link of the customer's page is itself a secret.
fn redacted_path(path: &str) -> String {
    let link = path.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("/pending/"));
    if link { "/pending/(redacted)".to_owned() } else { shortened(path) }
}

/// The beginning of a text that is too long.
fn shortened(text: &str) -> String {
    if text.len() <= TEXT_MAX {
        return text.to_owned();
    }
    let mut end = TEXT_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

fn redact(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(text) if text.is_empty() => Value::from(""),
        Value::String(text) => format!("({} characters)", text.chars().count()).into(),
        _ => "(redacted)".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(body: &str) -> Entry {
        let (head, ()) = hyper::Request::get("/v1/Order/1?a=b").body(()).unwrap().into_parts();
        let mut entry = Entry::of(&head, TokenCheck::Valid);
        entry.received(body.into());
        entry
    }

    #[test]
    fn secrets_are_redacted_in_any_case_and_depth() {
        let body = json!({
            "orderinfoPost": {"UKEYPASSWORD": "1234", "uKeyShipAddress": null, "month": 12},
            "organizationPost": {"IDCardNO": "", "userMobile": 13800000000_u64},
            "documentsPost": [{"fileContent": "AAAA", "fileType": ".pdf"}],
        });
        let expected = json!({
            "orderinfoPost": {"UKEYPASSWORD": "(4 characters)", "uKeyShipAddress": null, "month": 12},
            "organizationPost": {"IDCardNO": "", "userMobile": "(redacted)"},
            "documentsPost": [{"fileContent": "(4 characters)", "fileType": ".pdf"}],
        });
        assert_eq!(entry(&body.to_string()).redacted_body(), Some(expected));
    }

    #[test]
    fn paths_are_redacted_and_shortened() {
        let long = format!("/{}", "沃".repeat(TEXT_MAX));
        assert_eq!(redacted_path(&long), format!("/{}…", "沃".repeat(TEXT_MAX / 3)));
        assert_eq!(redacted_path("/Pending/4711.html?x"), "/pending/(redacted)");
        assert_eq!(redacted_path("/v1/Order/1?a=b"), "/v1/Order/1?a=b");
        assert_eq!(redacted_path("/沃通沃通沃通"), "/沃通沃通沃通");
    }

    #[test]
    fn of_a_large_or_invalid_body_only_the_size_is_kept() {
        let broken = entry("{\"uKeyPassword\": \"1234");
        assert_eq!((broken.redacted_body(), broken.size), (None, 22));
        let large = entry(&format!("\"{}\"", "x".repeat(BODY_MAX)));
        assert_eq!((large.redacted_body(), large.size), (None, BODY_MAX + 2));
    }

    #[test]
    fn the_last_thousand_requests_are_kept() {
        let journal = Journal::default();
        for at in 0..LENGTH as u64 + 5 {
            journal.note(entry("{}"), at);
        }
        journal.read(|entries| {
            let ends = (entries[0].number, entries[LENGTH - 1].number);
            assert_eq!((entries.len(), ends), (LENGTH, (1005, 6)));
        });
        journal.clear();
        journal.note(entry("{}"), 7);
        journal.read(|entries| assert_eq!((entries[0].number, entries[0].at), (1, 7)));
    }
}
