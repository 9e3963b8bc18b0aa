//! `wotrus cert revoke`

use std::path::PathBuf;

use wotrus::RevokeRequest;

use crate::confirm::confirm;
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::input;
use crate::json::Json;
use crate::json_input;
use crate::lang::say;
use crate::output::{Outcome, Table};
use crate::reply;
use crate::text::printable;

/// Request that a certificate be revoked
///
/// Success means that the request was accepted: with `pendingAudit` the certificate is revoked only
/// after a review, or not at all.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus cert revoke \"$id\" --reason 私钥泄露 --proof proof.pdf"
    "wotrus cert revoke --from revoke.json --yes"
))]
pub(crate) struct Revoke {
    /// The order's id
    #[arg(required_unless_present = "from")]
    order: Option<String>,

    /// Read the request from the service's own JSON form (- for standard input); flags override it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,

    /// The reason, which is sent to the service
    #[arg(long, value_name = "TEXT", required_unless_present = "from")]
    reason: Option<String>,

    /// The organisation's proof on WoTrus's template: .pdf, .jpg, .gif
    #[arg(long, value_name = "FILE", required_unless_present = "from")]
    proof: Option<PathBuf>,

    /// Do not ask for confirmation
    #[arg(long, short)]
    yes: bool,
}

impl Revoke {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let proof =
            self.proof.as_deref().map(|path| input::document("--proof", path)).transpose()?;
        let revocation = match (&self.from, proof) {
            (Some(path), proof) => {
                let mut revocation =
                    json_input::request("--from", path, |json| RevokeRequest::from_json(json))?;
                revocation.proof = proof.unwrap_or(revocation.proof);
                revocation.order_id = self.order.unwrap_or(revocation.order_id);
                revocation.reason = self.reason.unwrap_or(revocation.reason);
                revocation
            }
            (None, Some(proof)) => RevokeRequest::new(
                self.order.unwrap_or_default(),
                self.reason.unwrap_or_default(),
                proof,
            ),
            (None, None) => {
                let problem = say!("is required", "必须提供");
                return Err(Failure::argument("--proof", problem));
            }
        };
        let id = printable(revocation.order_id.trim());
        let question = say!(
            "Revoke the certificate of order {id}? This cannot be undone.",
            "吊销订单 {id} 的证书？此操作无法撤销。"
        );
        confirm(&question, self.yes)?;
        let answer = context.client()?.revoke_certificate(&revocation)?;
        let state = match answer.value().revoked {
            true => say!("revoked", "已吊销"),
            false => say!("requested, not revoked yet", "已申请，尚未吊销"),
        };
        let mut table = Table::new();
        table.pair(say!("order", "订单"), Some(&id));
        table.pair(say!("revocation", "吊销"), Some(state));
        table.pair(say!("status", "状态"), answer.value().revoke_status.as_ref());
        reply::rows(&mut table, answer.reply());
        let json = Json::new()
            .with("order_id", &id)
            .with("revoked", &answer.value().revoked)
            .and(&reply::json(answer.reply()));
        Ok(Outcome { text: table.render(), json })
    }
}
