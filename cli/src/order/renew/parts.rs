//! The parts of a renewal that are not those of the renewed order.

use wotrus::OrderRequest;

use crate::charset;
use crate::failure::Result;
use crate::input;
use crate::ledger::{Origin, OriginKind};
use crate::order::names::document_type;
use crate::order::origins::DOCUMENT;
use crate::order::secrets;

/// Flags that give parts anew.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct NewParts {
    /// Set any field by its name in the service's document, or one that the ledger does not have
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,

    /// Read a secret field (uKeyPassword, IDCardNO, UserMobile) from a file (- for standard input)
    #[arg(long, value_name = "NAME=FILE")]
    secret_from: Vec<String>,

    /// Use these documents instead of those of the order; may be repeated
    #[arg(long, value_name = "TYPE=FILE")]
    document: Vec<String>,
}

impl NewParts {
    /// The origins of the parts that stay.
    pub(super) fn kept(&self, origins: Vec<Origin>) -> Vec<Origin> {
        let is_new = |origin: &Origin| match origin.part.starts_with(DOCUMENT) {
            true => !self.document.is_empty(),
            false => self.set.iter().chain(&self.secret_from).any(|text| names(text, &origin.part)),
        };
        origins.into_iter().filter(|origin| !is_new(origin)).collect()
    }

    /// Whether a field that the library does not know is given anew. The case of its name counts: the order
    /// would have a second field otherwise.
    pub(super) fn gives(&self, part: &str) -> bool {
        let name = |text: &String| text.split_once('=').is_some_and(|(name, _)| name == part);
        self.set.iter().chain(&self.secret_from).any(name)
    }

    /// Puts the new parts into the order, and their origins to those of the others.
    pub(super) fn apply(&self, order: &mut OrderRequest, origins: &mut Vec<Origin>) -> Result<()> {
        for text in &self.set {
            let (name, value) = secrets::public_pair("--set", text)?;
            order.set(&name, &value)?;
            origins.push(Origin::new(name, OriginKind::Argument, None));
        }
        for text in &self.secret_from {
            let (name, value) = secrets::from_file(text)?;
            let path = charset::path(&secrets::pair("--secret-from", text)?.1);
            order.set(&name, &value)?;
            origins.push(Origin::of_file(name, OriginKind::File, &path));
        }
        if !self.document.is_empty() {
            order.documents.clear();
        }
        for (index, text) in self.document.iter().enumerate() {
            let (kind, path) = secrets::pair("--document", text)?;
            let (kind, path) = (document_type(&kind)?, charset::path(&path));
            order.add_document(kind, input::document("--document", &path)?);
            origins.push(Origin {
                document_type: Some(kind.number()),
                ..Origin::of_file(format!("{DOCUMENT}{index}"), OriginKind::File, &path)
            });
        }
        Ok(())
    }
}

/// Whether `NAME=…` names a part. The name may lack the part of the order that the field is in.
fn names(text: &str, part: &str) -> bool {
    let field = |name: &str| name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    text.split('=').next().is_some_and(|name| field(name) == field(part))
}
