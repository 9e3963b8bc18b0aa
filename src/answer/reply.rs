//! An answer with its circumstances, and a typed value read from it.

use std::borrow::Cow;
use std::fmt;

use super::envelope::Envelope;
use super::id;
use super::warning::Warning;
use crate::json::Value;
use crate::redact::without;
use crate::secret::Secret;

/// The result of a call: a typed value and the reply it was read from.
#[derive(Debug, Clone)]
pub struct Answer<T> {
    pub(crate) value: T,
    pub(crate) reply: Reply,
}

impl<T> Answer<T> {
    /// The typed value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The typed value alone; the reply is dropped.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The reply the value was read from.
    pub fn reply(&self) -> &Reply {
        &self.reply
    }
}

/// An answer as it came, with what the service's support needs to find the call.
#[derive(Clone)]
pub struct Reply {
    pub(crate) envelope: Envelope,
    pub(crate) request_id: String,
    pub(crate) attempts: u32,
    pub(crate) http_status: u16,
    idempotence_id: Option<String>,
    service_message: Option<String>,
    warnings: Vec<Warning>,
}

impl Reply {
    /// `redact` removes from the service's texts what must not be shown.
    pub(crate) fn new(
        envelope: Envelope,
        request_id: String,
        attempts: u32,
        http_status: u16,
        idempotence_id: Option<String>,
        redact: impl FnOnce(String) -> String,
    ) -> Self {
        let service_message = envelope.success_message().map(redact);
        Self {
            envelope,
            request_id,
            attempts,
            http_status,
            idempotence_id,
            service_message,
            warnings: Vec::new(),
        }
    }

    /// The RequestID that was sent.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The idempotenceID that the call carried.
    pub fn idempotence_id(&self) -> Option<&str> {
        self.idempotence_id.as_deref()
    }

    /// The number of attempts until this answer came.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The HTTP status, 2xx.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// The whole answer with its envelope, as it came but without a byte order mark. It may contain
    /// personal data.
    pub fn json(&self) -> &str {
        self.envelope.json()
    }

    /// `data` alone, as JSON; `None` if it is absent or null.
    pub fn data(&self) -> Option<&str> {
        self.envelope.data().map(Value::raw)
    }

    /// A field by its path below `data` (`org.orgName`, `chains_RSA.0`), or else in the envelope
    /// (`successMsg`, `page.total`); names in any ASCII case. Texts come unescaped, numbers and
    /// booleans as text, objects and arrays as JSON, null and absent ones as `None`.
    pub fn get(&self, path: &str) -> Option<String> {
        self.envelope.at_path(path).and_then(Value::display).map(Cow::into_owned)
    }

    /// The id of the order that was queried, unless it is absent.
    pub(crate) fn order_id(&self) -> Option<String> {
        let id = self.envelope.data_get("id").and_then(Value::scalar)?;
        id::present(&id).map(str::to_owned)
    }

    /// The service's message on success (`successMsg`) with secrets replaced by `***`; `None` if it
    /// is empty.
    pub fn service_message(&self) -> Option<String> {
        self.service_message.clone()
    }

    /// What the caller should look at although the call succeeded.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Warns if one of these members of `data` names another order than the one asked for. The warning does
    /// not contain the token.
    pub(crate) fn compare_order_id(&mut self, asked: &str, names: &[&str], token: &Secret) {
        let ids = names.iter().filter_map(|name| self.envelope.data_get(name)?.scalar());
        let other = ids.into_iter().find(|id| id::present(id).is_some() && !id::is_same(id, asked));
        if let Some(other) = other.map(Cow::into_owned) {
            let (asked, answered) = (asked.to_owned(), without(other.trim().to_owned(), token));
            self.warnings.push(Warning::OtherOrder { asked, answered });
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bytes may contain personal data.
        f.debug_struct("Reply")
            .field("request_id", &self.request_id)
            .field("attempts", &self.attempts)
            .field("http_status", &self.http_status)
            .field("bytes", &self.json().len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(answer: &str) -> Reply {
        let envelope = Envelope::parse(answer.to_owned()).ok().unwrap();
        Reply::new(envelope, "r".into(), 1, 200, None, |message| message.replace("token", "***"))
    }

    #[test]
    fn fields_are_read_by_path_from_data_then_from_the_envelope() {
        let answer = include_str!("../../tests/fixtures/query_response.json");
        let reply = reply(answer);
        assert_eq!(reply.get("org.orgName").unwrap(), "xxxx有限公司");
        assert_eq!(reply.get("ORG.isupload").unwrap(), "false");
        assert_eq!(reply.get("duration").unwrap(), "12");
        assert_eq!(reply.get("successMsg").unwrap(), "success");
        assert!(reply.get("org").unwrap().starts_with('{'));
        assert_eq!(reply.get("org.userMobile"), None);
        assert_eq!(reply.get("page"), None);
        assert_eq!(reply.get("nothing.such"), None);
        assert_eq!(reply.service_message().unwrap(), "success");
        assert!(reply.data().unwrap().contains("pendingLink"));
        assert!(!format!("{reply:?}").contains("buy.wosign.com"));
    }

    #[test]
    fn another_order_in_the_answer_is_a_warning() {
        let answer =
            r#"{"isSuccess":true,"successMsg":"token ok","data":{"id":" A-1b ","x":{},"z":0}}"#;
        let mut reply = reply(answer);
        assert_eq!(reply.service_message().unwrap(), "*** ok");
        let token = "tk_secret".into();
        reply.compare_order_id("a1B", &["id", "x", "z", "none"], &token);
        assert_eq!(reply.warnings(), []);
        reply.compare_order_id("A2", &["none", "id"], &token);
        reply.compare_order_id("A2", &["id"], &"A-1b".into());
        let expected = ["A-1b", "***"]
            .map(|answered| Warning::OtherOrder { asked: "A2".into(), answered: answered.into() });
        assert_eq!(reply.warnings(), expected);
    }
}
