//! `wotrus_order`: an order set field by field.

use super::fields::Field;
use super::guard::Builder;
use super::text::Charset;
use super::wotrus_order;
use crate::error::{Error, Result};
use crate::request::{DocumentType, OrderRequest};

// The constants of the header are the numbers on the wire.
const _: () = {
    assert!(super::WOTRUS_AUTHORIZATION == DocumentType::Authorization.number());
    assert!(super::WOTRUS_BUSINESS_LICENCE == DocumentType::BusinessLicence.number());
    assert!(super::WOTRUS_IDENTITY_CARD == DocumentType::IdentityCard.number());
};

impl wotrus_order {
    pub(super) fn request(&self, charset: Charset) -> Result<OrderRequest> {
        let mut order = OrderRequest::default();
        self.0.replay(charset, |field| match field {
            Field::Text(name, value) => order.set(&name, &value),
            Field::Document(number, document) => {
                order.add_document(number.into(), document);
                Ok(())
            }
        })?;
        Ok(order)
    }
}

impl Builder for wotrus_order {
    fn keep(&mut self, mistake: Error) {
        self.0.add_mistake(mistake);
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;
    use std::io::read_to_string;

    use proptest::prelude::*;

    use super::super::{wotrus_order_free, wotrus_order_new, wotrus_order_set};
    use super::*;

    const REQUIRED: [(&str, &str); 4] =
        [("productID", "p"), ("commonName", "c"), ("month", "12"), ("OrgName", "o")];

    /// The body of an order that C sets field by field: the required fields and `fields`.
    fn body_of(fields: &[(&[u8], &[u8])], charset: Charset) -> Result<String> {
        unsafe {
            let order = wotrus_order_new();
            let required = REQUIRED.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
            for (name, value) in required.chain(fields.iter().copied()) {
                let (name, value) = (CString::new(name).unwrap(), CString::new(value).unwrap());
                wotrus_order_set(order, name.as_ptr(), value.as_ptr());
            }
            let body = (*order).request(charset).and_then(|order| order.body());
            wotrus_order_free(order);
            body.map(|(body, _)| read_to_string(body.reader(None)).unwrap())
        }
    }

    proptest! {
        #[test]
        fn fields_are_replayed_as_they_were_set(
            values in prop::collection::vec("[a-z\"\u{e9}沃通]{0,600}", 0..12),
        ) {
            let names = ["ORGNAME", "orderinfoPost.x", "street", "UserMobile", "zip"];
            let fields = || {
                names.iter().cycle().zip(&values).map(|(name, value)| (*name, format!("_{value}")))
            };
            let mut expected = OrderRequest::default();
            REQUIRED.iter().for_each(|(name, value)| expected.set(name, value).unwrap());
            fields().for_each(|(name, value)| expected.set(name, &value).unwrap());
            let (expected, _) = expected.body().unwrap();
            let expected = read_to_string(expected.reader(None)).unwrap();
            for charset in [Charset::Utf8, Charset::Gb18030] {
                let encoded: Vec<_> = fields()
                    .map(|(name, value)| (name.as_bytes(), charset.encode(&value).into_vec()))
                    .collect();
                let encoded: Vec<_> =
                    encoded.iter().map(|(name, value)| (*name, &value[..value.len() - 1])).collect();
                prop_assert_eq!(&body_of(&encoded, charset).unwrap(), &expected);
            }
        }
    }

    #[test]
    fn text_in_another_charset_and_bad_fields_are_errors_that_name_the_field() {
        let (character, other) = ("沃".as_bytes(), b"\xce\xd6".as_slice());
        for (fields, bad) in [
            (&[(b"OrgName".as_slice(), other)][..], "OrgName"),
            (&[(b"OrgName", character), (b"city", other)], "city"),
            // One character, split over two texts.
            (&[(b"OrgName", &character[..1]), (&character[1..], b"x")], "OrgName"),
            (&[(b"orderinfoPost.Month", b"a year")], "Month"),
            (&[(b"month", b"1"), (b"Hosts", b"x")], "Hosts"),
        ] {
            assert_eq!(body_of(fields, Charset::Utf8).unwrap_err().field(), Some(bad));
        }
        assert!(body_of(&[(b"OrgName", other)], Charset::Gb18030).unwrap().contains("沃"));
    }
}
