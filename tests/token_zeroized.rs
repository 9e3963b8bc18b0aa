//! The library overwrites its copies of the token before it frees them. This is the only test of its
//! process, because its allocator inspects every block that is freed.

// Implementing an allocator is unsafe.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use wotrus::{CallOptions, Client};

const TOKEN: &[u8] = b"tk_the_token_that_must_not_stay";

/// How many freed blocks contained the token.
static FOUND: AtomicUsize = AtomicUsize::new(0);

struct Inspecting;

// SAFETY: every call is passed to the system's allocator.
unsafe impl GlobalAlloc for Inspecting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's guarantees are passed on. Zeroed, so that `dealloc` reads defined bytes.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block has this size, is not freed yet, and was zeroed when it was allocated.
        let block = unsafe { std::slice::from_raw_parts(pointer, layout.size()) };
        if block.windows(TOKEN.len()).any(|window| window == TOKEN) {
            FOUND.fetch_add(1, Ordering::Relaxed);
        }
        // SAFETY: the caller's guarantees are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Inspecting = Inspecting;

fn token() -> String {
    String::from_utf8(TOKEN.to_vec()).unwrap()
}

#[test]
fn freed_memory_does_not_contain_the_token() {
    drop(token());
    assert_eq!(FOUND.swap(0, Ordering::Relaxed), 1, "the allocator does not find the token");

    let builder = Client::builder().token(token()).base_url("http://127.0.0.1:1");
    drop(builder.clone());
    let by_name = Client::builder().set("token", std::str::from_utf8(TOKEN).unwrap()).unwrap();
    let by_name = by_name.set("token", "tk_another").unwrap();
    drop(by_name);
    // A client that cannot be built had a copy of the token too.
    assert!(builder.clone().base_url("http://not.loopback").build().is_err());
    assert!(builder.clone().ca_file("/no/such/file").build().is_err());
    let client = builder.build().unwrap();
    let copy = client.with(CallOptions::new().retries(0));
    client.cancel();
    drop(client);
    drop(copy);
    assert_eq!(FOUND.load(Ordering::Relaxed), 0, "freed blocks contain the token");
}
