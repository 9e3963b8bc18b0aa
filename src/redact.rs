//! Removes secrets from texts of the service, which may echo what it was sent, and from errors.

use crate::json::quoted;
use crate::percent::with_encoded;
use crate::secret::Secret;

const MASK: &str = "***";
/// A shorter secret would match harmless text, and is not a secret.
const MIN_SECRET: usize = 4;
/// The shortest beginning of a document that is recognised, as base64.
const MIN_DOCUMENT: usize = 12;

/// `text` with every secret replaced by `***`, also one that is in another case, escaped as in JSON
/// or percent-encoded; and with base64 that may be a document replaced.
pub(crate) fn redact<'a>(
    text: impl Into<String>,
    secrets: impl Iterator<Item = &'a Secret>,
) -> String {
    // Last: it would replace a part of a secret, and the rest would not be found then.
    without_documents(secrets.fold(text.into(), without))
}

/// `text` without one secret, in each form that [`redact`] knows.
pub(crate) fn without(text: String, secret: &Secret) -> String {
    let secret = secret.expose();
    // The escaped forms are longer.
    if secret.len() < MIN_SECRET || text.len() < secret.len() {
        return text;
    }
    let mut text = replaced(text, secret);
    let (json, percent) = (quoted(secret), with_encoded("", secret));
    for escaped in [&json[1..json.len() - 1], &percent] {
        if escaped != secret {
            text = replaced(text, escaped);
        }
    }
    text
}

/// `text` without any occurrence of `secret` in any ASCII case.
fn replaced(text: String, secret: &str) -> String {
    let (bytes, mut out, mut kept) = (text.as_bytes(), String::new(), 0);
    let mut at = 0;
    while let Some(window) = bytes.get(at..at + secret.len()) {
        if window.eq_ignore_ascii_case(secret.as_bytes()) {
            out.push_str(&text[kept..at]);
            out.push_str(MASK);
            at += secret.len();
            kept = at;
        } else {
            at += 1;
        }
    }
    match kept {
        0 => text,
        _ => out + &text[kept..],
    }
}

/// `text` without long base64.
fn without_documents(text: String) -> String {
    if text.len() < MIN_DOCUMENT {
        return text;
    }
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while !rest.is_empty() {
        let (word, later) = rest.split_at(rest.find(|c| !is_base64(c)).unwrap_or(rest.len()));
        out.push_str(if may_be_document(word) { MASK } else { word });
        let other = later.find(is_base64).unwrap_or(later.len());
        out.push_str(&later[..other]);
        rest = &later[other..];
    }
    out
}

fn may_be_document(word: &str) -> bool {
    // How PDF, JPEG and GIF files begin.
    let begins = ["JVBERi0", "/9j/", "R0lGOD"].iter().any(|start| word.starts_with(start));
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
    // Hexadecimal digits of one case are not base64.
    let mixed =
        has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    (begins && word.len() >= MIN_DOCUMENT) || (mixed && word.len() >= 40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_in_any_spelling() {
        let secrets = [Secret::new("tk_1+2/aB"), Secret::new("1"), Secret::new("沃\"通x")];
        for (text, redacted) in [
            ("token tk_1+2/aB refused, tk_1+2/aB!", "token *** refused, ***!"),
            ("TK_1+2/AB", "***"),
            ("?token=tk_1%2b2%2FaB&x", "?token=***&x"),
            (r#"{"password":"沃\"通x"}"#, r#"{"password":"***"}"#),
            ("沃\"通X", "***"),
            ("1, 11 and 沃通", "1, 11 and 沃通"),
            ("", ""),
        ] {
            assert_eq!(redact(text, secrets.iter()), redacted);
        }
    }

    #[test]
    fn a_secret_with_a_long_run_of_base64_is_masked_whole() {
        let run = "MIIC1jCCAb4CAQAwgZAxCzAJBgNVBAYTAkNOMRIwEAYDVQQI";
        let secret = Secret::new(format!("eyJ0.{run}.x-y_z1"));
        let text = format!("token {} refused", secret.expose());
        assert_eq!(redact(text, [&secret].into_iter()), "token *** refused");
    }

    #[test]
    fn documents_are_masked_and_ids_are_not() {
        let base64 = "MIIC1jCCAb4CAQAwgZAxCzAJBgNVBAYTAkNOMRIwEAYDVQQI";
        let text = format!("fileContent '{base64}' and JVBERi0xLjQKJ of /9j/4AAQSkZJRg== failed");
        let expected = "fileContent '***' and *** of *** failed";
        assert_eq!(redact(&*text, std::iter::empty()), expected);
        for kept in [
            "30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D",
            "30B3F2569D2D43C5ABCB017AA9D3CB6D",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "https://restapi.wosign.com/v1/Certificate/RetrievePem?orderID=A1",
            "订单不存在",
        ] {
            assert_eq!(redact(kept, std::iter::empty()), kept);
        }
    }
}
