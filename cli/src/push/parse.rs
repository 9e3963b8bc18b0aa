//! `wotrus push parse`: one notification, read.

use std::path::PathBuf;

use wotrus::{OrderPush, PushKind};

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::input;
use crate::json::Json;
use crate::lang::say;
use crate::output::{Outcome, Table, tell};

/// Read the body of a notification
///
/// A notification is a hint: nobody can tell who sent it. Query the order before acting on it.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus push parse push.json"
    "wotrus --json push parse - <push.json | jq -r .order_id"
))]
pub(crate) struct Parse {
    /// The body (- for standard input)
    file: PathBuf,
}

impl Parse {
    pub(super) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        let push = wotrus::Push::parse(input::bytes("FILE", &self.file)?)?;
        let mut table = Table::new();
        let mut json = Json::new();
        match push.kind() {
            PushKind::Order(OrderPush { order_id, is_issued, is_revoked, .. }) => {
                let yes_no = |flag| if flag { say!("yes", "是") } else { say!("no", "否") };
                table.pair(say!("kind", "类型"), Some("order"));
                table.pair(say!("order", "订单"), Some(order_id));
                table.pair(say!("issued", "已签发"), Some(yes_no(*is_issued)));
                table.pair(say!("revoked", "已吊销"), Some(yes_no(*is_revoked)));
                json = json
                    .with("kind", "order")
                    .with("order_id", order_id)
                    .with("is_issued", is_issued)
                    .with("is_revoked", is_revoked);
                tell(&say!(
                    "a hint that anybody may have sent: wotrus order show {order_id}",
                    "推送仅是提示，可能由任何人发出，请查询订单：wotrus order show {order_id}"
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
