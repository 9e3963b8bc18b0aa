//! Certificates that expire, and the table `due_notices`: which stages were reported.

use std::path::PathBuf;

use rusqlite::{Connection, params};

use super::event::{NewEvent, insert_event};
use super::path::StoredPath;
use crate::time::now;

/// A certificate of an order.
#[derive(Debug, Clone)]
pub(crate) struct Expiring {
    pub(crate) sha256: String,
    pub(crate) serial: String,
    pub(crate) not_after: String,
    pub(crate) path: Option<PathBuf>,
    pub(crate) order_row: i64,
    pub(crate) order_id: Option<String>,
    pub(crate) idempotence_id: String,
    pub(crate) common_name: String,
}

/// The certificates whose end matters: not those of revoked orders, not those that a later certificate of
/// the same order or of its reissue has replaced, and not those of orders that were renewed, unless the
/// reissue or the renewal was revoked.
pub(crate) fn expiring(connection: &Connection) -> rusqlite::Result<Vec<Expiring>> {
    let sql = "
        SELECT c.sha256, c.serial, c.not_after, c.path, o.id, o.idempotence_id, o.common_name,
            CASE WHEN c.kind = 'rsa' THEN coalesce(o.paired_order_id, o.order_id) ELSE o.order_id END
        FROM certificates c JOIN orders o ON o.id = c.order_row
        WHERE c.not_after IS NOT NULL
            AND coalesce(CASE WHEN c.kind = 'rsa' AND o.paired_order_id IS NOT NULL
                THEN o.paired_status ELSE o.status END, '') <> 'revoked'
            AND NOT EXISTS (SELECT 1 FROM certificates later WHERE later.order_row = c.order_row
                AND later.kind = c.kind AND (later.not_after > c.not_after
                    OR later.not_after = c.not_after AND later.id > c.id))
            AND NOT EXISTS (SELECT 1 FROM orders reissue
                JOIN certificates its ON its.order_row = reissue.id AND its.kind = c.kind
                WHERE reissue.reissues = coalesce(o.reissues, o.id) AND reissue.id > o.id
                    AND coalesce(reissue.status, '') <> 'revoked')
            AND NOT EXISTS (SELECT 1 FROM orders renewal
                JOIN orders its ON its.id = renewal.id OR its.reissues = renewal.id
                JOIN certificates ON certificates.order_row = its.id
                WHERE renewal.renews = coalesce(o.reissues, o.id)
                    AND coalesce(its.status, '') <> 'revoked')
        ORDER BY c.not_after, c.id";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([], |row| {
        Ok(Expiring {
            sha256: row.get(0)?,
            serial: row.get(1)?,
            not_after: row.get(2)?,
            path: row.get::<_, Option<StoredPath>>(3)?.map(|path| path.0),
            order_row: row.get(4)?,
            idempotence_id: row.get(5)?,
            common_name: row.get(6)?,
            order_id: row.get(7)?,
        })
    })?;
    found.collect()
}

/// Whether this stage of a certificate, or a later one, was reported before.
pub(crate) fn was_reported(
    connection: &Connection,
    sha256: &str,
    stage: u32,
) -> rusqlite::Result<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM due_notices WHERE certificate_sha256 = ?1 AND stage <= ?2)";
    connection.query_row(sql, params![sha256, stage], |row| row.get(0))
}

/// A notice that a certificate has reached a stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notice<'a> {
    pub(crate) sha256: &'a str,
    pub(crate) stage: u32,
    pub(crate) not_after: &'a str,
    pub(crate) order_row: Option<i64>,
    pub(crate) event_id: &'a str,
    /// The facts of the event.
    pub(crate) data: &'a str,
}

/// Records a notice and its event.
pub(crate) fn record_notice(connection: &Connection, notice: &Notice<'_>) -> rusqlite::Result<()> {
    let Notice { sha256, stage, not_after, order_row, event_id, data } = *notice;
    let sql =
        "INSERT INTO due_notices (certificate_sha256, stage, not_after, order_row, reported_at)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.execute(sql, params![sha256, stage, not_after, order_row, now()])?;
    insert_event(connection, event_id, &NewEvent { order_row, kind: "due", data })
}
