//! The envelope every answer comes in.

use serde_json::value::RawValue;

use crate::error::Cause;
use crate::json::{self, Object};

/// Deeper nesting than any answer has is an attack on whoever walks it.
const DEEPEST: usize = 64;

/// `{"isSuccess", "errorMsg", "successMsg", "data", "page"}`; `isSuccess` alone decides.
pub(crate) struct Envelope<'a> {
    pub(crate) success: bool,
    pub(crate) error_message: Option<String>,
    data: Option<Object<'a>>,
    whole: Object<'a>,
}

impl<'a> Envelope<'a> {
    /// Reads it; the error says what is wrong without quoting what may be personal.
    pub(crate) fn parse(body: &'a str) -> Result<Self, (Cause, String)> {
        let not_json = |problem: &str| (Cause::NotJson, format!("the answer {problem}"));
        if body.trim().is_empty() {
            return Err(not_json("is empty"));
        }
        if !json::depth_within(body, DEEPEST) {
            return Err(not_json("is nested too deeply"));
        }
        let raw: &RawValue = serde_json::from_str(body)
            .map_err(|error| not_json(&format!("is not JSON ({error})")))?;
        let missing = || (Cause::Envelope, "the answer is JSON, but has no isSuccess".to_owned());
        let whole = Object::parse(raw.get()).ok_or_else(missing)?;
        let success = whole.flag("isSuccess").ok_or_else(missing)?;
        let error_message = whole.text("errorMsg").filter(|text| !text.trim().is_empty());
        let data = whole.get("data").and_then(|raw| Object::parse(raw.get()));
        Ok(Self { success, error_message, data, whole })
    }

    pub(crate) fn data(&self) -> Option<&Object<'a>> {
        self.data.as_ref()
    }

    /// A boolean in `data`, or at the top, where the document lists some.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.data().and_then(|data| data.flag(name)).or_else(|| self.whole.flag(name))
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = self.data().and_then(|data| data.text(name));
        text.filter(|text| !text.trim().is_empty())
    }
}

/// The service's words in an answer that is an envelope, or nothing.
pub(crate) fn error_message(body: &str) -> Option<String> {
    Envelope::parse(body).ok().and_then(|envelope| envelope.error_message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_success_alone_decides() {
        let envelope = Envelope::parse(r#"{"IsSuccess":"true","errorMsg":"string","data":null}"#);
        let envelope = envelope.ok().unwrap();
        assert!(envelope.success && envelope.data().is_none());
        let envelope =
            Envelope::parse(r#"{"isSuccess":0,"errorMsg":"无此订单","data":{}}"#).ok().unwrap();
        assert!(!envelope.success);
        assert_eq!(envelope.error_message.as_deref(), Some("无此订单"));
    }

    #[test]
    fn what_is_no_envelope_says_why_without_quoting_it() {
        let deep = "[".repeat(100_000);
        let cases = [
            ("", Cause::NotJson),
            ("<html>tk_secret</html>", Cause::NotJson),
            (r#"{"isSuccess":true} x"#, Cause::NotJson),
            (r#"{"isSuccess":true"#, Cause::NotJson),
            (r#"["isSuccess"]"#, Cause::Envelope),
            (r#"{"isSuccess":null}"#, Cause::Envelope),
            (r#"{"isSuccess":"yes"}"#, Cause::Envelope),
            (r#"{"success":true}"#, Cause::Envelope),
            (&deep, Cause::NotJson),
        ];
        for (body, expected) in cases {
            let (cause, message) = Envelope::parse(body).err().unwrap();
            assert_eq!(cause, expected, "{message}");
            assert!(!message.contains("secret"));
        }
    }
}
