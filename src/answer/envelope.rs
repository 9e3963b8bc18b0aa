//! The envelope every answer comes in.

use crate::error::Cause;
use crate::json::{Json, NodeId, Unreadable, Value};

/// `{"isSuccess", "errorMsg", "successMsg", "data", "page"}`; `isSuccess` alone decides.
#[derive(Clone)]
pub(crate) struct Envelope {
    pub(crate) success: bool,
    json: Json,
    data: Option<NodeId>,
}

impl Envelope {
    /// Reads an answer; if it is none, its text, and what is wrong with it, without quoting what may
    /// be personal.
    pub(crate) fn parse(body: String) -> Result<Self, (Cause, Unreadable<String>)> {
        let json = Json::parse(body).map_err(|Unreadable { text, problem }| {
            (Cause::NotJson, Unreadable { text, problem: format!("the answer {problem}") })
        })?;
        match json.root().flag_of("isSuccess") {
            Some(success) => {
                let data = json.root().get("data").map(|data| json.place(data));
                Ok(Self { success, json, data })
            }
            None => {
                let problem = "the answer is JSON, but has no isSuccess".to_owned();
                Err((Cause::Envelope, Unreadable { text: json.into_text(), problem }))
            }
        }
    }

    /// The answer as it came.
    pub(crate) fn json(&self) -> &str {
        self.json.text()
    }

    pub(crate) fn into_text(self) -> String {
        self.json.into_text()
    }

    pub(crate) fn whole(&self) -> Value<'_> {
        self.json.root()
    }

    /// `data`, unless it is absent or null.
    pub(crate) fn data(&self) -> Option<Value<'_>> {
        self.data.map(|data| self.json.at(data)).filter(|data| !data.is_null())
    }

    /// The service's words, where it is not silent.
    pub(crate) fn error_message(&self) -> Option<String> {
        said(self.whole(), "errorMsg")
    }

    /// A boolean in `data`, or at the top, where the document lists some.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        let in_data = self.data().and_then(|data| data.flag_of(name));
        in_data.or_else(|| self.whole().flag_of(name))
    }

    /// A text in `data`, where the service is not silent.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        said(self.data()?, name)
    }
}

fn said(object: Value<'_>, name: &str) -> Option<String> {
    object.text_of(name).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_success_alone_decides() {
        let parse = |body: &str| Envelope::parse(body.to_owned()).ok().unwrap();
        let envelope = parse(r#"{"IsSuccess":"true","errorMsg":"x","data":null}"#);
        assert!(envelope.success && envelope.data().is_none());
        let envelope = parse(r#"{"isSuccess":0,"errorMsg":"无此订单","data":{}}"#);
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
            let (cause, Unreadable { text, problem }) =
                Envelope::parse(body.to_owned()).err().unwrap();
            assert_eq!((cause, &*text), (expected, body), "{problem}");
            assert!(!problem.contains("secret"));
        }
    }
}
