//! Writing an object, member by member.

use std::fmt::{Display, Write};

/// An object without its closing brace. Names are written as they are: they must need no escapes.
pub(crate) struct ObjectWriter(String);

impl ObjectWriter {
    pub(crate) fn new() -> Self {
        Self::with_capacity(128)
    }

    /// Reserves `bytes` up front: a reallocation would leave secrets in freed memory.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut json = String::with_capacity(bytes);
        json.push('{');
        Self(json)
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
        let first = self.0.ends_with('{');
        self.0.push_str(if first { "\"" } else { ",\"" });
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    /// A member whose value is JSON already: a number, a boolean, what another writer wrote.
    pub(crate) fn raw(&mut self, name: &str, json: impl Display) {
        self.name(name);
        write!(self.0, "{json}").expect(INFALLIBLE);
    }

    /// A member that is a text; returns its length as JSON, in bytes.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> usize {
        self.name(name);
        let before = self.0.len();
        if text.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
            self.0.push('"');
            self.0.push_str(text);
            self.0.push('"');
        } else {
            self.0.push_str(&quoted(text));
        }
        self.0.len() - before
    }

    /// As [`text`](Self::text), for PEM as this library writes it: only its line ends need an escape.
    pub(crate) fn pem(&mut self, name: &str, pem: &str) -> usize {
        self.name(name);
        let before = self.0.len();
        self.0.push('"');
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', pem.as_bytes()) {
            self.0.push_str(&pem[start..end]);
            self.0.push_str("\\n");
            start = end + 1;
        }
        self.0.push('"');
        self.0.len() - before
    }

    pub(crate) fn optional(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => _ = self.text(name, text),
            None => self.raw(name, "null"),
        }
    }

    pub(crate) fn number(&mut self, name: &str, number: Option<impl Display>) {
        match number {
            Some(number) => self.raw(name, number),
            None => self.raw(name, "null"),
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }

    /// What was written, up to the value of a last member.
    pub(crate) fn up_to(mut self, name: &str) -> String {
        self.name(name);
        self.0
    }
}

/// `text` as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect(INFALLIBLE)
}

const INFALLIBLE: &str = "writing to memory does not fail";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_written_member_by_member() {
        let mut object = ObjectWriter::new();
        object.text("a\\\"", "沃\n");
        object.raw("b", 1);
        assert_eq!(object.text("n", "x\n"), 5);
        object.optional("c", None);
        object.object("{", |_| Ok::<_, ()>(())).unwrap();
        let inner = |object: &mut ObjectWriter| {
            object.number("e", Some(2));
            object.number("f", None::<u8>);
            Ok::<_, ()>(())
        };
        object.object("d", inner).unwrap();
        let whole = r#"{"a\"":"沃\n","b":1,"n":"x\n","c":null,"{":{},"d":{"e":2,"f":null}"#;
        assert_eq!(object.finish(), format!("{whole}}}"));
        assert_eq!(ObjectWriter::new().up_to("a"), r#"{"a":"#);
        assert_eq!(ObjectWriter::new().finish(), "{}");
    }

    #[test]
    fn quoted_texts_can_be_read_again() {
        let all: String = (0..0x300).filter_map(char::from_u32).collect();
        for text in ["", "a", "\"", "\\", "沃通", "a\u{0}b\u{1f}c", "a\n\"b\n\n", &all] {
            let mut object = ObjectWriter::new();
            object.text("a", text);
            let json: serde_json::Value = serde_json::from_str(&object.finish()).unwrap();
            assert_eq!(json["a"], text);
        }
    }
}
