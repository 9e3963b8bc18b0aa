//! `wotrus order cancel`

use crate::confirm::confirm;
use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::say;
use crate::ledger::LedgerOption;
use crate::output::{Outcome, Table};
use crate::reply;
use crate::text::printable;

/// Cancel an order that is not issued yet
///
/// With a ledger the next sync asks for the order.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order cancel \"$id\" --reason 域名填写错误"
    "wotrus order cancel \"$id\" --reason 'ordered twice' --yes"
))]
pub(crate) struct Cancel {
    /// The order's id
    order: String,

    /// The reason, which is sent to the service
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    ledger: LedgerOption,
}

impl Cancel {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let id = printable(self.order.trim());
        let question =
            say!("Cancel order {id}? This cannot be undone.", "取消订单 {id}？此操作无法撤销。");
        confirm(&question, self.yes)?;
        let result = context.client()?.cancel_order(&self.order, &self.reason);
        self.ledger.note_change(context, &self.order, &result);
        let reply = result?;
        let mut table = Table::new();
        table.pair(say!("cancelled", "已取消"), Some(&id));
        reply::rows(&mut table, &reply);
        let json = Json::new().with("order_id", &id).and(&reply::json(&reply));
        Ok(Outcome { text: table.render(), json })
    }
}
