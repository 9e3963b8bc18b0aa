//! The envelope of a response. Each operation has its own style, as in the document's examples.

use serde::Serialize;
use serde_json::Value;

use crate::policy::Scalars;
use crate::refusal::Refusal;

/// How an operation fills the fields that carry no information.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EnvelopeStyle {
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

impl EnvelopeStyle {
    /// The JSON of a success.
    pub(crate) fn success<T: Serialize>(&self, data: Option<&T>, scalars: Scalars) -> Vec<u8> {
        self.write(true, self.no_error, Some(self.success), data, scalars)
    }

    /// The JSON of a refusal.
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
        bytes.expect("responses are structs with text keys")
    }
}

/// Turns numbers and booleans into strings.
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

    const STYLE: EnvelopeStyle =
        EnvelopeStyle { no_error: None, success: "success", page: Page::Null };

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn fields_have_the_documents_order() {
        assert_eq!(
            text(STYLE.success(Some(&true), Scalars::Typed)),
            r#"{"isSuccess":true,"errorMsg":null,"successMsg":"success","data":true,"page":null}"#
        );
        let style = EnvelopeStyle { no_error: Some(""), page: Page::Absent, ..STYLE };
        assert_eq!(
            text(style.refusal(&Refusal::missing("month"), Scalars::Typed)),
            r#"{"isSuccess":false,"errorMsg":"参数 month 不能为空","successMsg":"","data":null}"#
        );
    }

    #[test]
    fn scalars_can_be_strings() {
        let style = EnvelopeStyle { page: Page::Zeros, ..STYLE };
        let answer: Value =
            serde_json::from_slice(&style.success(Some(&12), Scalars::Text)).unwrap();
        assert_eq!(answer["isSuccess"], "true");
        assert_eq!(answer["data"], "12");
        assert_eq!(answer["page"]["total"], "0");
        assert!(answer["errorMsg"].is_null());
    }
}
