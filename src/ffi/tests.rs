//! Raises a panic in every exported function, and checks that no function is left out.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ffi::CStr;
use std::ptr::{null, null_mut};

use super::*;

thread_local! {
    static FAULT: Cell<bool> = const { Cell::new(false) };
}

/// Called inside every guard; panics while the fault is armed.
pub(super) fn panic_if_armed() {
    assert!(!FAULT.get(), "tk_secret");
}

fn with_fault<T>(call: impl FnOnce() -> T) -> T {
    FAULT.set(true);
    let result = call();
    FAULT.set(false);
    result
}

fn message(reply: *const wotrus_reply) -> String {
    unsafe { CStr::from_ptr(wotrus_reply_message(reply)) }.to_str().unwrap().to_owned()
}

/// Checks that the reply reports a panic with its location, but without its message.
fn internal(reply: *mut wotrus_reply) {
    unsafe {
        assert_eq!(wotrus_reply_status(reply), WOTRUS_INTERNAL);
        assert_eq!(CStr::from_ptr(wotrus_reply_cause(reply)), c"panic");
        assert_eq!(CStr::from_ptr(wotrus_reply_delivery(reply)), c"unknown");
        let message = message(reply);
        assert!(message.contains("(at tests.rs:"), "{message}");
        assert!(!message.contains("secret"), "{message}");
        wotrus_reply_free(reply);
    }
}

fn good_client() -> *mut wotrus_client {
    unsafe {
        let config = wotrus_config_new();
        wotrus_config_set(config, c"token".as_ptr(), c"tk_x".as_ptr());
        wotrus_config_set(config, c"base_url".as_ptr(), c"http://127.0.0.1:1".as_ptr());
        let client = wotrus_client_new(config);
        wotrus_config_free(config);
        client
    }
}

/// Checks that a client of this configuration reports the panic.
fn config_reports(config: *mut wotrus_config) {
    unsafe {
        client_reports(wotrus_client_new(config));
        wotrus_config_free(config);
    }
}

fn client_reports(client: *mut wotrus_client) {
    unsafe {
        internal(wotrus_query_order(client, c"id".as_ptr()));
        wotrus_client_free(client);
    }
}

fn order_reports(order: *mut wotrus_order) {
    unsafe {
        let client = good_client();
        internal(wotrus_create_order(client, order));
        wotrus_order_free(order);
        wotrus_client_free(client);
    }
}

fn reissue_reports(reissue: *mut wotrus_reissue) {
    unsafe {
        let client = good_client();
        internal(wotrus_reissue_certificate(client, reissue));
        wotrus_reissue_free(reissue);
        wotrus_client_free(client);
    }
}

fn document_reports(document: *mut wotrus_document) {
    unsafe {
        let order = wotrus_order_new();
        wotrus_order_add_document(order, WOTRUS_IDENTITY_CARD, document);
        wotrus_document_free(document);
        order_reports(order);
    }
}

fn small_document() -> *mut wotrus_document {
    unsafe { wotrus_document_from_bytes(c"x".as_ptr().cast(), 1, c".pdf".as_ptr()) }
}

/// Calls exported functions with the fault armed, and records their names.
macro_rules! call_with_fault {
    ($names:ident, $($function:ident($($argument:expr),*) => $check:expr;)*) => {$(
        $names.insert(stringify!($function));
        #[allow(clippy::redundant_closure_call)]
        ($check)(with_fault(|| unsafe { $function($($argument),*) }));
    )*};
}

#[test]
fn a_panic_in_any_exported_function_does_not_pass_the_guard() {
    // These two return constants.
    let mut names = BTreeSet::from(["wotrus_version", "wotrus_abi"]);
    let (name, text) = (c"name".as_ptr(), c"text".as_ptr());
    let client = good_client();
    let (config, order, reissue, document) = unsafe {
        (wotrus_config_new(), wotrus_order_new(), wotrus_reissue_new(), small_document())
    };
    let push = br#"{"dataAction":"x"}"#;
    let reply = unsafe { wotrus_read_push(push.as_ptr().cast(), push.len()) };
    let nothing = |()| ();
    let absent = |text: *const c_char| assert!(text.is_null());
    let mut len = 7;
    call_with_fault! { names,
        wotrus_config_new() => config_reports;
        wotrus_config_set(config, name, text) => nothing;
        wotrus_client_new(config) => client_reports;
        wotrus_client_with(client, config) => client_reports;
        wotrus_client_check(client) => internal;
        wotrus_client_cancel(client) => nothing;
        wotrus_document_from_path(text, null()) => document_reports;
        wotrus_document_from_bytes(text.cast(), 4, text) => document_reports;
        wotrus_order_new() => order_reports;
        wotrus_order_set(order, name, text) => nothing;
        wotrus_reissue_new() => reissue_reports;
        wotrus_reissue_set(reissue, name, text) => nothing;
        wotrus_create_order(client, order) => internal;
        wotrus_query_order(client, text) => internal;
        wotrus_retrieve_certificate(client, text) => internal;
        wotrus_cancel_order(client, text, text) => internal;
        wotrus_revoke_certificate(client, text, text, document) => internal;
        wotrus_reissue_certificate(client, reissue) => internal;
        wotrus_notify_by_email(client, text, text) => internal;
        wotrus_wait_for_certificate(client, text, 1) => internal;
        wotrus_read_push(text.cast(), 4) => internal;
        wotrus_call(client, text, null(), 0) => internal;
        wotrus_reply_status(reply) => |status| assert_eq!(status, WOTRUS_INTERNAL);
        wotrus_reply_kind(reply) => absent;
        wotrus_reply_cause(reply) => absent;
        wotrus_reply_delivery(reply) => absent;
        wotrus_reply_message(reply) => absent;
        wotrus_reply_warning(reply, 0) => absent;
        wotrus_reply_http_status(reply) => |status| assert_eq!(status, 0);
        wotrus_reply_request_id(reply) => absent;
        wotrus_reply_idempotence_id(reply) => absent;
        wotrus_reply_attempts(reply) => |attempts| assert_eq!(attempts, 0);
        wotrus_reply_retry_after_ms(reply) => |time| assert_eq!(time, -1);
        wotrus_reply_order_id(reply) => absent;
        wotrus_reply_get(reply, c"dataAction".as_ptr()) => absent;
        wotrus_reply_json(reply, &mut len) => absent;
        wotrus_reply_body(reply, null_mut()) => absent;
        wotrus_reply_values(reply, null_mut()) => |block: *const c_void| assert!(block.is_null());
        wotrus_reply_pem(reply, null()) => absent;
        wotrus_reply_full_chain(reply, null()) => absent;
        wotrus_reply_full_chain_with_root(reply, null()) => absent;
        wotrus_reply_intermediates(reply, null()) => absent;
        wotrus_reply_chain_status(reply, null()) => absent;
        wotrus_reply_chain(reply, null(), 0) => absent;
        wotrus_reply_root(reply, null()) => absent;
        wotrus_reply_matches_csr(reply, null(), text) => |matches| assert_eq!(matches, -1);
        // The panic comes before anything is freed; they are freed below.
        wotrus_config_free(config) => nothing;
        wotrus_client_free(client) => nothing;
        wotrus_document_free(document) => nothing;
        wotrus_order_free(order) => nothing;
        wotrus_reissue_free(reissue) => nothing;
        wotrus_reply_free(reply) => nothing;
    }
    assert_eq!(len, 0);
    // Setters keep the panic as the first mistake.
    config_reports(config);
    order_reports(order);
    reissue_reports(reissue);
    let (config, order, reissue) =
        unsafe { (wotrus_config_new(), wotrus_order_new(), wotrus_reissue_new()) };
    call_with_fault! { names,
        wotrus_config_set_callback(config, None, null_mut()) => nothing;
        wotrus_order_add_document(order, 1, document) => nothing;
        wotrus_reissue_set_proof(reissue, document) => nothing;
    }
    config_reports(config);
    order_reports(order);
    reissue_reports(reissue);
    unsafe {
        wotrus_document_free(document);
        wotrus_reply_free(reply);
        wotrus_client_free(client);
    }
    assert_eq!(names, declared(), "left: called here; right: declared in the header");
}

/// Every function of the header.
fn declared() -> BTreeSet<&'static str> {
    let header = include_str!("../../include/wotrus.ffi.h");
    let functions = header.lines().filter_map(|line| {
        let (head, _) = line.split_once('(')?;
        let name = head.rsplit([' ', '*']).next()?;
        (name.starts_with("wotrus_")).then_some(name)
    });
    functions.collect()
}
