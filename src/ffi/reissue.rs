//! `wotrus_reissue`: a reissue request set field by field.

use std::ffi::c_char;

use super::fields::{Field, RecordedFields};
use super::guard::{Builder, FfiScope, Object};
use super::text::Charset;
use super::{wotrus_document, wotrus_reissue};
use crate::error::{Error, Result};
use crate::request::ReissueRequest;

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
        // A reissue has one document, which needs no number.
        self.0.add_document(0, proof);
        Ok(())
    }

    pub(super) fn request(&self, charset: Charset) -> Result<ReissueRequest> {
        let mut reissue = ReissueRequest::default();
        self.0.replay(charset, |field| {
            match field {
                Field::Text(name, value) => reissue.set(&name, value.into_owned())?,
                Field::Document(_, proof) => reissue.proof = Some(proof),
            }
            Ok(())
        })?;
        Ok(reissue)
    }
}

impl Object for wotrus_reissue {
    fn failed(mistake: Error) -> Self {
        Self(Reissue(RecordedFields::failed(mistake)))
    }
}

impl Builder for wotrus_reissue {
    fn keep(&mut self, mistake: Error) {
        self.0.0.add_mistake(mistake);
    }
}
