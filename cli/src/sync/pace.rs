//! A limit on how often the service is asked.

use std::thread;
use std::time::{Duration, Instant};

use crate::interrupt;

/// Calls have at least this distance.
pub(super) struct Pace {
    distance: Duration,
    next: Option<Instant>,
}

impl Pace {
    pub(super) fn new(per_second: u16) -> Self {
        Self { distance: Duration::from_secs(1) / u32::from(per_second.max(1)), next: None }
    }

    /// Waits until the next call may be made. Returns whether it may: not after an interrupt.
    pub(super) fn wait(&mut self) -> bool {
        let now = Instant::now();
        let at = self.next.map_or(now, |next| next.max(now));
        self.next = Some(at + self.distance);
        sleep(at - now)
    }
}

/// Sleeps unless there is an interrupt. Returns whether it slept the whole time.
pub(super) fn sleep(time: Duration) -> bool {
    let end = Instant::now() + time;
    loop {
        if interrupt::was_received() {
            return false;
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        thread::sleep(left.min(Duration::from_millis(50)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_a_distance() {
        let mut pace = Pace::new(50);
        let begin = Instant::now();
        assert!((0..6).all(|_| pace.wait()));
        assert!(begin.elapsed() >= Duration::from_millis(100), "{:?}", begin.elapsed());
    }
}
