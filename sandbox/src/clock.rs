//! The sandbox's clock: the machine's, and as far ahead of it as it was set.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::time::{Millis, millis};

/// The one place that reads the time.
#[derive(Default)]
pub(crate) struct Clock {
    ahead: AtomicU64,
}

impl Clock {
    pub(crate) fn now(&self) -> Millis {
        let machine = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        millis(machine).saturating_add(self.ahead())
    }

    /// How far it is ahead of the machine's.
    pub(crate) fn ahead(&self) -> Millis {
        self.ahead.load(Ordering::Relaxed)
    }

    /// Sets how far it is ahead.
    pub(crate) fn set_ahead(&self, ahead: Millis) {
        self.ahead.store(ahead, Ordering::Relaxed);
    }
}
