//! `wotrus cert reissue`

use std::path::PathBuf;

use wotrus::ReissueRequest;

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::idempotence;
use crate::input;
use crate::json::Json;
use crate::json_input;
use crate::lang::say;
use crate::output::{Outcome, Table, tell};
use crate::reply;

/// Reissue a certificate for another key
///
/// For SM2 and Sectigo products the new certificate, once issued, revokes the old one, and the
/// proof is required. For others the old one stays valid until its revocation is requested.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus cert reissue \"$id\" --csr new.csr --reason 私钥泄露"
    "wotrus cert reissue \"$id\" --csr new.csr --reason 私钥泄露 \\"
    "    --proof proof.pdf --idempotence-id reissue-4712"
    "wotrus cert reissue --from reissue.json"
))]
pub(crate) struct Reissue {
    /// The id of the order whose certificate is replaced
    #[arg(required_unless_present = "from")]
    order: Option<String>,

    /// Read the request from the service's own JSON form (- for standard input); flags override it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,

    /// The new certificate signing request, PEM (- for standard input); for SM2 the signing key's
    #[arg(long, value_name = "FILE", required_unless_present = "from")]
    csr: Option<PathBuf>,

    /// For SM2, the request of the encryption key
    #[arg(long, value_name = "FILE")]
    csr_encrypt: Option<PathBuf>,

    /// The reason, which is sent to the service
    #[arg(long, value_name = "TEXT", required_unless_present = "from")]
    reason: Option<String>,

    /// The organisation's proof on WoTrus's template: .pdf, .jpg, .gif
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,

    /// Your own id of the reissue; repeated with the same id, it is still one reissue [default: a new one]
    #[arg(long, value_name = "ID")]
    idempotence_id: Option<String>,
}

impl Reissue {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let mut reissue = match &self.from {
            Some(path) => {
                json_input::request("--from", path, |json| ReissueRequest::from_json(json))?
            }
            None => ReissueRequest::default(),
        };
        if let Some(order) = self.order {
            reissue.order_id = order;
        }
        if let Some(path) = &self.csr {
            reissue.csr = input::csr("--csr", path)?;
        }
        if let Some(path) = &self.csr_encrypt {
            reissue.csr_encrypt = Some(input::csr("--csr-encrypt", path)?);
        }
        if let Some(reason) = self.reason {
            reissue.reason = reason;
        }
        if let Some(path) = &self.proof {
            reissue.proof = Some(input::document("--proof", path)?);
        }
        reissue.idempotence_id = self.idempotence_id.or(reissue.idempotence_id);
        let idempotence_id = idempotence::given_or_new(&mut reissue.idempotence_id);
        let client = context.client()?;
        idempotence_id.announce();
        let reissued = client.reissue_certificate(&reissue)?;
        let id = reissued.value().new_order_id.trim();
        let mut table = Table::new();
        table.pair(say!("new order", "新订单"), Some(id));
        table.pair(say!("idempotenceID", "幂等值"), Some(&idempotence_id.text));
        reply::rows(&mut table, reissued.reply());
        tell(&say!(
            "the old certificate of an SM2 or Sectigo product is revoked once the new one is issued; any other stays valid until wotrus cert revoke",
            "SM2 和 Sectigo 产品的旧证书在新证书签发后被吊销；其他产品的旧证书一直有效，直到申请吊销（wotrus cert revoke）"
        ));
        let json = Json::new()
            .with("order_id", id)
            .with("idempotence_id", &idempotence_id.text)
            .and(&reply::json(reissued.reply()));
        Ok(Outcome { text: table.render(), json })
    }
}
