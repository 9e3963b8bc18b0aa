//! The inner parts, opened to the project's own benches: no part of the interface.

use std::io;

use crate::answer::Envelope;
use crate::certificate::Certificates;
use crate::error::Result;
use crate::request::OrderRequest;

/// Makes the body of an order and reads it as the connection does; how many bytes it has.
///
/// # Errors
/// As the call itself would give.
pub fn body(order: &OrderRequest) -> Result<u64> {
    let (body, _) = order.draft().body()?;
    io::copy(&mut body.reader(None), &mut io::sink()).expect("a document in memory can be read");
    Ok(body.length())
}

/// Whether an answer is an envelope that says success.
pub fn envelope(answer: &str) -> bool {
    Envelope::parse(answer.to_owned()).is_ok_and(|envelope| envelope.success)
}

/// The certificates in an answer.
pub fn certificates(answer: &str) -> Option<Certificates> {
    Envelope::parse(answer.to_owned()).ok()?.data().map(Certificates::read)
}
