//! The table `certificates`: what was fetched.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::answer::facts;
use super::delivery::find_event;
use super::event::{EventRow, NewEvent, add_event};
use super::path::StoredPath;
use super::watched::Watched;
use crate::charset;
use crate::json::Json;
use crate::time::now;

/// A certificate.
#[derive(Debug, Clone)]
pub(crate) struct NewCertificate {
    /// `rsa`, `sign` or `encrypt`.
    pub(crate) kind: &'static str,
    pub(crate) sha256: String,
    pub(crate) serial: String,
    pub(crate) subject: String,
    pub(crate) not_before: Option<String>,
    pub(crate) not_after: Option<String>,
    /// Its file, if it was written into one.
    pub(crate) path: Option<PathBuf>,
}

/// The certificates of an order, and the folder that they were written into.
#[derive(Debug, Clone)]
pub(crate) struct Fetched<'a> {
    pub(crate) certificates: &'a [NewCertificate],
    pub(crate) folder: Option<&'a Path>,
}

/// Records certificates.
pub(crate) fn record_certificates(
    connection: &Connection,
    order_row: i64,
    certificates: &[NewCertificate],
) -> rusqlite::Result<()> {
    let sql =
        "INSERT OR REPLACE INTO certificates (order_row, kind, sha256, serial, subject, not_before,
                   not_after, path, fetched_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    for it in certificates {
        let path = it.path.as_deref().map(StoredPath::absolute);
        connection.execute(
            sql,
            params![
                order_row,
                it.kind,
                it.sha256,
                it.serial,
                it.subject,
                it.not_before,
                it.not_after,
                path,
                now()
            ],
        )?;
    }
    Ok(())
}

/// Records that the certificates of an order were fetched, and returns the event of it. There is none if
/// they were fetched before, and only written again.
pub(crate) fn record_fetched(
    connection: &Connection,
    order: &Watched,
    fetched: &Fetched<'_>,
) -> rusqlite::Result<Option<EventRow>> {
    record_certificates(connection, order.row, fetched.certificates)?;
    let prefix = if order.is_paired { "paired_" } else { "" };
    let folder = fetched.folder.map(StoredPath::absolute);
    connection.execute(
        &format!(
            "UPDATE orders SET {prefix}fetched_at = ?2, {prefix}fetched_to = ?3 WHERE id = ?1"
        ),
        params![order.row, now(), folder],
    )?;
    let is_known = order.fetched_at.is_some() && (folder.is_none() || order.fetched_to.is_some());
    if is_known {
        return Ok(None);
    }
    let list: Vec<String> = fetched
        .certificates
        .iter()
        .map(|it| {
            Json::new()
                .with("kind", it.kind)
                .with("serial", &it.serial)
                .with("not_after", &it.not_after)
                .with("sha256", &it.sha256)
                .object()
        })
        .collect();
    let first = fetched.certificates.first();
    let data = facts(order)
        .with("status", &order.status)
        .with("folder", &folder.map(|it| charset::display(&it.0)))
        .with("serial", &first.map(|it| &it.serial))
        .with("not_after", &first.and_then(|it| it.not_after.as_ref()))
        .with_raw("certificates", Some(&format!("[{}]", list.join(","))))
        .object();
    let event = NewEvent { order_row: Some(order.row), kind: "certificate", data: &data };
    let id = add_event(connection, &event)?;
    find_event(connection, &id).map(Some)
}
