//! What is sent: one type an operation, checked and turned into a body in one place each.

pub(crate) mod body;
pub(crate) mod document;
mod order;
mod reissue;
mod revoke;
pub(crate) mod validation;

pub(crate) use order::Draft;
pub use order::{DocumentType, OrderDocument, OrderInfo, OrderRequest, Organization, product};
pub use reissue::ReissueRequest;
pub use revoke::RevokeRequest;

use crate::json::ObjectWriter;
use crate::request::body::Body;
use crate::request::document::Document;

/// A body of plain texts: `{"orderID":…,"reason":…}`.
pub(crate) fn plain(members: &[(&str, &str)]) -> Body {
    let mut object = ObjectWriter::new();
    for (name, text) in members {
        object.text(name, text);
    }
    Body::default().text(object.finish())
}

/// `object` behind `body`, with `fileType` and `fileContent` as its last members, but for its brace.
fn with_file(body: Body, mut object: ObjectWriter, document: &Document) -> Body {
    object.text("fileType", document.file_type());
    body.text(object.up_to("fileContent")).document(document)
}
