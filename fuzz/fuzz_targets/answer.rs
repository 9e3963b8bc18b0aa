//! The body of each operation's answer: one byte chooses the operation, the rest is the body.
#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::{Corpus, fuzz_target};
use wotrus::{
    Answer, Document, OrderRequest, ReissueRequest, Reply, Result, RevokeRequest, product,
};
use wotrus_fuzz::{CSR, check_error, check_reply, respond_with_body, split_byte, with_client};

fn typed<T: Debug>(result: Result<Answer<T>>) -> Result<Reply> {
    let answer = result?;
    let _ = format!("{answer:?}");
    Ok(answer.reply().clone())
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((operation, body)) = split_byte(data) else { return Corpus::Reject };
    respond_with_body(body);
    let proof = || Document::from_bytes(*b"proof", ".jpg").expect("a valid document");
    let result = with_client(|client| match operation % 8 {
        0 => {
            let order = OrderRequest::new(product::PDF_SIGNING, "fuzz", 12, "fuzz");
            typed(client.create_order(&order))
        }
        1 => typed(client.query_order("A1")),
        2 => typed(client.retrieve_certificate("A1")),
        3 => client.cancel_order("A1", "fuzz"),
        4 => typed(client.revoke_certificate(&RevokeRequest::new("A1", "fuzz", proof()))),
        5 => typed(client.reissue_certificate(&ReissueRequest::new("A1", CSR, "fuzz"))),
        6 => client.notify_by_email("A1", "https://example.com"),
        _ => client.call("POST /v1/Other", Some("{}")),
    });
    match result {
        Ok(reply) => check_reply(&reply),
        Err(error) => check_error(&error),
    }
    Corpus::Keep
});
