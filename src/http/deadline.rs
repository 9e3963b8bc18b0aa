//! When what a thread waits for must be there: all that is sent and received looks here. ureq grants
//! some waits their time anew (a proxy's answer, a TLS record), so a peer that says something now and
//! then could go on for ever. This end is moved by nobody.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ureq::unversioned::transport::NextTimeout;

const LONGEST: Duration = Duration::from_secs(400 * 24 * 3600);

thread_local! {
    static END: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// While it lives, this thread makes a call that has an end. A callback may make another meanwhile.
pub(super) struct CallEnd(Option<Instant>);

impl CallEnd {
    pub(super) fn at(end: Instant) -> Self {
        Self(END.replace(Some(end)))
    }

    /// A part of the call has only so much time, and no more than the call.
    pub(super) fn within(time: Duration) -> Self {
        let end = Instant::now() + time.min(LONGEST);
        Self::at(END.get().map_or(end, |outer| outer.min(end)))
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
        {
            let _part = CallEnd::within(Duration::from_secs(30));
            assert!(is_over(now + Duration::from_secs(31 + 5)));
            let _longer = CallEnd::within(Duration::MAX);
            assert!(is_over(now + Duration::from_secs(31 + 5)));
        }
        assert!(is_over(now + Duration::from_secs(61)));
    }
}
