//! An idempotenceID for every order: who has no database to take one from gets a new one.

use uuid::Uuid;

use crate::lang::say;
use crate::output::tell;
use crate::text::printable;

/// The id that stands there, or a new one, which stands there then.
pub(crate) fn given_or_new(id: &mut Option<String>) -> String {
    let given = id.take().filter(|id| !id.trim().is_empty());
    id.insert(given.unwrap_or_else(|| Uuid::new_v4().to_string())).clone()
}

/// Tells it before anything is sent: whatever happens then, under it nothing is ordered twice.
pub(crate) fn announce(id: &str) {
    let id = printable(id);
    tell(&say!(
        "idempotenceID {id}\n  to try again, add --idempotence-id with this id: it is still one order",
        "幂等值 {id}\n  重试时请加 --idempotence-id 并使用此值，仍是同一订单"
    ));
}
