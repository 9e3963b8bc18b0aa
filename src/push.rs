//! The service's notifications to the reseller's own URL (section 8).

use std::fmt;

use crate::answer::usable;
use crate::error::{Error, Result};
use crate::fields::{Fields, wire_struct};
use crate::json::Json;
use crate::request::caller_text;

/// A notification from the service. Its sender cannot be verified: the document says that pushes
/// are signed, but not how. Query the order before acting on it. Answer the request with status
/// 200; otherwise the service sends it again, up to three times in all.
#[derive(Clone)]
pub struct Push {
    pub(crate) json: Json,
    kind: PushKind,
}

/// The kind of a [`Push`], by its `dataAction`.
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
    /// A change of an order's state (section 8.1).
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
    /// Reads the body of a request to the push URL. An unknown kind is not an error.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument), with line and column of the mistake, for a body
    /// that is not a JSON object in UTF-8; and, with [`field`](Error::field) `orderID`, for an order
    /// push whose order id is absent, all zeros or otherwise unusable.
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

    /// The kind of push.
    pub fn kind(&self) -> &PushKind {
        &self.kind
    }

    /// The order's data, if it is an order push.
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
        // The body of an unknown kind may contain personal data.
        write!(f, "Push({:?})", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_push_of_the_document_is_read() {
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
    fn other_bodies_and_orders_without_an_id_are_refused() {
        for (bad, field) in [
            (&b"\xff"[..], "push"),
            (b"\xff\xfe{\0}\0", "push"),
            (b"", "push"),
            (b"[]", "push"),
            (b"<html>", "push"),
            (br#"{"dataAction":"order"}"#, "orderID"),
            (
                br#"{"dataAction":"order","orderID":"00000000-0000-0000-0000-000000000000"}"#,
                "orderID",
            ),
            (br#"{"dataAction":"order","orderID":"A\u0007"}"#, "orderID"),
        ] {
            assert_eq!(Push::parse(bad).unwrap_err().field(), Some(field));
        }
    }

    #[test]
    fn any_json_object_is_read() {
        for odd in [
            r#"{"dataAction":"\ud800"}"#,
            r#"{"\ud800":1e999,"dataAction":["order"]}"#,
            "\u{feff}\u{feff}\u{feff}{\"dataAction\":null}",
        ] {
            assert!(Push::parse(odd).unwrap().order().is_none(), "{odd}");
        }
        let odd = r#"{"DATAACTION":"Order","orderID":17,"isIssued":{"a":[1]},"isRevoked":"1","x":"\ud800"}"#;
        let push = Push::parse(odd).unwrap();
        let order = push.order().unwrap();
        assert_eq!((&*order.order_id, order.is_issued, order.is_revoked), ("17", false, true));
    }
}
