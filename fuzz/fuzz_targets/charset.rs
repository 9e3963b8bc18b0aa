//! A client whose texts are GB18030: a field, a NUL, the JSON of a call, a NUL, an answer in UTF-8.
//! Every text that is returned is GB18030, and JSON is ASCII.
#![no_main]

use encoding_rs::GB18030;
use libfuzzer_sys::fuzz_target;
use wotrus_fuzz::capi::{Client, Reply};
use wotrus_fuzz::respond_with_body;

thread_local! {
    static CLIENT: Client = Client::new("GB18030");
}

fn check(reply: &Reply, field: &[u8]) {
    assert!(reply.json().is_ascii(), "JSON is ASCII");
    for text in [Some(reply.message()), reply.order_id(), reply.get(b"status"), reply.get(field)] {
        let text = text.unwrap_or_default();
        let (_, malformed) = GB18030.decode_without_bom_handling(text);
        assert!(!malformed, "{text:?} is not GB18030");
    }
    reply.read_all(field);
}

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (field, json, answer) = (part(), part(), part());
    respond_with_body(answer);
    CLIENT.with(|client| {
        let fields: [(_, &[u8]); 5] = [
            (c"productID", b"76ECE651-B59E-48F2-A47B-135614AADAD9"),
            (c"month", b"12"),
            (c"commonName", field),
            (c"OrgName", field),
            (c"orderinfoPost.Further", field),
        ];
        check(&client.create_order(&fields), field);
        check(&client.call(c"create_order", json), field);
        check(&client.query_order(), field);
        check(&client.retrieve_certificate(), field);
    });
});
