//! The open connections of the listener. Their number is limited; if the limit is reached, the connection
//! that has been idle longest gives way, so that idle clients cannot keep pushes out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// The connections whose request is not complete yet, oldest first.
#[derive(Clone, Default)]
pub(super) struct IdleConnections(Arc<Mutex<BTreeMap<u64, Arc<Notify>>>>);

/// A connection's entry in the list; it ends when it is dropped.
pub(super) struct Idle {
    list: IdleConnections,
    number: u64,
    close: Arc<Notify>,
}

impl IdleConnections {
    /// Adds a connection. Numbers must be unique and rising.
    pub(super) fn add(&self, number: u64) -> Idle {
        let close = Arc::new(Notify::new());
        self.entries().insert(number, Arc::clone(&close));
        Idle { list: self.clone(), number, close }
    }

    /// Tells the oldest connection to close. Without an idle connection nothing happens.
    pub(super) fn close_oldest(&self) {
        if let Some((_, close)) = self.entries().pop_first() {
            close.notify_one();
        }
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Idle {
    /// Marks the connection as not idle: its request is complete.
    pub(super) fn request_received(&self) {
        self.list.entries().remove(&self.number);
    }

    /// Waits until the connection has to give way.
    pub(super) async fn must_close(&self) {
        self.close.notified().await;
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        self.request_received();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_oldest_idle_connection_is_closed() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let list = IdleConnections::default();
            let (busy, oldest, newest) = (list.add(1), list.add(2), list.add(3));
            busy.request_received();
            list.close_oldest();
            oldest.must_close().await;
            for kept in [busy, newest] {
                let closed = tokio::time::timeout(Duration::from_millis(10), kept.must_close());
                assert!(closed.await.is_err());
            }
            list.close_oldest();
        });
    }
}
