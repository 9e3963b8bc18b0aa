//! The JSON of `wotrus_call`: one byte chooses the operation, the rest is the JSON. The body that
//! comes of it is made and sent.
#![no_main]

use std::ffi::CStr;

use libfuzzer_sys::{Corpus, fuzz_target};
use wotrus_fuzz::capi::Client;
use wotrus_fuzz::{respond_with_body, split_byte};

// Not wait_for_certificate, which would pause between its queries.
const OPERATIONS: [&CStr; 10] = [
    c"create_order",
    c"query_order",
    c"retrieve_certificate",
    c"cancel_order",
    c"revoke_certificate",
    c"reissue_certificate",
    c"notify_by_email",
    c"read_push",
    c"POST /v1/Other",
    c"GET /v1/Order/A1",
];

thread_local! {
    static CLIENT: Client = Client::new("UTF-8");
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((operation, json)) = split_byte(data) else { return Corpus::Reject };
    // It is an answer to every operation.
    let answer = r#"{"isSuccess":true,"data":{"id":"A1","orderID":"A1","newOrderID":"A2","status":"pending",
        "pem_RSA":"x","cancelResult":true,"sentResult":true,"revokeStatus":"pendingAudit"}}"#;
    respond_with_body(answer.as_bytes());
    let operation = OPERATIONS[usize::from(operation) % OPERATIONS.len()];
    CLIENT.with(|client| drop(client.call(operation, json)));
    Corpus::Keep
});
