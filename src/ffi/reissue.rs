//! `wotrus_reissue`: a reissue request set field by field.

use super::fields::Field;
use super::guard::Builder;
use super::text::Charset;
use super::wotrus_reissue;
use crate::error::{Error, Result};
use crate::fields::Fields;
use crate::messages::message;
use crate::request::{REISSUE_IDEMPOTENCE_PLACE, ReissueRequest, refuse_idempotence_id};

impl wotrus_reissue {
    pub(super) fn request(&self, charset: Charset) -> Result<ReissueRequest> {
        let mut reissue = ReissueRequest::default();
        self.0.replay(charset, |field| {
            match field {
                Field::Text(name, value) => match ReissueRequest::index_of(&name) {
                    Some(index) => _ = reissue.field_mut(index).set(value),
                    None => {
                        refuse_idempotence_id(&name, &REISSUE_IDEMPOTENCE_PLACE)?;
                        return Err(Error::argument(
                            &name,
                            message!("is not a field of a reissue"),
                        ));
                    }
                },
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
