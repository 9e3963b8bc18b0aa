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
        millis(machine).saturating_add(self.ahead.load(Ordering::Relaxed))
    }
}
