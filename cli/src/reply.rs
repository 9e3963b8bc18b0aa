//! What every answer of the service has in common, in both forms.

use wotrus::Reply;

use crate::json::Json;
use crate::lang::say;
use crate::output::Table;

/// `data` as it came, the service's words, and what a ticket needs.
pub(crate) fn json(reply: &Reply) -> Json {
    Json::new()
        .with_raw("data", reply.data())
        .with("service_message", &reply.service_message())
        .with("request_id", reply.request_id())
        .with("attempts", &reply.attempts())
        .with("http_status", &reply.http_status())
}

/// The last rows of a table about an answer.
pub(crate) fn rows(table: &mut Table, reply: &Reply) {
    // The document's own example of a success says "string".
    let said = reply.service_message().filter(|said| said != "string");
    table.pair(say!("service says", "服务端消息"), said);
    table.pair(say!("RequestID", "RequestID"), Some(reply.request_id()));
}
