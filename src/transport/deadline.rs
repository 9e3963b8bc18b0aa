//! The end of the call that a thread makes. ureq grants some waits their time anew (a proxy's
//! answer, a TLS record), so a peer that says something now and then could go on for ever. This end
//! is moved by nobody.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ureq::unversioned::transport::NextTimeout;

thread_local! {
    static END: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// While it lives, this thread makes a call that has an end. A callback may make another meanwhile.
pub(super) struct CallEnd(Option<Instant>);

impl CallEnd {
    pub(super) fn at(end: Instant) -> Self {
        Self(END.replace(Some(end)))
    }
}

impl Drop for CallEnd {
    fn drop(&mut self) {
        END.set(self.0);
    }
}

/// Whether this thread's call is over at this moment.
pub(super) fn is_over(now: Instant) -> bool {
    END.get().is_some_and(|end| now >= end)
}

/// When a time that ureq grants is over: with the call at the latest.
pub(super) fn deadline(timeout: NextTimeout) -> Instant {
    const LONGEST: Duration = Duration::from_secs(400 * 24 * 3600);
    match END.get() {
        // As it is mostly: then no clock is read.
        Some(end) if timeout.after.is_not_happening() => end,
        end => {
            let granted = Instant::now() + (*timeout.after).min(LONGEST);
            end.map_or(granted, |end| granted.min(end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_inside_a_call_has_its_own_end() {
        let now = Instant::now();
        assert!(!is_over(now + Duration::from_secs(9)), "there is no call");
        let _outer = CallEnd::at(now + Duration::from_secs(60));
        {
            let _inner = CallEnd::at(now);
            assert!(is_over(Instant::now()));
        }
        assert!(!is_over(Instant::now()));
        assert!(is_over(now + Duration::from_secs(61)));
    }
}
