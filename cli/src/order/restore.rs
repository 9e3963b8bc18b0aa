//! Makes an order again from the ledger and from where its other parts came.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde_json::value::RawValue;
use wotrus::{Document, OrderDocument, OrderRequest};

use super::origins::DOCUMENT;
use super::source_files::SourceFiles;
use crate::failure::{Failure, Result};
use crate::lang::{named, say};
use crate::ledger::{self, Ledger, Origin, OriginKind};
use crate::recorded::raw_json::{document_paths, with_document_paths};
use crate::{input, json_input};

/// An order as far as it could be made again.
pub(super) struct Restored {
    pub(super) order: OrderRequest,
    /// The parts that are missing, each with the reason.
    pub(super) missing: Vec<String>,
}

/// Makes orders of a ledger again. Files that several orders came from are read once.
pub(super) struct Restorer<'a> {
    ledger: &'a Ledger,
    files: SourceFiles,
}

impl<'a> Restorer<'a> {
    pub(super) fn new(ledger: &'a Ledger) -> Self {
        Self { ledger, files: SourceFiles::default() }
    }

    /// Makes the order of a row again.
    pub(super) fn restored(&self, row: &ledger::Order) -> Result<Restored> {
        let origins = self.ledger.read(|it| ledger::origins(it, row.row))?;
        self.restored_from(row, &origins)
    }

    /// Makes the order of a row again with the parts that have these origins.
    pub(super) fn restored_from(
        &self,
        row: &ledger::Order,
        origins: &[Origin],
    ) -> Result<Restored> {
        let mut missing = Vec::new();
        let read = match source(origins) {
            None => Ok(OrderRequest::default()),
            Some(origin) => self.read_source(row, origin, origins),
        };
        let mut order = read.unwrap_or_else(|problem| {
            missing = problem.missing(origins);
            OrderRequest::default()
        });
        let from_source = order.documents.len();
        overlay(&mut order, OrderRequest::from_json(&row.body)?);
        for origin in origins {
            if let Err(problem) = add(&mut order, origin, from_source) {
                missing.push(problem);
            }
        }
        Ok(Restored { order, missing })
    }

    /// The idempotenceID in the file that the order came from, if it has one.
    pub(super) fn source_id(&self, row: &ledger::Order, origins: &[Origin]) -> Option<String> {
        // A document that is not there any more is no reason to doubt the rest.
        let others: Vec<_> =
            origins.iter().filter(|origin| !origin.part.starts_with(DOCUMENT)).cloned().collect();
        self.read_source(row, source(&others)?, &others).ok()?.info.idempotence_id
    }

    fn read_source(
        &self,
        row: &ledger::Order,
        origin: &Origin,
        origins: &[Origin],
    ) -> Result<OrderRequest, Problem> {
        let path = origin.path.as_deref().unwrap_or(Path::new(""));
        if let (OriginKind::Import, Some(number), Some(import)) =
            (origin.kind, origin.row, row.import_id)
        {
            let charset = self.ledger.read(|it| ledger::import_charset(it, import));
            let rows = charset.and_then(|charset| self.files.rows(path, &charset));
            let has_documents = origins
                .iter()
                .any(|it| it.part.starts_with(DOCUMENT) && it.kind == OriginKind::Import);
            return rows?.order(number, has_documents).map_err(Problem::Row);
        }
        let text = self.files.json(path)?;
        Ok(of_json(path, &text, origins)?)
    }
}

/// Why a file does not give the parts of an order.
enum Problem {
    File(Failure),
    /// The mistakes in a row, with their columns.
    Row(Vec<String>),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::File(failure)
    }
}

impl Problem {
    /// The parts that are missing, each with the reason.
    fn missing(self, origins: &[Origin]) -> Vec<String> {
        match self {
            Self::Row(mistakes) => mistakes,
            Self::File(failure) => {
                let of_source = origins.iter().filter(|origin| is_source(origin));
                let problem = failure.message();
                of_source.map(|Origin { part, .. }| named(part, problem)).collect()
            }
        }
    }
}

/// JSON of an order without its documents; nothing if it has none. Other values stay as they are written.
fn without_documents(text: &str) -> Option<String> {
    let mut order: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let count = order.len();
    order.retain(|name, _| !name.eq_ignore_ascii_case("documentsPost"));
    (order.len() < count).then(|| serde_json::to_string(&order).ok())?
}

/// The file that has several parts, if there is one.
fn source(origins: &[Origin]) -> Option<&Origin> {
    origins.iter().find(|origin| is_source(origin))
}

fn is_source(origin: &Origin) -> bool {
    matches!(origin.kind, OriginKind::Json | OriginKind::Import)
}

/// The order in a file in the service's JSON form.
fn of_json(path: &Path, text: &str, origins: &[Origin]) -> Result<OrderRequest> {
    // The names of documents in the file may be relative to a folder that is not the current one now.
    let document = |index: usize, _: &str| {
        let part = format!("{DOCUMENT}{index}");
        let origin = origins.iter().find(|origin| origin.part == part)?;
        origin.path.as_deref().filter(|_| origin.kind == OriginKind::File).map(Cow::Borrowed)
    };
    let has_documents = origins.iter().any(|origin| origin.part.starts_with(DOCUMENT));
    let without = if has_documents { None } else { without_documents(text) };
    let text = without.as_deref().unwrap_or(text);
    let json = with_document_paths(text, document);
    for path in document_paths(&json).iter().flatten() {
        input::check_document(Path::new(path))?;
    }
    let mut order = json_input::of_text("FILE", path, OrderRequest::from_json(&json))?;
    if !are_of_json(&order.documents, &document_paths(text), origins) {
        order.documents.clear();
    }
    Ok(order)
}

/// Whether the documents of a JSON file are those of the order: a renewal can have others instead.
fn are_of_json(documents: &[OrderDocument], paths: &[Option<String>], origins: &[Origin]) -> bool {
    documents.iter().enumerate().all(|(index, document)| {
        let part = format!("{DOCUMENT}{index}");
        let origin = origins.iter().find(|origin| origin.part == part);
        origin.is_some_and(|origin| match paths.get(index) {
            Some(Some(_)) => origin.document_type == Some(document.document_type.number()),
            _ => origin.kind == OriginKind::Json,
        })
    })
}

/// Sets the fields that the ledger has. It has no secrets.
fn overlay(order: &mut OrderRequest, stored: OrderRequest) {
    let (info, organization) =
        (std::mem::take(&mut order.info), std::mem::take(&mut order.organization));
    order.info = stored.info;
    order.info.ukey_password = info.ukey_password;
    order.organization = stored.organization;
    order.organization.user_mobile = organization.user_mobile;
    order.organization.id_card_no = organization.id_card_no;
}

/// Adds a part that is not in the source. `from_source` is the number of documents that are.
fn add(order: &mut OrderRequest, origin: &Origin, from_source: usize) -> Result<(), String> {
    let part = &origin.part;
    let document = part.strip_prefix(DOCUMENT).and_then(|index| index.parse::<usize>().ok());
    let because = |failure: &Failure| named(part, failure.message());
    match (origin.kind, &origin.path) {
        (OriginKind::Json | OriginKind::Import, _) => Ok(()),
        (OriginKind::StandardInput, _) => Err(say!(
            "{part}: came from standard input and cannot be read again",
            "{part}：来自标准输入，无法再次读取"
        )),
        (OriginKind::Argument, _) => Err(say!(
            "{part}: came from the command line and is not in the ledger",
            "{part}：来自命令行参数，账本中没有其内容"
        )),
        (OriginKind::File, None) => Ok(()),
        (OriginKind::File, Some(path)) => match document {
            Some(index) if index < from_source => Ok(()),
            Some(_) => {
                input::check_document(path).map_err(|failure| because(&failure))?;
                let document = Document::from_path(path).map_err(|error| because(&error.into()))?;
                order.add_document(origin.document_type.unwrap_or_default().into(), document);
                Ok(())
            }
            None => {
                let text = input::text("FILE", path).map_err(|failure| because(&failure))?;
                let value = text.trim_end_matches(['\r', '\n']);
                order.set(part, value).map_err(|error| because(&error.into()))
            }
        },
    }
}
