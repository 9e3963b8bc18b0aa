//! The table `orders`.

use std::path::{Path, PathBuf};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, Row, params, params_from_iter};

use super::path::StoredPath;
use super::run::is_live;
use crate::time::now;

/// What is known about the creation of an order. The column `status` has what the service says of it
/// afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Recorded, and never sent.
    Prepared,
    /// It is being sent, or the process was killed while it was.
    Sending,
    /// The order exists.
    Created,
    /// The service refused it; no order exists.
    Refused,
    /// An order may exist.
    Unknown,
    /// Nothing reached the service.
    NotSent,
}

impl State {
    pub(crate) const ALL: [Self; 6] =
        [Self::Prepared, Self::Sending, Self::Created, Self::Refused, Self::Unknown, Self::NotSent];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Sending => "sending",
            Self::Created => "created",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::NotSent => "not_sent",
        }
    }

    /// Whether an order may exist, but its id is not known.
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Sending | Self::Unknown)
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(FromSqlError::InvalidType)
    }
}

/// An order as it is recorded before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct NewOrder {
    pub(crate) base_url: String,
    pub(crate) idempotence_id: String,
    /// [`public_body`](super::public_body) of the order.
    pub(crate) body: String,
    /// In hexadecimal digits.
    pub(crate) body_hmac: String,
    pub(crate) product_id: String,
    pub(crate) common_name: String,
    pub(crate) org_name: String,
    pub(crate) months: u32,
    /// The row of `imports`, and the row of the imported file.
    pub(crate) import: Option<(i64, i64)>,
    /// The row of the order that this one renews.
    pub(crate) renews: Option<i64>,
    pub(crate) reissue: Option<Reissue>,
}

/// What makes an order a reissue.
#[derive(Debug, Clone)]
pub(crate) struct Reissue {
    /// The service's id of the order whose certificate is replaced.
    pub(crate) order_id: String,
    /// The row of the order that was made first, if the ledger has it.
    pub(crate) first: Option<i64>,
}

/// A row.
#[allow(dead_code, reason = "a row has all columns of its table")]
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// The row's number, which other tables name `order_row`.
    pub(crate) row: i64,
    pub(crate) base_url: String,
    pub(crate) idempotence_id: String,
    pub(crate) state: State,
    pub(crate) reason: Option<String>,
    pub(crate) run: Option<String>,
    pub(crate) recorded_at: String,
    pub(crate) changed_at: String,
    pub(crate) body: String,
    pub(crate) body_hmac: String,
    pub(crate) product_id: String,
    pub(crate) common_name: String,
    pub(crate) org_name: String,
    pub(crate) months: u32,
    pub(crate) import_id: Option<i64>,
    pub(crate) import_row: Option<i64>,
    pub(crate) renews: Option<i64>,
    pub(crate) reissued_order_id: Option<String>,
    pub(crate) reissues: Option<i64>,
    /// The service's id.
    pub(crate) order_id: Option<String>,
    pub(crate) paired_order_id: Option<String>,
    pub(crate) created_at: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) payment: Option<String>,
    pub(crate) order_number: Option<String>,
    pub(crate) product_name: Option<String>,
    pub(crate) service_created_at: Option<String>,
    pub(crate) queried_at: Option<String>,
    pub(crate) query_failures: i64,
    pub(crate) query_problem: Option<String>,
    pub(crate) fetched_at: Option<String>,
    pub(crate) fetched_to: Option<PathBuf>,
}

impl Order {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            row: row.get("id")?,
            base_url: row.get("base_url")?,
            idempotence_id: row.get("idempotence_id")?,
            state: row.get("state")?,
            reason: row.get("reason")?,
            run: row.get("run")?,
            recorded_at: row.get("recorded_at")?,
            changed_at: row.get("changed_at")?,
            body: row.get("body")?,
            body_hmac: row.get("body_hmac")?,
            product_id: row.get("product_id")?,
            common_name: row.get("common_name")?,
            org_name: row.get("org_name")?,
            months: row.get("months")?,
            import_id: row.get("import_id")?,
            import_row: row.get("import_row")?,
            renews: row.get("renews")?,
            reissued_order_id: row.get("reissued_order_id")?,
            reissues: row.get("reissues")?,
            order_id: row.get("order_id")?,
            paired_order_id: row.get("paired_order_id")?,
            created_at: row.get("created_at")?,
            status: row.get("status")?,
            payment: row.get("payment")?,
            order_number: row.get("order_number")?,
            product_name: row.get("product_name")?,
            service_created_at: row.get("service_created_at")?,
            queried_at: row.get("queried_at")?,
            query_failures: row.get("query_failures")?,
            query_problem: row.get("query_problem")?,
            fetched_at: row.get("fetched_at")?,
            fetched_to: row.get::<_, Option<StoredPath>>("fetched_to")?.map(|path| path.0),
        })
    }
}

/// The columns of an order's content with their values.
fn content(order: &NewOrder) -> [(&'static str, Value); 12] {
    let reissue = order.reissue.as_ref();
    [
        ("base_url", order.base_url.clone().into()),
        ("idempotence_id", order.idempotence_id.clone().into()),
        ("body", order.body.clone().into()),
        ("body_hmac", order.body_hmac.clone().into()),
        ("product_id", order.product_id.clone().into()),
        ("common_name", order.common_name.clone().into()),
        ("org_name", order.org_name.clone().into()),
        ("months", order.months.into()),
        ("import_id", order.import.map(|(id, _)| id).into()),
        ("import_row", order.import.map(|(_, row)| row).into()),
        ("reissued_order_id", reissue.map(|it| it.order_id.clone()).into()),
        ("reissues", reissue.and_then(|it| it.first).into()),
    ]
}

/// Records a new order as `prepared`, and returns its row.
pub(crate) fn insert(connection: &Connection, order: &NewOrder) -> rusqlite::Result<i64> {
    let (columns, values): (Vec<_>, Vec<_>) = content(order).into_iter().unzip();
    let (now, renews) = (Value::from(now()), Value::from(order.renews));
    let (names, places) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
    let sql = format!(
        "INSERT INTO orders (state, recorded_at, changed_at, renews, {names})
         VALUES ('prepared', ?, ?, ?, {places})"
    );
    let values = [now.clone(), now, renews].into_iter().chain(values);
    connection.prepare_cached(&sql)?.insert(params_from_iter(values))
}

/// Replaces the content of an order of which nothing exists at the service, as the caller has made sure in
/// the same transaction. Its state becomes `prepared`.
pub(crate) fn replace(connection: &Connection, row: i64, order: &NewOrder) -> rusqlite::Result<()> {
    let (columns, values): (Vec<_>, Vec<_>) = content(order).into_iter().unzip();
    let places = columns.iter().map(|name| format!("{name} = ?")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "UPDATE orders SET state = 'prepared', reason = NULL, changed_at = ?,
             renews = coalesce(?, renews), {places}
         WHERE id = ? AND state IN ('prepared', 'refused', 'not_sent')"
    );
    let first = [Value::from(now()), Value::from(order.renews)];
    let values = first.into_iter().chain(values).chain([Value::from(row)]);
    match connection.prepare_cached(&sql)?.execute(params_from_iter(values))? {
        1 => Ok(()),
        _ => Err(rusqlite::Error::QueryReturnedNoRows),
    }
}

/// Records that the order is a row of another import.
pub(crate) fn set_import(
    connection: &Connection,
    row: i64,
    import: i64,
    number: i64,
) -> rusqlite::Result<()> {
    let sql = "UPDATE orders SET import_id = ?2, import_row = ?3 WHERE id = ?1";
    connection.execute(sql, [row, import, number])?;
    Ok(())
}

/// The order with an idempotenceID. The same id may be used at another service.
pub(crate) fn find(
    connection: &Connection,
    base_url: &str,
    idempotence_id: &str,
) -> rusqlite::Result<Option<Order>> {
    let sql = "SELECT * FROM orders WHERE base_url = ?1 AND idempotence_id = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row([base_url, idempotence_id], Order::read).optional()
}

/// The order with this id of the service, or else with this idempotenceID.
pub(crate) fn find_by_id(
    connection: &Connection,
    base_url: &str,
    id: &str,
) -> rusqlite::Result<Option<Order>> {
    match find_by_order_id(connection, base_url, id)? {
        Some(order) => Ok(Some(order)),
        None => find(connection, base_url, id.trim()),
    }
}

/// The order with this id of the service, in any case. If a reissue has kept the id, this is the order that was
/// made first.
pub(crate) fn find_by_order_id(
    connection: &Connection,
    base_url: &str,
    id: &str,
) -> rusqlite::Result<Option<Order>> {
    let condition = "+base_url = ?1
        AND (order_id = ?2 COLLATE NOCASE OR paired_order_id = ?2 COLLATE NOCASE)";
    Ok(orders(connection, condition, [base_url, id.trim()])?.into_iter().next())
}

/// The orders for which an SQL condition holds, in the order in which they were recorded.
pub(crate) fn orders(
    connection: &Connection,
    condition: &str,
    params: impl Params,
) -> rusqlite::Result<Vec<Order>> {
    let sql = format!("SELECT * FROM orders WHERE {condition} ORDER BY id");
    let mut statement = connection.prepare(&sql)?;
    let found = statement.query_map(params, Order::read)?;
    found.collect()
}

/// Makes the order `sending` by this run, unless it exists, a live run is sending it, or another process
/// has recorded other content. Returns whether it did.
pub(crate) fn claim(
    connection: &Connection,
    ledger: &Path,
    row: i64,
    run: &str,
    body_hmac: &str,
) -> rusqlite::Result<bool> {
    let sql = "SELECT run FROM orders WHERE id = ?1";
    let holder: Option<String> = connection.query_row(sql, [row], |found| found.get(0))?;
    // A run that sends orders in parallel must not claim one of its own twice.
    if holder.is_some_and(|holder| is_live(ledger, &holder)) {
        return Ok(false);
    }
    let sql = "UPDATE orders SET state = 'sending', run = ?2, changed_at = ?3
               WHERE id = ?1 AND state <> 'created' AND body_hmac = ?4";
    Ok(connection.execute(sql, params![row, run, now(), body_hmac])? == 1)
}

/// What the service answers when it creates an order.
#[derive(Debug, Clone)]
pub(crate) struct Created {
    pub(crate) order_id: String,
    pub(crate) paired_order_id: Option<String>,
}

/// Records that the order exists. The run that sent it has no more to do with it.
pub(crate) fn set_created(
    connection: &Connection,
    row: i64,
    created: &Created,
) -> rusqlite::Result<()> {
    let sql = "UPDATE orders SET state = 'created', reason = NULL, run = NULL, order_id = ?2,
                   paired_order_id = ?3, created_at = coalesce(created_at, ?4), changed_at = ?4
               WHERE id = ?1";
    connection.execute(sql, params![row, created.order_id, created.paired_order_id, now()])?;
    Ok(())
}

/// Records another outcome, with its reason, which must not contain a secret. An order that exists stays
/// `created`.
pub(crate) fn set_outcome(
    connection: &Connection,
    row: i64,
    state: State,
    reason: &str,
) -> rusqlite::Result<()> {
    let sql = "UPDATE orders SET state = ?2, reason = ?3, run = NULL, changed_at = ?4
               WHERE id = ?1 AND state <> 'created'";
    connection.execute(sql, params![row, state, reason, now()])?;
    Ok(())
}

/// Records that a person has made sure that no order exists: no attempt has created it.
pub(crate) fn set_absent(connection: &Connection, row: i64, reason: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE attempts SET delivery = 'not_sent'
               WHERE order_row = ?1 AND (delivery IS NULL OR delivery = 'unknown')";
    connection.execute(sql, [row])?;
    set_outcome(connection, row, State::NotSent, reason)
}
