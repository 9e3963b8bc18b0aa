//! Cancelling the calls of one handle.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Cancels the calls of one handle, permanently. It takes no lock, so a process that forks
/// meanwhile can use it in the child. Sockets notice it within a read timeout.
#[derive(Debug, Clone)]
pub(crate) struct CancelScope(Arc<Scope>);

#[derive(Debug)]
struct Scope {
    cancelled: AtomicBool,
    parent: Option<CancelScope>,
}

impl CancelScope {
    /// A scope that is cancelled with its parent, or by itself.
    pub(crate) fn new(parent: Option<Self>) -> Self {
        Self(Arc::new(Scope { cancelled: AtomicBool::new(false), parent }))
    }

    pub(crate) fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Release);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Acquire)
            || self.0.parent.as_ref().is_some_and(Self::is_cancelled)
    }
}
