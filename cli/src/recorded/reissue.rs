//! Reissues in a ledger. Each makes an order of its own, so it is recorded before it is sent, and finished
//! after a kill, as an order is.

use std::path::{Path, PathBuf};

use wotrus::{Document, ReissueRequest, Reply};

use super::raw_json::Members;
use super::sender::{Made, Request, Reserved, Sender};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::lang::{named, say};
use crate::ledger::{self, Ledger, Order, Origin, OriginKind};
use crate::output::tell;
use crate::{input, json_input};

/// The proof in the service's JSON form.
const PROOF: &str = "fileContent";
/// The members that are no unknown fields: what the ledger has, and the proof.
const KNOWN: [&str; 8] =
    ["orderID", "csr", "csR_Encrypt", "reason", "idempotenceID", "fileType", PROOF, "path"];

/// Where the parts of a reissue came from that the ledger does not keep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources<'a> {
    /// `--from`
    pub(crate) from: Option<&'a Path>,
    /// The content of `from`.
    pub(crate) json: &'a str,
    /// `--proof`
    pub(crate) proof: Option<&'a Path>,
}

/// A reissue that exists.
pub(crate) struct Reissued {
    pub(crate) order_id: String,
    /// The response, if it was sent now.
    pub(crate) reply: Option<Reply>,
    /// Why the ledger does not have it.
    pub(crate) unrecorded: Option<Failure>,
}

impl Sources<'_> {
    fn origins(&self, reissue: &ReissueRequest) -> Vec<Origin> {
        let members = Members::of(self.json).map_or_else(Vec::new, |members| members.0);
        let value = |name: &str| {
            let member = members.iter().find(|(member, _)| member.eq_ignore_ascii_case(name));
            member.map(|(_, value)| value.get())
        };
        let in_json = |part: &str| match self.from {
            Some(path) if path == Path::new("-") => {
                Origin::new(part, OriginKind::StandardInput, None)
            }
            path => Origin::new(part, OriginKind::Json, path),
        };
        let of_path = |path: &Path| Origin::new(PROOF, OriginKind::File, Some(path));
        let named = value("path").and_then(|json| serde_json::from_str::<PathBuf>(json).ok());
        let proof = reissue.proof.as_ref().map(|_| match (self.proof, &named) {
            (Some(path), _) => of_path(path),
            (None, Some(path)) => of_path(path),
            (None, None) => in_json(PROOF),
        });
        let is_unknown = |name: &&String| !KNOWN.iter().any(|it| it.eq_ignore_ascii_case(name));
        let unknown = members.iter().map(|(name, _)| name).filter(is_unknown);
        unknown.map(|name| in_json(name)).chain(proof).collect()
    }
}

/// Sends a reissue with a record of it in the ledger. One that the ledger has already is not sent.
pub(crate) fn send_recorded(
    context: &Context,
    ledger: Ledger,
    reissue: ReissueRequest,
    sources: Sources<'_>,
) -> Result<Reissued> {
    let sender = Sender::new(context, ledger)?;
    let (new, origins) = (sender.record_reissue(&reissue)?, sources.origins(&reissue));
    let ready = match sender.reserve(&new, &origins)? {
        Reserved::Ready(ready) => ready,
        Reserved::Exists(order) => {
            tell(&say!(
                "the ledger has this reissue already; nothing was sent",
                "账本中已有此重签订单，未发送请求"
            ));
            let order_id = order.order_id.unwrap_or_default();
            return Ok(Reissued { order_id, reply: None, unrecorded: None });
        }
    };
    let sent = sender.send_request(&ready, &Request::Reissue(Box::new(reissue)));
    let (Made { created, reply }, unrecorded) = sent.made()?;
    Ok(Reissued { order_id: created.order_id, reply: Some(reply), unrecorded })
}

/// Makes a recorded reissue again, and names the parts that are missing.
pub(crate) fn restored(ledger: &Ledger, order: &Order) -> Result<(ReissueRequest, Vec<String>)> {
    let stored = ReissueRequest::from_json(&order.body)?;
    let origins = ledger.read(|it| ledger::origins(it, order.row))?;
    let (mut reissue, mut missing) = (stored.clone(), Vec::new());
    if let Some(path) = origins.iter().find(|it| it.kind == OriginKind::Json) {
        match of_file(path.path.as_deref().unwrap_or(Path::new("")), &origins) {
            Ok(whole) => {
                let ReissueRequest { order_id, csr, csr_encrypt, reason, idempotence_id, .. } =
                    stored;
                reissue = whole;
                reissue.order_id = order_id;
                reissue.csr = csr;
                reissue.csr_encrypt = csr_encrypt;
                reissue.reason = reason;
                reissue.idempotence_id = idempotence_id;
            }
            Err(failure) => missing.push(failure.message().to_owned()),
        }
    }
    match origins.iter().find(|it| it.part == PROOF) {
        None => reissue.proof = None,
        Some(Origin { kind: OriginKind::File, path: Some(path), .. }) => {
            match Document::from_path(path) {
                Ok(proof) => reissue.proof = Some(proof),
                Err(error) => missing.push(named(PROOF, Failure::from(error).message())),
            }
        }
        Some(_) => {}
    }
    for Origin { part, .. } in origins.iter().filter(|it| it.kind == OriginKind::StandardInput) {
        missing.push(say!(
            "{part}: came from standard input and cannot be read again",
            "{part}：来自标准输入，无法再次读取"
        ));
    }
    Ok((reissue, missing))
}

/// The request in a file. A proof that it only names may be gone, or relative to another folder: it is read
/// by its own path.
fn of_file(path: &Path, origins: &[Origin]) -> Result<ReissueRequest> {
    let mut text = input::text("--from", path)?;
    let has_proof = origins.iter().any(|it| it.part == PROOF && it.kind == OriginKind::Json);
    if let Some(mut members) = Members::of(&text).filter(|_| !has_proof) {
        let is_of_proof =
            |name: &str| ["fileType", PROOF, "path"].iter().any(|it| it.eq_ignore_ascii_case(name));
        members.0.retain(|(name, _)| !is_of_proof(name));
        text = members.write(|_| None);
    }
    json_input::of_text("--from", path, ReissueRequest::from_json(&text))
}
