//! The answers to the operations that write.

use super::id;
use crate::fields::{Fields, wire_struct};
use crate::json::Member;
use crate::messages::{Message, message};
use crate::validation;

wire_struct! {
    /// An order that was created (section 2). The document does not say which of the two ids a
    /// product without SM2 fills: either may be absent, and [`id`](Self::id) is the one that came.
    pub struct CreatedOrder {
        /// The SM2 order's id.
        "orderID" => order_id: Option<String>,
        /// The id of the RSA order that goes with SM2.
        "orderID_RSA" => order_id_rsa: Option<String>,
    }
}

impl CreatedOrder {
    /// Reads `data`; a missing or unusable id is returned as the problem.
    pub(crate) fn read<'a>(data: impl Iterator<Item = Member<'a>>) -> Result<Self, Message> {
        let mut created = Self::read_answer(data);
        let ids = [&mut created.order_id, &mut created.order_id_rsa];
        for (name, id) in Self::NAMES.iter().zip(ids) {
            let present = id.as_deref().and_then(id::present);
            if let Some(problem) = present.and_then(validation::id_problem) {
                return Err(message!("{} {}", *name, problem));
            }
            *id = present.map(str::to_owned);
        }
        match created.id() {
            "" => Err(message!("contains no order id")),
            _ => Ok(created),
        }
    }

    /// The order's id: `orderID`, or `orderID_RSA` if only that came.
    pub fn id(&self) -> &str {
        self.order_id.as_deref().or(self.order_id_rsa.as_deref()).unwrap_or_default()
    }
}

wire_struct! {
    /// A revocation that was requested (section 6). It may not be done yet: the document's example
    /// has `pendingAudit` and `false`.
    pub struct Revocation {
        /// The state of the request, such as `pendingAudit`.
        "revokeStatus" => revoke_status: Option<String>,
        /// Whether the certificate is revoked already.
        "revoked" => revoked: bool,
    }
}

wire_struct! {
    /// A reissue that was requested (section 7).
    pub struct Reissued {
        /// The new order's id. The document's example repeats the old one: do not conclude anything
        /// from a difference.
        "newOrderID" => new_order_id: String,
    }
}

impl Reissued {
    /// Reads `data`; a missing or unusable id is returned as the problem.
    pub(crate) fn read<'a>(data: impl Iterator<Item = Member<'a>>) -> Result<Self, Message> {
        let mut reissued = Self::read_answer(data);
        match id::usable(&reissued.new_order_id) {
            Ok(id) => {
                reissued.new_order_id = id.to_owned();
                Ok(reissued)
            }
            Err(problem) => Err(message!("{} {}", "newOrderID", problem)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    const ZERO: &str = "00000000-0000-0000-0000-000000000000";

    #[test]
    fn either_order_id_may_be_absent() {
        let read = |json: String| CreatedOrder::read(Json::object(json).unwrap().members());
        for (data, id) in [
            (r#"{"orderID":" a ","orderID_RSA":"b"}"#.to_owned(), "a"),
            (r#"{"orderID_RSA":"b "}"#.to_owned(), "b"),
            (r#"{"orderID":" ","OrderId_Rsa":"b"}"#.to_owned(), "b"),
            (r#"{"orderID":17,"orderID_RSA":[]}"#.to_owned(), "17"),
            (format!(r#"{{"orderID":"{ZERO}","orderID_RSA":"b"}}"#), "b"),
            (format!(r#"{{"orderID":"a","orderID_RSA":"{ZERO}"}}"#), "a"),
        ] {
            assert_eq!(read(data).unwrap().id(), id);
        }
        for data in [
            "{}".to_owned(),
            r#"{"orderID":{},"orderID_RSA":null}"#.to_owned(),
            format!(r#"{{"orderID":"{{{ZERO}}}","orderID_RSA":0}}"#),
        ] {
            assert_eq!(read(data).unwrap_err().to_string(), "contains no order id");
        }
        let problem = read(r#"{"orderID":"a\u001b[2J","orderID_RSA":"b"}"#.to_owned()).unwrap_err();
        assert_eq!(problem.to_string(), "orderID contains a control character");
    }

    #[test]
    fn a_reissue_needs_the_new_id() {
        let read = |json: &str| Reissued::read(Json::object(json).unwrap().members());
        assert_eq!(read(r#"{"newOrderID":" a "}"#).unwrap().new_order_id, "a");
        for data in ["{}", r#"{"newOrderID":"a\nb"}"#, &format!(r#"{{"newOrderID":"{ZERO}"}}"#)] {
            assert!(read(data).unwrap_err().to_string().starts_with("newOrderID "));
        }
    }
}
