//! `wotrus_reissue`: a reissue request set field by field.

use super::fields::Field;
use super::guard::Builder;
use super::text::Charset;
use super::wotrus_reissue;
use crate::error::{Error, Result};
use crate::request::ReissueRequest;

impl wotrus_reissue {
    pub(super) fn request(&self, charset: Charset) -> Result<ReissueRequest> {
        let mut reissue = ReissueRequest::default();
        self.0.replay(charset, |field| {
            match field {
                Field::Text(name, value) => reissue.set(&name, value)?,
                Field::Document(_, proof) => reissue.proof = Some(proof),
            }
            Ok(())
        })?;
        Ok(reissue)
    }
}

impl Builder for wotrus_reissue {
    fn keep(&mut self, mistake: Error) {
        self.0.add_mistake(mistake);
    }
}
