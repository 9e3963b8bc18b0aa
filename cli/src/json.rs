//! One JSON object, its members in the order they are given.

use serde::Serialize;
use serde_json::value::RawValue;

/// The members of an object, written so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Json(String);

impl Json {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// With one more member.
    pub(crate) fn with(mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Self {
        let text = |value: Result<String, _>| value.expect("texts and numbers are JSON");
        let value = text(serde_json::to_string(value));
        self.add(&text(serde_json::to_string(name)), &value);
        self
    }

    /// With one more member that is JSON already; what is not is left out as null.
    pub(crate) fn with_raw(self, name: &str, json: Option<&str>) -> Self {
        let raw: Option<&RawValue> = json.and_then(|json| serde_json::from_str(json).ok());
        self.with(name, &raw)
    }

    /// With all the members of another one.
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
        // Line breaks in valid JSON are blanks between its parts: the service may print it pretty,
        // and one object stays one line.
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
    fn members_keep_their_order_and_stay_on_one_line() {
        let json = Json::new()
            .with("z", "a\nb")
            .with_raw("a", Some("{\n \"x\": 1.50\r\n}"))
            .with_raw("none", None)
            .and(&Json::new().with("n", &3));
        assert_eq!(json.object(), r#"{"z":"a\nb","a":{  "x": 1.50  },"none":null,"n":3}"#);
        assert_eq!(Json::new().and(&Json::new()).object(), "{}");
    }
}
