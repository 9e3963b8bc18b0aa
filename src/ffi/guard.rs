//! The scope: no panic leaves it, and nobody reads a pointer of C's but through it.

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Cause, Error, Kind, Result};

/// The longest payload. Far more than any document makes; -1 as a length is longer, also in 32 bits.
const LONGEST: usize = 1 << 30;

/// Leave to read C's pointers. Only the functions here give it, inside a guard, so a function that
/// reads one cannot have forgotten the guard; what is read lives no longer than the call.
///
/// The functions that give it are unsafe: who calls them vouches, by the header's contract, that
/// pointers are NULL or good.
pub(super) struct FfiScope(());

impl FfiScope {
    /// The object behind a pointer; `name` is the parameter's, or the field's.
    pub(super) fn object<T>(&self, name: &str, pointer: *const T) -> Result<&T> {
        // SAFETY: NULL, or an object of ours that is not freed yet, says the contract.
        unsafe { pointer.as_ref() }.ok_or_else(|| null(name))
    }

    /// A text's bytes without its NUL.
    pub(super) fn text(&self, name: impl AsRef<[u8]>, pointer: *const c_char) -> Result<&[u8]> {
        if pointer.is_null() {
            return Err(null(name));
        }
        // SAFETY: it ends in NUL, says the contract.
        Ok(unsafe { CStr::from_ptr(pointer) }.to_bytes())
    }

    /// The name of a field or an option. What could be none is not quoted.
    pub(super) fn name(&self, pointer: *const c_char) -> Result<&[u8]> {
        const LONGEST_NAME: usize = 256;
        match self.text("name", pointer)? {
            [] => Err(Error::argument("name", "is empty")),
            [b'.', ..] | [.., b'.'] => Err(Error::argument("name", "begins or ends with a dot")),
            name if name.len() > LONGEST_NAME => {
                Err(Error::argument("name", format!("is longer than {LONGEST_NAME} bytes")))
            }
            name => Ok(name),
        }
    }

    /// A payload of `len` bytes. NULL is a mistake even where `len` is 0.
    pub(super) fn bytes(&self, name: &str, pointer: *const c_void, len: usize) -> Result<&[u8]> {
        if pointer.is_null() {
            return Err(null(name));
        }
        if len > LONGEST {
            return Err(Error::argument(name, "has a length that cannot be one"));
        }
        // SAFETY: it has as many bytes, says the contract.
        Ok(unsafe { std::slice::from_raw_parts(pointer.cast(), len) })
    }
}

fn null(name: impl AsRef<[u8]>) -> Error {
    Error::argument(&String::from_utf8_lossy(name.as_ref()), "is NULL")
}

/// An object of C's, which can also be one that only says what went wrong.
pub(super) trait Object {
    fn broken(mistake: Error) -> Self;
}

/// An object that is set field by field, and keeps its first mistake.
pub(super) trait Builder {
    fn keep(&mut self, mistake: Error);
}

/// A new object; what goes wrong goes into it.
pub(super) unsafe fn object<T: Object>(body: impl FnOnce(&FfiScope) -> Result<T>) -> *mut T {
    Box::into_raw(Box::new(caught(body).unwrap_or_else(T::broken)))
}

/// Changes an object, if there is one; what goes wrong goes into it.
pub(super) unsafe fn change<T: Builder>(
    object: *mut T,
    body: impl FnOnce(&FfiScope, &mut T) -> Result<()>,
) {
    // SAFETY: NULL, or an object that no other thread uses now, says the contract.
    let Some(object) = (unsafe { object.as_mut() }) else { return };
    if let Err(mistake) = caught(|scope| body(scope, object)) {
        object.keep(mistake);
    }
}

/// Frees an object, if there is one.
pub(super) unsafe fn free<T>(object: *mut T) {
    if !object.is_null() {
        let _ = caught(|_| {
            // SAFETY: it came from `object`, and is freed once, says the contract.
            drop(unsafe { Box::from_raw(object) });
            Ok(())
        });
    }
}

/// A plain value, or `otherwise`.
pub(super) unsafe fn value<T>(otherwise: T, body: impl FnOnce(&FfiScope) -> T) -> T {
    caught(|scope| Ok(body(scope))).unwrap_or(otherwise)
}

/// A text that belongs to an object, with its NUL, or NULL.
pub(super) unsafe fn text(body: impl FnOnce(&FfiScope) -> Option<&[u8]>) -> *const c_char {
    unsafe { sized_text(ptr::null_mut(), body) }
}

/// The same, and its length without the NUL.
pub(super) unsafe fn sized_text(
    len: *mut usize,
    body: impl FnOnce(&FfiScope) -> Option<&[u8]>,
) -> *const c_char {
    let found = caught(|scope| {
        Ok(body(scope).map_or((ptr::null(), 0), |text| (text.as_ptr(), text.len() - 1)))
    });
    let (text, length) = found.unwrap_or((ptr::null(), 0));
    // SAFETY: NULL, or a place for a length, says the contract.
    if let Some(len) = unsafe { len.as_mut() } {
        *len = length;
    }
    text.cast()
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static WHERE: RefCell<String> = const { RefCell::new(String::new()) };
}

fn caught<T>(body: impl FnOnce(&FfiScope) -> Result<T>) -> Result<T> {
    keep_panics_quiet();
    // A callback may call back: the inner guard must not end the outer one.
    let outer = INSIDE.replace(true);
    let result = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(test)]
        super::tests::strike();
        body(&FfiScope(()))
    }));
    INSIDE.set(outer);
    result.unwrap_or_else(|_| {
        let place = WHERE.take();
        let message = format!("a defect of libwotrus (at {place}): please report it");
        Err(Error::new(Kind::Internal, Cause::Panic, message))
    })
}

/// The library writes nothing to stderr, so a panic inside a guard is noted instead of printed.
/// No lock is waited for here, which another thread might hold while this process forks.
fn keep_panics_quiet() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.load(Ordering::Relaxed) || DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    let others = take_hook();
    set_hook(Box::new(move |info| if INSIDE.get() { note(info) } else { others(info) }));
}

/// Where it was; not what it said, which may quote what must not be shown.
fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, |at| {
        let file = at.file().rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{file}:{}", at.line())
    });
    WHERE.set(place);
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Form(Option<Error>);

    impl Builder for Form {
        fn keep(&mut self, mistake: Error) {
            self.0 = Some(mistake);
        }
    }

    #[test]
    fn a_pointer_to_nothing_is_a_mistake_that_names_it() {
        let scope = FfiScope(());
        let field = |error: Error| error.field().unwrap().to_owned();
        assert_eq!(scope.object::<u8>("order", ptr::null()).map_err(field), Err("order".into()));
        assert_eq!(scope.text("reason", ptr::null()).map_err(field), Err("reason".into()));
        assert_eq!(scope.bytes("json", ptr::null(), 0).map_err(field), Err("json".into()));
        let byte = [7_u8];
        for len in [usize::MAX, u32::MAX as usize, LONGEST + 1] {
            let long = scope.bytes("json", byte.as_ptr().cast(), len);
            assert!(long.unwrap_err().message().contains("length"));
        }
        assert_eq!(scope.bytes("json", byte.as_ptr().cast(), 1).unwrap(), byte);
        assert_eq!(scope.object("order", &byte[0]).unwrap(), &7);
        assert_eq!(scope.text("reason", c"x".as_ptr()).unwrap(), b"x");
        assert_eq!(scope.name(c"x".as_ptr()).unwrap(), b"x");
        let long = "x".repeat(257) + "\0";
        for none in [
            ptr::null(),
            c"".as_ptr(),
            c".x".as_ptr(),
            c"orderinfoPost.".as_ptr(),
            long.as_ptr().cast(),
        ] {
            assert_eq!(scope.name(none).map_err(field), Err("name".into()));
        }
    }

    fn leave(_: &FfiScope, _: &mut Form) -> Result<()> {
        Ok(())
    }

    fn spoil(_: &FfiScope, _: &mut Form) -> Result<()> {
        Err(null("month"))
    }

    #[test]
    fn what_is_not_there_is_neither_changed_nor_freed() {
        // One type for both, so that one function is seen on all its ways.
        let [leave, spoil]: [fn(&FfiScope, &mut Form) -> Result<()>; 2] = [leave, spoil];
        unsafe {
            let form = Box::into_raw(Box::new(Form(None)));
            change(form, leave);
            assert!((*form).0.is_none());
            change(form, spoil);
            assert_eq!((*form).0.as_ref().unwrap().field(), Some("month"));
            free(form);
            change(ptr::null_mut(), leave);
            change(ptr::null_mut(), spoil);
            free(ptr::null_mut::<Form>());
        }
    }

    #[test]
    fn a_text_comes_with_its_length_or_not_at_all() {
        type Find = fn(&FfiScope) -> Option<&[u8]>;
        let [there, absent]: [Find; 2] = [|_| Some(b"ab\0"), |_| None];
        let mut len = 7;
        unsafe {
            assert_eq!(CStr::from_ptr(sized_text(&mut len, there)), c"ab");
            assert_eq!(len, 2);
            assert!(sized_text(&mut len, absent).is_null());
            assert_eq!(len, 0);
            assert_eq!(CStr::from_ptr(sized_text(ptr::null_mut(), there)), c"ab");
        }
    }

    #[test]
    fn panics_outside_stay_their_owners() {
        let inside = caught::<()>(|_| panic!("tk_secret")).unwrap_err();
        assert!(inside.message().contains("guard.rs:"), "{inside}");
        assert!(!inside.message().contains("secret"), "{inside}");
        let outside = catch_unwind(|| panic!("not the library's")).unwrap_err();
        assert_eq!(*outside.downcast_ref::<&str>().unwrap(), "not the library's");
        assert!(WHERE.take().is_empty(), "a panic that is not ours was noted");
    }

    /// An object that cannot even be freed.
    struct Stuck;

    impl Drop for Stuck {
        fn drop(&mut self) {
            panic!("while it is freed");
        }
    }

    #[test]
    fn a_panic_in_freeing_stops_here_too() {
        unsafe { free(Box::into_raw(Box::new(Stuck))) };
    }

    #[test]
    fn a_guard_inside_a_guard_leaves_the_outer_one_standing() {
        let outer = caught(|_| {
            assert!(caught::<()>(|_| panic!("inner")).is_err());
            assert!(INSIDE.get());
            Ok(7)
        });
        assert_eq!(outer.unwrap(), 7);
        assert!(!INSIDE.get());
    }
}
