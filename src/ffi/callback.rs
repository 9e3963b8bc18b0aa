//! The event callback of a client.

use std::ffi::{c_char, c_int, c_void};

use super::text::Charset;
use crate::event::Event;

/// The callback function with its user pointer.
#[derive(Clone, Copy)]
pub(super) struct Callback {
    function: unsafe extern "C" fn(*mut c_void, *const c_char, usize) -> c_int,
    user: *mut c_void,
}

// SAFETY: the header says that every thread that makes a call may call it.
unsafe impl Send for Callback {}
// SAFETY: as above.
unsafe impl Sync for Callback {}

impl Callback {
    pub(super) fn new(function: super::wotrus_callback, user: *mut c_void) -> Option<Self> {
        function.map(|function| Self { function, user })
    }

    pub(super) fn call(&self, charset: Charset, event: &Event<'_>) {
        let json = charset.encode_json(&event.to_json());
        // SAFETY: the contract says that the function and its user pointer are valid.
        if unsafe { (self.function)(self.user, json.as_ptr().cast(), json.len() - 1) } != 0 {
            event.stop();
        }
    }
}
