//! Whether the parts that the ledger does not have are still those of the order. A file that was used for
//! one order is often written anew for the next one, and then has another customer's secrets.

use wotrus::Secret;

use crate::failure::Result;
use crate::lang::say;
use crate::ledger::{self, Ledger, Order, Origin, OriginKind};
use crate::order::origins::DOCUMENT;
use crate::order::restore::{restored_from, source_id};

/// Of `kept`, the parts that may be another order's now, each with the reason. `all` are the origins of the
/// order as it was sent.
pub(super) fn doubtful(
    ledger: &Ledger,
    token: Option<&Secret>,
    renewed: &Order,
    all: &[Origin],
    kept: &[Origin],
) -> Result<Vec<String>> {
    let is_read_again = |origin: &&Origin| match origin.kind {
        OriginKind::Json | OriginKind::Import => true,
        OriginKind::File => origin.path.is_some(),
        OriginKind::StandardInput | OriginKind::Argument => false,
    };
    let read_again: Vec<&Origin> = kept.iter().filter(is_read_again).collect();
    if read_again.is_empty() || is_as_sent(ledger, token, renewed, all)? {
        return Ok(Vec::new());
    }
    // The file still has this order, so its fields are the order's; a document is a file of its own.
    let is_same_order = source_id(ledger, renewed, all).as_ref() == Some(&renewed.idempotence_id);
    let is_certain = |origin: &&Origin| {
        is_same_order && origin.kind != OriginKind::File && !origin.part.starts_with(DOCUMENT)
    };
    let reason = |origin: &Origin| {
        let part = &origin.part;
        say!(
            "{part}: the file is not certain to be the one that was sent (its content, another part or the token has changed)",
            "{part}：无法确认该文件仍是当时发送的文件（其内容、其他部分或 token 已改变）"
        )
    };
    Ok(read_again.into_iter().filter(|origin| !is_certain(origin)).map(reason).collect())
}

/// Whether the whole order, read again, is what was sent.
fn is_as_sent(
    ledger: &Ledger,
    token: Option<&Secret>,
    renewed: &Order,
    all: &[Origin],
) -> Result<bool> {
    let Some(token) = token else { return Ok(false) };
    let restored = restored_from(ledger, renewed, all)?;
    let hmac = restored.order.body_hmac(token.expose().as_bytes());
    Ok(restored.missing.is_empty() && hmac.is_ok_and(|it| ledger::hex(&it) == renewed.body_hmac))
}
