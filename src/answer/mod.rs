//! What comes back: the bytes as they came, and one type an operation read from them.

mod envelope;
mod order;
mod results;

pub(crate) use envelope::Envelope;
pub use order::{Order, OrderOrganization, OrderStatus, PaymentStatus};
pub use results::{CreatedOrder, Reissued, Revocation};

use std::borrow::Cow;
use std::fmt;

use crate::json::Value;

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

/// An answer as it came, with what a ticket to the service needs.
#[derive(Clone)]
pub struct Reply {
    pub(crate) envelope: Envelope,
    pub(crate) request_id: String,
    pub(crate) attempts: u32,
    pub(crate) http_status: u16,
}

impl Reply {
    /// The RequestID that was sent.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// How often the call was sent until this answer came.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The HTTP status, 2xx.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// The whole answer, the envelope included, as it came (a byte order mark taken off). It may
    /// hold personal data.
    pub fn json(&self) -> &str {
        self.envelope.json()
    }

    /// `data` alone, as JSON; nothing where it is absent or null.
    pub fn data(&self) -> Option<&str> {
        self.envelope.data().map(Value::raw)
    }

    /// A field by its path below `data` (`org.orgName`, `chains_RSA.0`), or else in the envelope
    /// (`successMsg`, `page.total`); names in any ASCII case. Texts come unescaped, numbers and
    /// booleans as text, objects and arrays as JSON, null and absent as nothing.
    pub fn get(&self, path: &str) -> Option<String> {
        self.find(path).and_then(Value::display).map(Cow::into_owned)
    }

    /// The same as it stands in the answer.
    pub(crate) fn find(&self, path: &str) -> Option<Value<'_>> {
        self.envelope.at_path(path)
    }

    /// The id of the order that was queried.
    pub(crate) fn order_id(&self) -> Option<Cow<'_, str>> {
        let id = self.envelope.data_get("id").and_then(Value::scalar)?;
        (!id.trim().is_empty()).then_some(id)
    }

    /// The service's own words on success (`successMsg`); nothing where it is silent.
    pub fn service_message(&self) -> Option<String> {
        let message = self.envelope.get("successMsg").and_then(Value::display);
        message.filter(|message| !message.is_empty()).map(Cow::into_owned)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the bytes: they may hold what must not be shown.
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

    #[test]
    fn fields_are_read_by_path_from_data_then_from_the_envelope() {
        let reply = Reply {
            envelope: Envelope::parse(
                include_str!("../../tests/fixtures/query_response.json").to_owned(),
            )
            .ok()
            .unwrap(),
            request_id: "r".into(),
            attempts: 1,
            http_status: 200,
        };
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
}
