//! `wotrus order create`

use std::path::{Path, PathBuf};

use wotrus::{Client, OrderRequest, Reply};

use super::names::{document_type, product_id};
use super::origins::{self, Flags};
use super::secrets;
use crate::cert::{Save, SaveOptions, deliver};
use crate::charset;
use crate::context::Context;
use crate::failure::{Failure, Result, problem_of};
use crate::files;
use crate::help::epilogue;
use crate::idempotence;
use crate::input;
use crate::json::Json;
use crate::json_input;
use crate::lang::{self, say};
use crate::ledger::{Access, LedgerOption};
use crate::new_key::{NewKeyOptions, check_unused};
use crate::output::{Outcome, Table, json_as_text, tell};
use crate::recorded::raw_json::document_paths;
use crate::recorded::sender::{Made, Reserved, Sender};
use crate::reply;
use crate::text::shell_argument;
use crate::wait_time::WaitTime;

/// Create an order from flags, from the service's JSON form, or from both
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order create --product organization --months 12 --csr example.csr \\"
    "    --common-name 沃通电子认证服务有限公司 \\"
    "    --org-name 沃通电子认证服务有限公司 \\"
    "    --document licence=licence.pdf --idempotence-id order-4711"
    "wotrus order create --from order.json --wait --output-dir certificates/4711"
    "wotrus order create --from - --dry-run <order.json"
    "wotrus order create --from order.json --new-key private.pem"
    "wotrus order create --from order.json --secret-from UserMobile=mobile.txt"
    "wotrus order create --from order.json --ledger /var/lib/wotrus/orders.db"
))]
pub(crate) struct Create {
    /// Read the order from a file in the service's JSON form (- for standard input); flags override it
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,

    /// pdf, organization, personal, or any product's GUID
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,

    /// The subject's CN, usually the organisation's name
    #[arg(long, value_name = "NAME")]
    common_name: Option<String>,

    /// The certificate signing request, PEM (- for standard input)
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,

    #[command(flatten)]
    new_key: NewKeyOptions,

    /// Validity in months: 12 or 24; 13 or 25 for a renewal
    #[arg(long, value_name = "N")]
    months: Option<u32>,

    /// The organisation's registered name
    #[arg(long, value_name = "NAME")]
    org_name: Option<String>,

    /// Set any field by its name in the service's document: UserFirstName=大强, orderinfoPost.Other=…
    #[arg(long, visible_alias = "field", value_name = "NAME=VALUE")]
    set: Vec<String>,

    /// Set any field to a JSON value: orderinfoPost.Hosts='["a.cn"]'
    #[arg(long, value_name = "NAME=JSON")]
    set_json: Vec<String>,

    /// Read a secret field (uKeyPassword, IDCardNO, UserMobile) from a file (- for standard input)
    #[arg(long, value_name = "NAME=FILE")]
    secret_from: Vec<String>,

    /// Add a document of type authorization, licence, identity or a number; .pdf, .jpg or .gif
    #[arg(long, value_name = "TYPE=FILE")]
    document: Vec<String>,

    /// Your own id of the order; repeated with the same id, it is still one order [default: a new one]
    #[arg(long, value_name = "ID")]
    idempotence_id: Option<String>,

    /// Print the request with secrets masked, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Wait until the order is issued, then fetch the certificate
    #[arg(long, conflicts_with = "dry_run")]
    wait: bool,

    #[command(flatten)]
    ledger: LedgerOption,

    #[command(flatten)]
    time: WaitTime,

    #[command(flatten)]
    save: SaveOptions,
}

/// An order that exists.
struct Created {
    id: String,
    paired: Option<String>,
    /// The response, if the order was sent now.
    reply: Option<Reply>,
    /// Why the ledger does not have it.
    unrecorded: Option<Failure>,
}

impl Created {
    fn of(Made { created, reply }: Made) -> Self {
        let (id, paired) = (created.order_id, created.paired_order_id);
        Self { id, paired, reply: Some(reply), unrecorded: None }
    }
}

impl Create {
    pub(crate) fn run(mut self, context: &Context) -> Result<Outcome> {
        if let Some(flag) = self.save.first_flag().filter(|_| !self.wait) {
            let problem = say!("requires --wait", "须与 --wait 一起使用");
            return Err(Failure::argument(flag, problem));
        }
        let mut save = self.save.load()?;
        if !self.new_key.is_given() {
            save.outputs.check_key()?;
        }
        let csr = self.csr.take().map(|path| input::csr("--csr", &path)).transpose()?;
        let json = match &self.from {
            Some(path) => input::text("--from", path)?,
            None => String::new(),
        };
        let mut order = self.order(csr, &json)?;
        let idempotence_id = idempotence::given_or_new(&mut order.info.idempotence_id);
        let new_key = self.new_key.for_order(&order)?;
        if self.dry_run {
            return preview(context, &order, &idempotence_id.text);
        }
        // Local mistakes must be found before the order exists.
        order.preview().map_err(with_flag)?;
        let ledger = self.ledger.open(context, Access::Create)?;
        let sender = ledger.map(|ledger| Sender::new(context, ledger)).transpose()?;
        let client = match &sender {
            Some(sender) => sender.client.clone(),
            None => context.client()?,
        };
        if let Some(folder) = &self.save.output_dir {
            files::prepare_output_dir(folder)?;
        }
        if let (Some(_), Some(sender)) = (&new_key, &sender) {
            check_unused(sender, &idempotence_id.text)?;
        }
        // Before the key: a repeated command needs the id as much as the key.
        idempotence_id.announce();
        // A key that is only in memory when the order is sent could be lost.
        if let Some(new_key) = new_key {
            let key = new_key.make(&mut order)?;
            if save.outputs.keys.is_empty() {
                save.outputs.keys.push(key);
            }
        }
        let created = match &sender {
            Some(sender) => self.send_recorded(sender, &order, &json)?,
            None => Created::of(client.create_order(&order)?.into()),
        };
        self.finish(&client, &order, created, &idempotence_id.text, &save)
    }

    /// Prints the order, and waits for its certificate if that was asked for.
    fn finish(
        &self,
        client: &Client,
        order: &OrderRequest,
        created: Created,
        idempotence_id: &str,
        save: &Save<'_>,
    ) -> Result<Outcome> {
        let Created { id, paired, reply, unrecorded } = created;
        let done = Json::new().with("order_id", &id).with("idempotence_id", idempotence_id);
        let mut table = Table::new();
        table.pair(say!("order", "订单"), Some(&id));
        table.pair(say!("paired RSA order", "配套 RSA 订单"), paired.as_ref());
        table.pair(say!("idempotenceID", "幂等值"), Some(idempotence_id));
        let mut reply_json = Json::new();
        if let Some(reply) = &reply {
            reply::rows(&mut table, reply);
            reply_json = reply::json(reply);
        }
        if let Some(failure) = unrecorded {
            tell(table.render().trim_end());
            return Err(failure.after(&done));
        }
        let made = done.clone().and(&reply_json);
        if !self.wait {
            let argument = shell_argument(&id);
            tell(&say!("next: wotrus cert wait {argument}", "下一步：wotrus cert wait {argument}"));
            return Ok(Outcome { text: table.render(), json: made });
        }
        // Printed before the wait, which may be interrupted.
        tell(table.render().trim_end());
        if let Some(rsa) = &paired {
            let argument = shell_argument(rsa);
            tell(&say!(
                "paired RSA order: wotrus cert wait {argument}",
                "配套 RSA 订单：wotrus cert wait {argument}"
            ));
        }
        let waited = client.wait_for_certificate(&id, &self.time.options());
        let of_order = |failure: Failure| failure.of_answered_order().after(&done);
        let answer = waited.map_err(|error| of_order(error.into()))?;
        // With a paired RSA order, csR_RSA belongs to that order and not to this one.
        let csr = order.info.csr_rsa.as_deref().filter(|_| paired.is_none());
        let outcome = deliver(&answer, csr, save);
        let Outcome { text, json } = outcome.map_err(of_order)?;
        Ok(Outcome { text, json: done.with_raw("created", Some(&reply_json.object())).and(&json) })
    }

    /// Sends the order with a record of it in the ledger. One that the ledger has already is not sent.
    fn send_recorded(&self, sender: &Sender, order: &OrderRequest, json: &str) -> Result<Created> {
        let flags = Flags {
            from: self.from.as_deref(),
            json,
            set: &self.set,
            set_json: &self.set_json,
            secret_from: &self.secret_from,
            document: &self.document,
        };
        let ready =
            match sender.reserve(&sender.record(order)?, &origins::of_flags(order, &flags)?)? {
                Reserved::Ready(ready) => ready,
                Reserved::Exists(order) => {
                    tell(&say!(
                        "the ledger has this order already; nothing was sent",
                        "账本中已有此订单，未发送请求"
                    ));
                    let id = order.order_id.unwrap_or_default();
                    return Ok(Created {
                        id,
                        paired: order.paired_order_id,
                        reply: None,
                        unrecorded: None,
                    });
                }
            };
        let (made, unrecorded) = sender.send(&ready, order).made()?;
        Ok(Created { unrecorded, ..Created::of(made) })
    }

    /// The order from the JSON file and the flags.
    fn order(&self, csr: Option<String>, json: &str) -> Result<OrderRequest> {
        for path in document_paths(json).iter().flatten() {
            input::check_document(Path::new(path))?;
        }
        let mut order = match &self.from {
            Some(path) => json_input::of_text("--from", path, OrderRequest::from_json(json))?,
            None => OrderRequest::default(),
        };
        for text in &self.set {
            let (name, value) = secrets::public_pair("--set", text)?;
            order.set(&name, &value)?;
        }
        for text in &self.set_json {
            let (name, value) = secrets::public_pair("--set-json", text)?;
            order.set_json(&name, &value)?;
        }
        for text in &self.secret_from {
            let (name, value) = secrets::from_file(text)?;
            order.set(&name, &value)?;
        }
        if let Some(product) = &self.product {
            let id = product_id(product);
            let id = id.map_err(|problem| Failure::argument("--product", problem))?;
            order.info.product_id = id.to_owned();
        }
        let fields = [
            (&mut order.info.common_name, &self.common_name),
            (&mut order.organization.org_name, &self.org_name),
        ];
        for (field, flag) in fields {
            if let Some(value) = flag {
                field.clone_from(value);
            }
        }
        order.info.month = self.months.unwrap_or(order.info.month);
        order.info.csr_rsa = csr.or(order.info.csr_rsa);
        if self.idempotence_id.is_some() {
            order.info.idempotence_id.clone_from(&self.idempotence_id);
        }
        for text in &self.document {
            let (kind, path) = secrets::pair("--document", text)?;
            order.add_document(
                document_type(&kind)?,
                input::document("--document", &charset::path(&path))?,
            );
        }
        Ok(order)
    }
}

/// The request that would be sent.
fn preview(context: &Context, order: &OrderRequest, idempotence_id: &str) -> Result<Outcome> {
    let preview = order.preview().map_err(with_flag)?;
    let url = context.base_url()? + "/v1/Order/Create";
    let json = Json::new()
        .with("idempotence_id", idempotence_id)
        .with("url", &url)
        .with_raw("would_send", Some(&preview));
    tell(&say!(
        "this request would be sent as POST {url} (secrets are masked)",
        "将以 POST {url} 发送以下请求（敏感信息已隐去）"
    ));
    Ok(Outcome { text: json_as_text(&preview), json })
}

/// Adds the flag that sets the field which an error names.
fn with_flag(error: wotrus::Error) -> Failure {
    const FLAGS: [(&str, &str); 5] = [
        ("productID", "--product"),
        ("commonName", "--common-name"),
        ("csR_RSA", "--csr"),
        ("month", "--months"),
        ("OrgName", "--org-name"),
    ];
    let flag = FLAGS.iter().find(|(field, _)| Some(*field) == error.field());
    match flag {
        Some((field, flag)) => {
            let error = error.in_lang(lang::of_library());
            let problem = problem_of(&error);
            Failure::argument(field, say!("{problem} ({flag})", "{problem}（{flag}）"))
        }
        None => error.into(),
    }
}
