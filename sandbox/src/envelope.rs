//! The answer's envelope, each operation's with its own habits (the document's examples).

use serde::Serialize;
use serde_json::Value;

use crate::policy::Scalars;

/// The service's no: `isSuccess: false` with this message, at HTTP status 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal(String);

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// A required parameter that is missing or empty.
    pub(crate) fn missing(name: &str) -> Self {
        Self(format!("参数 {name} 不能为空"))
    }

    /// A parameter with a value the document does not list.
    pub(crate) fn invalid(name: &str) -> Self {
        Self(format!("参数 {name} 的值不正确"))
    }

    pub(crate) fn message(&self) -> &str {
        &self.0
    }
}

/// How an operation fills what carries no information.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habit {
    /// `errorMsg` of a success.
    pub(crate) no_error: Option<&'static str>,
    /// `successMsg` of a success.
    pub(crate) success: &'static str,
    pub(crate) page: Page,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Page {
    Zeros,
    Null,
    Absent,
}

#[derive(Serialize)]
struct Zeros {
    total: u32,
    limit: u32,
    skip: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, T> {
    is_success: bool,
    error_msg: Option<&'a str>,
    success_msg: Option<&'a str>,
    data: Option<&'a T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<Option<Zeros>>,
}

impl Habit {
    /// The bytes of a success.
    pub(crate) fn success<T: Serialize>(&self, data: Option<&T>, scalars: Scalars) -> Vec<u8> {
        self.write(true, self.no_error, Some(self.success), data, scalars)
    }

    /// The bytes of a refusal.
    pub(crate) fn refusal(&self, refusal: &Refusal, scalars: Scalars) -> Vec<u8> {
        let none = self.no_error.map(|_| "");
        self.write(false, Some(refusal.message()), none, None::<&()>, scalars)
    }

    fn write<T: Serialize>(
        &self,
        is_success: bool,
        error_msg: Option<&str>,
        success_msg: Option<&str>,
        data: Option<&T>,
        scalars: Scalars,
    ) -> Vec<u8> {
        let page = match self.page {
            Page::Zeros => Some(Some(Zeros { total: 0, limit: 0, skip: 0 })),
            Page::Null => Some(None),
            Page::Absent => None,
        };
        let envelope = Envelope { is_success, error_msg, success_msg, data, page };
        let bytes = match scalars {
            Scalars::Typed => serde_json::to_vec(&envelope),
            Scalars::Text => serde_json::to_value(&envelope)
                .map(as_text)
                .and_then(|value| serde_json::to_vec(&value)),
        };
        bytes.expect("answers are structs with text keys")
    }
}

/// The same tree with numbers and booleans as strings.
fn as_text(value: Value) -> Value {
    match value {
        Value::Bool(_) | Value::Number(_) => Value::String(value.to_string()),
        Value::Array(items) => items.into_iter().map(as_text).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, as_text(value))).collect()
        }
        Value::Null | Value::String(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HABIT: Habit = Habit { no_error: None, success: "success", page: Page::Null };

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn fields_come_in_the_documents_order() {
        assert_eq!(
            text(HABIT.success(Some(&true), Scalars::Typed)),
            r#"{"isSuccess":true,"errorMsg":null,"successMsg":"success","data":true,"page":null}"#
        );
        let habit = Habit { no_error: Some(""), page: Page::Absent, ..HABIT };
        assert_eq!(
            text(habit.refusal(&Refusal::missing("month"), Scalars::Typed)),
            r#"{"isSuccess":false,"errorMsg":"参数 month 不能为空","successMsg":"","data":null}"#
        );
    }

    #[test]
    fn scalars_can_be_text() {
        let habit = Habit { page: Page::Zeros, ..HABIT };
        let answer: Value =
            serde_json::from_slice(&habit.success(Some(&12), Scalars::Text)).unwrap();
        assert_eq!(answer["isSuccess"], "true");
        assert_eq!(answer["data"], "12");
        assert_eq!(answer["page"]["total"], "0");
        assert!(answer["errorMsg"].is_null());
    }
}
