//! The guard around every exported function: no panic passes it, and C's pointers are read only
//! inside it.

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use super::handle::{self, Invalid, Tagged};
use super::{module, panics};
use crate::delivery::AttemptOutcome;
use crate::error::{Cause, Error, Kind, Result};
use crate::messages::message;

/// The maximum length of a payload in bytes: more than any document needs, and less than -1 as a
/// length, on 32 bits too.
const MAX_PAYLOAD: usize = 1 << 30;

/// The maximum length of a field's or option's name in bytes.
const MAX_NAME: usize = 256;

/// Proof that the caller runs inside the guard. Only the functions of this file create it, so a
/// function that reads a pointer cannot lack the guard. What is read is borrowed for the call only.
///
/// Those functions are unsafe: their callers promise, by the header's contract, that each pointer is
/// NULL or valid.
pub(super) struct FfiScope(());

impl FfiScope {
    /// Returns the object behind a pointer. `name` is the parameter's or the field's.
    pub(super) fn object<T: Tagged>(&self, name: &str, pointer: *const T) -> Result<&T> {
        // SAFETY: the contract says that it is NULL or one of our objects.
        unsafe { handle::check(pointer) }
            .map_err(|invalid| Error::argument(name, invalid.describe(T::NAME)))?;
        // SAFETY: the check found a live object.
        Ok(unsafe { &*pointer })
    }

    /// Returns a text's bytes without its NUL.
    pub(super) fn text(&self, name: impl AsRef<[u8]>, pointer: *const c_char) -> Result<&[u8]> {
        if pointer.is_null() {
            return Err(null(name));
        }
        // SAFETY: the contract says that it is NUL-terminated.
        Ok(unsafe { CStr::from_ptr(pointer) }.to_bytes())
    }

    /// Returns the name of a field or an option. A name that is invalid is not quoted in the error.
    pub(super) fn name(&self, pointer: *const c_char) -> Result<&[u8]> {
        match self.text("name", pointer)? {
            [] => Err(Error::argument("name", message!("is empty"))),
            [b'.', ..] | [.., b'.'] => {
                Err(Error::argument("name", message!("begins or ends with a dot")))
            }
            name if name.len() > MAX_NAME => {
                Err(Error::argument("name", message!("is longer than {} bytes", MAX_NAME)))
            }
            name => Ok(name),
        }
    }

    /// Returns a payload of `len` bytes. NULL is an error even if `len` is 0.
    pub(super) fn bytes(&self, name: &str, pointer: *const c_void, len: usize) -> Result<&[u8]> {
        if pointer.is_null() {
            return Err(null(name));
        }
        if len > MAX_PAYLOAD {
            return Err(Error::argument(
                name,
                message!("has an impossible length ({} bytes)", len),
            ));
        }
        // SAFETY: the contract says that `len` bytes are there.
        Ok(unsafe { std::slice::from_raw_parts(pointer.cast(), len) })
    }
}

fn null(name: impl AsRef<[u8]>) -> Error {
    Error::argument(&String::from_utf8_lossy(name.as_ref()), message!("is NULL"))
}

/// An object that can also exist only to report why it could not be made.
pub(super) trait Object: Tagged {
    fn failed(mistake: Error) -> Self;
}

/// An object that is set field by field and keeps its first mistake.
pub(super) trait Builder: Tagged {
    fn keep(&mut self, mistake: Error);
}

impl<T: Builder + Default> Object for T {
    fn failed(mistake: Error) -> Self {
        let mut object = Self::default();
        object.keep(mistake);
        object
    }
}

/// Creates an object; a failure is kept in it.
pub(super) unsafe fn object<T: Object>(body: impl FnOnce(&FfiScope) -> Result<T>) -> *mut T {
    unsafe { object_or(body, T::failed) }
}

/// As [`object`]; `failed` makes the object that reports a failure.
pub(super) unsafe fn object_or<T: Tagged>(
    body: impl FnOnce(&FfiScope) -> Result<T>,
    failed: impl FnOnce(Error) -> T,
) -> *mut T {
    handle::allocate(guarded(body).unwrap_or_else(failed))
}

/// Changes an object; a failure is kept in it. NULL does nothing. `function` is the name of the
/// exported function, here and below.
pub(super) unsafe fn change<T: Builder>(
    function: &str,
    object: *mut T,
    body: impl FnOnce(&FfiScope, &mut T) -> Result<()>,
) {
    // SAFETY: our caller passes the contract on.
    if !unsafe { is_live(function, object) } {
        return;
    }
    // SAFETY: it is a live object, and the contract says that no other thread uses it now.
    let object = unsafe { &mut *object };
    if let Err(mistake) = guarded(|scope| body(scope, object)) {
        object.keep(mistake);
    }
}

/// Uses an object, with nothing to return. NULL does nothing.
pub(super) unsafe fn act<T: Tagged>(function: &str, object: *const T, body: impl FnOnce(&T)) {
    // SAFETY: our caller passes the contract on.
    if unsafe { is_live(function, object) } {
        let _ = guarded(|_| {
            // SAFETY: it is a live object.
            body(unsafe { &*object });
            Ok(())
        });
    }
}

/// Frees an object. NULL does nothing.
pub(super) unsafe fn free<T: Tagged>(function: &str, object: *mut T) {
    // SAFETY: our caller passes the contract on.
    if unsafe { is_live(function, object) } {
        let _ = guarded(|_| {
            // SAFETY: it is a live object, and the contract says that nothing uses it any more.
            unsafe { handle::release(object) };
            Ok(())
        });
    }
}

/// Returns whether there is an object. Going on with an invalid one would corrupt memory, and neither
/// setters nor `_free` functions can report an error: the process is aborted with a message.
unsafe fn is_live<T: Tagged>(function: &str, object: *const T) -> bool {
    // SAFETY: the contract says that it is NULL or one of our objects.
    match unsafe { handle::check(object) } {
        Ok(()) => true,
        Err(Invalid::Null) => false,
        Err(invalid) => {
            eprintln!("libwotrus: {function}: the pointer {}", invalid.describe(T::NAME));
            std::process::abort();
        }
    }
}

/// Returns a plain value, or `otherwise` after a panic.
pub(super) unsafe fn value<T>(otherwise: T, body: impl FnOnce(&FfiScope) -> T) -> T {
    guarded(|scope| Ok(body(scope))).unwrap_or(otherwise)
}

/// Returns a text that belongs to an object, with its NUL, or NULL.
pub(super) unsafe fn text(body: impl Fn(&FfiScope) -> Option<&[u8]>) -> *const c_char {
    unsafe { sized_text(ptr::null_mut(), &body) }
}

/// As [`text`], and stores the length without the NUL in `len` unless that is NULL. `body` is dynamic, so
/// that there is one copy for all functions.
pub(super) unsafe fn sized_text(
    len: *mut usize,
    body: &dyn Fn(&FfiScope) -> Option<&[u8]>,
) -> *const c_char {
    let found = guarded(|scope| {
        Ok(body(scope).map_or((ptr::null(), 0), |text| (text.as_ptr(), text.len() - 1)))
    });
    let (text, length) = found.unwrap_or((ptr::null(), 0));
    // SAFETY: the contract says that it is NULL or points to a length.
    if let Some(len) = unsafe { len.as_mut() } {
        *len = length;
    }
    text.cast()
}

fn guarded<T>(body: impl FnOnce(&FfiScope) -> Result<T>) -> Result<T> {
    module::stay_loaded();
    let caught = panics::catch(|| {
        #[cfg(test)]
        super::tests::panic_if_armed();
        body(&FfiScope(()))
    });
    caught.unwrap_or_else(|location| {
        let message = message!("a defect of libwotrus (at {}): please report it", location);
        // The call may have been sent before the panic.
        Err(Error::new(Kind::Internal, Cause::Panic, message)
            .with(|facts| facts.outcome = AttemptOutcome::MaybeProcessed))
    })
}

#[cfg(test)]
mod tests {
    use super::super::wotrus_order;
    use super::*;

    struct Form(Option<Error>);

    impl Tagged for Form {
        const NAME: &'static str = "form";
        const TAG: u64 = 1;
    }

    impl Builder for Form {
        fn keep(&mut self, mistake: Error) {
            self.0 = Some(mistake);
        }
    }

    #[test]
    fn null_pointers_and_impossible_lengths_are_errors_that_name_the_argument() {
        let scope = FfiScope(());
        let field = |error: Error| error.field().unwrap().to_owned();
        let none = scope.object::<wotrus_order>("order", ptr::null());
        assert_eq!(none.map(|_| ()).map_err(field), Err("order".into()));
        assert_eq!(scope.text("reason", ptr::null()).map_err(field), Err("reason".into()));
        assert_eq!(scope.bytes("json", ptr::null(), 0).map_err(field), Err("json".into()));
        let byte = [7_u8];
        for len in [usize::MAX, u32::MAX as usize, MAX_PAYLOAD + 1] {
            let long = scope.bytes("json", byte.as_ptr().cast(), len);
            assert!(long.unwrap_err().message().contains("length"));
        }
        assert_eq!(scope.bytes("json", byte.as_ptr().cast(), 1).unwrap(), byte);
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

    fn succeed(_: &FfiScope, _: &mut Form) -> Result<()> {
        Ok(())
    }

    fn fail(_: &FfiScope, _: &mut Form) -> Result<()> {
        Err(null("month"))
    }

    #[test]
    fn mistakes_are_kept_and_null_is_ignored() {
        // One type for both, so that coverage counts one function with all its paths.
        let [succeed, fail]: [fn(&FfiScope, &mut Form) -> Result<()>; 2] = [succeed, fail];
        unsafe {
            let form = handle::allocate(Form(None));
            change("test", form, succeed);
            assert!((*form).0.is_none());
            change("test", form, fail);
            assert_eq!((*form).0.as_ref().unwrap().field(), Some("month"));
            free("test", form);
            change("test", ptr::null_mut(), succeed);
            change("test", ptr::null_mut(), fail);
            free("test", ptr::null_mut::<Form>());
        }
    }

    #[test]
    fn texts_are_returned_with_their_length_or_as_null() {
        type Find = fn(&FfiScope) -> Option<&[u8]>;
        let [there, absent]: [Find; 2] = [|_| Some(b"ab\0"), |_| None];
        let mut len = 7;
        unsafe {
            assert_eq!(CStr::from_ptr(sized_text(&mut len, &there)), c"ab");
            assert_eq!(len, 2);
            assert!(sized_text(&mut len, &absent).is_null());
            assert_eq!(len, 0);
            assert_eq!(CStr::from_ptr(sized_text(ptr::null_mut(), &there)), c"ab");
        }
    }

    /// An object whose destructor panics.
    struct PanicsOnDrop;

    impl Tagged for PanicsOnDrop {
        const NAME: &'static str = "panics_on_drop";
        const TAG: u64 = 2;
    }

    impl Drop for PanicsOnDrop {
        fn drop(&mut self) {
            panic!("while it is freed");
        }
    }

    #[test]
    fn a_panic_in_a_destructor_does_not_pass_the_guard() {
        unsafe { free("test", handle::allocate(PanicsOnDrop)) };
    }
}
