//! Panics inside the library: caught, and recorded without being printed.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static LOCATION: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `body`; a panic in it becomes the source location where it happened.
pub(super) fn catch<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    let (mut body, mut result) = (Some(body), None);
    let location = catch_unit(&mut || result = body.take().map(|body| body()));
    result.ok_or(location)
}

/// As [`catch`], in one copy for all exported functions. Returns the location; "" without a panic.
#[inline(never)]
fn catch_unit(body: &mut dyn FnMut()) -> String {
    install_hook();
    // A callback may call the library again: the inner guard must not end the outer one.
    let outer = INSIDE.replace(true);
    let result = catch_unwind(AssertUnwindSafe(body));
    INSIDE.set(outer);
    result.map_or_else(|_| LOCATION.take(), |()| String::new())
}

/// Records panics of the library instead of printing them: it must not write to stderr. No lock is
/// taken here, because another thread could hold it while this process forks.
fn install_hook() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.load(Ordering::Relaxed) || DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    let previous = take_hook();
    set_hook(Box::new(move |info| if INSIDE.get() { record(info) } else { previous(info) }));
}

/// Records where the panic happened, not its message, which may quote a secret.
fn record(info: &PanicHookInfo<'_>) {
    let location = info.location().map_or_else(String::new, |at| {
        let file = at.file().rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{file}:{}", at.line())
    });
    LOCATION.set(location);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_of_the_host_reach_its_own_hook() {
        let inside = catch::<()>(|| panic!("tk_secret")).unwrap_err();
        assert!(inside.contains("panics.rs:"), "{inside}");
        assert!(!inside.contains("secret"), "{inside}");
        let outside = catch_unwind(|| panic!("not the library's")).unwrap_err();
        assert_eq!(*outside.downcast_ref::<&str>().unwrap(), "not the library's");
        assert!(LOCATION.take().is_empty(), "a panic of the host was recorded");
    }

    #[test]
    fn an_inner_catch_leaves_the_outer_one_in_place() {
        let outer = catch(|| {
            assert!(catch::<()>(|| panic!("inner")).is_err());
            assert!(INSIDE.get());
            7
        });
        assert_eq!(outer.unwrap(), 7);
        assert!(!INSIDE.get());
    }
}
