//! What is sent: a type for each operation with a body of its own, checked in one place each.

mod further;
mod order;
mod reissue;
mod revoke;

#[cfg(feature = "capi")]
pub(crate) use further::refuse_idempotence_id;
pub(crate) use order::secrets_in;
pub use order::{DocumentType, OrderDocument, OrderInfo, OrderRequest, Organization, product};
#[cfg(feature = "capi")]
pub(crate) use reissue::IDEMPOTENCE_PLACE as REISSUE_IDEMPOTENCE_PLACE;
pub use reissue::ReissueRequest;
pub use revoke::RevokeRequest;

use crate::body::Body;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::json::{Json, ObjectWriter, problem_of_bytes};

/// A JSON object that the caller gave in UTF-8; `name` is the parameter's.
pub(crate) fn caller_json<'a>(name: &str, json: &'a [u8]) -> Result<Json<&'a str>> {
    Json::object(caller_text(name, json)?).map_err(|problem| Error::argument(name, problem))
}

/// A text that the caller gave in UTF-8, without byte order marks.
pub(crate) fn caller_text<'a>(name: &str, text: &'a [u8]) -> Result<&'a str> {
    match std::str::from_utf8(text) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}')),
        Err(_) => Err(Error::argument(name, problem_of_bytes(text))),
    }
}

/// A body of plain texts: `{"orderID":…,"reason":…}`.
pub(crate) fn plain_body(members: &[(&str, &str)]) -> Body {
    let mut object = ObjectWriter::new();
    for (name, text) in members {
        object.text(name, text);
    }
    Body::default().text(object.finish())
}

/// `body` followed by `object` with `fileType` and `fileContent` as its last members, without
/// its closing brace.
fn with_file(body: Body, mut object: ObjectWriter, document: &Document) -> Body {
    object.text("fileType", document.file_type());
    body.text(object.up_to("fileContent")).document(document)
}
