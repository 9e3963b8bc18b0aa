//! The body of a push, in Rust and in C: both accept the same bodies and read the same order id.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wotrus::Push;
use wotrus_fuzz::capi::{OK, Reply};
use wotrus_fuzz::{check_error, check_json};

fuzz_target!(|body: &[u8]| {
    let reply = Reply::of_push(body);
    match Push::parse(body) {
        Ok(push) => {
            assert_eq!(reply.status(), OK);
            check_json(push.json().as_bytes());
            let _ = format!("{push:?} {:?}", push.kind());
            if let Some(order) = push.order() {
                assert!(!order.order_id.trim().is_empty());
                assert_eq!(reply.order_id(), Some(order.order_id.as_bytes()));
            }
        }
        Err(error) => {
            assert_ne!(reply.status(), OK);
            check_error(&error);
        }
    }
});
