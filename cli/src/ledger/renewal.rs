//! Orders that renew others.

use rusqlite::Connection;

use super::order::{Order, orders};

/// The orders that renew an order, in the order in which they were recorded.
pub(crate) fn renewals(connection: &Connection, order_row: i64) -> rusqlite::Result<Vec<Order>> {
    orders(connection, "renews = ?1", [order_row])
}
