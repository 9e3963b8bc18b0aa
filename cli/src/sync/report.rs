//! What a run of sync has done.

use crate::failure::{Failure, Result};
use crate::json::Json;
use crate::lang::say;
use crate::notify::Deliveries;

#[derive(Debug, Default)]
pub(super) struct Report {
    /// Orders that the service was asked for.
    pub(super) asked: u32,
    /// Events that were recorded.
    pub(super) events: u32,
    /// Orders whose certificates were fetched.
    pub(super) fetched: u32,
    /// Orders that may exist although their id is not known.
    pub(super) open: u32,
    /// When the service may be asked again.
    pub(super) paused_until: Option<String>,
    pub(super) deliveries: Deliveries,
    /// The orders with problems, as JSON objects.
    problems: Vec<String>,
    first: Option<Failure>,
}

impl Report {
    /// Adds a problem, with the order's id if it concerns one order.
    pub(super) fn problem(&mut self, order_id: Option<&str>, failure: Failure) {
        let json = Json::new().with("order_id", &order_id).with("kind", failure.kind().as_str());
        self.problems.push(json.with("message", failure.message()).object());
        self.first.get_or_insert(failure);
    }

    pub(super) fn json(&self) -> Json {
        let list = |items: &[String]| format!("[{}]", items.join(","));
        Json::new()
            .with("asked", &self.asked)
            .with("events", &self.events)
            .with("fetched", &self.fetched)
            .with("open", &self.open)
            .with("paused_until", &self.paused_until)
            .with("delivered", &self.deliveries.delivered)
            .with("postponed", &self.deliveries.postponed)
            .with_raw("given_up", Some(&list(&self.deliveries.given_up)))
            .with_raw("problems", Some(&list(&self.problems)))
    }

    pub(super) fn text(&self) -> String {
        let Self { asked, events, fetched, open, .. } = self;
        let delivered = self.deliveries.delivered;
        let mut text = say!(
            "orders asked for: {asked}, events: {events}, certificates fetched: {fetched}, events delivered: {delivered}",
            "已查询订单：{asked}，事件：{events}，已获取证书：{fetched}，已通知事件：{delivered}"
        );
        if *open > 0 {
            text += &say!(
                "\norders that may exist, but whose id is not known: {open}; see wotrus order resume",
                "\n可能已存在但订单号未知的订单：{open}；请运行 wotrus order resume"
            );
        }
        text
    }

    /// # Errors
    /// The first problem of the run.
    pub(super) fn end(&mut self) -> Result<()> {
        let json = self.json();
        let count = self.problems.len();
        if let Some(first) = self.first.take() {
            if count > 1 {
                crate::output::tell(&say!(
                    "wotrus: problems: {count}; the first is:",
                    "wotrus：共 {count} 个问题，第一个为："
                ));
            }
            return Err(first.after(&json));
        }
        if let Some(problem) = self.deliveries.problem.take() {
            return Err(Failure::command(problem).after(&json));
        }
        Ok(())
    }
}
