//! `wotrus order email`

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::say;
use crate::output::{Outcome, Table};
use crate::reply;

/// Have the service notify the customer by e-mail that the order is issued
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order email \"$id\" --collect-url https://shop.example/collect/42"
))]
pub(crate) struct Email {
    /// The order's id
    order: String,

    /// The URL where the customer downloads the certificate
    #[arg(long, value_name = "URL")]
    collect_url: String,
}

impl Email {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let reply = context.client()?.notify_by_email(&self.order, &self.collect_url)?;
        let mut table = Table::new();
        table.pair(say!("notified for order", "已发送邮件通知"), Some(&self.order));
        reply::rows(&mut table, &reply);
        let json = Json::new().with("order_id", self.order.trim()).and(&reply::json(&reply));
        Ok(Outcome { text: table.render(), json })
    }
}
