//! The memory behind a pointer that C holds: an object with a tag that identifies its type.
//!
//! The tag turns most misuse (a pointer of another type, to a freed object, to something else) into
//! an error instead of corrupted memory. It cannot detect memory that was reused for another object
//! of the same type.

use crate::messages::{Message, message};
use std::mem::offset_of;
use std::ptr;

/// A type that C holds pointers to.
pub(super) trait Tagged {
    /// The type's name in the header.
    const NAME: &'static str;
    /// A number that no other type has, and that ordinary memory is unlikely to hold.
    const TAG: u64;
}

/// The tag of an object that was freed.
const FREED: u64 = 0x7765_6572_665f_7477;

#[repr(C)]
struct Handle<T> {
    /// Allocators write their own links into the first bytes of freed memory; the tag comes after them.
    _reserved: [u64; 2],
    tag: u64,
    object: T,
}

/// Why a pointer is not a valid object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invalid {
    Null,
    Freed,
    WrongType,
}

impl Invalid {
    pub(super) fn describe(self, expected: &str) -> Message {
        match self {
            Self::Null => message!("is NULL"),
            Self::Freed => message!("is of a {} that was freed before", expected),
            Self::WrongType => message!("is not of a {}", expected),
        }
    }
}

/// Moves an object to memory of its own.
pub(super) fn allocate<T: Tagged>(object: T) -> *mut T {
    let handle = Box::into_raw(Box::new(Handle { _reserved: [0; 2], tag: T::TAG, object }));
    // SAFETY: the handle was just allocated.
    unsafe { &raw mut (*handle).object }
}

/// Checks that a pointer is not NULL, of the right type and not freed, as far as its memory shows.
///
/// # Safety
/// A pointer that is not NULL came from [`allocate`], for any type.
pub(super) unsafe fn check<T: Tagged>(object: *const T) -> Result<(), Invalid> {
    if object.is_null() {
        return Err(Invalid::Null);
    }
    if !object.is_aligned() {
        return Err(Invalid::WrongType);
    }
    let tag = object.wrapping_byte_sub(tag_distance::<T>()).cast::<u64>();
    // SAFETY: the caller guarantees that a handle is or was there. The read is volatile because the
    // compiler may assume that freed memory is never read.
    match unsafe { ptr::read_volatile(tag) } {
        tag if tag == T::TAG => Ok(()),
        FREED => Err(Invalid::Freed),
        _ => Err(Invalid::WrongType),
    }
}

/// Drops an object and frees its memory.
///
/// # Safety
/// [`check`] accepted the pointer, and nothing uses the object any more.
pub(super) unsafe fn release<T: Tagged>(object: *mut T) {
    let handle = object.wrapping_byte_sub(offset_of!(Handle<T>, object)).cast::<Handle<T>>();
    // SAFETY: `check` says that `allocate` made it and that it was not freed; the write is volatile
    // so that it is not removed as a write to memory that is about to be freed.
    unsafe {
        ptr::write_volatile(&raw mut (*handle).tag, FREED);
        drop(Box::from_raw(handle));
    }
}

const fn tag_distance<T>() -> usize {
    offset_of!(Handle<T>, object) - offset_of!(Handle<T>, tag)
}

macro_rules! tagged {
    ($($name:ident = $tag:literal,)*) => {$(
        impl Tagged for super::$name {
            const NAME: &'static str = stringify!($name);
            const TAG: u64 = u64::from_be_bytes(*$tag);
        }
        // One distance for all types: a pointer of another type is read at the right place.
        const _: () = assert!(tag_distance::<super::$name>() == size_of::<u64>());
    )*};
}

tagged! {
    wotrus_config = b"wt_confg",
    wotrus_client = b"wt_clint",
    wotrus_document = b"wt_docum",
    wotrus_order = b"wt_order",
    wotrus_reissue = b"wt_reiss",
    wotrus_reply = b"wt_reply",
}

#[cfg(test)]
mod tests {
    use super::super::{wotrus_client, wotrus_order, wotrus_order_free, wotrus_order_new};
    use super::*;

    #[test]
    fn check_reports_null_wrong_type_and_misaligned_pointers() {
        unsafe {
            let order = wotrus_order_new();
            assert_eq!(check(order), Ok(()));
            assert_eq!(check(ptr::null::<wotrus_order>()), Err(Invalid::Null));
            assert_eq!(check(order.cast::<wotrus_client>()), Err(Invalid::WrongType));
            assert_eq!(check(order.byte_add(1)), Err(Invalid::WrongType));
            wotrus_order_free(order);
        }
    }
}
