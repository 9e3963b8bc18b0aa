//! SIGINT, SIGTERM and SIGHUP (Ctrl-C and console close on Windows): the first one ends the current call
//! or wait with its own error, the second one ends the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

type Action = Box<dyn Fn() + Send>;

static RECEIVED: AtomicBool = AtomicBool::new(false);
static ACTION: Mutex<Option<Action>> = Mutex::new(None);

/// Whether there was an interrupt. Cancelling has no effect between two calls, so the next call asks.
pub(crate) fn was_received() -> bool {
    RECEIVED.load(Ordering::SeqCst)
}

/// Sets what an interrupt does instead of ending the process.
pub(crate) fn on_interrupt(action: impl Fn() + Send + 'static) {
    let mut current = ACTION.lock().unwrap_or_else(PoisonError::into_inner);
    let is_first = current.replace(Box::new(action)).is_none();
    drop(current);
    if is_first {
        // If this fails, an interrupt ends the process, which is acceptable.
        let _ = ctrlc::set_handler(|| {
            if RECEIVED.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
            if let Some(action) = &*ACTION.lock().unwrap_or_else(PoisonError::into_inner) {
                action();
            }
        });
    }
}
