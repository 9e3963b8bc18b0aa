//! The service's reason for a failure, wherever an answer has it: in the envelope's `errorMsg`, in
//! ProblemDetails (RFC 9457), or as other layers of .NET write it.

use super::plain_text;
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
/// Each text is compared with all others, so their number bounds the time.
const MAX_PARTS: usize = 100;
/// Reasons are nested two levels deep: errors by field, several for each.
const MAX_DEPTH: usize = 4;

/// The reason in an answer that is a JSON object, unless it has none.
/// `redact` removes secrets; it sees each text before the text is trimmed or cut.
pub(crate) fn reason_in(text: &str, redact: Redact<'_>) -> Option<String> {
    reason(&Json::object(text.trim_start_matches('\u{feff}')).ok()?, redact)
}

pub(crate) type Redact<'a> = &'a dyn Fn(&str) -> String;

/// The reason in an answer, unless it has none.
pub(super) fn reason<T: AsRef<str>>(answer: &Json<T>, redact: Redact<'_>) -> Option<String> {
    let found = NAMES.iter().filter_map(|name| answer.get(name));
    let mut parts = Vec::new();
    found
        .filter(|value| !value.is_boolean())
        .for_each(|value| add(&mut parts, value, MAX_DEPTH, redact));
    if parts.is_empty() {
        let texts = ["data", "successMsg"].iter().filter_map(|name| answer.get(name));
        texts.filter(|value| value.is_text()).for_each(|value| add(&mut parts, value, 1, redact));
    }
    plain_text::beginning(parts.join("; "), MAX_CHARS)
}

/// A text of the service as plain text without secrets.
pub(crate) fn plain(text: &str, redact: Redact<'_>) -> String {
    // Again, because HTML may write a secret with entities.
    redact(&plain_text::of_reason(&redact(text)))
}

/// Adds the texts of a value: of a list each, of an object each with its name.
fn add(parts: &mut Vec<String>, value: Value<'_>, depth: usize, redact: Redact<'_>) {
    let is_one_of = |names: &[&str], name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    if depth == 0 || parts.len() >= MAX_PARTS {
        return;
    }
    if let Some(text) = value.scalar() {
        let text = plain(&text, redact);
        let text = text.trim().trim_end_matches(['.', ';', '。']);
        if !text.is_empty() && !parts.iter().any(|part| part == text) {
            parts.push(text.to_owned());
        }
    }
    value.items().into_iter().flatten().for_each(|item| add(parts, item, depth - 1, redact));
    for member in value.members() {
        let name = member.name();
        if is_one_of(&NAMES, &name) {
            add(parts, member.value, depth - 1, redact);
        } else if !is_one_of(&NOISE, &name) {
            let mut own = Vec::new();
            add(&mut own, member.value, depth - 1, redact);
            parts.extend((!own.is_empty()).then(|| format!("{name}: {}", own.join(", "))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without redaction.
    fn reason_of(text: &str) -> Option<String> {
        reason_in(text, &|text| text.to_owned())
    }

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
            (r#"{"message":"<h1>502</h1><p>Bad&nbsp;Gateway</p>"}"#, "502 Bad Gateway"),
        ] {
            assert_eq!(reason_of(answer).as_deref(), Some(reason), "{answer}");
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
            assert_eq!(reason_of(none), None, "{none}");
        }
    }

    #[test]
    fn a_reason_is_bounded() {
        let long = format!(r#"{{"errorMsg":"{}"}}"#, "长".repeat(5000));
        assert_eq!(reason_of(&long).unwrap().chars().count(), MAX_CHARS + 1);
        let deep = format!(r#"{{"errorMsg":{}"x"{}}}"#, "[".repeat(50), "]".repeat(50));
        assert_eq!(reason_of(&deep), None);
    }

    #[test]
    fn a_reason_of_many_texts_takes_no_quadratic_time() {
        let texts: Vec<String> = (0..200_000).map(|number| format!("\"{number}\"")).collect();
        let reason = reason_of(&format!(r#"{{"errorMsg":[{}]}}"#, texts.join(","))).unwrap();
        assert_eq!(reason.matches("; ").count(), MAX_PARTS - 1);
    }

    #[test]
    fn secrets_are_redacted_before_texts_are_trimmed_and_cut() {
        let redact = |text: &str| text.replace("abc12345.", "***");
        let at_the_end = reason_in(r#"{"errorMsg":"wrong password abc12345."}"#, &redact).unwrap();
        assert_eq!(at_the_end, "wrong password ***");
        let text = format!(r#"{{"detail":"{}abc12345."}}"#, "x".repeat(MAX_CHARS - 4));
        assert!(!reason_in(&text, &redact).unwrap().contains("abc1"));
    }
}
