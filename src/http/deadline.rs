//! The deadline and the cancellation of the call that a thread makes. Every send and receive checks
//! them. ureq restarts some of its timeouts (a proxy's answer, a TLS record), so a peer that sends a
//! byte now and then could prolong a call for ever; the deadline here never moves.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use ureq::unversioned::transport::NextTimeout;

use super::cancel_scope::CancelScope;
use crate::options::MAX_TIMEOUT;

thread_local! {
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
    static SCOPE: RefCell<Option<CancelScope>> = const { RefCell::new(None) };
}

/// While this guard exists, the thread makes a call with a deadline. Calls nest: an observer may make
/// another call.
pub(super) struct CallDeadline {
    outer: Option<Instant>,
    outer_scope: Option<Option<CancelScope>>,
}

impl CallDeadline {
    /// The deadline of a call, and the scope that can cancel it.
    pub(super) fn of_call(deadline: Instant, scope: Option<&CancelScope>) -> Self {
        let outer_scope = SCOPE.replace(scope.cloned());
        Self { outer: DEADLINE.replace(Some(deadline)), outer_scope: Some(outer_scope) }
    }

    /// A limit for a part of the call, which never extends the call's own deadline.
    pub(super) fn within(time: Duration) -> Self {
        let end = Instant::now() + time.min(MAX_TIMEOUT);
        let end = DEADLINE.get().map_or(end, |outer| outer.min(end));
        Self { outer: DEADLINE.replace(Some(end)), outer_scope: None }
    }
}

impl Drop for CallDeadline {
    fn drop(&mut self) {
        DEADLINE.set(self.outer);
        if let Some(scope) = self.outer_scope.take() {
            SCOPE.set(scope);
        }
    }
}

/// Whether the deadline of this thread's call has passed at `now`.
pub(super) fn is_over(now: Instant) -> bool {
    DEADLINE.get().is_some_and(|end| now >= end)
}

/// Whether the scope of this thread's call is cancelled.
pub(super) fn is_cancelled() -> bool {
    SCOPE.with_borrow(|scope| scope.as_ref().is_some_and(CancelScope::is_cancelled))
}

/// The end of a timeout that ureq grants: the call's deadline at the latest.
pub(super) fn deadline_of(timeout: NextTimeout) -> Instant {
    match DEADLINE.get() {
        // The common case, which reads no clock.
        Some(end) if timeout.after.is_not_happening() => end,
        end => {
            let granted = Instant::now() + (*timeout.after).min(MAX_TIMEOUT);
            end.map_or(granted, |end| granted.min(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_call_has_its_own_deadline() {
        let now = Instant::now();
        assert!(!is_over(now + Duration::from_secs(9)), "there is no call");
        let _outer = CallDeadline::of_call(now + Duration::from_secs(60), None);
        {
            let scope = CancelScope::new(None);
            scope.cancel();
            let _inner = CallDeadline::of_call(now, Some(&scope));
            assert!(is_over(Instant::now()) && is_cancelled());
            let _part = CallDeadline::within(Duration::from_secs(30));
            assert!(is_over(Instant::now()) && is_cancelled());
        }
        assert!(!is_over(Instant::now()) && !is_cancelled());
        {
            let _part = CallDeadline::within(Duration::from_secs(30));
            assert!(is_over(now + Duration::from_secs(31 + 5)));
            let _longer = CallDeadline::within(Duration::MAX);
            assert!(is_over(now + Duration::from_secs(31 + 5)));
        }
        assert!(is_over(now + Duration::from_secs(61)));
    }
}
