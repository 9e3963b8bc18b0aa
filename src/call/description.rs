//! What a call sends.

use super::retry::Repeat;
use crate::body::Body;
use crate::messages::Message;
use crate::redact::redact;
use crate::secret::Secret;

/// What is called. A call that writes has a body; one that reads has none.
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) path: String,
    pub(crate) body: Option<Body>,
    pub(crate) idempotence_id: Option<String>,
    /// What a person does to find out an unknown outcome.
    pub(crate) look_up: Message,
}

impl Call {
    /// A call that reads.
    pub(crate) fn get(operation: &'static str, path: String) -> Self {
        Self { operation, path, body: None, idempotence_id: None, look_up: Message::constant("") }
    }

    /// A call that writes.
    pub(crate) fn post(operation: &'static str, path: &str, body: Body, look_up: Message) -> Self {
        Self { operation, path: path.to_owned(), body: Some(body), idempotence_id: None, look_up }
    }

    pub(super) fn writes(&self) -> bool {
        self.body.is_some()
    }

    pub(super) fn repeat(&self) -> Repeat {
        match (&self.body, &self.idempotence_id) {
            (None, _) => Repeat::Harmless,
            (Some(_), Some(_)) => Repeat::SameId,
            (Some(_), None) => Repeat::Never,
        }
    }

    pub(super) fn method(&self) -> &'static str {
        if self.writes() { "POST" } else { "GET" }
    }

    /// `text` of the service without the token and the secrets in the body: it may echo them.
    pub(crate) fn redact(&self, token: &Secret, text: &str) -> String {
        let sent = self.body.iter().flat_map(|body| &body.secrets);
        redact(text, std::iter::once(token).chain(sent))
    }
}
