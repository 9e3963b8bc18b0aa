//! Reads JSON that the user gives.
//!
//! The library checks requests that it builds. The body of `wotrus api` is sent unchanged, so it is checked
//! here: a mistake gets a line and a column, and a misspelt or misplaced idempotenceID is refused, because
//! the order would have no protection against being created twice.

use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::charset;
use crate::failure::{Failure, Result, problem_of};
use crate::input;
use crate::lang::{self, say};

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
        Some("json") => {
            let file = charset::display(path);
            let error = error.in_lang(lang::of_library());
            let problem = problem_of(&error);
            Failure::argument(flag, say!("{file}: {problem}", "{file}：{problem}"))
        }
        _ => error.into(),
    })
}

/// Reads the body of a POST to an endpoint.
pub(crate) fn body(flag: &str, path: &Path, endpoint: &str) -> Result<String> {
    let text = input::text(flag, path)?;
    let file = charset::display(path);
    let object: Node = serde_json::from_str(&text).map_err(|error| {
        let (line, column) = position(&text, &error);
        let problem = syntax_problem(&error);
        Failure::argument(flag, format!("{file}:{line}:{column}: {problem}"))
    })?;
    let Node::Object(members) = &object else {
        let problem = say!("{file} is not a JSON object", "{file} 不是 JSON 对象");
        return Err(Failure::argument(flag, problem));
    };
    check_names(IdPlace::of_endpoint(endpoint), &mut Vec::new(), members)?;
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

fn check_names(place: IdPlace, path: &mut Vec<String>, members: &[(String, Node)]) -> Result<()> {
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

fn check_value(place: IdPlace, path: &mut Vec<String>, value: &Node) -> Result<()> {
    match value {
        Node::Object(members) => check_names(place, path, members),
        Node::Array(values) => values.iter().try_for_each(|value| check_value(place, path, value)),
        Node::Scalar => Ok(()),
    }
}

fn looks_like_id(name: &str) -> bool {
    const PREFIX: &str = "idempot";
    name.trim_start().get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// The line and the column of a mistake, counted from 1 in characters. serde_json counts bytes, and
/// reports a line break inside a string at column 0 of the next line.
fn position(text: &str, error: &serde_json::Error) -> (usize, usize) {
    let lines: Vec<&str> = text.split('\n').collect();
    let characters = |line: usize, bytes: usize| {
        let line = lines.get(line.wrapping_sub(1)).copied().unwrap_or_default();
        String::from_utf8_lossy(&line.as_bytes()[..bytes.min(line.len())]).chars().count()
    };
    match (error.line(), error.column()) {
        (line, 0) if line > 1 => (line - 1, characters(line - 1, usize::MAX) + 1),
        (line, column) => (line, characters(line, column).max(1)),
    }
}

fn syntax_problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let problem = text.split(" at line ").next().unwrap_or_default();
    if problem.starts_with("control character") {
        return say!(
            "a line break or another control character inside a string (write a line break as \\n)",
            "字符串中有换行等控制字符（换行应写作 \\n）"
        );
    }
    problem.to_owned()
}

/// The names in a JSON text.
enum Node {
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    Scalar,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Node::Array(values))
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Node::Scalar)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }
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

    #[test]
    fn mistakes_have_a_line_and_a_column() {
        for (json, place) in [
            ("{\n \"a\": \"沃\ny\"\n}", ":2:9: a line break"),
            ("{\n \"a\": 1,\n}", ":3:1: trailing comma"),
            ("{\"a\": }", ":1:7:"),
            ("", ":1:1: EOF"),
            ("{\"沃通\": x}", ":1:8:"),
            ("[1]", "is not a JSON object"),
        ] {
            let failure = check("/v1/Order/Create", json).unwrap_err();
            assert!(failure.message().contains(place), "{json:?}: {}", failure.message());
        }
    }
}
