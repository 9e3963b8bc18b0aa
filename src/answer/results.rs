//! What the writing operations bring.

use crate::json::fields::wire_struct;

wire_struct! {
    /// An order that exists now (section 2). Which of the two ids a product without SM2 fills, the
    /// document does not say: either may stand alone, and [`id`](Self::id) is the one that does.
    pub struct CreatedOrder {
        /// The SM2 order's id.
        "orderID" => order_id: Option<String>,
        /// The id of the RSA order that goes with SM2.
        "orderID_RSA" => order_id_rsa: Option<String>,
    }
}

impl CreatedOrder {
    /// The order's id: `orderID`, or `orderID_RSA` where that stands alone.
    pub fn id(&self) -> &str {
        [&self.order_id, &self.order_id_rsa]
            .into_iter()
            .flatten()
            .map(|id| id.trim())
            .find(|id| !id.is_empty())
            .unwrap_or_default()
    }
}

wire_struct! {
    /// A revocation that was requested (section 6). It need not be done: the document's example has
    /// `pendingAudit` and `false`.
    pub struct Revocation {
        /// Where it stands, such as `pendingAudit`.
        "revokeStatus" => revoke_status: Option<String>,
        /// Whether the certificate is revoked already.
        "revoked" => revoked: bool,
    }
}

wire_struct! {
    /// A reissue that was requested (section 7).
    pub struct Reissued {
        /// The new order's id. In the document's example it is the old one again: infer nothing.
        "newOrderID" => new_order_id: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_order_id_may_stand_alone() {
        let of = |order_id: Option<&str>, rsa: Option<&str>| {
            let ids = [order_id, rsa].map(|id| id.map(str::to_owned));
            let [order_id, order_id_rsa] = ids;
            CreatedOrder { order_id, order_id_rsa }.id().to_owned()
        };
        assert_eq!(of(Some("a"), Some("b")), "a");
        assert_eq!(of(None, Some("b ")), "b");
        assert_eq!(of(Some(" "), Some("b")), "b");
        assert_eq!(of(None, None), "");
    }
}
