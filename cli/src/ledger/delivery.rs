//! Which events wait for their delivery to a command.

use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use super::due_notice::is_current;
use super::event::EventRow;
use crate::time::rfc3339;

/// The next try of an event is never later than this. If it seems to be, the clock has gone backwards.
const MAX_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// Which events a command gets: those of `sync`, or those of `due`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Changes of orders.
    Changes,
    /// Certificates that expire, with the time that the days are counted from.
    Due(SystemTime),
}

impl Group {
    const fn condition(self) -> &'static str {
        match self {
            Self::Changes => "type <> 'due'",
            Self::Due(_) => "type = 'due'",
        }
    }
}

/// The events of a group that must be delivered now, oldest first.
pub(crate) fn waiting(
    connection: &Connection,
    group: Group,
    now: SystemTime,
) -> rusqlite::Result<Vec<EventRow>> {
    let condition = group.condition();
    let sql = format!(
        "SELECT * FROM events WHERE delivered_at IS NULL AND failed_at IS NULL AND {condition}
             AND (next_try_at IS NULL OR next_try_at <= ?1 OR next_try_at > ?2) ORDER BY rowid"
    );
    let times = [rfc3339(now), rfc3339(now + MAX_PAUSE)];
    let mut statement = connection.prepare_cached(&sql)?;
    let mut waiting = Vec::new();
    for event in statement.query_map(times, EventRow::read)? {
        let event = event?;
        let is_current = match group {
            Group::Changes => true,
            Group::Due(counted_from) => is_current(connection, &event, counted_from)?,
        };
        if is_current {
            waiting.push(event);
        }
    }
    Ok(waiting)
}

/// Makes the events whose delivery was given up wait again, and returns how many there are.
pub(crate) fn retry_failed(connection: &Connection, group: Group) -> rusqlite::Result<usize> {
    let condition = group.condition();
    let sql = format!(
        "UPDATE events SET failed_at = NULL, next_try_at = NULL, tries = 0
             WHERE failed_at IS NOT NULL AND {condition}"
    );
    connection.execute(&sql, [])
}

/// The event with an id.
pub(crate) fn find_event(connection: &Connection, id: &str) -> rusqlite::Result<EventRow> {
    connection.query_row("SELECT * FROM events WHERE id = ?1", [id], EventRow::read)
}
