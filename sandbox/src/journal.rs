//! The journal: the last requests, without their secrets.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use hyper::http::request::Parts;
use serde_json::Value;

use crate::time::Millis;

/// How many requests are remembered.
const LENGTH: usize = 1000;
/// The largest body that is remembered, in bytes.
const BODY_MAX: usize = 64 << 10;

/// What the header `WoTrusToken` said; not one character of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    Right,
    Wrong,
    Absent,
}

/// One request, and what was answered.
#[derive(Clone)]
pub(crate) struct Entry {
    /// Counted from 1, since the start or the last reset.
    pub(crate) number: u64,
    pub(crate) at: Millis,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) request_id: Option<String>,
    pub(crate) token: Token,
    pub(crate) size: usize,
    body: Vec<u8>,
    /// The status answered; none where a fault kept the answer back.
    pub(crate) status: Option<u16>,
    /// The fault that struck.
    pub(crate) fault: Option<String>,
}

impl Entry {
    pub(crate) fn of(head: &Parts, token: Token) -> Self {
        let id = head.headers.get("RequestID");
        Self {
            number: 0,
            at: 0,
            method: head.method.to_string(),
            path: masked_path(head.uri.path_and_query().map_or("", |path| path.as_str())),
            request_id: id.map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned()),
            token,
            size: 0,
            body: Vec::new(),
            status: None,
            fault: None,
        }
    }

    /// Notes the body; a large one by its size alone.
    pub(crate) fn received(&mut self, body: Vec<u8>) {
        self.size = body.len();
        self.body = if body.len() <= BODY_MAX { body } else { Vec::new() };
    }

    /// The body's JSON with its secrets masked; none where it is large, absent or no JSON.
    pub(crate) fn masked_body(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok().map(masked)
    }
}

/// The last requests, oldest first.
#[derive(Default)]
pub(crate) struct Journal(Mutex<Pages>);

#[derive(Default)]
struct Pages {
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

    /// What `view` makes of the entries, newest first.
    pub(crate) fn read<T>(&self, view: impl FnOnce(&[&Entry]) -> T) -> T {
        let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        view(&pages.entries.iter().rev().collect::<Vec<_>>())
    }

    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Pages::default();
    }
}

/// The fields whose text is nobody's business (sections 2, 3, 6 and 7), in lower case.
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

/// The same JSON with the length of each secret in its place.
fn masked(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(masked).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| match SECRETS.contains(&name.to_ascii_lowercase().as_str()) {
                true => (name, mask(&value)),
                false => (name, masked(value)),
            })
            .collect(),
        other => other,
    }
}

/// A pending link is a secret in itself.
fn masked_path(path: &str) -> String {
    let link = path.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("/pending/"));
    if link { "/pending/(masked)".to_owned() } else { path.to_owned() }
}

fn mask(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(text) if text.is_empty() => Value::from(""),
        Value::String(text) => format!("({} characters)", text.chars().count()).into(),
        _ => "(masked)".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(body: &str) -> Entry {
        let (head, ()) = hyper::Request::get("/v1/Order/1?a=b").body(()).unwrap().into_parts();
        let mut entry = Entry::of(&head, Token::Right);
        entry.received(body.into());
        entry
    }

    #[test]
    fn secrets_are_masked_in_any_case_and_depth() {
        let body = json!({
            "orderinfoPost": {"UKEYPASSWORD": "1234", "uKeyShipAddress": null, "month": 12},
            "organizationPost": {"IDCardNO": "", "userMobile": 13800000000_u64},
            "documentsPost": [{"fileContent": "AAAA", "fileType": ".pdf"}],
        });
        let expected = json!({
            "orderinfoPost": {"UKEYPASSWORD": "(4 characters)", "uKeyShipAddress": null, "month": 12},
            "organizationPost": {"IDCardNO": "", "userMobile": "(masked)"},
            "documentsPost": [{"fileContent": "(4 characters)", "fileType": ".pdf"}],
        });
        assert_eq!(entry(&body.to_string()).masked_body(), Some(expected));
    }

    #[test]
    fn a_pending_link_is_masked() {
        assert_eq!(masked_path("/Pending/4711.html?x"), "/pending/(masked)");
        assert_eq!(masked_path("/v1/Order/1?a=b"), "/v1/Order/1?a=b");
        assert_eq!(masked_path("/沃通沃通沃通"), "/沃通沃通沃通");
    }

    #[test]
    fn what_is_no_json_or_large_is_told_by_its_size() {
        let broken = entry("{\"uKeyPassword\": \"1234");
        assert_eq!((broken.masked_body(), broken.size), (None, 22));
        let large = entry(&format!("\"{}\"", "x".repeat(BODY_MAX)));
        assert_eq!((large.masked_body(), large.size), (None, BODY_MAX + 2));
    }

    #[test]
    fn the_last_thousand_are_remembered() {
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
