//! `wotrus demo`: a complete order against a sandbox in the same process.

mod verify;

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use wotrus::{
    CertificateBundle, Document, DocumentType, Event, OrderRequest, WaitOptions, product,
};
use wotrus_sandbox::{Config, Sandbox};

use crate::cert::Parts;
use crate::charset;
use crate::context::{self, Context};
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::{self, say};
use crate::output::{Outcome, tell};
use crate::progress::milliseconds;
use crate::sandbox::{CaFile, failure};
use crate::text::shell_quoted;

/// The example CSR of the service's document.
const CSR: &str = include_str!("../../assets/example.csr");
const LICENCE: &[u8] = include_bytes!("../../assets/licence.pdf");

/// Order a certificate from a sandbox in this process, and verify it
///
/// Starts the simulated service with TLS, orders a document-signing certificate with the example data of
/// the service's document, waits, fetches the certificate, verifies its chain, and writes the files.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus demo"
    "wotrus demo --output-dir /tmp/demo && ls /tmp/demo"
))]
pub(crate) struct Demo {
    /// Folder for the files; files of an earlier demo are replaced
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    output_dir: PathBuf,
}

impl Demo {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        files::prepare_output_dir(&self.output_dir)?;
        let config = Config { management_listen: None, ..Config::default() };
        let config = config.with_delays(Duration::from_millis(300));
        let sandbox = Sandbox::start(config).map_err(failure)?;
        let ca = CaFile::write(None, sandbox.tls_ca_pem())?;
        let url = sandbox.https_url();
        tell(&say!("The sandbox listens at {url}.", "沙箱服务地址：{url}"));
        let builder = wotrus::Client::builder()
            .base_url(url)
            .token(sandbox.token())
            .ca_file(ca.path())
            .lang(lang::of_library());
        let client = context::build(builder, observer())?;

        let created = client.create_order(&order()?)?;
        let id = created.value().id();
        let pause = Duration::from_millis(200);
        let wait = WaitOptions::new().timeout(Duration::from_secs(60)).pauses(pause, pause);
        let answer = client.wait_for_certificate(id, &wait)?;
        let order = client.query_order(id)?;

        let bundle = answer.value().rsa.as_ref().ok_or_else(|| {
            Failure::argument("demo", say!("the order has no certificate", "订单未返回证书"))
        })?;
        check(bundle, sandbox.root_pem())?;
        let mut wanted = Parts::of(bundle)?.plain_files();
        wanted.push(NewFile::new("order.json", order.reply().json()));
        let written = files::write(&self.output_dir, &wanted, true)?;

        let folder = &self.output_dir;
        let path = |name: &str| shell_quoted(&charset::display(&folder.join(name)));
        let (root, chain, leaf) = (path("root.pem"), path("chain.pem"), path("leaf.pem"));
        let list = files::list(&written);
        let text = say!(
            "Order {id} is issued. The chain is complete, all signatures are valid, and the key is that of the CSR.\n\n{list}\nTo verify it yourself:\n  openssl verify -CAfile {root} -untrusted {chain} {leaf}",
            "订单 {id} 已签发。证书链完整，签名均有效，公钥与 CSR 一致。\n\n{list}\n可自行验证：\n  openssl verify -CAfile {root} -untrusted {chain} {leaf}"
        );
        let json = Json::new().with("order_id", id).with("files", &written);
        Ok(Outcome { text, json })
    }
}

/// The example order of the service's document.
fn order() -> Result<OrderRequest> {
    let mut order = OrderRequest::new(
        product::ORGANIZATION_DOCUMENT_SIGNING,
        "沃通电子认证服务有限公司",
        12,
        "刘大强",
    );
    order.info.csr_rsa = Some(CSR.to_owned());
    order.info.idempotence_id = Some("demo-1".to_owned());
    let organization = &mut order.organization;
    organization.user_first_name = Some("大强".to_owned());
    organization.user_last_name = Some("刘".to_owned());
    organization.user_email = Some("ldq@wotrus.com".to_owned());
    organization.user_mobile = Some("18610077459".into());
    organization.country_code = Some("CN".to_owned());
    order.add_document(DocumentType::BusinessLicence, Document::from_bytes(LICENCE, ".pdf")?);
    Ok(order)
}

/// The checks that precede the use of a certificate.
fn check(bundle: &CertificateBundle, root: &str) -> Result<()> {
    let refuse =
        |message: String| Failure::new(wotrus::Kind::Protocol, wotrus::Cause::Certificate, message);
    if !bundle.matches_csr(CSR)? {
        return Err(refuse(say!(
            "the certificate does not match the key of the CSR",
            "证书与 CSR 的密钥不匹配"
        )));
    }
    if bundle.root()?.as_deref() != Some(root) {
        return Err(refuse(say!(
            "the chain does not end at the sandbox's root",
            "证书链未以沙箱的根证书结束"
        )));
    }
    verify::chain(&bundle.leaf()?, &bundle.intermediates()?, root).map_err(|problem| {
        refuse(say!("the chain cannot be verified: {problem}", "证书链验证失败：{problem}"))
    })
}

/// Prints a line for each HTTP call.
fn observer() -> impl Fn(&Event<'_>) + Send + Sync + 'static {
    let request = Mutex::new(String::new());
    move |event| {
        let mut request = request.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match event {
            Event::Sending { method, path, .. } => {
                let path = path.split('?').next().unwrap_or_default();
                *request = format!("{method} {path}");
            }
            Event::Answered { http_status, bytes, elapsed } => {
                let time = milliseconds(*elapsed);
                tell(&say!(
                    "  {request} → {http_status}, {bytes} bytes, {time}",
                    "  {request} → {http_status}，{bytes} 字节，{time}"
                ));
            }
            Event::Failed { message, .. } => tell(&format!("  {request}: {message}")),
            Event::Waiting { status, .. } => {
                tell(&say!("  the order is {status}", "  订单状态：{status}"));
            }
            _ => {}
        }
    }
}
