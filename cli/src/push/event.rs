//! What is made of a notification: the hint, and beside it what the service itself says.

use std::time::SystemTime;

use wotrus::{Answer, Order, OrderStatus, Push, PushKind};

use crate::json::Json;
use crate::lang::say;
use crate::text::printable;
use crate::time;

/// A notification that was read and, where it is about an order, asked after.
pub(super) struct Event {
    received: String,
    push: Push,
    found: Option<Found>,
}

/// The order as the service sees it; of its data the status alone: the rest is people's.
struct Found {
    status: OrderStatus,
    request_id: String,
}

impl Event {
    /// `order` is the answer to the query that a notification about an order asks for.
    pub(super) fn new(push: Push, order: Option<&Answer<Order>>) -> Self {
        let found = order.map(|order| Found {
            status: order.value().status.clone(),
            request_id: order.reply().request_id().to_owned(),
        });
        Self { received: time::rfc3339(SystemTime::now()), push, found }
    }

    /// The order's id and status, for a command's environment.
    pub(super) fn order(&self) -> Option<(&str, &str)> {
        let order = self.push.order()?;
        Some((&order.order_id, self.found.as_ref()?.status.as_str()))
    }

    /// Whether the service says the same as the notification.
    fn confirmed(&self) -> Option<bool> {
        let (order, found) = (self.push.order()?, self.found.as_ref()?);
        let revoked = found.status == OrderStatus::Revoked;
        let issued =
            revoked || matches!(found.status, OrderStatus::Issued | OrderStatus::PendingRevoke);
        Some((!order.is_issued || issued) && (!order.is_revoked || revoked))
    }

    /// The event in one line.
    pub(super) fn json(&self) -> Json {
        let json = Json::new().with("received", &self.received);
        let json = match self.push.kind() {
            PushKind::Order(order) => json
                .with("kind", "order")
                .with("order_id", &order.order_id)
                .with("is_issued", &order.is_issued)
                .with("is_revoked", &order.is_revoked)
                .with("status", &self.found.as_ref().map(|found| found.status.as_str()))
                .with("confirmed", &self.confirmed())
                .with("request_id", &self.found.as_ref().map(|found| &found.request_id)),
            PushKind::Other(kind) => json.with("kind", kind),
            _ => json,
        };
        json.with_raw("push", Some(self.push.json()))
    }

    /// The event for a person.
    pub(super) fn text(&self) -> String {
        let at = &self.received;
        match (self.order(), self.push.kind()) {
            (Some((id, status)), _) => {
                let (id, status) = (printable(id), printable(status));
                match self.confirmed() {
                    Some(false) => say!(
                        "{at} order {id}: {status} (the push said otherwise)",
                        "{at} 订单 {id}：{status}（与推送内容不一致）"
                    ),
                    _ => say!("{at} order {id}: {status}", "{at} 订单 {id}：{status}"),
                }
            }
            (None, PushKind::Other(kind)) => {
                let kind = printable(kind);
                say!(
                    "{at} a push of kind \"{kind}\", which the document does not describe",
                    "{at} 类型为 “{kind}” 的推送，文档未作说明"
                )
            }
            _ => at.clone(),
        }
    }
}
