//! Documents inside requests: they are checked and measured, and their content is not kept.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{Context, SHA256};

use super::fields::Fields;
use crate::order::Document;
use crate::policy::DocumentContent;
use crate::refusal::Refusal;

/// How many base64 characters are decoded at a time: a multiple of four.
const CHUNK: usize = 64 * 1024;

/// Reads `fileType` and `fileContent`, which are both required.
pub(crate) fn read(
    fields: Fields<'_>,
    kind: Option<u32>,
    policy: DocumentContent,
) -> Result<Document, Refusal> {
    let extension = fields.required("fileType")?.to_ascii_lowercase();
    let magic: &[u8] = match extension.as_str() {
        ".jpg" => b"\xff\xd8\xff",
        ".gif" => b"GIF8",
        ".pdf" => b"%PDF-",
        _ => return Err(Refusal::new("fileType 只支持 .jpg .gif .pdf")),
    };
    let content = fields.required("fileContent")?;
    let measured =
        measure(&content).ok_or_else(|| Refusal::new("fileContent 不是有效的 base64"))?;
    if policy == DocumentContent::Checked && !measured.start.starts_with(magic) {
        return Err(Refusal::new("fileContent 与 fileType 不符"));
    }
    Ok(Document { kind, extension, size: measured.size, sha256: measured.sha256 })
}

struct Measured {
    size: u64,
    sha256: String,
    start: Vec<u8>,
}

/// Decodes base64 piece by piece. White space is ignored, as .NET does.
fn measure(base64: &str) -> Option<Measured> {
    let dense: Cow<'_, str> = match base64.contains(|c: char| c.is_ascii_whitespace()) {
        true => base64.split_ascii_whitespace().collect(),
        false => base64.into(),
    };
    let (mut size, mut start) = (0, Vec::new());
    let mut digest = Context::new(&SHA256);
    let mut ended = false;
    for chunk in dense.as_bytes().chunks(CHUNK) {
        let bytes = STANDARD.decode(chunk).ok().filter(|_| !ended)?;
        ended = chunk.ends_with(b"=");
        size += bytes.len() as u64;
        digest.update(&bytes);
        if start.is_empty() {
            start = bytes[..bytes.len().min(8)].to_vec();
        }
    }
    let sha256 = digest.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(Measured { size, sha256, start })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(kind: &str, content: &str, policy: DocumentContent) -> Result<Document, Refusal> {
        let value = json!({"fileType": kind, "fileContent": content});
        read(Fields(value.as_object().unwrap()), Some(2), policy)
    }

    #[test]
    fn size_and_digest_are_those_of_the_decoded_content() {
        let pdf = b"%PDF-1.4\n".repeat(20_000);
        let text = STANDARD.encode(&pdf);
        let document = document(".PDF", &text, DocumentContent::Checked).unwrap();
        assert_eq!((document.size, document.extension.as_str()), (180_000, ".pdf"));
        let digest = ring::digest::digest(&SHA256, &pdf);
        let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(document.sha256, hex);
        let wrapped: Vec<_> = text.as_bytes().chunks(76).map(String::from_utf8_lossy).collect();
        let again = super::tests::document(".pdf", &wrapped.join("\r\n"), DocumentContent::Any);
        assert_eq!(again.unwrap(), document);
    }

    #[test]
    fn other_file_types_and_invalid_base64_are_refused() {
        let of = |kind: &str, content: &str, policy| document(kind, content, policy).err();
        assert!(of(".png", "AAAA", DocumentContent::Any).is_some());
        assert!(of(".jpg", "AAA", DocumentContent::Any).is_some());
        assert!(of(".jpg", "data:image/jpeg;base64,AAAA", DocumentContent::Any).is_some());
        assert!(of(".jpg", "", DocumentContent::Any).is_some());
        assert!(
            of(".jpg", &format!("{}AA==AAAA", "A".repeat(CHUNK - 4)), DocumentContent::Any)
                .is_some()
        );
        // The example of sections 6 and 7 is valid base64, but no image.
        assert!(of(".jpg", "AZIDFSLDFDDFKKDF", DocumentContent::Any).is_none());
        assert!(of(".jpg", "AZIDFSLDFDDFKKDF", DocumentContent::Checked).is_some());
    }
}
