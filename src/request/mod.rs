//! What is sent: one type an operation, checked and turned into a body in one place each.

mod order;
mod reissue;
mod revoke;

pub use order::{DocumentType, OrderDocument, OrderInfo, OrderRequest, Organization, product};
pub use reissue::ReissueRequest;
pub use revoke::RevokeRequest;

use crate::body::Body;
use crate::document::Document;
use crate::json::{ObjectWriter, quoted};

/// A body of plain texts: `{"orderID":…,"reason":…}`.
pub(crate) fn plain(members: &[(&str, &str)]) -> Body {
    let mut object = ObjectWriter::new();
    for (name, text) in members {
        object.text(name, text);
    }
    Body::default().text(object.finish())
}

/// `fileType` and `fileContent`, after what `body` holds so far (an object without its brace).
fn file_members(body: Body, document: &Document) -> Body {
    let kind = quoted(document.file_type());
    body.text(format!(r#""fileType":{kind},"fileContent":"#)).document(document)
}

/// An object that is written so far, without its closing brace, ready for one more member.
fn open(object: ObjectWriter) -> String {
    let mut json = object.finish();
    json.pop();
    if json.len() > 1 {
        json.push(',');
    }
    json
}
