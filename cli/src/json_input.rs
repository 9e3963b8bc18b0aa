//! Reads JSON that the user gives.
//!
//! The library checks requests that it builds. The body of `wotrus api` is sent unchanged, so it is checked
//! here: a misspelt or misplaced idempotenceID is refused, because the order would have no protection against
//! being created twice.

use std::path::Path;

use serde_json::{Map, Value};

use crate::failure::{Failure, Result, problem_of};
use crate::input;
use crate::lang::{self, named, say};

const IDEMPOTENCE_ID: &str = "idempotenceID";

/// Reads a request in the service's JSON form with one of the library's functions.
pub(crate) fn request<T>(
    flag: &str,
    path: &Path,
    from_json: impl FnOnce(&str) -> Result<T, wotrus::Error>,
) -> Result<T> {
    of_text(flag, path, from_json(&input::text(flag, path)?))
}

/// The request in a file that was read already; an error in its JSON names the file.
pub(crate) fn of_text<T>(flag: &str, path: &Path, request: Result<T, wotrus::Error>) -> Result<T> {
    request.map_err(|error| match error.field() {
        Some("json" | "body" | "push") => {
            let error = error.in_lang(lang::of_library());
            Failure::argument(flag, named(&input::name(path), problem_of(&error)))
        }
        _ => error.into(),
    })
}

/// Reads the body of a POST to an endpoint. The library says what is wrong with a text that is not JSON.
pub(crate) fn body(flag: &str, path: &Path, endpoint: &str) -> Result<String> {
    let text = input::text(flag, path)?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => {
            check_names(IdPlace::of_endpoint(endpoint), &mut Vec::new(), &members)?;
        }
        Ok(_) => {
            let problem = say!("is not a JSON object", "不是 JSON 对象");
            return Err(Failure::argument(flag, named(&input::name(path), problem)));
        }
        Err(_) => {}
    }
    Ok(text)
}

/// Where a request body has its idempotenceID.
#[derive(Debug, Clone, Copy)]
enum IdPlace {
    /// At this path.
    At(&'static [&'static str]),
    /// The request has none.
    None,
    /// The endpoint is not known.
    Unknown,
}

impl IdPlace {
    fn of_endpoint(endpoint: &str) -> Self {
        match endpoint.split('?').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "/v1/order/create" => Self::At(&["orderinfoPost", IDEMPOTENCE_ID]),
            "/v1/certificate/reissuerequest" => Self::At(&[IDEMPOTENCE_ID]),
            "/v1/order/cancel" | "/v1/certificate/revokerequest" | "/v1/notification/email" => {
                Self::None
            }
            _ => Self::Unknown,
        }
    }

    fn is(self, path: &[String]) -> bool {
        let has_name = |wanted: &str, name: &String| name.eq_ignore_ascii_case(wanted);
        match self {
            Self::At(place) => {
                path.len() == place.len()
                    && place.iter().zip(path).all(|(wanted, name)| has_name(wanted, name))
            }
            Self::None => false,
            Self::Unknown => path.last().is_some_and(|name| has_name(IDEMPOTENCE_ID, name)),
        }
    }

    fn advice(self) -> String {
        match self {
            Self::At(place) => {
                let field = place.join(".");
                say!("the field is {field}", "正确的字段为 {field}")
            }
            Self::None => {
                say!("this request has no idempotenceID", "此请求没有 idempotenceID 字段")
            }
            Self::Unknown => say!("the field is idempotenceID", "正确的字段为 idempotenceID"),
        }
    }
}

fn check_names(place: IdPlace, path: &mut Vec<String>, members: &Map<String, Value>) -> Result<()> {
    for (name, value) in members {
        path.push(name.clone());
        if looks_like_id(name) && !place.is(path) {
            let advice = place.advice();
            return Err(Failure::argument(
                &path.join("."),
                say!("has no effect under this name: {advice}", "此名称的字段不起作用：{advice}"),
            ));
        }
        check_value(place, path, value)?;
        path.pop();
    }
    Ok(())
}

fn check_value(place: IdPlace, path: &mut Vec<String>, value: &Value) -> Result<()> {
    match value {
        Value::Object(members) => check_names(place, path, members),
        Value::Array(values) => values.iter().try_for_each(|value| check_value(place, path, value)),
        _ => Ok(()),
    }
}

fn looks_like_id(name: &str) -> bool {
    const PREFIX: &str = "idempot";
    name.trim_start().get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(endpoint: &str, json: &str) -> Result<()> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), json).unwrap();
        body("--data", file.path(), endpoint).map(drop)
    }

    #[test]
    fn idempotence_ids_must_be_spelt_right_and_in_their_place() {
        let (create, reissue) = ("/v1/Order/Create", "/v1/Certificate/ReissueRequest");
        let (cancel, other) = ("/v1/Order/Cancel", "/v1/Other?x=1");
        for (endpoint, json) in [
            (create, r#"{"orderinfoPost":{"IDEMPOTENCEID":"1"}}"#),
            (create, r#"{"orderinfoPost":{"note":"idempotentID"}}"#),
            (reissue, r#"{"idempotenceId":"1"}"#),
            (other, r#"{"part":{"idempotenceID":"1"}}"#),
        ] {
            assert!(check(endpoint, json).is_ok(), "{json}");
        }
        for (endpoint, json, advice) in [
            (create, r#"{"idempotenceID":"1"}"#, "orderinfoPost.idempotenceID"),
            (create, r#"{"orderinfoPost":{"Idempotent_ID":"1"}}"#, "orderinfoPost.idempotenceID"),
            (create, r#"{"documentsPost":[{"idempotencyKey":1}]}"#, "orderinfoPost.idempotenceID"),
            (reissue, r#"{"idempotencyID":"1"}"#, "the field is idempotenceID"),
            (cancel, r#"{"idempotenceID":"1"}"#, "has no idempotenceID"),
            (other, r#"{"a":[{"idempotent":"1"}]}"#, "the field is idempotenceID"),
        ] {
            let failure = check(endpoint, json).unwrap_err();
            assert_eq!(failure.exit_code(), 2);
            assert!(failure.message().contains(advice), "{}", failure.message());
        }
    }
}
