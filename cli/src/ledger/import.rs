//! The table `imports`: files whose rows were recorded as orders.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::path::StoredPath;
use crate::time::now;

/// A file to import.
#[derive(Debug, Clone)]
pub(crate) struct NewImport<'a> {
    pub(crate) path: &'a Path,
    /// In hexadecimal digits. A hash without a key would allow guessing the secrets in the file.
    pub(crate) content_hmac: &'a str,
    pub(crate) charset: &'a str,
    pub(crate) row_count: usize,
}

/// Records the import, and returns its row. An unfinished one of the same content goes on.
pub(crate) fn begin_import(
    connection: &Connection,
    import: &NewImport<'_>,
) -> rusqlite::Result<i64> {
    let sql = "SELECT id FROM imports WHERE content_hmac = ?1 AND finished_at IS NULL";
    if let Some(id) =
        connection.query_row(sql, [import.content_hmac], |row| row.get(0)).optional()?
    {
        return Ok(id);
    }
    let sql = "INSERT INTO imports (path, content_hmac, charset, row_count, started_at)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let NewImport { path, content_hmac, charset, row_count } = import;
    let (path, row_count) = (StoredPath::absolute(path), *row_count as i64);
    connection.execute(sql, params![path, content_hmac, charset, row_count, now()])?;
    Ok(connection.last_insert_rowid())
}

/// Records that every row of the import has an outcome.
pub(crate) fn finish_import(connection: &Connection, import: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE imports SET finished_at = ?2 WHERE id = ?1";
    connection.execute(sql, params![import, now()])?;
    Ok(())
}

/// The charset in which the file of an import was read.
pub(crate) fn import_charset(connection: &Connection, import: i64) -> rusqlite::Result<String> {
    connection.query_row("SELECT charset FROM imports WHERE id = ?1", [import], |row| row.get(0))
}
