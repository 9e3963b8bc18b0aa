//! The table `certificates`.

use rusqlite::Connection;

/// When the first certificate of an order expires that no later one of the same kind has replaced.
pub(crate) fn expiry(connection: &Connection, order_row: i64) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT min(last) FROM (SELECT max(not_after) AS last FROM certificates
               WHERE order_row = ?1 GROUP BY kind)";
    connection.query_row(sql, [order_row], |row| row.get(0))
}
