//! One caller's turn with the state: what comes of it is seen to when the turn ends.

use std::ops::{Deref, DerefMut};
use std::sync::MutexGuard;

use tokio::sync::Notify;

use crate::state::State;
use crate::time::Millis;

/// The state, held by one caller.
pub(crate) struct Turn<'a> {
    state: MutexGuard<'a, State>,
    due: Option<Millis>,
    wake: &'a Notify,
}

impl<'a> Turn<'a> {
    /// Takes the turn, with everything done that is due.
    pub(crate) fn new(mut state: MutexGuard<'a, State>, now: Millis, wake: &'a Notify) -> Self {
        let due = state.next_due();
        state.advance(now);
        Self { state, due, wake }
    }
}

/// Who waits for the next instant is told when that is another one now.
impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.state.next_due() != self.due {
            self.wake.notify_one();
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
