//! The service's notifications to the reseller's own URL (section 8).

use std::fmt;

use crate::answer::usable;
use crate::error::{Error, Result};
use crate::json::Json;
use crate::json::fields::{Fields, wire_struct};
use crate::request::caller_text;

/// A notification from the service. It is a hint: the document says pushes are signed but not how,
/// so nobody can tell who sent one. Query the order before acting on it, and answer 200; otherwise
/// the service sends it again, three times in all.
#[derive(Clone)]
pub struct Push {
    pub(crate) json: Json,
    kind: PushKind,
}

/// What a [`Push`] is about.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PushKind {
    /// `dataAction` is `order`: an order was issued or revoked.
    Order(OrderPush),
    /// Another `dataAction`, as it came (the document mentions pushes for organisations and
    /// revocations without describing them); empty if none came.
    Other(String),
}

wire_struct! {
    /// An order's state, pushed (section 8.1).
    pub struct OrderPush {
        /// The order's id.
        "orderID" => order_id: String,
        /// Whether it is issued.
        "isIssued" => is_issued: bool,
        /// Whether it is revoked.
        "isRevoked" => is_revoked: bool,
    }
}

impl Push {
    /// Reads the body of a request that came to the push URL. An unknown kind is no error.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument) for what is not JSON in UTF-8, or an order push
    /// without an order id.
    pub fn parse(body: impl AsRef<[u8]>) -> Result<Self> {
        const FIELD: &str = "push";
        let json = Json::object(caller_text(FIELD, body.as_ref())?.to_owned());
        let json = json.map_err(|problem| Error::argument(FIELD, problem))?;
        let action = json.text_of("dataAction").unwrap_or_default();
        let kind = if action.eq_ignore_ascii_case("order") {
            let mut push = OrderPush::read_answer(json.members());
            let id = usable(&push.order_id).map(str::to_owned);
            push.order_id = id.map_err(|problem| Error::argument("orderID", problem))?;
            PushKind::Order(push)
        } else {
            PushKind::Other(action)
        };
        Ok(Self { json, kind })
    }

    /// What it is about.
    pub fn kind(&self) -> &PushKind {
        &self.kind
    }

    /// The order it is about, if it is an order push.
    pub fn order(&self) -> Option<&OrderPush> {
        match &self.kind {
            PushKind::Order(order) => Some(order),
            PushKind::Other(_) => None,
        }
    }

    /// The body as it came.
    pub fn json(&self) -> &str {
        self.json.text()
    }
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Unknown kinds may carry anything, so the body is not shown.
        write!(f, "Push({:?})", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_push_is_read() {
        let push = Push::parse(include_str!("../tests/fixtures/push_order.json")).unwrap();
        let order = push.order().unwrap();
        assert_eq!(order.order_id, "30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D");
        assert!(order.is_issued && !order.is_revoked);
    }

    #[test]
    fn unknown_kinds_are_kept() {
        let push = Push::parse(r#"{"DataAction":"organization","x":1}"#).unwrap();
        assert_eq!(push.kind(), &PushKind::Other("organization".into()));
        assert!(push.order().is_none() && push.json().contains("\"x\":1"));
        assert_eq!(Push::parse("{}").unwrap().kind(), &PushKind::Other(String::new()));
    }

    #[test]
    fn what_is_no_push_is_refused() {
        for bad in [&b"\xff"[..], b"", b"[]", b"<html>", br#"{"dataAction":"order"}"#] {
            assert!(Push::parse(bad).is_err());
        }
    }
}
