//! What an injected fault does to the reply: replaces it, or edits its body.

use std::time::{Duration, SystemTime};

use hyper::StatusCode;
use hyper::header::{CONNECTION, RETRY_AFTER};
use serde_json::{Value, json};

use super::spec::{Body, ErrorMsg, Ids, Json, Kind, RetryAfter};
use crate::http::reply::Reply;

const PROBLEM_JSON: &str = "application/problem+json; charset=utf-8";
/// .NET writes an absent `Guid` like this.
const ZERO_ID: &str = "00000000-0000-0000-0000-000000000000";
/// The fields of `data` that contain an order's id.
const ID_FIELDS: [&str; 4] = ["orderID", "orderID_RSA", "newOrderID", "id"];
/// What a refusal by a fault says.
const REASON: &str = "故障：请求被拒绝";

/// What is sent instead of the service's own reply.
pub(crate) enum Replacement {
    Reply(Reply),
    Reset,
    Hang,
}

/// What replaces the service's reply. `None` for a fault that keeps it.
pub(crate) fn replacement(kind: &Kind) -> Option<Replacement> {
    let reply = match kind {
        Kind::Status { status, retry_after, body } => {
            let reply = match body {
                Body::Html => Reply::html(*status),
                Body::Json => Reply::json(*status, br#"{"message":"try later"}"#.to_vec()),
                Body::Empty => Reply::empty(*status),
            };
            match retry_after {
                None => reply,
                Some(RetryAfter::Seconds(seconds)) => reply.with(RETRY_AFTER, &seconds.to_string()),
                Some(RetryAfter::Date(seconds)) => {
                    let then = SystemTime::now() + Duration::from_secs((*seconds).into());
                    reply.with(RETRY_AFTER, &httpdate::fmt_http_date(then))
                }
            }
        }
        // The client's body may follow all the same, so the connection cannot be used again.
        Kind::ExpectationFailed => {
            Reply::html(StatusCode::EXPECTATION_FAILED).with(CONNECTION, "close")
        }
        Kind::Problem(status) => Reply::new(*status, PROBLEM_JSON, problem(*status)),
        Kind::ErrorMsg(shape) => Reply::json(StatusCode::OK, refusal(*shape)),
        Kind::Html => Reply::html(StatusCode::OK),
        Kind::Reset => return Some(Replacement::Reset),
        Kind::Hang => return Some(Replacement::Hang),
        Kind::Json(_)
        | Kind::Ids(_)
        | Kind::Delay(_)
        | Kind::Cut(_)
        | Kind::Slow(_)
        | Kind::Stale => return None,
    };
    Some(Replacement::Reply(reply))
}

/// Edits the body of the service's own reply.
pub(crate) fn edit(kind: &Kind, reply: &mut Reply) {
    match kind {
        Kind::Json(Json::Broken) => reply.body.truncate(reply.body.len() * 2 / 3),
        Kind::Json(Json::Other) => reply.body = br#"{"message":"ok","code":0}"#.to_vec(),
        Kind::Ids(ids) => {
            let Ok(mut envelope) = serde_json::from_slice::<Value>(&reply.body) else { return };
            let data = envelope.get_mut("data").and_then(Value::as_object_mut);
            let Some(data) = data else { return };
            for (name, value) in data.iter_mut() {
                if ID_FIELDS.contains(&name.as_str()) {
                    replace_id(value, *ids);
                }
            }
            reply.body = envelope.to_string().into_bytes();
        }
        _ => {}
    }
}

fn replace_id(value: &mut Value, ids: Ids) {
    match (ids, &*value) {
        (Ids::Zero, _) | (Ids::ZeroAbsent, Value::Null) => *value = ZERO_ID.into(),
        (Ids::Other, Value::String(id)) => *value = other_id(id).into(),
        (Ids::ZeroAbsent | Ids::Other, _) => {}
    }
}

/// Another id: the same with another last character.
fn other_id(id: &str) -> String {
    let mut other = id.to_owned();
    let last = other.pop();
    other.push(if last == Some('0') { '1' } else { '0' });
    other
}

/// A refusal as ASP.NET writes it (RFC 9457).
fn problem(status: StatusCode) -> Vec<u8> {
    let problem = json!({
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": status.as_u16(),
        "detail": REASON,
        "errors": { "orderinfoPost.month": ["The field month is invalid.", "month: 12, 24"] },
        "traceId": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
    });
    problem.to_string().into_bytes()
}

fn refusal(shape: ErrorMsg) -> Vec<u8> {
    let error_msg = match shape {
        ErrorMsg::List => json!([REASON, "month: 12, 24"]),
        ErrorMsg::Object => json!({ "code": 4001, "message": REASON }),
    };
    let envelope =
        json!({ "isSuccess": false, "errorMsg": error_msg, "successMsg": "", "data": null });
    envelope.to_string().into_bytes()
}
