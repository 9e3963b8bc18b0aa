//! Builds one JSON object; its members keep their order.

use serde::Serialize;
use serde_json::value::RawValue;

/// The members so far, as JSON.
#[derive(Debug, Clone, Default)]
pub(crate) struct Json(String);

impl Json {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a member.
    pub(crate) fn with(mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        let text = |value: Result<String, _>| value.expect("strings and numbers are valid JSON");
        let value = text(serde_json::to_string(value));
        self.add(&text(serde_json::to_string(name)), &value);
        self
    }

    /// Adds a member whose value is JSON; null if it is not.
    pub(crate) fn with_raw(self, name: &str, json: Option<&str>) -> Self {
        let raw: Option<&RawValue> = json.and_then(|json| serde_json::from_str(json).ok());
        self.with(name, &raw)
    }

    /// Adds all members of another object.
    pub(crate) fn and(mut self, other: &Self) -> Self {
        if !self.0.is_empty() && !other.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(&other.0);
        self
    }

    fn add(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(name);
        self.0.push(':');
        // In valid JSON, line breaks are outside strings. The service may format its JSON, but the
        // output is one line.
        self.0.push_str(&value.replace(['\n', '\r'], " "));
    }

    /// The object, on one line.
    pub(crate) fn object(&self) -> String {
        format!("{{{}}}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_on_one_line() {
        let json = Json::new()
            .with("z", "a\nb")
            .with_raw("a", Some("{\n \"x\": 1.50\r\n}"))
            .with_raw("none", None)
            .and(&Json::new().with("n", &3));
        assert_eq!(json.object(), r#"{"z":"a\nb","a":{  "x": 1.50  },"none":null,"n":3}"#);
        assert_eq!(Json::new().and(&Json::new()).object(), "{}");
    }
}
