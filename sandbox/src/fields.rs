//! Request bodies: read by the document's names, in any ASCII case, as ASP.NET does.

use std::borrow::Cow;

use ring::digest::{Context, SHA256};
use serde_json::{Map, Value};

use crate::envelope::Refusal;

/// A JSON object of the request.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The field as it came; the exact name wins where several cases stand.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        let found = self.0.get(name).or_else(|| {
            self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    /// Text as it came, blanks and all; a number is taken for its digits.
    pub(crate) fn raw(&self, name: &str) -> Result<Option<Cow<'a, str>>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(Cow::Borrowed(text))),
            Some(Value::Number(number)) => Ok(Some(Cow::Owned(number.to_string()))),
            Some(_) => Err(Refusal::invalid(name)),
        }
    }

    /// Text without the blanks around it; empty counts as absent.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, Refusal> {
        Ok(self.raw(name)?.map(trimmed).filter(|text| !text.is_empty()))
    }

    /// Text that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<Cow<'a, str>, Refusal> {
        self.text(name)?.ok_or_else(|| Refusal::missing(name))
    }

    /// A small number that must be there, or its digits as text.
    pub(crate) fn number(&self, name: &str) -> Result<u32, Refusal> {
        self.required(name)?.parse().map_err(|_| Refusal::invalid(name))
    }

    /// An object that must be there.
    pub(crate) fn object(&self, name: &str) -> Result<Fields<'a>, Refusal> {
        let value = self.get(name).ok_or_else(|| Refusal::missing(name))?;
        value.as_object().map(Fields).ok_or_else(|| Refusal::invalid(name))
    }

    /// The objects of a list that may be absent.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Fields<'a>>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let items = value.as_array().ok_or_else(|| Refusal::invalid(name))?;
        let object = |item: &'a Value| item.as_object().map(Fields);
        items.iter().map(object).collect::<Option<_>>().ok_or_else(|| Refusal::invalid(name))
    }

    /// A digest of the content: the same whatever the case and the order of names.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        let mut context = Context::new(&SHA256);
        fingerprint_object(self.0, &mut context);
        context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Lengths before contents, so that no two different requests are written alike.
fn fingerprint(value: &Value, context: &mut Context) {
    match value {
        Value::Object(fields) => fingerprint_object(fields, context),
        Value::Array(items) => {
            context.update(format!("[{}:", items.len()).as_bytes());
            items.iter().for_each(|item| fingerprint(item, context));
        }
        Value::String(text) => {
            context.update(format!("\"{}:", text.len()).as_bytes());
            context.update(text.as_bytes());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            context.update(format!("={value};").as_bytes());
        }
    }
}

fn fingerprint_object(fields: &Map<String, Value>, context: &mut Context) {
    let mut sorted: Vec<_> = fields.iter().map(|(k, v)| (k.to_ascii_lowercase(), v)).collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    context.update(format!("{{{}:", sorted.len()).as_bytes());
    for (name, value) in sorted {
        context.update(format!("\"{}:{name}", name.len()).as_bytes());
        fingerprint(value, context);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn reads_any_case_and_prefers_the_exact_name() {
        let map =
            object(json!({"ORDERID": " a ", "orderID": "b", "Month": "12", "n": 24, "e": " "}));
        let fields = Fields(&map);
        assert_eq!(fields.required("orderID").unwrap(), "b");
        assert_eq!(fields.required("OrderId").unwrap(), "a");
        assert_eq!(fields.number("month").unwrap(), 12);
        assert_eq!(fields.number("N").unwrap(), 24);
        assert_eq!(fields.required("e").unwrap_err(), Refusal::missing("e"));
        assert_eq!(fields.raw("e").unwrap().unwrap(), " ");
    }

    #[test]
    fn refuses_other_types_by_name() {
        let map = object(json!({"a": {}, "b": [1], "c": true}));
        let fields = Fields(&map);
        assert_eq!(fields.text("a").unwrap_err(), Refusal::invalid("a"));
        assert_eq!(fields.objects("b").err().unwrap(), Refusal::invalid("b"));
        assert_eq!(fields.object("c").err().unwrap(), Refusal::invalid("c"));
        assert!(fields.objects("d").unwrap().is_empty());
    }

    #[test]
    fn fingerprints_differ_by_content_alone() {
        let print = |value| Fields(&object(value)).fingerprint();
        let one = print(json!({"a": "x", "b": {"c": [1, null]}}));
        assert_eq!(one, print(json!({"B": {"C": [1, null]}, "A": "x"})));
        for other in [
            json!({"a": "y", "b": {"c": [1, null]}}),
            json!({"a": "x", "b": {"c": [null, 1]}}),
            json!({"a": "x", "b": {"c": ["1", null]}}),
            json!({"a": "x", "b": {}, "c": [1, null]}),
        ] {
            assert_ne!(one, print(other));
        }
    }
}
