//! JSON objects whose members keep their order and their text, which decide whether a body is the same.

use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

const DOCUMENTS: &str = "documentsPost";
const PATH: &str = "path";

/// The members of an object.
pub(crate) struct Members<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The members of a JSON object; none of other JSON.
    pub(crate) fn of(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The text of a member, whose name can be in any case.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let member = self.0.iter().find(|(member, _)| member.eq_ignore_ascii_case(name));
        member.map(|(_, value)| value.get())
    }

    /// The object; `replace` gives another value for a member.
    pub(crate) fn write(&self, replace: impl Fn(&str) -> Option<String>) -> String {
        let members = self.0.iter().map(|(name, value)| {
            let name_json = serde_json::Value::from(name.as_str()).to_string();
            let value = replace(name).unwrap_or_else(|| value.get().to_owned());
            format!("{name_json}:{value}")
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

fn documents(order: &str) -> Vec<&str> {
    let items = Members::of(order)
        .and_then(|order| serde_json::from_str::<Vec<&RawValue>>(order.get(DOCUMENTS)?).ok());
    items.unwrap_or_default().into_iter().map(RawValue::get).collect()
}

/// The file that a document names. An empty text is the same as none.
fn path_of(document: &Members<'_>) -> Option<String> {
    let path: String = serde_json::from_str(document.get(PATH)?).ok()?;
    Some(path).filter(|path| !path.is_empty())
}

/// The files that the documents of an order in the service's JSON form name, one for each document.
pub(crate) fn document_paths(order: &str) -> Vec<Option<String>> {
    let path = |document| path_of(&Members::of(document)?);
    documents(order).into_iter().map(path).collect()
}

/// The order with other names of those files. `rename` gets the index of a document and its name; a
/// name that it does not change, or that is not UTF-8, stays.
pub(crate) fn with_document_paths<'p>(
    order: &str,
    rename: impl Fn(usize, &str) -> Option<std::borrow::Cow<'p, Path>>,
) -> String {
    let renamed = |index: usize, document: &str| -> Option<String> {
        let members = Members::of(document)?;
        let old = path_of(&members)?;
        let new = serde_json::Value::from(rename(index, &old)?.to_str()?).to_string();
        Some(members.write(|name| name.eq_ignore_ascii_case(PATH).then(|| new.clone())))
    };
    let mut changed = false;
    let list = documents(order).into_iter().enumerate().map(|(index, document)| {
        let new = renamed(index, document);
        changed |= new.is_some();
        new.unwrap_or_else(|| document.to_owned())
    });
    let list = format!("[{}]", list.collect::<Vec<_>>().join(","));
    match Members::of(order) {
        Some(members) if changed => {
            members.write(|name| name.eq_ignore_ascii_case(DOCUMENTS).then(|| list.clone()))
        }
        _ => order.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_paths_of_documents_change() {
        let json = r#" {"z" : 1e999, "path":"x", "DOCUMENTSPOST": [ {"Path":"a.pdf","n": 1.50}, {"fileContent":"eA=="} ],"\u0061":{"b":1}}"#;
        assert_eq!(document_paths(json), [Some("a.pdf".to_owned()), None]);
        let renamed = with_document_paths(json, |index, old| {
            assert_eq!((index, old), (0, "a.pdf"));
            Some(Path::new("/沃/a.pdf").into())
        });
        let expected = r#"{"z":1e999,"path":"x","DOCUMENTSPOST":[{"Path":"/沃/a.pdf","n":1.50},{"fileContent":"eA=="}],"a":{"b":1}}"#;
        assert_eq!(renamed, expected);
        let empty = r#"{"documentsPost":[{"path":"","fileType":".pdf","fileContent":"eA=="}]}"#;
        assert_eq!(document_paths(empty), [None]);
        assert_eq!(with_document_paths(empty, |_, _| Some(Path::new("/x").into())), empty);
        for json in ["[1]", "{", "{\"documentsPost\":null}", "{\"documentsPost\":[1]}"] {
            assert_eq!(with_document_paths(json, |_, _| None), json);
        }
    }
}
