//! `wotrus demo`: an order from CSR to certificate, in one process.

mod verify;

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use wotrus::{
    CertificateBundle, Document, DocumentType, Event, OrderRequest, WaitOptions, product,
};
use wotrus_sandbox::{Config, Sandbox};

use crate::cert::{self, Parts};
use crate::context::{Context, connect};
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::say;
use crate::output::{Outcome, tell};
use crate::progress::milliseconds;
use crate::sandbox::{CaFile, failure};

/// The service document's own sample.
const CSR: &str = include_str!("../../assets/example.csr");
const LICENCE: &[u8] = include_bytes!("../../assets/licence.pdf");

/// Order a certificate from a sandbox in this process, and check it
///
/// Starts the simulated service over TLS, orders a document-signing certificate with the service
/// document's sample CSR, a business licence and the Chinese names of the document's example, waits,
/// fetches, verifies every signature of the chain, and writes the files.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus demo"
    "wotrus demo --output-dir /tmp/demo && ls /tmp/demo"
))]
pub(crate) struct Demo {
    /// Where the files go; those of an earlier demo are replaced
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    output_dir: PathBuf,
}

impl Demo {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        let config = Config { management_listen: None, ..Config::default() };
        let config = config.with_delays(Duration::from_millis(300));
        let sandbox = Sandbox::start(config).map_err(failure)?;
        let ca = CaFile::write(None, sandbox.tls_ca_pem())?;
        let url = sandbox.https_url();
        tell(&say!("The sandbox serves at {url}.", "沙箱服务地址：{url}"));
        let builder =
            wotrus::Client::builder().base_url(url).token(sandbox.token()).ca_file(ca.path());
        let client = connect(builder, hear())?;

        let created = client.create_order(&order()?)?;
        let id = created.value().id();
        let pause = Duration::from_millis(200);
        let wait = WaitOptions::new().timeout(Duration::from_secs(60)).pauses(pause, pause);
        let answer = client.wait_for_certificate(id, &wait)?;
        let order = client.query_order(id)?;

        let bundle = answer.value().rsa.as_ref().ok_or_else(|| {
            Failure::argument("demo", say!("the order brought no certificate", "订单未返回证书"))
        })?;
        check(bundle, sandbox.root_pem())?;
        let mut wanted = Parts::of(bundle)?.plain_files();
        wanted.push(NewFile::new("order.json", order.reply().json()));
        let written = files::write(&self.output_dir, &wanted, true)?;

        let folder = self.output_dir.display();
        let list = cert::list(&written);
        let text = say!(
            "Order {id} is issued. The chain is whole, every signature holds, and the key is the CSR's.\n\n{list}\nSee for yourself:\n  openssl verify -CAfile {folder}/root.pem -untrusted {folder}/chain.pem {folder}/leaf.pem",
            "订单 {id} 已签发。证书链完整，签名均有效，公钥与 CSR 一致。\n\n{list}\n可自行验证：\n  openssl verify -CAfile {folder}/root.pem -untrusted {folder}/chain.pem {folder}/leaf.pem"
        );
        let json = Json::new().with("order_id", id).with("files", &written);
        Ok(Outcome { text, json })
    }
}

/// The document's example, with a document and an id of its own.
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

/// Everything that a person would check before using the certificate.
fn check(bundle: &CertificateBundle, root: &str) -> Result<()> {
    let refuse = |en: &str| Failure::new(wotrus::Kind::Protocol, wotrus::Cause::Certificate, en);
    if !bundle.matches_csr(CSR)? {
        return Err(refuse("the certificate is not for the CSR's key"));
    }
    if bundle.root()?.as_deref() != Some(root) {
        return Err(refuse("the chain does not end at the sandbox's root"));
    }
    verify::chain(&bundle.leaf()?, &bundle.intermediates()?, root)
        .map_err(|problem| refuse(&format!("the chain does not verify: {problem}")))
}

/// Each HTTP call in a line.
fn hear() -> impl Fn(&Event<'_>) + Send + Sync + 'static {
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
                tell(&format!("  {request} → {http_status}, {bytes} bytes, {time}"));
            }
            Event::Failed { message, .. } => tell(&format!("  {request}: {message}")),
            Event::Waiting { status, .. } => {
                tell(&say!("  the order is {status}", "  订单状态：{status}"));
            }
            _ => {}
        }
    }
}
