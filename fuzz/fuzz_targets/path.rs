//! Looking up a field of an answer: the path, a NUL, the answer. Rust and C find the same.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use wotrus_fuzz::capi::{Client, OK};
use wotrus_fuzz::{respond_with_body, with_client};

thread_local! {
    static CLIENT: Client = Client::new("UTF-8");
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(end) = data.iter().position(|byte| *byte == 0) else { return Corpus::Reject };
    let (path, body) = (&data[..end], &data[end + 1..]);
    respond_with_body(body);
    let reply = CLIENT.with(Client::query_order);
    let in_c = reply.get(path);
    if reply.status() == OK {
        let answer = with_client(|client| client.query_order("A1")).expect("as in C");
        if let Ok(path) = std::str::from_utf8(path) {
            // A NUL inside a text of C would end it.
            let in_rust = answer.reply().get(path).map(|text| text.replace('\0', "\u{fffd}"));
            assert_eq!(in_c, in_rust.as_deref().map(str::as_bytes), "{path:?}");
        }
    }
    Corpus::Keep
});
