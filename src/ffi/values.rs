//! The values of a reply in one block that needs no JSON parser, for bindings that build values of
//! their own language.
//!
//! It is a block and not a series of callbacks, because hosts such as PHP leave a callback by longjmp
//! when they run out of memory, which must not skip frames of this library.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Encodes valid JSON. `None` if a text in it has no UTF-8 form (half of a surrogate pair).
pub(super) fn encode(json: &str) -> Option<Vec<u8>> {
    let mut block = Vec::with_capacity(json.len());
    Encoder(&mut block).deserialize(&mut serde_json::Deserializer::from_str(json)).ok()?;
    Some(block)
}

struct Encoder<'a>(&'a mut Vec<u8>);

impl Encoder<'_> {
    fn text<E: Error>(&mut self, tag: u8, text: &str) -> Result<(), E> {
        let length = u32::try_from(text.len()).map_err(|_| E::custom("the text is too long"))?;
        self.0.push(tag);
        self.0.extend_from_slice(&length.to_ne_bytes());
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn number<E>(&mut self, tag: u8, bytes: [u8; 8]) -> Result<(), E> {
        self.0.push(tag);
        self.0.extend_from_slice(&bytes);
        Ok(())
    }

    fn tag<E>(&mut self, tag: u8) -> Result<(), E> {
        self.0.push(tag);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Encoder<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Encoder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(mut self) -> Result<(), E> {
        self.tag(b'n')
    }

    fn visit_bool<E>(mut self, value: bool) -> Result<(), E> {
        self.tag(if value { b't' } else { b'f' })
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<(), E> {
        self.number(b'i', value.to_ne_bytes())
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.number(b'i', value.to_ne_bytes()),
            Err(_) => self.number(b'd', (value as f64).to_ne_bytes()),
        }
    }

    fn visit_f64<E>(mut self, value: f64) -> Result<(), E> {
        self.number(b'd', value.to_ne_bytes())
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.text(b's', text)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.tag(b'[')?;
        while items.next_element_seed(Encoder(self.0))?.is_some() {}
        self.tag(b']')
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.tag(b'{')?;
        while members.next_key_seed(Name(self.0))?.is_some() {
            members.next_value_seed(Encoder(self.0))?;
        }
        self.tag(b'}')
    }
}

/// The name of a member.
struct Name<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        Encoder(self.0).text(b':', name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;

    /// Reads a block as a binding would.
    fn decode(block: &mut &[u8]) -> Value {
        fn take<'a>(block: &mut &'a [u8], count: usize) -> &'a [u8] {
            let (front, rest) = block.split_at(count);
            *block = rest;
            front
        }
        fn text(block: &mut &[u8]) -> String {
            let length = u32::from_ne_bytes(take(block, 4).try_into().unwrap());
            String::from_utf8(take(block, length as usize).to_vec()).unwrap()
        }
        match take(block, 1)[0] {
            b'n' => Value::Null,
            b't' => true.into(),
            b'f' => false.into(),
            b'i' => i64::from_ne_bytes(take(block, 8).try_into().unwrap()).into(),
            b'd' => f64::from_ne_bytes(take(block, 8).try_into().unwrap()).into(),
            b's' => text(block).into(),
            b'[' => {
                let mut items = Vec::new();
                while block[0] != b']' {
                    items.push(decode(block));
                }
                take(block, 1);
                items.into()
            }
            b'{' => {
                let mut members = Map::new();
                while take(block, 1)[0] == b':' {
                    members.insert(text(block), decode(block));
                }
                members.into()
            }
            other => panic!("tag {other}"),
        }
    }

    #[test]
    fn a_block_has_the_values_of_the_json() {
        for json in [
            include_str!("../../tests/fixtures/query_response.json"),
            include_str!("../../tests/fixtures/retrieve_response.json"),
            r#"{"a":[],"b":{},"c":-1,"d":1.5,"e":"沃\n\u0000\ud83d\ude00","":null,"f":[[true],[false]]}"#,
            "1e3",
            r#""text""#,
        ] {
            let block = encode(json).unwrap();
            let mut rest = &*block;
            assert_eq!(decode(&mut rest), serde_json::from_str::<Value>(json).unwrap());
            assert!(rest.is_empty());
        }
        let large = encode("18446744073709551615").unwrap();
        assert_eq!(decode(&mut &*large), Value::from(18446744073709551615.0));
        assert_eq!(encode(r#"["\ud800"]"#), None);
    }
}
