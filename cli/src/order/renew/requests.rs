//! The requests of a renewed order besides csR_RSA, such as those of SM2. The library does not know their
//! fields, and a renewal for the old keys must not be sent unnoticed.

use serde_json::{Map, Value};
use wotrus::OrderRequest;

use crate::failure::Result;

/// The parts in which an order's fields are.
const PARTS: [&str; 2] = ["orderinfoPost", "organizationPost"];
/// What every PEM request has in its first line.
const PEM: &str = "CERTIFICATE REQUEST";

/// The fields with requests of an order from which csR_RSA was taken: those with such a name, and those with
/// such a value.
pub(super) fn requests(order: &OrderRequest) -> Result<Vec<String>> {
    let order: Map<String, Value> = serde_json::from_str(&order.preview()?).unwrap_or_default();
    let mut found = Vec::new();
    for (part, value) in &order {
        match value {
            Value::Object(fields) if PARTS.contains(&part.as_str()) => {
                let fields = fields.iter().filter(|(name, value)| is_request(name, value));
                found.extend(fields.map(|(name, _)| format!("{part}.{name}")));
            }
            value if is_request(part, value) => found.push(part.clone()),
            _ => {}
        }
    }
    Ok(found)
}

fn is_request(name: &str, value: &Value) -> bool {
    let is_blank = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    !is_blank && (name.to_ascii_lowercase().contains("csr") || has_request(value))
}

fn has_request(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(PEM),
        Value::Array(items) => items.iter().any(has_request),
        Value::Object(members) => members.iter().any(|(name, value)| is_request(name, value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_found_by_their_names_and_by_their_values() {
        let json = r#"{"orderinfoPost":{"productID":"p","commonName":"c","month":12,"idempotenceID":"i",
                "Csr_Sign":"x","CSR_ENCRYPT":"x","csrEmpty":" ","Hosts":["a.cn"],
                "Keys":[{"csr":"x"}],"Other":"-----BEGIN NEW CERTIFICATE REQUEST-----"},
            "organizationPost":{"OrgName":"o","more":{"a":"-----BEGIN CERTIFICATE REQUEST-----"}},
            "signCsr":"x","agent":"y"}"#;
        let mut found = requests(&OrderRequest::from_json(json).unwrap()).unwrap();
        found.sort();
        assert_eq!(
            found,
            [
                "orderinfoPost.CSR_ENCRYPT",
                "orderinfoPost.Csr_Sign",
                "orderinfoPost.Keys",
                "orderinfoPost.Other",
                "organizationPost.more",
                "signCsr",
            ]
        );
    }
}
