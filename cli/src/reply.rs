//! The parts that all responses of the service have in common.

use wotrus::Reply;

use crate::json::Json;
use crate::lang::{self, say};
use crate::output::{Table, warn};
use crate::text::printable;

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
