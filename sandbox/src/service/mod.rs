//! The service: what all its connections share, and exclusive access to the state.

pub(crate) mod customer_page;
mod dispatch;
mod envelope;
pub(crate) mod handler;
pub(crate) mod journal;
mod response;
pub(crate) mod scheduler;

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::fault::armed::Faults;
use crate::http::body::BodyBudget;
use crate::service::journal::{Journal, TokenCheck};
use crate::state::State;
use crate::storage::snapshot::Change;
use crate::storage::state_file::StateFile;
use crate::time::Millis;

/// What every connection of a sandbox shares.
pub(crate) struct Service {
    pub(crate) token: String,
    /// Also the base of each order's `pendingLink`.
    pub(crate) http_url: String,
    pub(crate) https_url: String,
    pub(crate) push_url: Option<String>,
    pub(crate) clock: Clock,
    pub(crate) state: Mutex<State>,
    /// Wakes the scheduler when the time of the next step has changed.
    pub(crate) wake: Notify,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) bodies: BodyBudget,
    /// None where the state is in memory only.
    pub(crate) state_file: Option<StateFile>,
}

impl Service {
    /// Locks the state, after every step that is due by `now` was made.
    pub(crate) fn state(&self, now: Millis) -> StateGuard<'_> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let due = state.next_due();
        state.advance(now);
        StateGuard { state, service: self, due, changes: Vec::new() }
    }

    /// Waits until all changes made so far are on the disk. Returns at once without a state file.
    ///
    /// # Errors
    /// The reason why the state file can no longer be written.
    pub(crate) async fn flushed(&self) -> Result<(), String> {
        match &self.state_file {
            Some(file) => file.flushed().await,
            None => Ok(()),
        }
    }

    /// Compares the value of the header `WoTrusToken` with the sandbox's token.
    pub(crate) fn check_token(&self, token: Option<&[u8]>) -> TokenCheck {
        match token {
            None => TokenCheck::Missing,
            Some(token) if token == self.token.as_bytes() => TokenCheck::Valid,
            Some(_) => TokenCheck::Invalid,
        }
    }
}

/// The locked state. Dropping it saves the changes and wakes the scheduler if needed.
pub(crate) struct StateGuard<'a> {
    state: MutexGuard<'a, State>,
    service: &'a Service,
    /// The time of the next step when the state was locked.
    due: Option<Millis>,
    changes: Vec<Change>,
}

impl StateGuard<'_> {
    /// Saves one more change, before those of the state.
    pub(crate) fn save(&mut self, change: Change) {
        self.changes.push(change);
    }
}

impl Drop for StateGuard<'_> {
    fn drop(&mut self) {
        // The lock is still held: changes reach the state file in the order in which they were made.
        match &self.service.state_file {
            None => self.state.clear_changes(),
            Some(file) => {
                let mut changes = std::mem::take(&mut self.changes);
                changes.append(&mut self.state.take_changes());
                file.send(changes);
            }
        }
        if self.state.next_due() != self.due {
            self.service.wake.notify_one();
        }
    }
}

impl Deref for StateGuard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for StateGuard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}
