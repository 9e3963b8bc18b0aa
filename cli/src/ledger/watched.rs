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
    /// When the answer with its id was recorded.
    pub(crate) created_at: Option<String>,
}

impl Watched {
    /// Whether a reissue has kept the id of the order whose certificate it replaces.
    pub(crate) fn has_kept_id(&self) -> bool {
        self.reissues.as_deref().is_some_and(|reissued| reissued.eq_ignore_ascii_case(&self.id))
    }
}

/// The condition that the row `later` has the id of the row `$row`, which stands in its column `$id`: if a reissue
/// keeps the id of its order, the service has one order for both rows, and the later row has it. The case of an id
/// does not count, as in [`Watched::has_kept_id`].
///
/// A `+` keeps SQLite from using the index of a column that says nearly the same of all rows, or the order of
/// the rows.
macro_rules! later_row {
    ($row:literal, $id:literal) => {
        concat!(
            "later.order_id = ",
            $row,
            ".",
            $id,
            " COLLATE NOCASE AND +later.base_url = ",
            $row,
            ".base_url AND +later.id > ",
            $row,
            ".id AND later.reissued_order_id IS NOT NULL"
        )
    };
}
pub(super) use later_row;

const COLUMNS: &str = concat!(
    "SELECT id, 0 AS is_paired, base_url, order_id, idempotence_id, common_name, status, payment,
        queried_at, fetched_at, fetched_to, reissued_order_id, created_at,
        CASE WHEN reissued_order_id IS NOT NULL THEN body END AS reissue_body,
        (SELECT max(not_after) FROM certificates WHERE order_row = orders.id) AS not_after
    FROM orders WHERE +state = 'created' AND order_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM orders later WHERE ",
    later_row!("orders", "order_id"),
    ")
    UNION ALL
    SELECT id, 1, base_url, paired_order_id, idempotence_id, common_name, paired_status, NULL,
        queried_at, paired_fetched_at, paired_fetched_to, NULL, created_at, NULL,
        (SELECT max(not_after) FROM certificates WHERE order_row = orders.id)
    FROM orders WHERE +state = 'created' AND paired_order_id IS NOT NULL
        AND paired_order_id <> order_id COLLATE NOCASE
        AND NOT EXISTS (SELECT 1 FROM orders later WHERE ",
    later_row!("orders", "paired_order_id"),
    ")"
);

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
            created_at: row.get("created_at")?,
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

/// The order with an id of the service, in any case.
pub(crate) fn watched_by_id(
    connection: &Connection,
    base_url: &str,
    id: &str,
) -> rusqlite::Result<Option<Watched>> {
    let condition = "+base_url = ?1 AND order_id = ?2 COLLATE NOCASE";
    let found = select(connection, condition, [base_url, id.trim()])?;
    Ok(found.into_iter().next())
}

/// Makes the next sync ask for the order with an id of the service, because it has changed. Without such
/// an order nothing happens.
pub(crate) fn ask_soon(connection: &Connection, base_url: &str, id: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE orders SET queried_at = NULL
               WHERE +base_url = ?1
                   AND (order_id = ?2 COLLATE NOCASE OR paired_order_id = ?2 COLLATE NOCASE)";
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::schema;
    use super::*;

    fn orders(rows: &str) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, Path::new("x"), false).unwrap();
        connection
            .execute_batch(&format!(
                "INSERT INTO orders (id, base_url, idempotence_id, state, body, body_hmac, product_id, common_name,
                     org_name, months, order_id, paired_order_id, reissued_order_id, reissues, recorded_at, changed_at)
                 SELECT column1, 'u', column1, 'created', '{{}}', '', '', '', '', 12, column2, column3, column4,
                     column5, '', '' FROM (VALUES {rows})"
            ))
            .unwrap();
        connection
    }

    #[test]
    fn the_last_reissue_has_an_id_that_is_kept_in_any_case() {
        for (rows, expected) in [
            ("(1, 'A1', NULL, NULL, NULL), (2, 'A1', NULL, 'A1', 1)", &["2 A1"][..]),
            ("(1, 'A1', NULL, NULL, NULL), (2, 'a1', NULL, 'A1', 1)", &["2 a1"]),
            ("(1, 'A1', 'B1', NULL, NULL), (2, 'b1', NULL, 'B1', 1)", &["1 A1", "2 b1"]),
            (
                "(1, 'A1', NULL, NULL, NULL), (2, 'a1', NULL, 'A1', 1), (3, 'A1', NULL, 'a1', 1)",
                &["3 A1"],
            ),
            ("(1, 'A1', NULL, NULL, NULL), (2, 'A2', NULL, 'A1', 1)", &["1 A1", "2 A2"]),
            // The first order is not in the ledger.
            ("(1, 'A1', NULL, 'A1', NULL), (2, 'a1', NULL, 'A1', 1)", &["2 a1"]),
        ] {
            let found = watched(&orders(rows), "u").unwrap();
            let found: Vec<_> = found.iter().map(|it| format!("{} {}", it.row, it.id)).collect();
            assert_eq!(found, expected, "{rows}");
        }
    }

    #[test]
    fn an_id_is_found_in_any_case() {
        let connection = orders("(1, 'ABCD-1', 'EF-1', NULL, NULL)");
        for (id, is_paired) in [("abcd-1", false), (" Abcd-1 ", false), ("ef-1", true)] {
            let found = watched_by_id(&connection, "u", id).unwrap();
            assert_eq!(found.map(|it| it.is_paired), Some(is_paired), "{id}");
            let found = super::super::order::find_by_order_id(&connection, "u", id).unwrap();
            assert_eq!(found.map(|it| it.row), Some(1), "{id}");
            connection.execute("UPDATE orders SET queried_at = 'x'", []).unwrap();
            ask_soon(&connection, "u", id).unwrap();
            let queried: Option<String> = connection
                .query_row("SELECT queried_at FROM orders", [], |row| row.get(0))
                .unwrap();
            assert_eq!(queried, None, "{id}");
        }
        assert!(watched_by_id(&connection, "u", "abcd-2").unwrap().is_none());
    }

    /// The steps of a query's plan.
    fn steps(connection: &Connection, sql: &str) -> Vec<String> {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = plan.query_map([], |row| row.get("detail")).unwrap();
        steps.map(Result::unwrap).collect()
    }

    #[test]
    fn ids_are_found_by_an_index() {
        let connection = orders("(1, 'A1', 'B1', NULL, NULL)");
        let mut later = steps(&connection, COLUMNS);
        later.retain(|it| it.contains("later"));
        assert!(later.len() == 2 && later.iter().all(|it| it.contains("by_order_id")), "{later:?}");
        let by_id = format!(
            "SELECT * FROM ({COLUMNS}) WHERE +base_url = 'u' AND order_id = 'a1' COLLATE NOCASE"
        );
        let by_id = steps(&connection, &by_id);
        assert!(!by_id.iter().any(|it| it.starts_with("SCAN orders")), "{by_id:?}");
    }
}
