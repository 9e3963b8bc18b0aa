//! The parts that all responses of the service have in common.

use wotrus::Reply;

use crate::json::Json;
use crate::lang::say;
use crate::output::Table;

/// The response's `data` unchanged, the service's message, and what a support request needs.
pub(crate) fn json(reply: &Reply) -> Json {
    Json::new()
        .with_raw("data", reply.data())
        .with("service_message", &reply.service_message())
        .with("request_id", reply.request_id())
        .with("attempts", &reply.attempts())
        .with("http_status", &reply.http_status())
}

/// Adds the service's message and the RequestID to a table.
pub(crate) fn rows(table: &mut Table, reply: &Reply) {
    // "string" is a placeholder: the service document's example of a success has it.
    let message = reply.service_message().filter(|message| message != "string");
    table.pair(say!("service message", "服务端消息"), message);
    table.pair(say!("RequestID", "RequestID"), Some(reply.request_id()));
}
