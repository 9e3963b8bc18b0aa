//! `wotrus push parse`

use std::path::PathBuf;

use wotrus::{OrderPush, PushKind};

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::input;
use crate::json::Json;
use crate::json_input;
use crate::lang::{say, yes_no};
use crate::output::{Outcome, Table, tell};
use crate::text::shell_argument;

/// Read the body of a push
///
/// Anybody can send a push. Query the order before acting on it.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus push parse push.json"
    "wotrus --json push parse - <push.json | jq -r .order_id"
))]
pub(crate) struct Parse {
    /// File with the body (- for standard input)
    file: PathBuf,
}

impl Parse {
    pub(super) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        let push = wotrus::Push::parse(input::bytes("FILE", &self.file)?);
        let push = json_input::of_text("FILE", &self.file, push)?;
        let mut table = Table::new();
        let mut json = Json::new();
        match push.kind() {
            PushKind::Order(OrderPush { order_id, is_issued, is_revoked, .. }) => {
                table.pair(say!("kind", "类型"), Some("order"));
                table.pair(say!("order", "订单"), Some(order_id));
                table.pair(say!("issued", "已签发"), Some(yes_no(*is_issued)));
                table.pair(say!("revoked", "已吊销"), Some(yes_no(*is_revoked)));
                json = json
                    .with("kind", "order")
                    .with("order_id", order_id)
                    .with("is_issued", is_issued)
                    .with("is_revoked", is_revoked);
                let argument = shell_argument(order_id);
                tell(&say!(
                    "anybody can send a push; query the order: wotrus order show {argument}",
                    "任何人都可能发送推送，请以查询结果为准：wotrus order show {argument}"
                ));
            }
            PushKind::Other(kind) => {
                table.pair(say!("kind", "类型"), Some(kind));
                table.pair(say!("body", "内容"), Some(push.json()));
                json = json.with("kind", kind);
            }
            _ => {}
        }
        Ok(Outcome { text: table.render(), json: json.with_raw("push", Some(push.json())) })
    }
}
