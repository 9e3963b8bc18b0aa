//! The values of a reply in one block that needs no JSON parser, for bindings that build values of
//! their own language.
//!
//! It is a block and not a series of callbacks, because hosts such as PHP leave a callback by longjmp
//! when they run out of memory, which must not skip frames of this library.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Encodes valid JSON. `None` if a text in it has no UTF-8 form (half of a surrogate pair).
pub(super) fn encode(json: &str) -> Option<Vec<u8>> {
    let encode = |is_exact| {
        let mut block = Vec::with_capacity(json.len());
        let encoder = Encoder { block: &mut block, is_exact, text: b's' };
        let result = encoder.deserialize(&mut serde_json::Deserializer::from_str(json));
        result.is_ok().then_some(block)
    };
    encode(false).or_else(|| encode(true))
}

struct Encoder<'a> {
    block: &'a mut Vec<u8>,
    /// Whether numbers are read as they are written. That takes several times longer, and only
    /// integers of more than 64 bits need it.
    is_exact: bool,
    /// The tag of a text: that of a value, or of a member's name.
    text: u8,
}

/// The smallest magnitude that no signed integer of 64 bits has.
const TOO_LARGE: f64 = 9_223_372_036_854_775_808.0;

impl Encoder<'_> {
    fn nested(&mut self, text: u8) -> Encoder<'_> {
        Encoder { block: self.block, is_exact: self.is_exact, text }
    }

    fn text<E: Error>(&mut self, text: &str) -> Result<(), E> {
        let length = u32::try_from(text.len()).map_err(|_| E::custom("the text is too long"))?;
        self.block.push(self.text);
        self.block.extend_from_slice(&length.to_ne_bytes());
        self.block.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn number<E>(&mut self, tag: u8, bytes: [u8; 8]) -> Result<(), E> {
        self.block.push(tag);
        self.block.extend_from_slice(&bytes);
        Ok(())
    }

    fn tag<E>(&mut self, tag: u8) -> Result<(), E> {
        self.block.push(tag);
        Ok(())
    }

    /// Encodes a number as it is written; an integer of more than 64 bits as a text.
    fn exact_number<E: Error>(&mut self, raw: &str) -> Result<(), E> {
        let is_integer = raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        match raw.parse::<i64>() {
            _ if raw == "-0" => {}
            Ok(number) => return self.number(b'i', number.to_ne_bytes()),
            Err(_) if is_integer => return self.text(raw),
            Err(_) => {}
        }
        // Not by the parser of the standard library, which would add 15 KB for this.
        let number: f64 = serde_json::from_str(raw).map_err(E::custom)?;
        self.number(b'd', number.to_ne_bytes())
    }
}

impl<'de> DeserializeSeed<'de> for Encoder<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        if !self.is_exact {
            return deserializer.deserialize_any(self);
        }
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        match raw.as_bytes() {
            [b'-' | b'0'..=b'9', ..] => self.exact_number(raw),
            _ => serde_json::Deserializer::from_str(raw)
                .deserialize_any(self)
                .map_err(D::Error::custom),
        }
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

    fn visit_u64<E: Error>(mut self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.number(b'i', value.to_ne_bytes()),
            Err(_) => self.text(&value.to_string()),
        }
    }

    fn visit_f64<E: Error>(mut self, value: f64) -> Result<(), E> {
        match value.abs() < TOO_LARGE {
            true => self.number(b'd', value.to_ne_bytes()),
            false => Err(E::custom("the number may be an integer that lost digits")),
        }
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.text(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.tag(b'[')?;
        while items.next_element_seed(self.nested(b's'))?.is_some() {}
        self.tag(b']')
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.tag(b'{')?;
        while members.next_key_seed(self.nested(b':'))?.is_some() {
            members.next_value_seed(self.nested(b's'))?;
        }
        self.tag(b'}')
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

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
        assert_eq!(encode(r#"["\ud800"]"#), None);
    }

    #[test]
    fn integers_of_more_than_64_bits_are_texts_with_all_digits() {
        let values = |json: &str| decode(&mut &*encode(json).unwrap());
        for text in [
            "9223372036854775808",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775809",
            "123456789012345678901234567890",
        ] {
            let json = format!(r#"{{"a":[1,{text}],"b":{{"c":{text}}},"\u0064":-0}}"#);
            let expected = json!({"a": [1, text], "b": {"c": text}, "d": -0.0});
            assert_eq!(values(&json), expected, "{text}");
        }
        assert_eq!(values("-9223372036854775808"), json!(i64::MIN));
        assert_eq!(values("[1e300,-2.5E20]"), json!([1e300, -2.5e20]));
        assert_eq!(encode("1e400"), None);
        assert_eq!(encode(r#"[123456789012345678901,"\ud800"]"#), None);
        assert_eq!(encode(r#"{"a":123456789012345678901,"\ud800":1}"#), None);
    }
}
