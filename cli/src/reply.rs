//! The parts that all responses of the service have in common.

use wotrus::{Cause, Kind, Reply, Warning};

use crate::failure::Failure;
use crate::json::Json;
use crate::lang::{self, say};
use crate::output::{Table, warn};
use crate::text::printable;

/// Whether a response is about another order than the one that was asked for.
pub(crate) fn is_of_other_order(reply: &Reply) -> bool {
    reply.warnings().iter().any(|warning| matches!(warning, Warning::OtherOrder { .. }))
}

/// The failure of a query for an order that was answered with another one.
pub(crate) fn other_order(id: &str) -> Failure {
    let message = say!(
        "the service answered the query for order {id} with another order; nothing was changed",
        "查询订单 {id} 时，服务端返回了另一个订单；未作任何更改"
    );
    Failure::new(Kind::Protocol, Cause::Envelope, message)
}

/// The response's `data` unchanged, the service's message, what a support request needs, and warnings if
/// there are any.
pub(crate) fn json(reply: &Reply) -> Json {
    let json = Json::new()
        .with_raw("data", reply.data())
        .with("service_message", &reply.service_message())
        .with("request_id", reply.request_id())
        .with("attempts", &reply.attempts())
        .with("http_status", &reply.http_status());
    if reply.warnings().is_empty() {
        return json;
    }
    let warnings: Vec<String> = reply
        .warnings()
        .iter()
        .map(|warning| {
            let json = Json::new().with("kind", warning.as_str());
            json.with("message", &lang::text(&warning.message())).object()
        })
        .collect();
    json.with_raw("warnings", Some(&format!("[{}]", warnings.join(","))))
}

/// Prints the warnings about a response.
pub(crate) fn tell_warnings(reply: &Reply) {
    for warning in reply.warnings() {
        warn(&printable(&lang::text(&warning.message())));
    }
}

/// Adds the service's message and the RequestID to a table.
pub(crate) fn rows(table: &mut Table, reply: &Reply) {
    // "string" is a placeholder: the service document's example of a success has it.
    let message = reply.service_message().filter(|message| message != "string");
    table.pair(say!("service message", "服务端消息"), message);
    table.pair(say!("RequestID", "RequestID"), Some(reply.request_id()));
}
