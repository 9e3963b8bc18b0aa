//! `wotrus order renew`

mod next;
mod parts;
mod requests;
mod unchanged;

use std::path::PathBuf;

use wotrus::{OrderRequest, Reply};

use self::next::{Next, may_exist, next};
use self::parts::NewParts;
use self::requests::requests;
use self::unchanged::doubtful;
use super::origins::of_unrecorded;
use super::restore::{Restored, Restorer};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::input;
use crate::json::Json;
use crate::lang::{joined, named, say};
use crate::ledger::{self, Access, Ledger, LedgerOption, Order, Origin, find_by_id, renewals};
use crate::new_key::NewKeyOptions;
use crate::output::{Outcome, Table, json_as_text, tell};
use crate::recorded::sender::{Made, Reserved, Sender};
use crate::reply;

/// Order the renewal of an order in the ledger
///
/// The order is sent as it was, with 13 months instead of 12 or 25 instead of 24, and for a new key.
/// Secrets, documents and unknown fields are not in the ledger: they are read again from where they came.
/// What cannot be read again is named, and nothing is sent; --secret-from, --document and --set give it
/// anew.
///
/// The idempotenceID is derived from that of the renewed order, so renewing twice makes one order. If a
/// renewal was rejected, closed or revoked, --again orders another one.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order renew order-4711 --ledger orders.db --new-key renewed.pem"
    "wotrus order renew order-4711 --csr new.csr --dry-run"
    "wotrus order renew order-4711 --csr new.csr --document licence=new.pdf"
))]
pub(crate) struct Renew {
    /// The order's id or idempotenceID
    id: String,

    #[command(flatten)]
    ledger: LedgerOption,

    /// The certificate signing request, PEM (- for standard input)
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,

    #[command(flatten)]
    new_key: NewKeyOptions,

    /// Validity in months [default: 13 or 25]
    #[arg(long, value_name = "N")]
    months: Option<u32>,

    #[command(flatten)]
    parts: NewParts,

    /// Order another renewal after one that was rejected, closed or revoked
    #[arg(long)]
    again: bool,

    /// Print the request with secrets masked, and send nothing
    #[arg(long)]
    dry_run: bool,
}

impl Renew {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let ledger = self.ledger.required(context, Access::Update)?;
        let base_url = context.base_url()?;
        let renewed = self.renewed(&ledger, &base_url)?;
        let earlier = ledger.read(|it| renewals(it, renewed.row))?;
        let last = earlier.last().map(|order| order.row);
        let reissues = ledger.read(|it| ledger::orders(it, "reissues = ?1", [last]))?;
        let next = next(&renewed, &earlier, &reissues, self.again)?;
        let id = match &next {
            Next::Exists(order) => {
                tell(&say!(
                    "the ledger has this renewal already; nothing was sent",
                    "账本中已有此续期订单，未发送请求"
                ));
                let (id, order_id) = (&order.idempotence_id, order.order_id.as_deref());
                return Ok(outcome(&renewed, id, order_id, None));
            }
            Next::Open(order) => order.idempotence_id.clone(),
            Next::New(id) => id.clone(),
        };
        if let (Next::Open(open), true, false) = (&next, self.new_key.is_given(), self.dry_run) {
            // A new key would change what may exist.
            return Err(may_exist(open));
        }
        let (mut order, origins) = self.order(context, &ledger, &renewed)?;
        order.info.idempotence_id = Some(id.clone());
        let new_key = self.new_key.for_order(&order)?;
        if self.dry_run {
            let preview = order.preview()?;
            let json = Json::new().with("idempotence_id", &id);
            let json = json.with_raw("would_send", Some(&preview));
            return Ok(Outcome { text: json_as_text(&preview), json });
        }
        // Local mistakes must be found before there is a key.
        order.preview()?;
        let sender = Sender::new(context, ledger)?;
        if let Some(new_key) = new_key {
            new_key.make(&mut order)?;
        }
        let mut new = sender.record(&order)?;
        if let Next::Open(open) = &next {
            if open.body_hmac != new.body_hmac {
                return Err(may_exist(open));
            }
        }
        new.renews = Some(renewed.row);
        new.import = renewed.import_id.zip(renewed.import_row);
        send(&sender, &renewed, &order, sender.reserve(&new, &origins)?, &id)
    }

    fn renewed(&self, ledger: &Ledger, base_url: &str) -> Result<Order> {
        let id = self.id.trim();
        let found = ledger.read(|it| find_by_id(it, base_url, id))?;
        let found = found.filter(|order| order.order_id.is_some());
        let found = found.ok_or_else(|| {
            let problem = say!(
                "the ledger has no order {id} that exists at {base_url}",
                "账本中没有在 {base_url} 已创建的订单 {id}"
            );
            Failure::argument("ID", problem)
        })?;
        if found.reissued_order_id.is_none() {
            return Ok(found);
        }
        // A reissue has no content of its own that could be ordered again.
        let first = ledger.read(|it| ledger::orders(it, "id = ?1", [found.reissues]))?.pop();
        first.filter(|order| order.reissued_order_id.is_none()).ok_or_else(|| {
            let problem = say!(
                "{id} is a reissue, and the ledger does not have the order that was made first",
                "{id} 是重新颁发的订单，账本中没有最初的订单"
            );
            Failure::argument("ID", problem)
        })
    }

    /// The renewed order with its new parts, and where the parts came from.
    fn order(
        &self,
        context: &Context,
        ledger: &Ledger,
        renewed: &Order,
    ) -> Result<(OrderRequest, Vec<Origin>)> {
        let csr = self.csr.as_ref().map(|path| input::csr("--csr", path)).transpose()?;
        let all = ledger.read(|it| ledger::origins(it, renewed.row))?;
        let mut origins = self.parts.kept(all.clone());
        let restorer = Restorer::new(ledger);
        let Restored { mut order, mut missing } = restorer.restored_from(renewed, &origins)?;
        if missing.is_empty() {
            // A preview needs no token, and then shows no parts that cannot be compared.
            let token = context.token().ok();
            missing = doubtful(&restorer, token.as_ref(), renewed, &all, &origins)?;
        }
        let had_csr = order.info.csr_rsa.take().is_some_and(|csr| !csr.trim().is_empty());
        let needs_csr = had_csr && csr.is_none() && !self.new_key.is_given();
        let csr_problem = say!(
            "a renewal needs a new request; --new-key makes a key and a request",
            "续期需要新的 CSR；--new-key 可生成密钥和 CSR"
        );
        let others = if missing.is_empty() { requests(&order)? } else { Vec::new() };
        let of_old_keys = others.into_iter().filter(|part| !self.parts.gives(part));
        missing.extend(of_old_keys.map(|part| {
            say!(
                "{part}: a renewal needs a new request, given by exactly this name",
                "{part}：续期需要新的 CSR，且须使用此名称"
            )
        }));
        if !missing.is_empty() {
            if needs_csr {
                missing.push(named("csR_RSA", &csr_problem));
            }
            let list = joined(&missing);
            let problem = say!(
                "the order cannot be made again as it was: {list}; use --secret-from, --document or --set",
                "无法按原内容重新生成订单：{list}；请使用 --secret-from、--document 或 --set"
            );
            let missing = Json::new().with("missing", &missing);
            return Err(Failure::argument("ID", problem).after(&missing));
        }
        if needs_csr {
            return Err(Failure::argument("--csr", csr_problem));
        }
        self.parts.apply(&mut order, &mut origins)?;
        order.info.csr_rsa = csr;
        order.info.month = self.months(renewed.months)?;
        let origins = of_unrecorded(&order, &origins)?;
        Ok((order, origins))
    }

    /// The documented numbers of months for renewals are 13 and 25.
    fn months(&self, renewed: u32) -> Result<u32> {
        match (self.months, renewed) {
            (Some(months), _) => Ok(months),
            (None, 12 | 13) => Ok(13),
            (None, 24 | 25) => Ok(25),
            (None, other) => {
                let problem = say!(
                    "is required, because the order had {other} months",
                    "必须提供：原订单为 {other} 个月"
                );
                Err(Failure::argument("--months", problem))
            }
        }
    }
}

fn send(
    sender: &Sender,
    renewed: &Order,
    order: &OrderRequest,
    reserved: Reserved,
    id: &str,
) -> Result<Outcome> {
    let ready = match reserved {
        Reserved::Ready(ready) => ready,
        Reserved::Exists(order) => {
            return Ok(outcome(renewed, id, order.order_id.as_deref(), None));
        }
    };
    let (Made { created, reply }, unrecorded) = sender.send(&ready, order).made()?;
    let outcome = outcome(renewed, id, Some(&created.order_id), Some(&reply));
    match unrecorded {
        Some(failure) => Err(failure.after(&outcome.json)),
        None => Ok(outcome),
    }
}

/// The renewal, with the response if it was sent now.
fn outcome(renewed: &Order, id: &str, order_id: Option<&str>, reply: Option<&Reply>) -> Outcome {
    let old = renewed.order_id.as_deref();
    let mut table = Table::new();
    table.pair(say!("order", "订单"), order_id);
    table.pair(say!("idempotenceID", "幂等值"), Some(id));
    table.pair(say!("renews", "续期的订单"), old);
    let mut json =
        Json::new().with("order_id", &order_id).with("idempotence_id", id).with("renews", &old);
    if let Some(reply) = reply {
        reply::rows(&mut table, reply);
        json = json.and(&reply::json(reply));
    }
    Outcome { text: table.render(), json }
}
