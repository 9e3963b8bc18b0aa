//! Certificates that expire, and the table `due_notices`: which stages were reported.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, params};

use super::event::{EventRow, NewEvent, insert_event, set_obsolete};
use super::path::StoredPath;
use super::watched::later_row;
use crate::lang::say;
use crate::time::{now, rfc3339};

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

/// The status of an order: if a reissue kept its id, answers are recorded in the row of the reissue.
macro_rules! status_of {
    ($row:literal) => {
        concat!(
            "coalesce((SELECT later.status FROM orders later WHERE ",
            later_row!($row, "order_id"),
            " ORDER BY later.id DESC LIMIT 1), ",
            $row,
            ".status)"
        )
    };
}

/// The certificates whose end matters: not those of revoked orders, not those that a later certificate of
/// the same order or of its reissue has replaced, and not those of orders that were renewed, unless the
/// reissue or the renewal was revoked.
pub(crate) fn expiring(connection: &Connection) -> rusqlite::Result<Vec<Expiring>> {
    let sql = concat!(
        "SELECT c.sha256, c.serial, c.not_after, c.path, o.id, o.idempotence_id, o.common_name,
            CASE WHEN c.kind = 'rsa' THEN coalesce(o.paired_order_id, o.order_id) ELSE o.order_id END
        FROM certificates c JOIN orders o ON o.id = c.order_row
        WHERE c.not_after IS NOT NULL
            AND coalesce(CASE WHEN c.kind = 'rsa' AND o.paired_order_id IS NOT NULL
                THEN o.paired_status ELSE ",
        status_of!("o"),
        " END, '') <> 'revoked'
            AND NOT EXISTS (SELECT 1 FROM certificates later WHERE later.order_row = c.order_row
                AND later.kind = c.kind AND (later.not_after > c.not_after
                    OR later.not_after = c.not_after AND later.id > c.id))
            AND NOT EXISTS (SELECT 1 FROM orders reissue
                JOIN certificates its ON its.order_row = reissue.id AND its.kind = c.kind
                WHERE reissue.reissues = coalesce(o.reissues, o.id) AND reissue.id > o.id
                    AND coalesce(",
        status_of!("reissue"),
        ", '') <> 'revoked')
            AND NOT EXISTS (SELECT 1 FROM orders renewal
                JOIN orders its ON its.id = renewal.id OR its.reissues = renewal.id
                JOIN certificates ON certificates.order_row = its.id
                WHERE renewal.renews = coalesce(o.reissues, o.id)
                    AND coalesce(",
        status_of!("its"),
        ", '') <> 'revoked')
        ORDER BY c.not_after, c.id"
    );
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

/// A notice that was counted from a time this long after the current one was counted by a wrong clock, or ahead
/// of time, and says nothing.
const MAX_AHEAD: Duration = Duration::from_secs(24 * 3600);

/// Whether a notice counts: `counted_at` of notices that version 2 recorded is missing.
const COUNTS: &str = "coalesce(counted_at, reported_at) <= ?3";

/// Whether this stage of a certificate, or a later one, was reported before. `now` is the time that the days
/// are counted from.
pub(crate) fn was_reported(
    connection: &Connection,
    sha256: &str,
    stage: u32,
    now: SystemTime,
) -> rusqlite::Result<bool> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM due_notices
             WHERE certificate_sha256 = ?1 AND stage <= ?2 AND {COUNTS})"
    );
    let params = params![sha256, stage, rfc3339(now + MAX_AHEAD)];
    connection.prepare_cached(&sql)?.query_row(params, |row| row.get(0))
}

/// A notice that a certificate has reached a stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notice<'a> {
    pub(crate) sha256: &'a str,
    pub(crate) stage: u32,
    pub(crate) not_after: &'a str,
    pub(crate) order_row: Option<i64>,
    /// The time that the days were counted from.
    pub(crate) counted_at: SystemTime,
    pub(crate) event_id: &'a str,
    /// The facts of the event.
    pub(crate) data: &'a str,
}

/// Records a notice and its event, instead of those that a wrong clock has made.
pub(crate) fn record_notice(connection: &Connection, notice: &Notice<'_>) -> rusqlite::Result<()> {
    let Notice { sha256, stage, not_after, order_row, counted_at, event_id, data } = *notice;
    let sql = "INSERT OR REPLACE INTO due_notices
                   (certificate_sha256, stage, not_after, order_row, reported_at, counted_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let counted_at = rfc3339(counted_at);
    connection.execute(sql, params![sha256, stage, not_after, order_row, now(), counted_at])?;
    insert_event(connection, event_id, &NewEvent { order_row, kind: "due", data })
}

/// Ends the delivery of notices of certificates whose end does not matter any more.
pub(crate) fn end_outdated(connection: &Connection) -> rusqlite::Result<()> {
    let waiting: Vec<(String, String)> = connection
        .prepare(
            "SELECT id, data FROM events WHERE type = 'due' AND delivered_at IS NULL
                 AND failed_at IS NULL AND order_row IS NOT NULL",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    if waiting.is_empty() {
        return Ok(());
    }
    let expiring = expiring(connection)?;
    let expiring: HashSet<&str> = expiring.iter().map(|it| it.sha256.as_str()).collect();
    for (event_id, data) in waiting {
        let Ok(Facts { sha256, .. }) = serde_json::from_str(&data) else { continue };
        if !expiring.contains(sha256.as_str()) {
            let reason = say!("not delivered: it was out of date", "未通知：该提醒已过时");
            set_obsolete(connection, &event_id, &reason)?;
        }
    }
    Ok(())
}

/// Whether the notice of an event says something at this time: a wrong clock has not made it, and no later stage was
/// reported. The answer can change with the clock, so it ends no delivery.
pub(super) fn is_current(
    connection: &Connection,
    event: &EventRow,
    now: SystemTime,
) -> rusqlite::Result<bool> {
    let Ok(Facts { sha256, stage }) = serde_json::from_str(&event.data) else { return Ok(true) };
    let notices = "SELECT 1 FROM due_notices WHERE certificate_sha256 = ?1";
    let sql = format!(
        "SELECT EXISTS ({notices} AND stage = ?2 AND {COUNTS})
             AND NOT EXISTS ({notices} AND stage < ?2 AND {COUNTS})"
    );
    let params = params![sha256, stage, rfc3339(now + MAX_AHEAD)];
    connection.prepare_cached(&sql)?.query_row(params, |row| row.get(0))
}

/// The facts of a notice's event that say what it is about.
#[derive(serde::Deserialize)]
struct Facts {
    sha256: String,
    stage: u32,
}
