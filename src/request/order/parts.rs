//! The three parts of an order, by their names in the document.

use crate::error::{Error, Result};
use crate::json::{Value, wrong_type};
use crate::messages::{Message, message};

pub(super) const INFO: &str = "orderinfoPost";
pub(super) const ORGANIZATION: &str = "organizationPost";
pub(super) const DOCUMENTS: &str = "documentsPost";

/// Where an order has its idempotenceID, for the error about one in another place.
pub(super) const IDEMPOTENCE_PLACE: Message =
    message!("an order has it as idempotenceID in orderinfoPost");

/// The value of a part, or of an item in one, that must be an object.
pub(super) fn object<'a>(part: &str, value: Value<'a>) -> Result<Value<'a>> {
    match value.is_object() {
        true => Ok(value),
        false => Err(Error::argument(part, wrong_type(message!("an object"), value))),
    }
}
