//! Reissues in a ledger. Each makes an order of its own, so it is recorded before it is sent, and finished
//! after a kill, as an order is.

use std::path::{Path, PathBuf};

use wotrus::{Document, ReissueRequest, Reply};

use super::raw_json::Members;
use super::sender::{Made, Request, Reserved, Sender};
use crate::failure::{Failure, Result};
use crate::lang::{named, say};
use crate::ledger::{self, Ledger, Order, Origin, OriginKind};
use crate::output::tell;
use crate::{input, json_input};

/// The members that the ledger has.
const RECORDED: [&str; 5] = ["orderID", "csr", "csR_Encrypt", "reason", "idempotenceID"];
/// The members of the proof: its content, its type, and the file that has the content.
const PROOF_MEMBERS: [&str; 3] = [PROOF, FILE_TYPE, PATH];
const PROOF: &str = "fileContent";
const FILE_TYPE: &str = "fileType";
const PATH: &str = "path";

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}

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
        let members = Members::of(self.json);
        let in_json = |part: &str| match self.from {
            Some(path) => Origin::of_file(part, OriginKind::Json, path),
            None => Origin::new(part, OriginKind::Json, None),
        };
        let of_path = |path: &Path| Origin::of_file(PROOF, OriginKind::File, path);
        let named = members.as_ref().and_then(|members| members.get(PATH));
        let named = named.and_then(|json| serde_json::from_str::<PathBuf>(json).ok());
        let named = named.filter(|path| !path.as_os_str().is_empty());
        let proof = match (&reissue.proof, self.proof, &named) {
            (None, _, _) => vec![],
            (Some(_), Some(path), _) => vec![of_path(path)],
            (Some(proof), None, Some(path)) => match has_type_of_name(proof, path) {
                true => vec![of_path(path)],
                false => vec![of_path(path), in_json(FILE_TYPE)],
            },
            (Some(_), None, None) => vec![in_json(PROOF)],
        };
        let names = members.iter().flat_map(|members| &members.0).map(|(name, _)| name);
        let unknown =
            names.filter(|name| !is_one_of(&RECORDED, name) && !is_one_of(&PROOF_MEMBERS, name));
        unknown.map(|name| in_json(name)).chain(proof).collect()
    }
}

/// Whether the type of a proof is the one that its file's name says.
fn has_type_of_name(proof: &Document, path: &Path) -> bool {
    Document::from_path(path).is_ok_and(|it| it.file_type() == proof.file_type())
}

/// Sends a reissue with a record of it in the ledger. One that the ledger has already is not sent.
pub(crate) fn send_recorded(
    sender: &Sender,
    reissue: ReissueRequest,
    sources: Sources<'_>,
) -> Result<Reissued> {
    let (new, origins) = (sender.record_reissue(&reissue)?, sources.origins(&reissue));
    let ready = match sender.reserve(&new, &origins)? {
        Reserved::Ready(ready) => ready,
        Reserved::Exists(order) => {
            tell(&say!(
                "the ledger has this reissue already; nothing was sent",
                "账本中已有此重新颁发请求，本次未发送"
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
    match origin(&origins, PROOF) {
        None => reissue.proof = None,
        // It was read with the file that says its type.
        Some(_) if origin(&origins, FILE_TYPE).is_some() => {}
        Some(Origin { kind: OriginKind::File, path: Some(path), .. }) => {
            let proof = input::check_document(path)
                .and_then(|()| Document::from_path(path).map_err(Failure::from));
            match proof {
                Ok(proof) => reissue.proof = Some(proof),
                Err(failure) => missing.push(named(PROOF, failure.message())),
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

fn origin<'a>(origins: &'a [Origin], part: &str) -> Option<&'a Origin> {
    origins.iter().find(|it| it.part == part)
}

/// The request in a file. The path of its proof may be relative to another folder, so the proof is read by the
/// recorded path, here only if the file says its type.
fn of_file(path: &Path, origins: &[Origin]) -> Result<ReissueRequest> {
    let mut text = input::text("FILE", path)?;
    let proof = origin(origins, PROOF).filter(|it| it.kind == OriginKind::File);
    let proof = proof.filter(|_| origin(origins, FILE_TYPE).is_some());
    let recorded = proof.and_then(|it| it.path.as_deref()?.to_str());
    let is_in_file = origin(origins, PROOF).is_some_and(|it| it.kind == OriginKind::Json);
    if let Some(mut members) = Members::of(&text).filter(|_| !is_in_file) {
        if proof.is_none() {
            members.0.retain(|(name, _)| !is_one_of(&PROOF_MEMBERS, name));
        }
        text = members.write(|name| {
            let path = recorded.filter(|_| name.eq_ignore_ascii_case(PATH))?;
            Some(serde_json::Value::from(path).to_string())
        });
    }
    json_input::of_text("FILE", path, ReissueRequest::from_json(&text))
}
