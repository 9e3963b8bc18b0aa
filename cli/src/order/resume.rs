//! `wotrus order resume`: finishes the orders that a killed process left open.

use std::sync::Mutex;

use super::many::Unreached;
use super::restore::{Restored, Restorer};
use super::{batch, many};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::interrupt;
use crate::json::Json;
use crate::lang::{joined, say};
use crate::ledger::{self, Access, Ledger, LedgerOption, Order};
use crate::output::{Outcome, Table, tell, warn};
use crate::recorded::reissue;
use crate::recorded::sender::{self, Request, Sender, Sent};
use crate::reply::{self, is_of_other_order};
use wotrus::Kind;

/// Finish orders that may exist although no answer came
///
/// An order is open if the process that sent it was killed, or if no trustworthy answer came. It is
/// sent again under the same idempotenceID, so it exists once. Its secrets, documents and unknown fields
/// are read again from where they came. If they are not the same, or cannot be read, nothing is sent,
/// and the order stays unknown with the reason. So does an order that the service refused when it was
/// sent again; it is sent once more only if its id is given. Look for such an order at the service, and
/// record what you find with --found or --not-found.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order resume --ledger /var/lib/wotrus/orders.db"
    "wotrus order resume order-4711"
    "wotrus order resume order-4711 --found a4a78326-0546-4602-9586-8ee3c05e8068"
))]
pub(crate) struct Resume {
    /// Only the orders with these idempotenceIDs
    #[arg(value_name = "ID")]
    ids: Vec<String>,

    #[command(flatten)]
    ledger: LedgerOption,

    /// The order exists: you have found it at the service with this id
    #[arg(long, value_name = "ORDER_ID", conflicts_with = "not_found", requires = "ids")]
    found: Option<String>,

    /// The order does not exist: you have made sure of it at the service
    #[arg(long, requires = "ids")]
    not_found: bool,

    /// Maximum number of calls at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=32))]
    jobs: u16,
}

impl Resume {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let ledger = self.ledger.required(context, Access::Update)?;
        let base_url = context.base_url()?;
        let orders = self.orders(&ledger, &base_url)?;
        warn_of_others(&ledger, &base_url)?;
        if orders.is_empty() {
            // cron sends what a command prints as mail.
            let text = match context.is_watched() {
                true => say!("no order is open", "没有未完成的订单"),
                false => String::new(),
            };
            return Ok(Outcome { text, json: Json::new().with_raw("orders", Some("[]")) });
        }
        let sender = Sender::new(context, ledger)?;
        if self.found.is_some() || self.not_found {
            self.settle(&sender, &orders).map_err(Failure::of_possible_order)?;
            let Summary { table, json, .. } = summary(&sender.ledger, &orders)?;
            return Ok(Outcome { text: table.render(), json });
        }
        let (problem, unreached) = (Mutex::new(None), Unreached::default());
        let restorer = Restorer::new(&sender.ledger);
        let resume = |order: &Order| self.resume(&sender, &restorer, order, &unreached);
        batch::run(&orders, self.jobs.into(), |order| match resume(order) {
            Ok(()) => !interrupt::was_received(),
            Err(failure) => {
                problem.lock().expect("no thread panics with it").get_or_insert(failure);
                false
            }
        });
        let stopped = problem.into_inner().expect("no thread panics with it");
        let summary = summary(&sender.ledger, &orders).map_err(Failure::of_possible_order)?;
        finish(summary, stopped)
    }

    /// Records what a person has found out about an order.
    fn settle(&self, sender: &Sender, orders: &[Order]) -> Result<()> {
        let [order] = orders else {
            let problem = say!("name one order only", "只能指定一个订单");
            return Err(Failure::argument("ID", problem));
        };
        let found = self.found.as_ref().map(|id| sender.client.query_order(id)).transpose()?;
        if let (Some(answer), Some(id)) = (&found, &self.found) {
            if is_of_other_order(answer.reply()) {
                return Err(reply::other_order(id));
            }
            refuse_known(&sender.ledger, order, answer.value().id.trim())?;
        }
        let Some(ready) = sender.reserve_open(order)? else {
            return Err(sender::in_progress());
        };
        match found {
            Some(answer) => sender.settle(&ready, answer.value().id.trim()),
            None => {
                let reason = say!("no order exists at the service", "服务端没有此订单");
                sender.ledger.transaction(|it| ledger::set_absent(it, ready.row(), &reason))
            }
        }
    }

    /// The open orders of this service, each once: the named ones, or all in the order in which they were
    /// recorded.
    fn orders(&self, ledger: &Ledger, base_url: &str) -> Result<Vec<Order>> {
        if self.ids.is_empty() {
            let condition = "+base_url = ?1 AND state IN ('sending', 'unknown')";
            return ledger.read(|it| ledger::orders(it, condition, [base_url]));
        }
        let find = |id: &String| {
            let found = ledger.read(|it| ledger::find(it, base_url, id))?;
            found.filter(|order| order.state.is_open()).ok_or_else(|| {
                let problem = say!(
                    "the ledger has no open order with the idempotenceID {id}",
                    "账本中没有幂等值为 {id} 的未完成订单"
                );
                Failure::argument("ID", problem)
            })
        };
        let mut orders: Vec<Order> = Vec::new();
        for order in self.ids.iter().map(find) {
            let order = order?;
            if orders.iter().all(|other| other.row != order.row) {
                orders.push(order);
            }
        }
        Ok(orders)
    }

    /// Sends an order again, or records why that is not possible. After an error no others should be sent.
    fn resume(
        &self,
        sender: &Sender,
        restorer: &Restorer<'_>,
        order: &Order,
        unreached: &Unreached,
    ) -> Result<()> {
        if self.ids.is_empty() && sender.needs_decision(order)? {
            return Ok(());
        }
        let Some(ready) = sender.reserve_open(order)? else {
            let id = &order.idempotence_id;
            tell(&say!(
                "order {id}: another process is sending it",
                "订单 {id}：另一个进程正在发送"
            ));
            return Ok(());
        };
        let request = match same_request(sender, restorer, order)? {
            Ok(request) => request,
            Err(reason) => {
                sender.give_up(&ready, &reason)?;
                return Ok(());
            }
        };
        let Sent { result, error_kind, reached, unrecorded, .. } =
            sender.send_request(&ready, &request);
        if let Some(failure) = unrecorded {
            return Err(failure);
        }
        match (result, error_kind) {
            (Err(failure), Some(Kind::Auth | Kind::Config)) => Err(failure),
            _ => unreached.count(reached).map_or(Ok(()), Err),
        }
    }
}

/// The request with the same content as when it was recorded, or why there is none.
fn same_request(
    sender: &Sender,
    restorer: &Restorer<'_>,
    order: &Order,
) -> Result<std::result::Result<Request, String>> {
    let (request, missing) = match order.reissued_order_id {
        None => {
            let Restored { order, missing } = restorer.restored(order)?;
            (Request::Order(Box::new(order)), missing)
        }
        Some(_) => {
            let (reissue, missing) = reissue::restored(&sender.ledger, order)?;
            (Request::Reissue(Box::new(reissue)), missing)
        }
    };
    if !missing.is_empty() {
        let missing = joined(&missing);
        return Ok(Err(say!(
            "it cannot be sent again as it was: {missing}",
            "无法按原内容重新发送：{missing}"
        )));
    }
    match sender.record_request(&request) {
        Ok(new) if new.body_hmac == order.body_hmac => Ok(Ok(request)),
        Ok(_) => Ok(Err(say!(
            "it is not sent again: its files, or the token, are not those with which it was sent",
            "未重新发送：其文件或 token 与首次发送时不同"
        ))),
        Err(failure) => {
            let problem = failure.message();
            Ok(Err(say!(
                "it cannot be sent again as it was: {problem}",
                "无法按原内容重新发送：{problem}"
            )))
        }
    }
}

/// Refuses an id of the service that the ledger has for another order: it would lose the right one. A
/// reissue can have kept the id of the order whose certificate it replaces.
fn refuse_known(ledger: &Ledger, order: &Order, id: &str) -> Result<()> {
    if order.reissued_order_id.as_deref().is_some_and(|it| it.trim().eq_ignore_ascii_case(id)) {
        return Ok(());
    }
    let known = ledger.read(|it| {
        let condition = "+base_url = ?1 AND id <> ?3
            AND (order_id = ?2 COLLATE NOCASE OR paired_order_id = ?2 COLLATE NOCASE)";
        ledger::orders(it, condition, rusqlite::params![order.base_url, id, order.row])
    })?;
    let Some(known) = known.first() else { return Ok(()) };
    let known = &known.idempotence_id;
    let problem =
        say!("{id} is the order with the idempotenceID {known}", "{id} 是幂等值为 {known} 的订单");
    Err(Failure::argument("--found", problem))
}

/// Tells of open orders that this call cannot finish.
fn warn_of_others(ledger: &Ledger, base_url: &str) -> Result<()> {
    let condition = "base_url <> ?1 AND state IN ('sending', 'unknown')";
    let elsewhere = ledger.read(|it| ledger::orders(it, condition, [base_url]))?;
    if let Some(order) = elsewhere.first() {
        let (count, other) = (elsewhere.len(), &order.base_url);
        warn(&say!(
            "open orders for another service, such as {other}: {count}; use --base-url",
            "{count} 个未完成的订单属于其他服务地址（如 {other}），请使用 --base-url"
        ));
    }
    let condition = "+base_url = ?1 AND state = 'prepared' AND import_id IS NOT NULL";
    let unsent = ledger.read(|it| ledger::orders(it, condition, [base_url]))?.len();
    if unsent > 0 {
        tell(&say!(
            "rows of imports that were never sent: {unsent}; repeat wotrus order import",
            "导入文件中尚未发送的行：{unsent}；请重新运行 wotrus order import"
        ));
    }
    Ok(())
}

/// What became of the orders.
struct Summary {
    table: Table,
    json: Json,
    orders: Vec<Order>,
}

fn summary(ledger: &Ledger, orders: &[Order]) -> Result<Summary> {
    let (mut table, mut objects, mut current) = (Table::new(), Vec::new(), Vec::new());
    for order in orders {
        let found = ledger.read(|it| ledger::find(it, &order.base_url, &order.idempotence_id))?;
        let Some(now) = found else { continue };
        let detail = now.order_id.as_deref().or(now.reason.as_deref()).unwrap_or_default();
        table.row([&now.idempotence_id, now.state.as_str(), detail]);
        let json = Json::new()
            .with("idempotence_id", &now.idempotence_id)
            .with("state", now.state.as_str())
            .with("order_id", &now.order_id)
            .with("reason", &now.reason);
        objects.push(json.object());
        current.push(now);
    }
    let json = Json::new().with_raw("orders", Some(&format!("[{}]", objects.join(","))));
    Ok(Summary { table, json, orders: current })
}

/// The result after the orders were sent. One that turned out not to exist is no longer open, and no later
/// call would mention it.
fn finish(Summary { table, json, orders }: Summary, stopped: Option<Failure>) -> Result<Outcome> {
    let text = table.render();
    let name = |id: &str| say!("{id}", "是 {id}");
    let named: Vec<_> = orders.iter().map(|it| (name(&it.idempotence_id), it)).collect();
    match many::failure(&named, stopped) {
        None => Ok(Outcome { text, json }),
        Some(failure) => {
            tell(text.trim_end());
            Err(failure.after(&json))
        }
    }
}
