//! The table `attempts`: each time an order was sent.

use rusqlite::{Connection, params};

use super::now;

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
    /// `created`, or the kind of the error if the attempt ended the call.
    pub(crate) kind: Option<&'a str>,
    pub(crate) cause: Option<&'a str>,
    pub(crate) delivery: Option<&'a str>,
    pub(crate) http_status: Option<u16>,
    pub(crate) message: Option<&'a str>,
}

/// Records the end of an attempt. What an earlier call recorded stays where this one says nothing.
pub(crate) fn end_attempt(
    connection: &Connection,
    attempt: i64,
    end: &AttemptEnd<'_>,
) -> rusqlite::Result<()> {
    let sql = "UPDATE attempts SET ended_at = ?2, kind = coalesce(?3, kind),
                   cause = coalesce(?4, cause), delivery = coalesce(?5, delivery),
                   http_status = coalesce(?6, http_status), message = coalesce(?7, message)
               WHERE id = ?1";
    let AttemptEnd { kind, cause, delivery, http_status, message } = end;
    connection
        .execute(sql, params![attempt, now(), kind, cause, delivery, http_status, message])?;
    Ok(())
}
