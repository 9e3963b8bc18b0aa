//! A new private key for an order, made before the order is sent.

use std::path::{Path, PathBuf};

use serde_json::Value;
use wotrus::{Order, OrderRequest};

use crate::charset;
use crate::failure::{Failure, Result};
use crate::files;
use crate::key::{self, Algorithm, CsrFile, PrivateKey, Subject};
use crate::lang::say;
use crate::ledger::{self, State};
use crate::output::tell;
use crate::recorded::sender::Sender;
use crate::text::shell_argument;

/// The flags of a new key.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct NewKeyOptions {
    /// Make a private key and its request: FILE is the key, and the same name with .csr the request. Both are on disk before the order is sent
    #[arg(long, value_name = "FILE", conflicts_with = "csr")]
    new_key: Option<PathBuf>,

    /// The kind of the new key [default: rsa2048]
    #[arg(long, value_name = "KIND", value_enum, requires = "new_key")]
    new_key_algorithm: Option<Algorithm>,
}

const FLAG: &str = "--new-key";

/// A key that can be made: nothing is at its path, and the order has all that the request needs.
pub(crate) struct NewKey {
    path: PathBuf,
    algorithm: Algorithm,
    csr: CsrFile,
}

impl NewKeyOptions {
    pub(crate) fn is_given(&self) -> bool {
        self.new_key.is_some()
    }

    /// Checks the flags against the order; `None` without `--new-key`.
    pub(crate) fn for_order(&self, order: &OrderRequest) -> Result<Option<NewKey>> {
        if !self.is_given() {
            return Ok(None);
        }
        if order.info.csr_rsa.as_deref().is_some_and(|csr| !csr.trim().is_empty()) {
            let problem = say!("the order has a CSR already", "订单已有 CSR");
            return Err(Failure::argument(FLAG, problem));
        }
        self.for_subject(&subject(order)?)
    }

    /// Checks the flags against the subject of the request; `None` without `--new-key`.
    pub(crate) fn for_subject(&self, subject: &Subject) -> Result<Option<NewKey>> {
        let Some(path) = &self.new_key else { return Ok(None) };
        let refuse = |problem: String| Err(Failure::argument(FLAG, problem));
        let algorithm = self.new_key_algorithm.unwrap_or(Algorithm::Rsa2048);
        if algorithm == Algorithm::Sm2 {
            return refuse(say!(
                "an order for SM2 needs requests for two keys; wotrus key new makes each, and --set sends them",
                "SM2 订单需要两个密钥的 CSR；请用 wotrus key new 分别生成，并用 --set 提交"
            ));
        }
        let csr_path = path.with_extension("csr");
        if csr_path == *path {
            return refuse(say!("must not end with .csr", "文件名不能以 .csr 结尾"));
        }
        key::refuse_standard_output(FLAG, path)?;
        files::check_absent(path).map_err(|failure| explained(failure, path, &csr_path))?;
        let csr = CsrFile::new(csr_path, subject)?;
        Ok(Some(NewKey { path: path.clone(), algorithm, csr }))
    }
}

impl NewKey {
    /// Makes the key and then the request, and puts the request into the order. Both are on disk when this
    /// returns.
    pub(crate) fn make(self, order: &mut OrderRequest) -> Result<PrivateKey> {
        let (key, pem) = self.make_request()?;
        order.info.csr_rsa = Some(pem);
        Ok(key)
    }

    /// The same for a request that is returned, in PEM.
    pub(crate) fn make_request(self) -> Result<(PrivateKey, String)> {
        let key = key::create(&self.path, self.algorithm, None)?;
        let (pem, csr) = self.csr.write(&key)?;
        let (key_path, csr_path) = (charset::display(&self.path), charset::display(&csr.path));
        tell(&say!(
            "new private key: {key_path}, its request: {csr_path}",
            "新私钥：{key_path}，其 CSR：{csr_path}"
        ));
        Ok((key, pem))
    }
}

/// Refuses an idempotenceID for an order whose key is still to be made, if the ledger has it: what may exist
/// under it is for another key.
pub(crate) fn check_unused(sender: &Sender, idempotence_id: &str) -> Result<()> {
    let id = idempotence_id.trim();
    let found = sender.ledger.read(|it| ledger::find(it, &sender.base_url, id))?;
    match found.is_some_and(|order| order.state.is_open() || order.state == State::Created) {
        true => Err(Failure::argument(
            "idempotenceID",
            say!(
                "the ledger has an order with this id already, and a new key is other content; give the key's request with --csr, or use a new id",
                "账本中已有使用此幂等值的订单，更换密钥会改变其内容；请用 --csr 提供原密钥的 CSR，或使用新的幂等值"
            ),
        )),
        false => Ok(()),
    }
}

/// Adds how an order is sent again whose key exists.
fn explained(failure: Failure, path: &Path, csr: &Path) -> Failure {
    if !path.exists() || !csr.exists() {
        return failure;
    }
    let csr = shell_argument(&charset::display(csr));
    let message = failure.message();
    let message = say!(
        "{message}; to send its order again: --csr {csr} and the same --idempotence-id",
        "{message}；若要重发其订单，请使用 --csr {csr} 和原来的 --idempotence-id"
    );
    Failure::new(failure.kind(), wotrus::Cause::FileRead, message)
}

/// The subject of the request. The service takes the subject of the certificate from the order, so texts that do not
/// fit into a request are left out.
fn subject(order: &OrderRequest) -> Result<Subject> {
    let text = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    let organization = &order.organization;
    let subject = Subject {
        common_name: Some(order.info.common_name.clone()).filter(|name| !name.trim().is_empty()),
        hosts: hosts(order)?,
        org_name: Some(organization.org_name.clone()).filter(|name| !name.trim().is_empty()),
        org_unit: None,
        country: text(&organization.country_code),
        state: text(&organization.state),
        city: text(&organization.city),
    };
    Ok(subject.without_unsuitable())
}

/// The host names in `Hosts`, a field of orders for server certificates.
fn hosts(order: &OrderRequest) -> Result<Vec<String>> {
    let preview: Value = serde_json::from_str(&order.preview()?).unwrap_or_default();
    let info = preview["orderinfoPost"].as_object();
    let field = info.and_then(|info| {
        info.iter().find(|(name, _)| name.eq_ignore_ascii_case("Hosts")).map(|(_, value)| value)
    });
    Ok(match field {
        Some(Value::String(text)) => split(text),
        Some(Value::Array(values)) => {
            values.iter().filter_map(Value::as_str).flat_map(split).collect()
        }
        _ => Vec::new(),
    })
}

/// The names in a list of hosts.
fn split(text: &str) -> Vec<String> {
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '，' | '；');
    text.split(separators).filter(|host| !host.is_empty()).map(str::to_owned).collect()
}

/// The subject of a request for another key of an order, as the service answers the query for it.
pub(crate) fn subject_of(order: &Order) -> Subject {
    let text = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    let organization = order.organization.as_ref();
    let subject = Subject {
        common_name: text(&order.common_name),
        hosts: order.host_names.as_deref().map(split).unwrap_or_default(),
        org_name: organization.and_then(|it| text(&it.org_name)),
        ..Subject::default()
    };
    subject.without_unsuitable()
}
