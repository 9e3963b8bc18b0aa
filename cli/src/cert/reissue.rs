//! `wotrus cert reissue`

use std::path::PathBuf;

use wotrus::{Client, ReissueRequest};

use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::idempotence;
use crate::input;
use crate::json::Json;
use crate::json_input;
use crate::lang::say;
use crate::ledger::{Access, LedgerOption};
use crate::new_key::{NewKey, NewKeyOptions, check_unused, subject_of};
use crate::output::{Outcome, Table, tell};
use crate::recorded::reissue::{Reissued, Sources, send_recorded};
use crate::recorded::sender::{Made, Sender};
use crate::reply;

/// Takes the place of the CSR while a request is checked whose key is not made yet.
const STAND_IN_CSR: &str = include_str!("../../assets/example.csr");

/// Reissue a certificate for another key
///
/// For SM2 and Sectigo products the new certificate, once issued, revokes the old one, and the
/// proof is required. For others the old one stays valid until its revocation is requested.
///
/// With a ledger the reissue is recorded before it is sent, as an order is: order resume finishes it after a
/// kill, and sync follows the new order and fetches its certificate.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus cert reissue \"$id\" --csr new.csr --reason 私钥泄露"
    "wotrus cert reissue \"$id\" --csr new.csr --reason 私钥泄露 \\"
    "    --proof proof.pdf --idempotence-id reissue-4712"
    "wotrus cert reissue --from reissue.json"
    "wotrus cert reissue \"$id\" --new-key new.pem --reason 私钥泄露 \\"
    "    --ledger orders.db"
))]
pub(crate) struct Reissue {
    /// The id of the order whose certificate is replaced
    #[arg(required_unless_present = "from")]
    order: Option<String>,

    /// Read the request from the service's own JSON form (- for standard input); flags override it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,

    /// The new certificate signing request, PEM (- for standard input); for SM2 the signing key's
    #[arg(long, value_name = "FILE", required_unless_present_any = ["from", "new_key"])]
    csr: Option<PathBuf>,

    #[command(flatten)]
    new_key: NewKeyOptions,

    /// For SM2, the request of the encryption key
    #[arg(long, value_name = "FILE", conflicts_with = "new_key")]
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

    #[command(flatten)]
    ledger: LedgerOption,
}

impl Reissue {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let json = match &self.from {
            Some(path) => input::text("--from", path)?,
            None => String::new(),
        };
        let mut reissue = match &self.from {
            Some(path) => json_input::of_text("--from", path, ReissueRequest::from_json(&json))?,
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
        let ledger = self.ledger.open(context, Access::Create)?;
        let sender = ledger.map(|ledger| Sender::new(context, ledger)).transpose()?;
        let client = match &sender {
            Some(sender) => sender.client.clone(),
            None => context.client()?,
        };
        let new_key = match self.new_key.is_given() {
            true => new_key(&self.new_key, &client, sender.as_ref(), &reissue)?,
            false => None,
        };
        // Before the key: a repeated command needs the id as much as the key.
        idempotence_id.announce();
        if let Some(new_key) = new_key {
            (_, reissue.csr) = new_key.make_request()?;
        }
        let reissued = match &sender {
            Some(sender) => {
                let (from, proof) = (self.from.as_deref(), self.proof.as_deref());
                send_recorded(sender, reissue, Sources { from, json: &json, proof })?
            }
            None => {
                let Made { created, reply } = client.reissue_certificate(&reissue)?.into();
                Reissued { order_id: created.order_id, reply: Some(reply), unrecorded: None }
            }
        };
        let id = &reissued.order_id;
        let mut table = Table::new();
        table.pair(say!("new order", "新订单"), Some(id));
        table.pair(say!("idempotenceID", "幂等值"), Some(&idempotence_id.text));
        let mut json =
            Json::new().with("order_id", id).with("idempotence_id", &idempotence_id.text);
        if let Some(reply) = &reissued.reply {
            reply::rows(&mut table, reply);
            json = json.and(&reply::json(reply));
        }
        if let Some(failure) = reissued.unrecorded {
            tell(table.render().trim_end());
            return Err(failure.after(&json));
        }
        tell(&say!(
            "the old certificate of an SM2 or Sectigo product is revoked once the new one is issued; any other stays valid until wotrus cert revoke",
            "SM2 和 Sectigo 产品的旧证书在新证书签发后被吊销；其他产品的旧证书一直有效，直到申请吊销（wotrus cert revoke）"
        ));
        Ok(Outcome { text: table.render(), json })
    }
}

/// The key that is to be made. Every mistake must be found before there is one, because it is never
/// overwritten.
fn new_key(
    options: &NewKeyOptions,
    client: &Client,
    sender: Option<&Sender>,
    reissue: &ReissueRequest,
) -> Result<Option<NewKey>> {
    if !reissue.csr.trim().is_empty() {
        let problem = say!("the request has a CSR already", "请求中已有 CSR");
        return Err(Failure::argument("--new-key", problem));
    }
    if reissue.csr_encrypt.as_ref().is_some_and(|csr| !csr.trim().is_empty()) {
        let problem = say!(
            "the request has csR_Encrypt, and a reissue for SM2 needs requests for two keys; wotrus key new makes each",
            "请求中有 csR_Encrypt；SM2 证书重新颁发需要两个密钥的 CSR，请用 wotrus key new 分别生成"
        );
        return Err(Failure::argument("--new-key", problem));
    }
    let mut complete = reissue.clone();
    complete.csr = STAND_IN_CSR.to_owned();
    complete.body_hmac(&[])?;
    // The request of the key names the subject of the order.
    let order = client.query_order(&reissue.order_id)?;
    if reply::is_of_other_order(order.reply()) {
        return Err(reply::other_order(&reissue.order_id));
    }
    let new_key = options.for_subject(&subject_of(order.value()))?;
    if let (Some(sender), Some(id)) = (sender, &reissue.idempotence_id) {
        check_unused(sender, id)?;
    }
    Ok(new_key)
}
