//! The head and body of a response: one byte with the size of pieces, then the bytes. The result must not
//! depend on the pieces.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use wotrus::{Cause, Delivery, Error, Kind, OrderRequest, fuzz, product};
use wotrus_fuzz::{check_error, check_reply, split_byte, with_client};

/// What the caller gets.
#[derive(Debug, PartialEq)]
enum Outcome {
    Reply(String, u16),
    Error(Kind, Cause, Delivery, Option<u16>),
}

impl Outcome {
    fn of(error: &Error) -> Self {
        check_error(error);
        Self::Error(error.kind(), error.cause(), error.delivery(), error.http_status())
    }
}

fn outcome(bytes: &[u8], piece: usize) -> [Outcome; 2] {
    fuzz::respond(bytes, piece);
    with_client(|client| {
        let query = match client.query_order("A1") {
            Ok(answer) => {
                check_reply(answer.reply());
                Outcome::Reply(answer.reply().json().to_owned(), answer.reply().http_status())
            }
            Err(error) => Outcome::of(&error),
        };
        let order = OrderRequest::new(product::PDF_SIGNING, "fuzz", 12, "fuzz");
        let create = match client.create_order(&order) {
            Ok(created) => {
                assert!(!created.value().id().is_empty());
                Outcome::Reply(created.reply().json().to_owned(), created.reply().http_status())
            }
            Err(error) => {
                assert_ne!(error.delivery(), Delivery::NotSent, "the request was sent: {error}");
                let unknown = error.delivery() == Delivery::Unknown;
                assert_eq!(error.kind() == Kind::UnknownOutcome, unknown, "{error}");
                Outcome::of(&error)
            }
        };
        [query, create]
    })
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((piece, bytes)) = split_byte(data) else { return Corpus::Reject };
    assert_eq!(outcome(bytes, usize::MAX), outcome(bytes, piece.into()));
    Corpus::Keep
});
