//! Checks JSON that the user gives before the library reads it: mistakes get a line and a column, and a
//! misspelt or misplaced idempotenceID is refused, because the order would have no protection against
//! being created twice.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::charset;
use crate::failure::{Failure, Result};
use crate::input;
use crate::lang::say;

const IDEMPOTENCE_ID: &str = "idempotenceID";
const ORDER_INFO: &str = "orderinfoPost";

/// Where a request body holds its idempotenceID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// In `orderinfoPost`.
    Order,
    /// At the top level.
    Reissue,
    /// Nowhere.
    Revoke,
    /// Not known.
    Other,
}

impl Body {
    /// The body that an endpoint takes.
    pub(crate) fn of_endpoint(path: &str) -> Self {
        let is = |endpoint: &str| {
            path.split('?').next().unwrap_or_default().eq_ignore_ascii_case(endpoint)
        };
        match path {
            _ if is("/v1/Order/Create") => Self::Order,
            _ if is("/v1/Certificate/ReissueRequest") => Self::Reissue,
            _ if is("/v1/Certificate/RevokeRequest") => Self::Revoke,
            _ => Self::Other,
        }
    }

    fn accepts(self, path: &[String]) -> bool {
        let is = |wanted: &[&str]| {
            path.len() == wanted.len()
                && path.iter().zip(wanted).all(|(name, wanted)| name.eq_ignore_ascii_case(wanted))
        };
        match self {
            Self::Order => is(&[ORDER_INFO, IDEMPOTENCE_ID]),
            Self::Reissue => is(&[IDEMPOTENCE_ID]),
            Self::Revoke => false,
            Self::Other => {
                path.last().is_some_and(|name| name.eq_ignore_ascii_case(IDEMPOTENCE_ID))
            }
        }
    }

    fn advice(self) -> String {
        match self {
            Self::Order => {
                say!(
                    "the field is orderinfoPost.idempotenceID",
                    "正确的字段为 orderinfoPost.idempotenceID"
                )
            }
            Self::Reissue => say!(
                "the field is idempotenceID at the top level",
                "正确的字段为最外层的 idempotenceID"
            ),
            Self::Revoke => {
                say!("a revocation has no idempotenceID", "吊销申请没有 idempotenceID 字段")
            }
            Self::Other => say!("the field is idempotenceID", "正确的字段为 idempotenceID"),
        }
    }
}

/// Reads a JSON object from a file and checks it.
pub(crate) fn read(flag: &str, path: &Path, body: Body) -> Result<String> {
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
    check_names(body, &mut Vec::new(), members)?;
    Ok(if body == Body::Order { with_whole_month(&text).unwrap_or(text) } else { text })
}

/// Checks the name of a field that is set by a flag: `NAME` or `PART.NAME`.
pub(crate) fn check_field(name: &str) -> Result<()> {
    let path: Vec<String> = name.split('.').map(str::to_owned).collect();
    // A name alone belongs to orderinfoPost if it is one of its fields.
    let is_exact = path.len() == 1 && name.eq_ignore_ascii_case(IDEMPOTENCE_ID);
    if is_exact || Body::Order.accepts(&path) || !path.iter().any(|name| looks_like_id(name)) {
        return Ok(());
    }
    Err(refused(name, Body::Order))
}

/// Checks the names in a JSON value that is set by a flag. None of them is in the right place.
pub(crate) fn check_field_value(name: &str, json: &str) -> Result<()> {
    let value: Node = serde_json::from_str(json).map_err(|error| {
        let (line, column) = position(json, &error);
        let problem = syntax_problem(&error);
        let place = say!("line {line}, column {column}", "第 {line} 行第 {column} 列");
        Failure::argument(
            name,
            say!("is not JSON: {place}: {problem}", "不是 JSON：{place}：{problem}"),
        )
    })?;
    check_value(Body::Order, &mut vec![name.to_owned()], &value)
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

fn looks_like_id(name: &str) -> bool {
    const PREFIX: &str = "idempot";
    name.trim_start().get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

fn check_names(body: Body, path: &mut Vec<String>, members: &[(String, Node)]) -> Result<()> {
    for (name, value) in members {
        path.push(name.clone());
        if looks_like_id(name) && !body.accepts(path) {
            return Err(refused(&path.join("."), body));
        }
        check_value(body, path, value)?;
        path.pop();
    }
    Ok(())
}

fn check_value(body: Body, path: &mut Vec<String>, value: &Node) -> Result<()> {
    match value {
        Node::Object(members) => check_names(body, path, members),
        Node::Array(values) => values.iter().try_for_each(|value| check_value(body, path, value)),
        Node::Scalar => Ok(()),
    }
}

fn refused(name: &str, body: Body) -> Failure {
    let advice = body.advice();
    Failure::argument(
        name,
        say!("has no effect under this name: {advice}", "此名称的字段不起作用：{advice}"),
    )
}

/// The order with a month such as `12.0`, which PHP and JavaScript can write, as a whole number.
fn with_whole_month(text: &str) -> Option<String> {
    let member = |json: &'_ str, wanted: &str| -> Option<(usize, usize)> {
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
        let (_, value) = members.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        let start = value.get().as_ptr().addr() - json.as_ptr().addr();
        Some((start, start + value.get().len()))
    };
    let (info_start, info_end) = member(text, ORDER_INFO)?;
    let (start, end) = member(&text[info_start..info_end], "month")?;
    let (start, end) = (info_start + start, info_start + end);
    let (whole, fraction) = text[start..end].split_once('.')?;
    let is_whole = !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0');
    is_whole.then(|| format!("{}{whole}{}", &text[..start], &text[end..]))
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

    fn check(body: Body, json: &str) -> Result<()> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), json).unwrap();
        read("--from", file.path(), body).map(drop)
    }

    #[test]
    fn idempotence_ids_must_be_spelt_right_and_in_their_place() {
        for (body, json) in [
            (Body::Order, r#"{"orderinfoPost":{"IDEMPOTENCEID":"1"}}"#),
            (Body::Reissue, r#"{"idempotenceId":"1"}"#),
            (Body::Other, r#"{"part":{"idempotenceID":"1"}}"#),
            (Body::Order, r#"{"orderinfoPost":{"note":"idempotentID"}}"#),
        ] {
            assert!(check(body, json).is_ok(), "{json}");
        }
        for (body, json, name) in [
            (Body::Order, r#"{"idempotenceID":"1"}"#, "orderinfoPost.idempotenceID"),
            (
                Body::Order,
                r#"{"orderinfoPost":{"Idempotent_ID":"1"}}"#,
                "orderinfoPost.idempotenceID",
            ),
            (
                Body::Order,
                r#"{"documentsPost":[{"idempotencyKey":1}]}"#,
                "orderinfoPost.idempotenceID",
            ),
            (Body::Reissue, r#"{"idempotencyID":"1"}"#, "idempotenceID at the top level"),
            (Body::Revoke, r#"{"idempotenceID":"1"}"#, "has no idempotenceID"),
            (Body::Other, r#"{"a":[{"idempotent":"1"}]}"#, "the field is idempotenceID"),
        ] {
            let failure = check(body, json).unwrap_err();
            assert_eq!(failure.exit_code(), 2);
            assert!(failure.message().contains(name), "{}", failure.message());
        }
        for name in ["idempotenceID", "OrderInfoPost.idempotenceid", "OrgName"] {
            assert!(check_field(name).is_ok(), "{name}");
        }
        for name in
            ["idempotentID", "organizationPost.idempotenceID", "orderinfoPost.idempotencyID"]
        {
            assert!(check_field(name).is_err(), "{name}");
        }
        assert!(check_field_value("orderinfoPost.x", r#"{"idempotenceID":"1"}"#).is_err());
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
            let failure = check(Body::Order, json).unwrap_err();
            assert!(failure.message().contains(place), "{json:?}: {}", failure.message());
        }
    }

    #[test]
    fn a_month_with_a_zero_fraction_is_a_whole_number() {
        let month = |value: &str| {
            with_whole_month(&format!(
                r#"{{"a":{{"month":1.0}}, "OrderinfoPost": {{"Month" : {value}}}}}"#
            ))
        };
        let expected = r#"{"a":{"month":1.0}, "OrderinfoPost": {"Month" : 12}}"#;
        assert_eq!(month("12.0").as_deref(), Some(expected));
        assert_eq!(month("12.000").as_deref(), Some(expected));
        for unchanged in ["12", "12.5", "\"12.0\"", "1.20e1"] {
            assert_eq!(month(unchanged), None, "{unchanged}");
        }
    }
}
