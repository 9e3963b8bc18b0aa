//! The service's reason for a failure, wherever an answer has it: in the envelope's `errorMsg`, in
//! ProblemDetails (RFC 9457), or as other layers of .NET write it.

use crate::json::{Json, Value};

/// Members whose text is a reason by itself, in the order they are shown.
const NAMES: [&str; 12] = [
    "errorMsg",
    "title",
    "message",
    "msg",
    "error",
    "error_description",
    "detail",
    "reason",
    "MessageDetail",
    "ExceptionMessage",
    "errors",
    "ModelState",
];
/// Members that contain nothing of use to a person.
const NOISE: [&str; 4] = ["type", "traceId", "StackTrace", "ExceptionType"];
const MAX_CHARS: usize = 1000;
/// Reasons are nested two levels deep: errors by field, several for each.
const MAX_DEPTH: usize = 4;

/// The reason in an answer that is a JSON object, unless it has none.
pub(crate) fn reason_in(text: &str) -> Option<String> {
    reason(&Json::object(text.trim_start_matches('\u{feff}')).ok()?)
}

/// The reason in an answer, unless it has none.
pub(super) fn reason<T: AsRef<str>>(answer: &Json<T>) -> Option<String> {
    let found = NAMES.iter().filter_map(|name| answer.get(name));
    let mut parts = Vec::new();
    found.filter(|value| !value.is_boolean()).for_each(|value| add(&mut parts, value, MAX_DEPTH));
    if parts.is_empty() {
        let texts = ["data", "successMsg"].iter().filter_map(|name| answer.get(name));
        texts.filter(|value| value.is_text()).for_each(|value| add(&mut parts, value, 1));
    }
    let text = parts.join("; ");
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => Some(format!("{}…", &text[..end])),
        None => Some(text).filter(|text| !text.is_empty()),
    }
}

/// Adds the texts of a value: of a list each, of an object each with its name.
fn add(parts: &mut Vec<String>, value: Value<'_>, depth: usize) {
    let is_one_of = |names: &[&str], name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    if depth == 0 {
        return;
    }
    if let Some(text) = value.scalar() {
        let text = text.trim().trim_end_matches(['.', ';', '。']);
        if !text.is_empty() && !parts.iter().any(|part| part == text) {
            parts.push(text.to_owned());
        }
    }
    value.items().into_iter().flatten().for_each(|item| add(parts, item, depth - 1));
    for member in value.members() {
        let name = member.name();
        if is_one_of(&NAMES, &name) {
            add(parts, member.value, depth - 1);
        } else if !is_one_of(&NOISE, &name) {
            let mut own = Vec::new();
            add(&mut own, member.value, depth - 1);
            parts.extend((!own.is_empty()).then(|| format!("{name}: {}", own.join(", "))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_reason_is_passed_on() {
        for (answer, reason) in [
            (r#"{"errorMsg":"余额不足。"}"#, "余额不足"),
            (
                r#"{"errorMsg":["month is invalid","zip is invalid"]}"#,
                "month is invalid; zip is invalid",
            ),
            (
                r#"{"ErrorMsg":{"code":1204,"message":"balance too low"}}"#,
                "code: 1204; balance too low",
            ),
            (r#"{"errorMsg":"","message":"no balance"}"#, "no balance"),
            (r#"{"errorMsg":null,"data":"余额不足"}"#, "余额不足"),
            (
                r#"{"type":"https://tools.ietf.org/html/rfc7231","title":"One or more validation errors occurred.",
                    "status":400,"traceId":"|cc26","errors":{"orderinfoPost.month":["between 12 and 25.","odd"]}}"#,
                "One or more validation errors occurred; orderinfoPost.month: between 12 and 25, odd",
            ),
            (
                r#"{"title":"Bad Request","detail":"no such product"}"#,
                "Bad Request; no such product",
            ),
            (
                r#"{"Message":"The request is invalid.","ModelState":{"order":["no order"]}}"#,
                "The request is invalid; order: no order",
            ),
            (
                r#"{"error":"invalid_token","error_description":"expired"}"#,
                "invalid_token; expired",
            ),
            (
                r#"{"error":{"code":"E1","message":"m","details":[{"message":"d"}]}}"#,
                "code: E1; m; details: d",
            ),
            (
                r#"{"errors":[{"code":1,"message":"a"},{"code":2,"message":"b"}]}"#,
                "code: 1; a; code: 2; b",
            ),
            (
                r#"{"Message":"An error has occurred.","StackTrace":"at X"}"#,
                "An error has occurred",
            ),
            ("\u{feff}{\"msg\":\"m\"}", "m"),
        ] {
            assert_eq!(reason_in(answer).as_deref(), Some(reason), "{answer}");
        }
        for none in [
            "{}",
            "[]",
            "x",
            r#"{"error":true}"#,
            r#"{"errorMsg":[null,{}," "]}"#,
            r#"{"userMobile":"18610077459"}"#,
            r#"{"errorMsg":"\ud800"}"#,
        ] {
            assert_eq!(reason_in(none), None, "{none}");
        }
    }

    #[test]
    fn a_reason_is_bounded() {
        let long = format!(r#"{{"errorMsg":"{}"}}"#, "长".repeat(5000));
        assert_eq!(reason_in(&long).unwrap().chars().count(), MAX_CHARS + 1);
        let deep = format!(r#"{{"errorMsg":{}"x"{}}}"#, "[".repeat(50), "]".repeat(50));
        assert_eq!(reason_in(&deep), None);
    }
}
