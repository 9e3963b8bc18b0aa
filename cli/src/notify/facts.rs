//! An event as a line of JSON, and as variables of a command.

use std::ffi::OsString;

use serde_json::{Map, Value};

use crate::charset;
use crate::json::Json;
use crate::ledger::EventRow;
use crate::text::printable;

/// The beginning of the variables' names.
pub(super) const VARIABLE: &str = "WOTRUS_EVENT_";
pub(super) const ORDER_ID: &str = "WOTRUS_ORDER_ID";
pub(super) const ORDER_STATUS: &str = "WOTRUS_ORDER_STATUS";

/// The event as JSON: its id, its type, its time, and the facts.
pub(crate) fn line(event: &EventRow) -> String {
    let head = Json::new().with("event_id", &event.id).with("type", &event.kind);
    let head = head.with("at", &event.at).object();
    let inner = |object: &str| -> Option<String> {
        Some(object.trim().strip_prefix('{')?.strip_suffix('}')?.to_owned())
    };
    match (inner(&head), inner(&event.data)) {
        (Some(head), Some(facts)) if !facts.trim().is_empty() => format!("{{{head},{facts}}}"),
        _ => head,
    }
}

/// The variables of a command: `WOTRUS_EVENT_` and the name of each fact that is not a list.
pub(super) fn variables(event: &EventRow) -> Vec<(String, OsString)> {
    let facts: Map<String, Value> = serde_json::from_str(&line(event)).unwrap_or_default();
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    };
    // A variable cannot contain every character that the service may send.
    let value = |text: &str| charset::path(&printable(text)).into_os_string();
    let mut variables = Vec::new();
    for (name, fact) in &facts {
        let Some(text) = text(fact) else { continue };
        let name = match name.as_str() {
            "event_id" => "ID".to_owned(),
            name => name.to_ascii_uppercase(),
        };
        variables.push((format!("{VARIABLE}{name}"), value(&text)));
        match name.as_str() {
            "ORDER_ID" => variables.push((ORDER_ID.to_owned(), value(&text))),
            "STATUS" => variables.push((ORDER_STATUS.to_owned(), value(&text))),
            _ => {}
        }
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_members_of_the_line_and_variables() {
        let event = EventRow {
            id: "e-1".into(),
            kind: "status".into(),
            at: "2026-11-29T00:00:00Z".into(),
            data: r#"{"order_id":"A1","status":"a\u0000\nb","previous_status":null,"list":[1]}"#
                .into(),
            tries: 0,
        };
        let json: Value = serde_json::from_str(&line(&event)).unwrap();
        assert_eq!((&json["event_id"], &json["order_id"]), (&"e-1".into(), &"A1".into()));
        let found = variables(&event);
        let get = |name: &str| {
            let found = found.iter().find(|(found, _)| found == name);
            found.map(|(_, value)| value.to_str().unwrap().to_owned())
        };
        assert_eq!(get("WOTRUS_EVENT_ID").as_deref(), Some("e-1"));
        assert_eq!(get("WOTRUS_EVENT_TYPE").as_deref(), Some("status"));
        assert_eq!(get("WOTRUS_ORDER_ID").as_deref(), Some("A1"));
        assert_eq!(get("WOTRUS_ORDER_STATUS").as_deref(), Some("a\\u{0} b"));
        assert_eq!(get("WOTRUS_EVENT_PREVIOUS_STATUS"), None);
        assert_eq!(get("WOTRUS_EVENT_LIST"), None);
        let bare = EventRow { data: "{}".into(), ..event };
        assert!(serde_json::from_str::<Value>(&line(&bare)).unwrap()["type"] == "status");
    }
}
