//! Records what the service says of an order, and the events that follow from it.

use rusqlite::{Connection, params};

use super::delivery::find_event;
use super::event::{EventRow, NewEvent, add_event};
use super::watched::Watched;
use crate::json::Json;
use crate::time::now;

/// The service's answer to a query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered<'a> {
    pub(crate) status: &'a str,
    /// Empty if the service does not say.
    pub(crate) payment: &'a str,
    pub(crate) order_number: Option<&'a str>,
    pub(crate) product_name: Option<&'a str>,
    pub(crate) common_name: Option<&'a str>,
    pub(crate) created_at: Option<&'a str>,
}

/// Records an answer, and returns the events. `before` is what the ledger said before the service was
/// asked. If another process has recorded another status since then, this answer may be the older one: it
/// is not recorded, and there is no result.
pub(crate) fn record_answer(
    connection: &Connection,
    before: &Watched,
    answered: &Answered<'_>,
) -> rusqlite::Result<Option<Vec<EventRow>>> {
    let (row, now) = (before.row, now());
    let column = if before.is_paired { "paired_status" } else { "status" };
    let current: (Option<String>, Option<String>) = connection.query_row(
        &format!("SELECT {column}, payment FROM orders WHERE id = ?1"),
        [row],
        |found| Ok((found.get(0)?, found.get(1)?)),
    )?;
    if current.0 != before.status || !before.is_paired && current.1 != before.payment {
        return Ok(None);
    }
    let payment = Some(answered.payment).filter(|it| !it.is_empty() && !before.is_paired);
    let new_status = before.status.as_deref() != Some(answered.status);
    let new_payment = before.payment.as_deref().zip(payment).is_some_and(|(old, new)| old != new);
    connection.execute(
        &format!(
            "UPDATE orders SET {column} = ?2, queried_at = ?3, query_failures = 0, query_problem = NULL,
                 changed_at = CASE WHEN ?4 THEN ?3 ELSE changed_at END WHERE id = ?1"
        ),
        params![row, answered.status, now, new_status || new_payment],
    )?;
    if !before.is_paired {
        connection.execute(
            "UPDATE orders SET payment = coalesce(?2, payment), order_number = coalesce(?3, order_number),
                 product_name = coalesce(?4, product_name),
                 service_created_at = coalesce(?5, service_created_at),
                 common_name = coalesce(nullif(common_name, ''), ?6, '') WHERE id = ?1",
            params![
                row,
                payment,
                answered.order_number,
                answered.product_name,
                answered.created_at,
                answered.common_name
            ],
        )?;
    }
    let facts = |previous: &str, value: &Option<String>| {
        facts(before)
            .with("status", answered.status)
            .with("payment", &payment.or(before.payment.as_deref()))
            .with(previous, value)
            .object()
    };
    let mut events = Vec::new();
    let mut add = |kind, data: &str| -> rusqlite::Result<()> {
        let id = add_event(connection, &NewEvent { order_row: Some(row), kind, data })?;
        events.push(find_event(connection, &id)?);
        Ok(())
    };
    if new_status {
        add("status", &facts("previous_status", &before.status))?;
    }
    if new_payment {
        add("payment", &facts("previous_payment", &before.payment))?;
    }
    Ok(Some(events))
}

/// Records why an order could not be asked for, or its certificate not be fetched.
pub(crate) fn record_problem(
    connection: &Connection,
    row: i64,
    problem: &str,
) -> rusqlite::Result<()> {
    let sql = "UPDATE orders SET queried_at = ?2, query_failures = query_failures + 1,
                   query_problem = ?3 WHERE id = ?1";
    connection.execute(sql, params![row, now(), problem])?;
    Ok(())
}

/// What every event of an order says.
pub(super) fn facts(order: &Watched) -> Json {
    let facts = Json::new()
        .with("order_id", &order.id)
        .with("idempotence_id", &order.idempotence_id)
        .with("common_name", &order.common_name);
    match &order.reissues {
        Some(reissued) => facts.with("reissues", reissued),
        None => facts,
    }
}
