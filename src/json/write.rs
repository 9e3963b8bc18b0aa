//! Writing an object, member by member.

use std::fmt::{self, Write};

use super::plain;

/// An object without its closing brace. DnsCache are as JSON has them: in ours is nothing to escape.
pub(crate) struct ObjectWriter(String);

impl ObjectWriter {
    pub(crate) fn new() -> Self {
        Self::with_capacity(128)
    }

    /// For one of about this size: text that has to move leaves its bytes behind.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut json = String::with_capacity(bytes);
        json.push('{');
        Self(json)
    }

    /// A member that `write` writes the value of. How long that is.
    pub(crate) fn member(&mut self, name: &str, write: impl FnOnce(&mut String)) -> usize {
        self.name(name);
        let before = self.0.len();
        write(&mut self.0);
        self.0.len() - before
    }

    /// A member that is an object, which `write` fills.
    pub(crate) fn object<E>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.name(name);
        self.0.push('{');
        write(self)?;
        self.0.push('}');
        Ok(())
    }

    fn name(&mut self, name: &str) {
        let first = self.0.as_bytes().last() == Some(&b'{');
        self.0.push_str(if first { "\"" } else { ",\"" });
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    /// A member whose value is JSON already: a number, a boolean, what another writer wrote.
    pub(crate) fn raw(&mut self, name: &str, json: impl fmt::Display) {
        self.member(name, |out| write!(out, "{json}").expect(TAKES_ALL));
    }

    /// A member that is a text; how long it is so written.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> usize {
        self.member(name, |out| quote(out, text))
    }

    pub(crate) fn optional(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => _ = self.text(name, text),
            None => self.raw(name, "null"),
        }
    }

    pub(crate) fn number(&mut self, name: &str, number: Option<impl fmt::Display>) {
        match number {
            Some(number) => self.raw(name, number),
            None => self.raw(name, "null"),
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    /// What is written so far, up to the value of a last member.
    pub(crate) fn up_to(mut self, name: &str) -> String {
        self.name(name);
        self.0
    }
}

/// `text` as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(&mut out, text);
    out
}

/// Writes `text` as a JSON string.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

const TAKES_ALL: &str = "a String takes all";

/// Writes `text` as it stands between the quotes of a JSON string.
pub(crate) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    loop {
        let (now, later) = rest.split_at(plain(rest.as_bytes()));
        out.push_str(now);
        let Some(special) = later.bytes().next() else { break };
        match special {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => write!(out, "\\u{control:04x}").expect(TAKES_ALL),
        }
        rest = &later[1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_written_member_by_member() {
        let mut object = ObjectWriter::new();
        object.text("a\\\"", "沃\n");
        object.raw("b", 1);
        assert_eq!(object.member("n", |out| out.push_str("null")), 4);
        object.optional("c", None);
        object.object("{", |_| Ok::<_, ()>(())).unwrap();
        let inner = |object: &mut ObjectWriter| {
            object.number("e", Some(2));
            object.number("f", None::<u8>);
            Ok::<_, ()>(())
        };
        object.object("d", inner).unwrap();
        let whole = r#"{"a\"":"沃\n","b":1,"n":null,"c":null,"{":{},"d":{"e":2,"f":null}"#;
        assert_eq!(object.finish(), format!("{whole}}}"));
        assert_eq!(ObjectWriter::new().up_to("a"), r#"{"a":"#);
        assert_eq!(ObjectWriter::new().finish(), "{}");
    }

    #[test]
    fn texts_are_quoted_as_json_libraries_do() {
        let all: String = (0..0x300).filter_map(char::from_u32).collect();
        for text in ["", "a", "\"", "\\", "沃通", "a\u{0}b\u{1f}c", &all] {
            assert_eq!(serde_json::from_str::<String>(&quoted(text)).unwrap(), text);
        }
    }
}
