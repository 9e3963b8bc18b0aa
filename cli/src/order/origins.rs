//! Where the parts of an order came from that the ledger does not keep.

use std::path::{Path, PathBuf};

use wotrus::OrderRequest;

use crate::charset;
use crate::failure::Result;
use crate::ledger::{Origin, OriginKind, public_body};
use crate::recorded::raw_json::{Members, document_paths};

/// The flags of `order create` that parts come from. Texts are `NAME=VALUE`, as on the command line.
pub(super) struct Flags<'a> {
    pub(super) from: Option<&'a Path>,
    /// The content of `from`.
    pub(super) json: &'a str,
    pub(super) set: &'a [String],
    pub(super) set_json: &'a [String],
    pub(super) secret_from: &'a [String],
    pub(super) document: &'a [String],
}

/// The origin of each part that the ledger does not keep.
pub(super) fn of_flags(order: &OrderRequest, flags: &Flags<'_>) -> Result<Vec<Origin>> {
    let from_json = document_paths(flags.json);
    let origin = |part: String| {
        let document = part.strip_prefix(DOCUMENT).and_then(|index| index.parse::<usize>().ok());
        if let Some(index) = document {
            let path = match from_json.get(index) {
                None => value(flags.document.get(index - from_json.len())?).map(charset::path),
                Some(path) => path.as_ref().map(PathBuf::from),
            };
            return Some(match path {
                None => from_file(part, flags.from, OriginKind::Json),
                Some(path) => Origin {
                    document_type: Some(order.documents.get(index)?.document_type.number()),
                    ..Origin::of_file(part, OriginKind::File, &path)
                },
            });
        }
        let names_part =
            |text: &&String| text.split('=').next().is_some_and(|it| is_same(it, &part));
        if let Some(text) = flags.secret_from.iter().rev().find(names_part) {
            return Some(from_file(
                part,
                value(text).map(charset::path).as_deref(),
                OriginKind::File,
            ));
        }
        if flags.set.iter().chain(flags.set_json).any(|text| names_part(&text)) {
            return Some(Origin::new(part, OriginKind::Argument, None));
        }
        Some(from_file(part, flags.from, OriginKind::Json))
    };
    Ok(unrecorded(order)?.into_iter().filter_map(origin).collect())
}

/// The origins of an order that is a row of an imported file.
pub(super) fn of_row(order: &OrderRequest, path: &Path, row: i64) -> Result<Vec<Origin>> {
    let origin =
        |part| Origin { row: Some(row), ..Origin::new(part, OriginKind::Import, Some(path)) };
    Ok(unrecorded(order)?.into_iter().map(origin).collect())
}

/// Of these origins, those of the parts that the ledger does not keep. A part that was given anew has the
/// last one.
pub(super) fn of_unrecorded(order: &OrderRequest, origins: &[Origin]) -> Result<Vec<Origin>> {
    let origin = |part: String| {
        let is_of_part = |origin: &&Origin| match part.starts_with(DOCUMENT) {
            true => origin.part == part,
            false => is_same(&origin.part, &part),
        };
        let origin = origins.iter().rev().find(is_of_part)?.clone();
        Some(Origin { part, ..origin })
    };
    Ok(unrecorded(order)?.into_iter().filter_map(origin).collect())
}

pub(super) const DOCUMENT: &str = "documentsPost.";

fn from_file(part: String, path: Option<&Path>, kind: OriginKind) -> Origin {
    match path {
        Some(path) => Origin::of_file(part, kind, path),
        None => Origin::new(part, kind, None),
    }
}

fn value(text: &str) -> Option<&str> {
    text.split_once('=').map(|(_, value)| value)
}

/// Whether a name on the command line, perhaps with its part of the order, means this part.
fn is_same(name: &str, part: &str) -> bool {
    let field = |name: &str| name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    field(name) == field(part)
}

/// The parts that the ledger does not keep: secrets, unknown fields, and documents.
fn unrecorded(order: &OrderRequest) -> Result<Vec<String>> {
    let (kept, whole) = (public_body(order)?, order.preview()?);
    let (kept, whole) = (names(&kept), names(&whole));
    let mut parts: Vec<String> = whole.into_iter().filter(|name| !kept.contains(name)).collect();
    parts.extend((0..order.documents.len()).map(|index| format!("{DOCUMENT}{index}")));
    Ok(parts)
}

/// The names in an order: those of its parts, and of their members.
fn names(json: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (part, value) in Members::of(json).map_or_else(Vec::new, |members| members.0) {
        let members = Members::of(value.get()).map_or_else(Vec::new, |members| members.0);
        names.extend(members.into_iter().map(|(name, _)| format!("{part}.{name}")));
        names.push(part);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_the_origin_that_it_was_read_from_last() {
        let json = r#"{"orderinfoPost":{"productID":"p","commonName":"c","month":12,"uKeyPassword":"1","Hosts":[]},
            "organizationPost":{"OrgName":"o","UserMobile":"2"},"agent":"x",
            "documentsPost":[{"documentType":1,"fileType":".pdf","fileContent":"eA=="}]}"#;
        let mut order = OrderRequest::from_json(json).unwrap();
        order.set("orderinfoPost.Note", "n").unwrap();
        let licence = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/licence.pdf");
        order.add_document(2.into(), wotrus::Document::from_path(licence).unwrap());
        let flags = Flags {
            from: Some(Path::new("/o.json")),
            json,
            set: &["orderinfoPost.note=n".into()],
            set_json: &[],
            secret_from: &["usermobile=/m".into(), "organizationPost.UserMobile=-".into()],
            document: &[format!("licence={licence}")],
        };
        let found = of_flags(&order, &flags).unwrap();
        let shown = |origin: &Origin| {
            let path = origin.path.as_ref().map_or(String::new(), |it| it.display().to_string());
            format!("{} {} {path}", origin.part, origin.kind.as_str())
        };
        let file = std::path::absolute("/o.json").unwrap().display().to_string();
        let licence = std::path::absolute(licence).unwrap().display().to_string();
        let mut shown: Vec<String> = found.iter().map(shown).collect();
        shown.sort();
        assert_eq!(
            shown,
            [
                format!("agent json {file}"),
                format!("documentsPost.0 json {file}"),
                format!("documentsPost.1 file {licence}"),
                format!("orderinfoPost.Hosts json {file}"),
                "orderinfoPost.Note argument ".to_owned(),
                format!("orderinfoPost.uKeyPassword json {file}"),
                "organizationPost.UserMobile standard_input ".to_owned(),
            ]
        );
        let types: Vec<_> = found.iter().filter_map(|origin| origin.document_type).collect();
        assert_eq!(types, [2]);
    }
}
