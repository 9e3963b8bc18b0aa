//! One caller's turn with the state: what comes of it is seen to when the turn ends.

use std::ops::{Deref, DerefMut};
use std::sync::{MutexGuard, PoisonError};

use crate::kept::Change;
use crate::service::Service;
use crate::state::State;
use crate::time::Millis;

/// The state, held by one caller.
pub(crate) struct Turn<'a> {
    state: MutexGuard<'a, State>,
    service: &'a Service,
    due: Option<Millis>,
    changes: Vec<Change>,
}

impl<'a> Turn<'a> {
    /// Takes the turn, with everything done that is due.
    pub(crate) fn new(service: &'a Service, now: Millis) -> Self {
        let mut state = service.state.lock().unwrap_or_else(PoisonError::into_inner);
        let due = state.next_due();
        state.advance(now);
        Self { state, service, due, changes: Vec::new() }
    }

    /// Has a change kept beside those of the state, and before them.
    pub(crate) fn keep(&mut self, change: Change) {
        self.changes.push(change);
    }
}

/// Changes are handed to the file while the turn lasts, so in their order; who waits for the next instant
/// is told when that is another one now.
impl Drop for Turn<'_> {
    fn drop(&mut self) {
        match &self.service.store {
            None => self.state.forget_changes(),
            Some(store) => {
                let mut changes = std::mem::take(&mut self.changes);
                changes.append(&mut self.state.take_changes());
                store.send(changes);
            }
        }
        if self.state.next_due() != self.due {
            self.service.wake.notify_one();
        }
    }
}

impl Deref for Turn<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl DerefMut for Turn<'_> {
    fn deref_mut(&mut self) -> &mut State {
        &mut self.state
    }
}
