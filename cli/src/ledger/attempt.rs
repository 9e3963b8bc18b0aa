//! The table `attempts`: each time an order was sent.

use rusqlite::{Connection, OptionalExtension, params};

use crate::time::now;

/// Records an attempt before it is sent, and returns its row.
pub(crate) fn begin_attempt(
    connection: &Connection,
    order_row: i64,
    run: &str,
    request_id: &str,
    number: u32,
) -> rusqlite::Result<i64> {
    let sql = "INSERT INTO attempts (order_row, run, request_id, number, started_at)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.execute(sql, params![order_row, run, request_id, number, now()])?;
    Ok(connection.last_insert_rowid())
}

/// What came of an attempt. The words are those of the command's JSON errors.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AttemptEnd<'a> {
    /// `created`, `refused`, or the kind of the error; known only of the attempt that ended the call.
    pub(crate) kind: Option<&'a str>,
    pub(crate) cause: Option<&'a str>,
    pub(crate) delivery: Option<&'a str>,
    pub(crate) http_status: Option<u16>,
    pub(crate) message: Option<&'a str>,
}

/// Records the end of an attempt. What is recorded already stays: the attempt's own outcome is known
/// before that of the whole call.
pub(crate) fn end_attempt(
    connection: &Connection,
    attempt: i64,
    end: &AttemptEnd<'_>,
) -> rusqlite::Result<()> {
    let sql = "UPDATE attempts SET ended_at = coalesce(ended_at, ?2), kind = coalesce(kind, ?3),
                   cause = coalesce(cause, ?4), delivery = coalesce(delivery, ?5),
                   http_status = coalesce(http_status, ?6), message = coalesce(message, ?7)
               WHERE id = ?1";
    let AttemptEnd { kind, cause, delivery, http_status, message } = end;
    connection
        .execute(sql, params![attempt, now(), kind, cause, delivery, http_status, message])?;
    Ok(())
}

/// Whether an attempt may have created the order: one that was cut off by a kill, or whose delivery is
/// unknown.
pub(crate) fn may_exist(connection: &Connection, order_row: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM attempts WHERE order_row = ?1
                   AND (delivery IS NULL OR delivery = 'unknown'))";
    connection.query_row(sql, [order_row], |row| row.get(0))
}

/// Whether the service's answer to the last attempt was a refusal. The call's own outcome can be another one:
/// after a lost answer to an earlier attempt the order may exist.
pub(crate) fn was_refused(connection: &Connection, order_row: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT kind IS 'refused' OR cause IS 'refused' AND delivery IS 'answered'
               FROM attempts WHERE order_row = ?1 ORDER BY id DESC LIMIT 1";
    Ok(connection.query_row(sql, [order_row], |row| row.get(0)).optional()?.unwrap_or(false))
}
