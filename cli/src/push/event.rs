//! An event: a push, together with the service's answer to a query about its order.

use std::time::SystemTime;

use wotrus::{Answer, Order, OrderStatus, Push, PushKind};

use crate::json::Json;
use crate::lang::say;
use crate::reply::is_of_other_order;
use crate::text::printable;
use crate::time;

pub(super) struct Event {
    received: String,
    push: Push,
    found: Option<Found>,
}

/// The service's answer to the query. Personal data is left out.
struct Found {
    id: String,
    status: OrderStatus,
    request_id: String,
    /// Whether the answer is about the order of the push.
    is_same_order: bool,
}

impl Event {
    /// `order` is the answer to the query for the order that the push is about.
    pub(super) fn new(push: Push, order: Option<&Answer<Order>>) -> Self {
        let found = order.map(|order| Found {
            id: order.value().id.trim().to_owned(),
            status: order.value().status.clone(),
            request_id: order.reply().request_id().to_owned(),
            is_same_order: !is_of_other_order(order.reply()),
        });
        Self { received: time::rfc3339(SystemTime::now()), push, found }
    }

    /// The service's own id of the order, and its status; `None` if the answer is about another order.
    pub(super) fn order(&self) -> Option<(&str, &str)> {
        let found = self.found.as_ref().filter(|found| found.is_same_order)?;
        Some((&found.id, found.status.as_str()))
    }

    /// Whether the service says the same as the push; `None` if it was not asked.
    fn confirmation(&self) -> Option<bool> {
        let (order, found) = (self.push.order()?, self.found.as_ref()?);
        let is_revoked = found.status == OrderStatus::Revoked;
        let is_issued =
            is_revoked || matches!(found.status, OrderStatus::Issued | OrderStatus::PendingRevoke);
        Some(
            found.is_same_order
                && (!order.is_issued || is_issued)
                && (!order.is_revoked || is_revoked),
        )
    }

    /// Whether a query has confirmed the push. Anybody can send other pushes.
    pub(super) fn is_confirmed(&self) -> bool {
        self.confirmation() == Some(true)
    }

    /// The event as JSON.
    pub(super) fn json(&self) -> Json {
        let json = Json::new().with("received", &self.received);
        let json = match self.push.kind() {
            PushKind::Order(order) => json
                .with("kind", "order")
                .with("order_id", self.order().map_or(order.order_id.as_str(), |(id, _)| id))
                .with("is_issued", &order.is_issued)
                .with("is_revoked", &order.is_revoked)
                .with("status", &self.order().map(|(_, status)| status))
                .with("confirmed", &self.confirmation())
                .with("answered_order_id", &self.found.as_ref().map(|found| &found.id))
                .with("request_id", &self.found.as_ref().map(|found| &found.request_id)),
            PushKind::Other(kind) => json.with("kind", kind),
            _ => json,
        };
        json.with_raw("push", Some(self.push.json()))
    }

    /// The event as text on one line.
    pub(super) fn text(&self) -> String {
        let at = &self.received;
        match (self.push.kind(), &self.found) {
            (PushKind::Order(order), Some(found)) => {
                let id = printable(self.order().map_or(order.order_id.as_str(), |(id, _)| id));
                let (status, answered) = (printable(found.status.as_str()), printable(&found.id));
                if !found.is_same_order {
                    say!(
                        "{at} order {id}: not confirmed, the service answered with order {answered}",
                        "{at} 订单 {id}：未确认，服务端返回的是订单 {answered}"
                    )
                } else if self.is_confirmed() {
                    say!("{at} order {id}: {status}", "{at} 订单 {id}：{status}")
                } else {
                    say!(
                        "{at} order {id}: {status} (the push is not confirmed)",
                        "{at} 订单 {id}：{status}（与推送内容不一致）"
                    )
                }
            }
            (PushKind::Other(kind), _) => {
                let kind = printable(kind);
                say!(
                    "{at} push of the undocumented kind \"{kind}\"",
                    "{at} 类型为“{kind}”的推送，接口文档未作说明"
                )
            }
            _ => at.clone(),
        }
    }
}
