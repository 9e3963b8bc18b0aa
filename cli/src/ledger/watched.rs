//! The orders that the service is asked for. A row can stand for two of them: an SM2 order, and the RSA
//! order that was made with it.

use std::path::PathBuf;

use rusqlite::{Connection, Params, Row};

use super::path::StoredPath;

/// An order at the service, and what the ledger knows of it.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    pub(crate) row: i64,
    /// Whether this is the paired RSA order of the row.
    pub(crate) is_paired: bool,
    /// The service's id.
    pub(crate) id: String,
    pub(crate) idempotence_id: String,
    pub(crate) common_name: String,
    pub(crate) status: Option<String>,
    /// Only the order itself has one, not the paired order.
    pub(crate) payment: Option<String>,
    pub(crate) queried_at: Option<String>,
    pub(crate) fetched_at: Option<String>,
    pub(crate) fetched_to: Option<PathBuf>,
    /// When the last of its certificates expires.
    pub(crate) not_after: Option<String>,
    /// Of a reissue, the service's id of the order whose certificate it replaces.
    pub(crate) reissues: Option<String>,
    /// Of a reissue, its body as it is recorded.
    pub(crate) reissue_body: Option<String>,
}

impl Watched {
    /// Whether a reissue has kept the id of the order whose certificate it replaces.
    pub(crate) fn has_kept_id(&self) -> bool {
        self.reissues.as_deref().is_some_and(|reissued| reissued.eq_ignore_ascii_case(&self.id))
    }
}

/// If a reissue keeps the id of its order, the service has one order for both rows: the later row has it.
///
/// A `+` keeps SQLite from using the index of a column that says nearly the same of all rows.
const COLUMNS: &str = "
    SELECT id, 0 AS is_paired, base_url, order_id, idempotence_id, common_name, status, payment,
        queried_at, fetched_at, fetched_to, reissued_order_id,
        CASE WHEN reissued_order_id IS NOT NULL THEN body END AS reissue_body,
        (SELECT max(not_after) FROM certificates WHERE order_row = orders.id) AS not_after
    FROM orders WHERE +state = 'created' AND order_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM orders later WHERE later.order_id = orders.order_id
            AND later.base_url = orders.base_url AND later.id > orders.id
            AND later.reissued_order_id IS NOT NULL)
    UNION ALL
    SELECT id, 1, base_url, paired_order_id, idempotence_id, common_name, paired_status, NULL,
        queried_at, paired_fetched_at, paired_fetched_to, NULL, NULL,
        (SELECT max(not_after) FROM certificates WHERE order_row = orders.id)
    FROM orders WHERE +state = 'created' AND paired_order_id IS NOT NULL AND paired_order_id <> order_id
        AND NOT EXISTS (SELECT 1 FROM orders later WHERE later.order_id = orders.paired_order_id
            AND later.base_url = orders.base_url AND later.id > orders.id
            AND later.reissued_order_id IS NOT NULL)";

impl Watched {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            row: row.get("id")?,
            is_paired: row.get("is_paired")?,
            id: row.get("order_id")?,
            idempotence_id: row.get("idempotence_id")?,
            common_name: row.get("common_name")?,
            status: row.get("status")?,
            payment: row.get("payment")?,
            queried_at: row.get("queried_at")?,
            fetched_at: row.get("fetched_at")?,
            fetched_to: row.get::<_, Option<StoredPath>>("fetched_to")?.map(|path| path.0),
            not_after: row.get("not_after")?,
            reissues: row.get("reissued_order_id")?,
            reissue_body: row.get("reissue_body")?,
        })
    }
}

fn select(
    connection: &Connection,
    condition: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<Watched>> {
    // The one that was asked for longest ago comes first, so that a run that ends early goes on there.
    let sql =
        format!("SELECT * FROM ({COLUMNS}) WHERE {condition} ORDER BY queried_at, id, is_paired");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map(params, Watched::read)?;
    found.collect()
}

/// Every order at a service.
pub(crate) fn watched(connection: &Connection, base_url: &str) -> rusqlite::Result<Vec<Watched>> {
    select(connection, "base_url = ?1", [base_url])
}

/// The order with an id of the service.
pub(crate) fn watched_by_id(
    connection: &Connection,
    base_url: &str,
    id: &str,
) -> rusqlite::Result<Option<Watched>> {
    let found = select(connection, "+base_url = ?1 AND order_id = ?2", [base_url, id.trim()])?;
    Ok(found.into_iter().next())
}

/// Makes the next sync ask for the order with an id of the service, because it has changed. Without such
/// an order nothing happens.
pub(crate) fn ask_soon(connection: &Connection, base_url: &str, id: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE orders SET queried_at = NULL
               WHERE +base_url = ?1 AND (order_id = ?2 OR paired_order_id = ?2)";
    connection.execute(sql, [base_url, id.trim()])?;
    Ok(())
}

/// How many orders may exist at the service although their id is not known.
pub(crate) fn open_count(connection: &Connection, base_url: &str) -> rusqlite::Result<u32> {
    let sql =
        "SELECT count(*) FROM orders WHERE +base_url = ?1 AND state IN ('sending', 'unknown')";
    connection.query_row(sql, [base_url], |row| row.get(0))
}

/// A service that all orders of the ledger are at, if none is at this one.
pub(crate) fn other_service(
    connection: &Connection,
    base_url: &str,
) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT max(base_url) FROM orders
               WHERE NOT EXISTS (SELECT 1 FROM orders WHERE base_url = ?1)";
    connection.query_row(sql, [base_url], |row| row.get(0))
}
