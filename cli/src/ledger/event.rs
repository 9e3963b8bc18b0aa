//! The table `events`: changes of orders, and whether a command was told of each.

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::time::now;

/// A change.
#[derive(Debug, Clone)]
pub(crate) struct NewEvent<'a> {
    pub(crate) order_row: Option<i64>,
    /// `status`, `payment`, `certificate`, `due`, …
    pub(crate) kind: &'a str,
    /// A JSON object with the facts.
    pub(crate) data: &'a str,
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct EventRow {
    /// The same in every delivery of the event.
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) at: String,
    pub(crate) data: String,
    /// Deliveries that have failed.
    pub(crate) tries: u32,
}

impl EventRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("type")?,
            at: row.get("at")?,
            data: row.get("data")?,
            tries: row.get("tries")?,
        })
    }
}

/// Records an event, and returns its id. It belongs into the transaction that records the change.
pub(crate) fn add_event(connection: &Connection, event: &NewEvent<'_>) -> rusqlite::Result<String> {
    let id = Uuid::new_v4().to_string();
    insert_event(connection, &id, event)?;
    Ok(id)
}

/// Records an event with an id instead of an earlier one with the same id.
pub(super) fn insert_event(
    connection: &Connection,
    id: &str,
    event: &NewEvent<'_>,
) -> rusqlite::Result<()> {
    let sql =
        "INSERT OR REPLACE INTO events (id, order_row, type, at, data) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.execute(sql, params![id, event.order_row, event.kind, now(), event.data])?;
    Ok(())
}

/// Records that the event was delivered.
pub(crate) fn set_delivered(connection: &Connection, id: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE events SET delivered_at = ?2, next_try_at = NULL WHERE id = ?1";
    connection.execute(sql, params![id, now()])?;
    Ok(())
}

/// Records that the event need not be delivered any more, and why.
pub(super) fn set_obsolete(
    connection: &Connection,
    id: &str,
    reason: &str,
) -> rusqlite::Result<()> {
    set_delivered(connection, id)?;
    connection.execute("UPDATE events SET last_problem = ?2 WHERE id = ?1", [id, reason])?;
    Ok(())
}

/// Records a delivery that failed. Without a next try, the delivery is given up.
pub(crate) fn set_try_failed(
    connection: &Connection,
    id: &str,
    next_try_at: Option<&str>,
    problem: &str,
) -> rusqlite::Result<()> {
    let sql = "UPDATE events SET tries = tries + 1, next_try_at = ?2, last_problem = ?3,
                   failed_at = CASE WHEN ?2 IS NULL THEN ?4 END WHERE id = ?1";
    connection.execute(sql, params![id, next_try_at, problem, now()])?;
    Ok(())
}
