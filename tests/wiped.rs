//! The library's own copies of the token are overwritten before their memory is given back. One
//! test in a process of its own, with an allocator that looks at all that is freed.

// An allocator is unsafe by its nature.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use wotrus::{CallOptions, Client};

const TOKEN: &[u8] = b"tk_the_token_that_must_not_stay";

/// How often memory was freed with the token in it.
static FOUND: AtomicUsize = AtomicUsize::new(0);

struct Looking;

// SAFETY: everything is done by the system's allocator.
unsafe impl GlobalAlloc for Looking {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller vouches. Zeroed, so that what is looked at later is defined.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block is still ours, of this size, and was zeroed when it was made.
        let block = unsafe { std::slice::from_raw_parts(pointer, layout.size()) };
        if block.windows(TOKEN.len()).any(|window| window == TOKEN) {
            FOUND.fetch_add(1, Ordering::Relaxed);
        }
        // SAFETY: as the caller vouches.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Looking = Looking;

fn token() -> String {
    String::from_utf8(TOKEN.to_vec()).unwrap()
}

#[test]
fn no_copy_of_the_token_stays_in_freed_memory() {
    drop(token());
    assert_eq!(FOUND.swap(0, Ordering::Relaxed), 1, "the test sees nothing");

    let builder = Client::builder().token(token()).base_url("http://127.0.0.1:1");
    drop(builder.clone());
    let by_name = Client::builder().set("token", std::str::from_utf8(TOKEN).unwrap()).unwrap();
    let by_name = by_name.set("token", "tk_another").unwrap();
    drop(by_name);
    // A client that could not be made had the token too.
    assert!(builder.clone().base_url("http://not.loopback").build().is_err());
    assert!(builder.clone().ca_file("/no/such/file").build().is_err());
    let client = builder.build().unwrap();
    let copy = client.with(CallOptions::new().retries(0));
    client.cancel();
    drop(client);
    drop(copy);
    assert_eq!(FOUND.load(Ordering::Relaxed), 0, "freed with the token in it");
}
