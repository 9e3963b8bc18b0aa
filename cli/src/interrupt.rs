//! Ctrl-C and a polite kill: the first ends what goes on, with its own error; the second the process.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

type Action = Box<dyn Fn() + Send>;

static COME: AtomicBool = AtomicBool::new(false);
static ACTION: Mutex<Option<Action>> = Mutex::new(None);

/// Whether there was one: between two calls there is nothing to cancel, so the next one asks.
pub(crate) fn has_come() -> bool {
    COME.load(Ordering::SeqCst)
}

/// Has interrupts do this instead of ending the process.
pub(crate) fn on_interrupt(action: impl Fn() + Send + 'static) {
    let mut current = ACTION.lock().unwrap_or_else(PoisonError::into_inner);
    let first = current.replace(Box::new(action)).is_none();
    drop(current);
    if first {
        // Without a handler an interrupt ends the process, which is right too.
        let _ = ctrlc::set_handler(|| {
            if COME.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
            if let Some(action) = &*ACTION.lock().unwrap_or_else(PoisonError::into_inner) {
                action();
            }
        });
    }
}
