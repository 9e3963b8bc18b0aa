//! The fields of a request body, by the document's names in any ASCII case, as in ASP.NET.

use std::borrow::Cow;

use ring::digest::{Context, SHA256};
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// A JSON object of the request.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The field's value. The exact name wins if several spellings are present; null counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        let found = self.0.get(name).or_else(|| {
            self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    /// A text, unchanged. A number is read as its digits.
    pub(crate) fn raw(&self, name: &str) -> Result<Option<Cow<'a, str>>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(Cow::Borrowed(text))),
            Some(Value::Number(number)) => Ok(Some(Cow::Owned(number.to_string()))),
            Some(_) => Err(Refusal::invalid(name)),
        }
    }

    /// A text, trimmed. Empty counts as absent.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, Refusal> {
        Ok(self.raw(name)?.map(trimmed).filter(|text| !text.is_empty()))
    }

    /// A text that must be present.
    pub(crate) fn required(&self, name: &str) -> Result<Cow<'a, str>, Refusal> {
        self.text(name)?.ok_or_else(|| Refusal::missing(name))
    }

    /// Several values, as one text or as a list of texts: the document does not say which. The text has one on
    /// each line.
    pub(crate) fn list(&self, name: &str) -> Result<String, Refusal> {
        match self.get(name) {
            Some(Value::Array(items)) => {
                let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                Ok(texts.ok_or_else(|| Refusal::invalid(name))?.join("\n"))
            }
            _ => Ok(self.text(name)?.unwrap_or_default().into_owned()),
        }
    }

    /// A number that must be present, as a JSON number or as text.
    pub(crate) fn number(&self, name: &str) -> Result<u32, Refusal> {
        self.required(name)?.parse().map_err(|_| Refusal::invalid(name))
    }

    /// An object that must be present.
    pub(crate) fn object(&self, name: &str) -> Result<Fields<'a>, Refusal> {
        let value = self.get(name).ok_or_else(|| Refusal::missing(name))?;
        value.as_object().map(Fields).ok_or_else(|| Refusal::invalid(name))
    }

    /// The objects of a list. An absent list is empty.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Fields<'a>>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let items = value.as_array().ok_or_else(|| Refusal::invalid(name))?;
        let object = |item: &'a Value| item.as_object().map(Fields);
        items.iter().map(object).collect::<Option<_>>().ok_or_else(|| Refusal::invalid(name))
    }

    /// The SHA-256 digest of the content. It does not depend on the case and the order of the names.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut context = Context::new(&SHA256);
        digest_object(self.0, &mut context);
        context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Lengths precede contents, so that two different requests never have the same encoding.
fn digest_value(value: &Value, context: &mut Context) {
    match value {
        Value::Object(fields) => digest_object(fields, context),
        Value::Array(items) => {
            context.update(format!("[{}:", items.len()).as_bytes());
            items.iter().for_each(|item| digest_value(item, context));
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

fn digest_object(fields: &Map<String, Value>, context: &mut Context) {
    let mut sorted: Vec<_> = fields.iter().map(|(k, v)| (k.to_ascii_lowercase(), v)).collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    context.update(format!("{{{}:", sorted.len()).as_bytes());
    for (name, value) in sorted {
        context.update(format!("\"{}:{name}", name.len()).as_bytes());
        digest_value(value, context);
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
    fn names_match_in_any_case_and_the_exact_one_wins() {
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
    fn a_field_of_another_type_is_refused_by_its_name() {
        let map = object(json!({"a": {}, "b": [1], "c": true}));
        let fields = Fields(&map);
        assert_eq!(fields.text("a").unwrap_err(), Refusal::invalid("a"));
        assert_eq!(fields.objects("b").err().unwrap(), Refusal::invalid("b"));
        assert_eq!(fields.object("c").err().unwrap(), Refusal::invalid("c"));
        assert!(fields.objects("d").unwrap().is_empty());
        assert_eq!(fields.list("b").unwrap_err(), Refusal::invalid("b"));
    }

    #[test]
    fn the_digest_depends_on_content_only() {
        let digest = |value| Fields(&object(value)).digest();
        let one = digest(json!({"a": "x", "b": {"c": [1, null]}}));
        assert_eq!(one, digest(json!({"B": {"C": [1, null]}, "A": "x"})));
        for other in [
            json!({"a": "y", "b": {"c": [1, null]}}),
            json!({"a": "x", "b": {"c": [null, 1]}}),
            json!({"a": "x", "b": {"c": ["1", null]}}),
            json!({"a": "x", "b": {}, "c": [1, null]}),
        ] {
            assert_ne!(one, digest(other));
        }
    }
}
