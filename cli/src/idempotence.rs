//! The idempotenceID of an order or a reissue. The command generates one if the user gives none.

use uuid::Uuid;

use crate::lang::say;
use crate::output::tell;
use crate::text::shell_quoted;

/// The given id, or a new one if it is missing or blank. The id is also stored in `id`.
pub(crate) fn given_or_new(id: &mut Option<String>) -> String {
    let given = id.take().filter(|id| !id.trim().is_empty());
    id.insert(given.unwrap_or_else(|| Uuid::new_v4().to_string())).clone()
}

/// Prints the id before the request is sent, so that the user can repeat the command with it.
pub(crate) fn announce(id: &str) {
    let id = shell_quoted(id);
    tell(&say!(
        "idempotenceID {id}\n  to repeat this command without ordering twice, add --idempotence-id {id}",
        "幂等值 {id}\n  如需重试，请加上 --idempotence-id {id}，不会重复下单"
    ));
}
