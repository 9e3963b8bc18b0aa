//! `wotrus_order` and `wotrus_reissue`. Which charset their text is in, the client knows that sends
//! them: until then each keeps what was said to it, mistakes among it.

use std::borrow::Cow;
use std::ffi::c_char;

use zeroize::Zeroize;

use super::guard::{Builder, FfiScope, Object};
use super::text::Charset;
use super::{wotrus_document, wotrus_order, wotrus_reissue};
use crate::Document;
use crate::error::{Error, Result};
use crate::request::{DocumentType, Draft, ReissueRequest};

// C's numbers are the document's.
const _: () = {
    assert!(super::WOTRUS_AUTHORIZATION == DocumentType::Authorization.number());
    assert!(super::WOTRUS_BUSINESS_LICENCE == DocumentType::BusinessLicence.number());
    assert!(super::WOTRUS_IDENTITY_CARD == DocumentType::IdentityCard.number());
};

/// All that was said, in that order.
struct RecordedFields {
    steps: Vec<Step>,
    /// The names and the values, each behind the other. Some are secrets: none is left behind.
    text: Vec<u8>,
}

enum Step {
    /// How long the name is, and how long the value.
    Set(usize, usize),
    Document(u32, Document),
    Mistake(Error),
}

/// A step as its object takes it.
enum RecordedField<'a> {
    Field(Cow<'a, str>, Cow<'a, str>),
    Document(u32, &'a Document),
}

impl Default for RecordedFields {
    fn default() -> Self {
        // More than the document's example, its CSR included.
        Self { steps: Vec::with_capacity(16), text: Vec::with_capacity(2048) }
    }
}

impl Drop for RecordedFields {
    fn drop(&mut self) {
        self.text.zeroize();
    }
}

impl RecordedFields {
    fn set(&mut self, scope: &FfiScope, name: *const c_char, value: *const c_char) -> Result<()> {
        let name = scope.name(name)?;
        let value = scope.text(name, value)?;
        let length = self.text.len() + name.len() + value.len();
        if length > self.text.capacity() {
            let larger = Vec::with_capacity(length * 2);
            let mut outgrown = std::mem::replace(&mut self.text, larger);
            self.text.extend_from_slice(&outgrown);
            outgrown.zeroize();
        }
        self.text.extend_from_slice(name);
        self.text.extend_from_slice(value);
        self.steps.push(Step::Set(name.len(), value.len()));
        Ok(())
    }

    fn document(&mut self, number: u32, document: &wotrus_document) -> Result<()> {
        self.steps.push(Step::Document(number, document.0.get()?));
        Ok(())
    }

    fn mistake(mut self, mistake: Error) -> Self {
        self.steps.push(Step::Mistake(mistake));
        self
    }

    /// Says it again, in this charset, until there is a mistake.
    fn replay<'a>(
        &'a self,
        charset: Charset,
        mut hear: impl FnMut(RecordedField<'a>) -> Result<()>,
    ) -> Result<()> {
        let whole = Some(&*self.text).filter(|_| charset == Charset::Utf8);
        let whole = whole.and_then(|text| std::str::from_utf8(text).ok());
        let mut at = 0;
        let mut text = |name: &str, length: usize| {
            let place = at..at + length;
            at = place.end;
            match whole.and_then(|whole| whole.get(place.clone())) {
                Some(text) => Ok(Cow::Borrowed(text)),
                None => charset.decode(name, &self.text[place]),
            }
        };
        for step in &self.steps {
            match step {
                Step::Set(name, value) => {
                    let name = text("name", *name)?;
                    let value = text(&name, *value)?;
                    hear(RecordedField::Field(name, value))?;
                }
                Step::Document(number, document) => {
                    hear(RecordedField::Document(*number, document))?
                }
                Step::Mistake(mistake) => return Err(mistake.clone()),
            }
        }
        Ok(())
    }
}

#[derive(Default)]
pub(super) struct Order(RecordedFields);

impl Order {
    pub(super) fn set(
        &mut self,
        scope: &FfiScope,
        name: *const c_char,
        value: *const c_char,
    ) -> Result<()> {
        self.0.set(scope, name, value)
    }

    pub(super) fn add_document(&mut self, number: u32, document: &wotrus_document) -> Result<()> {
        self.0.document(number, document)
    }

    pub(super) fn draft(&self, charset: Charset) -> Result<Draft<'_>> {
        let mut order = Draft::default();
        self.0.replay(charset, |word| match word {
            RecordedField::Field(name, value) => order.set(&name, value),
            RecordedField::Document(number, document) => {
                order.add_document(number.into(), document);
                Ok(())
            }
        })?;
        Ok(order)
    }
}

#[derive(Default)]
pub(super) struct Reissue(RecordedFields);

impl Reissue {
    pub(super) fn set(
        &mut self,
        scope: &FfiScope,
        name: *const c_char,
        value: *const c_char,
    ) -> Result<()> {
        self.0.set(scope, name, value)
    }

    pub(super) fn set_proof(&mut self, proof: &wotrus_document) -> Result<()> {
        self.0.document(0, proof)
    }

    pub(super) fn request(&self, charset: Charset) -> Result<ReissueRequest> {
        let mut reissue = ReissueRequest::default();
        self.0.replay(charset, |word| {
            match word {
                RecordedField::Field(name, value) => {
                    let value = value.into_owned();
                    match &*name.to_ascii_lowercase() {
                        "orderid" => reissue.order_id = value,
                        "csr" => reissue.csr = value,
                        "csr_encrypt" => reissue.csr_encrypt = Some(value),
                        "reason" => reissue.reason = value,
                        "idempotenceid" => reissue.idempotence_id = Some(value),
                        _ => return Err(Error::argument(&name, "is no field of a reissue")),
                    }
                }
                RecordedField::Document(_, proof) => reissue.proof = Some(proof.clone()),
            }
            Ok(())
        })?;
        Ok(reissue)
    }
}

impl Object for wotrus_order {
    fn broken(mistake: Error) -> Self {
        Self(Order(RecordedFields::default().mistake(mistake)))
    }
}

impl Builder for wotrus_order {
    fn keep(&mut self, mistake: Error) {
        self.0.0.steps.push(Step::Mistake(mistake));
    }
}

impl Object for wotrus_reissue {
    fn broken(mistake: Error) -> Self {
        Self(Reissue(RecordedFields::default().mistake(mistake)))
    }
}

impl Builder for wotrus_reissue {
    fn keep(&mut self, mistake: Error) {
        self.0.0.steps.push(Step::Mistake(mistake));
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;
    use std::io::read_to_string;

    use proptest::prelude::*;

    use super::super::{wotrus_order_free, wotrus_order_new, wotrus_order_set};
    use super::*;
    use crate::request::OrderRequest;

    const REQUIRED: [(&str, &str); 4] =
        [("productID", "p"), ("commonName", "c"), ("month", "12"), ("OrgName", "o")];

    /// The body of an order with what is required and these fields, said by C in a charset.
    fn said(fields: &[(&[u8], &[u8])], charset: Charset) -> Result<String> {
        unsafe {
            let order = wotrus_order_new();
            let required = REQUIRED.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
            for (name, value) in required.chain(fields.iter().copied()) {
                let (name, value) = (CString::new(name).unwrap(), CString::new(value).unwrap());
                wotrus_order_set(order, name.as_ptr(), value.as_ptr());
            }
            let body = (*order).0.draft(charset).and_then(|draft| draft.body());
            wotrus_order_free(order);
            body.map(|(body, _)| read_to_string(body.reader(None)).unwrap())
        }
    }

    proptest! {
        #[test]
        fn what_is_said_is_heard_however_much_it_is(
            values in prop::collection::vec("[a-z\"\u{e9}沃通]{0,600}", 0..12),
        ) {
            let names = ["ORGNAME", "orderinfoPost.x", "street", "UserMobile", "zip"];
            let fields = || {
                names.iter().cycle().zip(&values).map(|(name, value)| (*name, format!("_{value}")))
            };
            let mut expected = OrderRequest::default();
            REQUIRED.iter().for_each(|(name, value)| expected.set(name, value).unwrap());
            fields().for_each(|(name, value)| expected.set(name, &value).unwrap());
            let (expected, _) = expected.draft().body().unwrap();
            let expected = read_to_string(expected.reader(None)).unwrap();
            for charset in [Charset::Utf8, Charset::Gb18030] {
                let encoded: Vec<_> = fields()
                    .map(|(name, value)| (name.as_bytes(), charset.encode(&value).into_vec()))
                    .collect();
                let encoded: Vec<_> =
                    encoded.iter().map(|(name, value)| (*name, &value[..value.len() - 1])).collect();
                prop_assert_eq!(&said(&encoded, charset).unwrap(), &expected);
            }
        }
    }

    #[test]
    fn what_cannot_be_heard_is_named() {
        let (character, other) = ("沃".as_bytes(), b"\xce\xd6".as_slice());
        for (fields, bad) in [
            (&[(b"OrgName".as_slice(), other)][..], "OrgName"),
            (&[(b"OrgName", character), (b"city", other)], "city"),
            // A character, but of two texts.
            (&[(b"OrgName", &character[..1]), (&character[1..], b"x")], "OrgName"),
            (&[(b"orderinfoPost.Month", b"a year")], "Month"),
            (&[(b"month", b"1"), (b"Hosts", b"x")], "Hosts"),
        ] {
            assert_eq!(said(fields, Charset::Utf8).unwrap_err().field(), Some(bad));
        }
        assert!(said(&[(b"OrgName", other)], Charset::Gb18030).unwrap().contains("沃"));
    }
}
