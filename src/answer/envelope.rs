//! The envelope that every answer comes in.

use super::reason::{Redact, reason};
use crate::error::Cause;
use crate::json::{Json, Member, MemberList, Unreadable, Value};
use crate::messages::{Message, message};

/// `{"isSuccess", "errorMsg", "successMsg", "data", "page"}`; `isSuccess` alone decides.
#[derive(Clone)]
pub(crate) struct Envelope {
    pub(crate) success: bool,
    json: Json,
    /// The members of `data`, listed once.
    data: MemberList,
}

impl Envelope {
    /// Reads an answer. If it is not one, returns its text and what is wrong with it, without
    /// quoting what may be personal.
    pub(crate) fn parse(body: String) -> Result<Self, (String, Cause, Message)> {
        let (json, data) =
            Json::parse_nested(body, "data").map_err(|Unreadable { text, mistake }| {
                (text, Cause::NotJson, message!("the answer {}", mistake.message()))
            })?;
        match json.get("isSuccess").and_then(Value::flag) {
            Some(success) => Ok(Self { success, json, data }),
            None => {
                let problem = message!("the answer is JSON, but has no isSuccess");
                Err((json.into_text(), Cause::Envelope, problem))
            }
        }
    }

    /// The answer as it came.
    pub(crate) fn json(&self) -> &str {
        self.json.text()
    }

    /// `data`, unless it is absent or null.
    pub(crate) fn data(&self) -> Option<Value<'_>> {
        self.json.get("data").filter(|data| !data.is_null())
    }

    /// The members of `data`; none if it is not an object.
    pub(crate) fn data_members(&self) -> impl Iterator<Item = Member<'_>> {
        self.data.iter(self.json())
    }

    /// A member of `data`.
    pub(crate) fn data_get(&self, name: &str) -> Option<Value<'_>> {
        self.data.get(self.json(), name)
    }

    /// A member of the envelope itself.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'_>> {
        self.json.get(name)
    }

    /// A value by its path below `data`, or else below the envelope.
    pub(crate) fn at_path(&self, path: &str) -> Option<Value<'_>> {
        let in_data = |path| self.data.at_path(self.json(), path);
        in_data(path).or_else(|| match path.split_once('.') {
            // The members of an object are listed already: reading it again takes much longer.
            Some((first, rest))
                if first.eq_ignore_ascii_case("data")
                    && self.data().is_some_and(Value::is_object) =>
            {
                in_data(rest)
            }
            _ => self.json.at_path(path),
        })
    }

    /// The service's reason for a refusal, unless it gives none.
    pub(crate) fn error_message(&self, redact: Redact<'_>) -> Option<String> {
        reason(&self.json, redact)
    }

    /// `successMsg`, unless it is blank.
    pub(crate) fn success_message(&self) -> Option<String> {
        not_blank(self.get("successMsg"))
    }

    /// A boolean of `data`, or of the envelope, where the document lists some.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        let in_data = self.data_get(name).and_then(Value::flag);
        in_data.or_else(|| self.get(name).and_then(Value::flag))
    }

    /// A text of `data`, unless it is blank.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        not_blank(self.data_get(name))
    }
}

fn not_blank(value: Option<Value<'_>>) -> Option<String> {
    let text = value?.scalar()?;
    (!text.trim().is_empty()).then(|| text.into_owned())
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
        assert_eq!(envelope.error_message(&|text| text.to_owned()).as_deref(), Some("无此订单"));
    }

    #[test]
    fn paths_may_begin_with_data() {
        let parse = |body: &str| Envelope::parse(body.to_owned()).ok().unwrap();
        let at = |envelope: &Envelope, path: &str| {
            envelope.at_path(path).map(|value| value.raw().to_owned())
        };
        let envelope =
            parse(r#"{"isSuccess":1,"page":{"data":5},"Data":{"a":{"b":1},"data":{"c":2}}}"#);
        for (path, expected) in [
            ("a.b", Some("1")),
            ("data.a.b", Some("1")),
            ("DATA.A.B", Some("1")),
            ("data.c", Some("2")),
            ("data.data.c", Some("2")),
            ("data.isSuccess", None),
            ("page.data", Some("5")),
        ] {
            assert_eq!(at(&envelope, path).as_deref(), expected, "{path}");
        }
        let list = parse(r#"{"isSuccess":1,"data":[7,{"a":8}]}"#);
        assert_eq!(at(&list, "data.1.a").as_deref(), Some("8"));
        assert_eq!(at(&list, "data.a"), None);
    }

    #[test]
    fn an_unreadable_envelope_is_explained_without_quoting_it() {
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
            let (text, cause, problem) = Envelope::parse(body.to_owned()).err().unwrap();
            assert_eq!((cause, &*text), (expected, body), "{problem}");
            assert!(!problem.to_string().contains("secret"));
        }
    }
}
