//! The catalogue, in groups.

mod answers;
mod early;
mod pool;
mod proxy;
mod time;
mod tls;

use crate::behaviour::{Behaviour, World};
use crate::server::Visit;

pub(crate) const QUERIED: &str = r#"{"isSuccess":true,"data":{"id":"A1","status":"pending"}}"#;
pub(crate) const CREATED: &str = r#"{"isSuccess":true,"data":{"orderID":"A1"}}"#;

/// Every behaviour, in groups.
pub(crate) fn all(world: &World) -> Vec<(&'static str, Vec<Behaviour>)> {
    vec![
        ("Time", time::all(world)),
        ("Answers", answers::all()),
        ("Kept connections", pool::all()),
        ("Early refusals and redirects", early::all(world)),
        ("TLS", tls::all(world)),
        ("Proxies and the environment", proxy::all(world)),
    ]
}

/// A complete response.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
}

pub(crate) fn ok(body: &str) -> String {
    answer(200, "", body)
}

/// Answers every request of a connection correctly.
pub(crate) fn good(visit: &mut Visit) {
    while let Some(head) = visit.request() {
        visit.send(ok(if head.starts_with("GET") { QUERIED } else { CREATED }));
    }
}
