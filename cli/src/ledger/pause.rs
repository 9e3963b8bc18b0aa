//! The table `service_pauses`: until when a service asked not to be called.

use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OptionalExtension, params};

use crate::time::now;
use crate::time::rfc3339;

/// The longest pause. An end that is later shows that the clock has gone backwards.
pub(crate) const MAX_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// When the service may be called again, if it may not be called now.
pub(crate) fn pause(connection: &Connection, base_url: &str) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT until FROM service_pauses WHERE base_url = ?1 AND until > ?2 AND until <= ?3";
    let latest = rfc3339(SystemTime::now() + MAX_PAUSE);
    connection.query_row(sql, [base_url, &now(), &latest], |row| row.get(0)).optional()
}

/// Records that the service asked not to be called before a time.
pub(crate) fn set_pause(
    connection: &Connection,
    base_url: &str,
    until: &str,
) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO service_pauses (base_url, until) VALUES (?1, ?2)";
    connection.execute(sql, params![base_url, until])?;
    Ok(())
}
