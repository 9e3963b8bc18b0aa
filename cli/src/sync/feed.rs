//! Puts the service's answers into the ledger, for sync and for pushes.

use wotrus::{Answer, Cause, Client, Kind, Order};

use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::ledger::{Answered, EventRow, Ledger, Watched, record_answer, watched_by_id};
use crate::reply::is_of_other_order;

/// How often an order is queried again because another process has recorded a change meanwhile.
const MAX_QUERIES: u32 = 3;

/// Records an answer about an order, and returns the events; `None` if it may be out of date.
pub(super) fn record_order(
    ledger: &Ledger,
    before: &Watched,
    order: &Order,
) -> Result<Option<Vec<EventRow>>> {
    let answered = Answered {
        status: order.status.as_str(),
        payment: order.is_pay.as_str(),
        order_number: order.order_number.as_deref(),
        product_name: order.product_name.as_deref(),
        common_name: order.common_name.as_deref(),
        created_at: order.create_time.as_deref(),
    };
    ledger.transaction(|it| record_answer(it, before, &answered))
}

/// Queries an order, and records the answer as sync does, so that both together make one event of a
/// change. Returns the answer, and whether it is in the ledger: not if the order is not there, or if the
/// answer is about another order.
///
/// # Errors
/// Errors of the query or the ledger; also if other processes keep changing the order.
pub(crate) fn query_and_record(
    ledger: &Ledger,
    client: &Client,
    base_url: &str,
    id: &str,
) -> Result<(Answer<Order>, bool)> {
    for _ in 0..MAX_QUERIES {
        let before = ledger.read(|it| watched_by_id(it, base_url, id))?;
        let answer = client.query_order(id)?;
        let is_usable =
            !is_of_other_order(answer.reply()) && !answer.value().status.as_str().is_empty();
        let Some(before) = before.filter(|_| is_usable) else { return Ok((answer, false)) };
        if record_order(ledger, &before, answer.value())?.is_some() {
            return Ok((answer, true));
        }
    }
    let message = say!(
        "another process records changes of the order at the same time",
        "另一个进程正在记录该订单的变化"
    );
    Err(Failure::new(Kind::NotReady, Cause::Invalid, message))
}
