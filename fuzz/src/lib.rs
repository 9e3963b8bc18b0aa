//! Shared by the fuzz targets: a client whose responses come from memory, and checks of its results.

pub mod capi;
pub mod certificates;

use serde::de::IgnoredAny;
use wotrus::{CallOptions, Client, Error, Reply, fuzz};

/// The token of every call. No error may show it.
pub const TOKEN: &str = "tk_fuzz_0123456789";

/// Nothing listens here; [`fuzz::respond`] keeps the client from connecting.
pub const BASE_URL: &str = "http://127.0.0.1:1";

/// The CSR of the service document's example.
pub const CSR: &str = include_str!("../../tests/fixtures/example.csr");

thread_local! {
    static CLIENT: Client = Client::builder()
        .token(TOKEN)
        .base_url(BASE_URL)
        .build()
        .expect("the options are valid")
        .with(CallOptions::new().request_id("fuzz").retries(0));
}

/// Calls `body` with a client that sends nothing twice.
pub fn with_client<R>(body: impl FnOnce(&Client) -> R) -> R {
    CLIENT.with(body)
}

/// Answers the calls that follow with HTTP 200 and this body.
pub fn respond_with_body(body: &[u8]) {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    fuzz::respond(&[head.as_bytes(), body].concat(), usize::MAX);
}

/// Splits off the first byte.
pub fn split_byte(data: &[u8]) -> Option<(u8, &[u8])> {
    data.split_first().map(|(first, rest)| (*first, rest))
}

/// Checks that a text is JSON. A lone surrogate in an escape is accepted: it is passed on as it came.
pub fn check_json(text: &[u8]) {
    let _: IgnoredAny = serde_json::from_slice(text).expect("the text is JSON");
}

/// Checks the properties of every error.
pub fn check_error(error: &Error) {
    let json = error.to_json();
    let parsed: serde_json::Value = serde_json::from_str(&json).expect("an error is JSON");
    assert!(parsed["error"]["kind"].is_string());
    for text in [&json, &error.to_string(), &format!("{error:?}")] {
        assert!(!text.contains(TOKEN), "the token is in {text}");
    }
}

/// Checks the properties of every reply.
pub fn check_reply(reply: &Reply) {
    check_json(reply.json().as_bytes());
    check_json(reply.data().unwrap_or("null").as_bytes());
    for path in ["id", "org.orgName", "chains_RSA.0", "isSuccess", "page.total", "data"] {
        let _ = reply.get(path);
    }
    let _ = reply.service_message();
    let _ = format!("{reply:?}");
}
