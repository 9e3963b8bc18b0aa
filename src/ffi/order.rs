//! `wotrus_order` and `wotrus_reissue`. Which charset their text is in, the client knows that sends
//! them: until then each keeps what was said to it, mistakes among it.

use std::borrow::Cow;
use std::ffi::c_char;

use super::guard::{Border, Builder, Object};
use super::text::Charset;
use super::{wotrus_document, wotrus_order, wotrus_reissue};
use crate::Document;
use crate::error::{Error, Result};
use crate::request::{DocumentType, OrderRequest, ReissueRequest};

// C's numbers are the document's.
const _: () = {
    assert!(super::WOTRUS_AUTHORIZATION == DocumentType::Authorization.number());
    assert!(super::WOTRUS_BUSINESS_LICENCE == DocumentType::BusinessLicence.number());
    assert!(super::WOTRUS_IDENTITY_CARD == DocumentType::IdentityCard.number());
};

enum Step {
    /// A name and a value behind it, and how long the name is.
    Set(Vec<u8>, usize),
    Document(u32, Document),
    Mistake(Error),
}

impl Step {
    fn set(border: &Border, name: *const c_char, value: *const c_char) -> Result<Self> {
        let name = border.name(name)?;
        let value = border.text(&String::from_utf8_lossy(name), value)?;
        Ok(Self::Set([name, value].concat(), name.len()))
    }
}

/// A field's name and value as text.
fn field(charset: Charset, both: &[u8], name: usize) -> Result<(Cow<'_, str>, Cow<'_, str>)> {
    let (name, value) = both.split_at(name);
    let name = charset.decode("name", name)?;
    let value = charset.decode(&name, value)?;
    Ok((name, value))
}

#[derive(Default)]
pub(super) struct Order(Vec<Step>);

impl Order {
    pub(super) fn set(
        &mut self,
        border: &Border,
        name: *const c_char,
        value: *const c_char,
    ) -> Result<()> {
        self.0.push(Step::set(border, name, value)?);
        Ok(())
    }

    pub(super) fn add_document(&mut self, number: u32, document: &wotrus_document) -> Result<()> {
        self.0.push(Step::Document(number, document.0.get()?));
        Ok(())
    }

    pub(super) fn request(&self, charset: Charset) -> Result<OrderRequest> {
        let mut order = OrderRequest::default();
        for step in &self.0 {
            match step {
                Step::Set(both, name) => {
                    let (name, value) = field(charset, both, *name)?;
                    order.set(&name, &value)?;
                }
                Step::Document(number, document) => {
                    order.add_document((*number).into(), document.clone());
                }
                Step::Mistake(mistake) => return Err(mistake.clone()),
            }
        }
        Ok(order)
    }
}

#[derive(Default)]
pub(super) struct Reissue(Vec<Step>);

impl Reissue {
    pub(super) fn set(
        &mut self,
        border: &Border,
        name: *const c_char,
        value: *const c_char,
    ) -> Result<()> {
        self.0.push(Step::set(border, name, value)?);
        Ok(())
    }

    pub(super) fn set_proof(&mut self, proof: &wotrus_document) -> Result<()> {
        self.0.push(Step::Document(0, proof.0.get()?));
        Ok(())
    }

    pub(super) fn request(&self, charset: Charset) -> Result<ReissueRequest> {
        let mut reissue = ReissueRequest::default();
        for step in &self.0 {
            match step {
                Step::Set(both, name) => {
                    let (name, value) = field(charset, both, *name)?;
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
                Step::Document(_, proof) => reissue.proof = Some(proof.clone()),
                Step::Mistake(mistake) => return Err(mistake.clone()),
            }
        }
        Ok(reissue)
    }
}

impl Object for wotrus_order {
    fn broken(mistake: Error) -> Self {
        Self(Order(vec![Step::Mistake(mistake)]))
    }
}

impl Builder for wotrus_order {
    fn keep(&mut self, mistake: Error) {
        self.0.0.push(Step::Mistake(mistake));
    }
}

impl Object for wotrus_reissue {
    fn broken(mistake: Error) -> Self {
        Self(Reissue(vec![Step::Mistake(mistake)]))
    }
}

impl Builder for wotrus_reissue {
    fn keep(&mut self, mistake: Error) {
        self.0.0.push(Step::Mistake(mistake));
    }
}
