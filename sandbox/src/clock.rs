//! The sandbox's clock: that of the machine plus an offset.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::time::{Millis, millis};

/// The clock. Everything else receives the time as a parameter.
#[derive(Default)]
pub(crate) struct Clock {
    /// Milliseconds.
    offset: AtomicU64,
}

impl Clock {
    pub(crate) fn now(&self) -> Millis {
        let machine = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        millis(machine).saturating_add(self.offset())
    }

    /// How far it is ahead of the machine's clock.
    pub(crate) fn offset(&self) -> Millis {
        self.offset.load(Ordering::Relaxed)
    }

    /// Sets how far it is ahead of the machine's clock.
    pub(crate) fn set_offset(&self, offset: Millis) {
        self.offset.store(offset, Ordering::Relaxed);
    }
}
