//! The idempotenceID of an order or a reissue. The command generates one if the user gives none.

use uuid::Uuid;

use crate::lang::say;
use crate::output::tell;

/// An idempotenceID, and whether it was made for this call.
pub(crate) struct IdempotenceId {
    pub(crate) text: String,
    is_new: bool,
}

/// The given id, or a new one if it is missing or blank. The id is also stored in `id`.
pub(crate) fn given_or_new(id: &mut Option<String>) -> IdempotenceId {
    let given = id.take().filter(|id| !id.trim().is_empty());
    let is_new = given.is_none();
    let text = id.insert(given.unwrap_or_else(|| Uuid::new_v4().to_string())).clone();
    IdempotenceId { text, is_new }
}

impl IdempotenceId {
    /// Prints a new id before the request is sent, so that the user can repeat the command with it.
    pub(crate) fn announce(&self) {
        if !self.is_new {
            return;
        }
        let id = &self.text;
        tell(&say!(
            "idempotenceID {id}\n  to repeat this command without ordering twice, add --idempotence-id {id}",
            "幂等值 {id}\n  如需重试，请加上 --idempotence-id {id}，不会重复下单"
        ));
    }
}
