//! The envelope every answer comes in.

use crate::error::Cause;
use crate::json::{Json, Unreadable, Value};

/// `{"isSuccess", "errorMsg", "successMsg", "data", "page"}`; `isSuccess` alone decides.
pub(crate) struct Envelope<'a> {
    pub(crate) success: bool,
    whole: Value<'a>,
    data: Option<Value<'a>>,
}

impl<'a> Envelope<'a> {
    /// Reads it; nothing for what is JSON but no envelope.
    pub(crate) fn of(json: &'a Json) -> Option<Self> {
        let whole = json.root();
        let success = whole.flag_of("isSuccess")?;
        Some(Self { success, whole, data: whole.get("data").filter(|data| data.is_object()) })
    }

    pub(crate) fn data(&self) -> Option<Value<'a>> {
        self.data
    }

    /// The service's words, where it is not silent.
    pub(crate) fn error_message(&self) -> Option<String> {
        said(self.whole, "errorMsg")
    }

    /// A boolean in `data`, or at the top, where the document lists some.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.data.and_then(|data| data.flag_of(name)).or_else(|| self.whole.flag_of(name))
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        said(self.data?, name)
    }
}

fn said(object: Value<'_>, name: &str) -> Option<String> {
    object.text_of(name).filter(|text| !text.trim().is_empty())
}

/// An answer's JSON, which is an envelope; otherwise its text, and what is wrong with it, without
/// quoting what may be personal.
pub(crate) fn parse(body: String) -> Result<Json, (Cause, Unreadable<String>)> {
    let json = Json::parse(body).map_err(|Unreadable { text, problem }| {
        (Cause::NotJson, Unreadable { text, problem: format!("the answer {problem}") })
    })?;
    match Envelope::of(&json) {
        Some(_) => Ok(json),
        None => {
            let problem = "the answer is JSON, but has no isSuccess".to_owned();
            Err((Cause::Envelope, Unreadable { text: json.into_text(), problem }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_success_alone_decides() {
        let json = parse(r#"{"IsSuccess":"true","errorMsg":"x","data":null}"#.to_owned());
        let json = json.ok().unwrap();
        let envelope = Envelope::of(&json).unwrap();
        assert!(envelope.success && envelope.data().is_none());
        let json = parse(r#"{"isSuccess":0,"errorMsg":"无此订单","data":{}}"#.to_owned());
        let json = json.ok().unwrap();
        let envelope = Envelope::of(&json).unwrap();
        assert!(!envelope.success);
        assert_eq!(envelope.error_message().as_deref(), Some("无此订单"));
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
            let (cause, Unreadable { text, problem }) = parse(body.to_owned()).err().unwrap();
            assert_eq!((cause, &*text), (expected, body), "{problem}");
            assert!(!problem.contains("secret"));
        }
    }
}
