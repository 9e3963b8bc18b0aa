//! What an error message quotes of an answer that is not JSON.

use crate::answer::plain_text;

/// In characters.
const MAX_LENGTH: usize = 120;

/// The beginning of the answer as one line of plain text, by which a person can recognise a gateway's
/// page; nothing if there is no text. JSON is not quoted, also where it follows other text: it may contain
/// personal data. `redact` removes secrets before the text is cut.
pub(super) fn excerpt(answer: &str, redact: &dyn Fn(&str) -> String) -> Option<String> {
    let answer = answer.trim_start_matches('\u{feff}').trim();
    if answer.starts_with(['{', '[', '"']) {
        return None;
    }
    // Again, because a page may write a secret with entities.
    let mut line = redact(&plain_text::of_body(&redact(answer)));
    let end = line.find(['{', '[']).unwrap_or(line.len());
    line.truncate(line[..end].trim_ascii_end().len());
    plain_text::beginning(line, MAX_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without redaction.
    fn excerpt_of(answer: &str) -> Option<String> {
        excerpt(answer, &|text| text.to_owned())
    }

    #[test]
    fn pages_are_quoted_as_plain_text() {
        for (page, expected) in [
            ("<html><h1>503</h1>\r\n<p>Busy&nbsp;&amp; slow</p></html>", Some("503 Busy & slow")),
            ("<html><script>never closed", None),
            ("upstream said:\n 1 < 2", Some("upstream said: 1 < 2")),
            ("<p 未结束", None),
            ("<style>p { color: red }</style><p>502", Some("502")),
            (r#"<br />Notice: x in y.php{"userMobile":"18610077459"}"#, Some("Notice: x in y.php")),
            ("3f\r\n[{\"idCardNumber\":\"1\"}]", Some("3f")),
            (r#"<p>&#123;"userMobile":"18610077459"}"#, None),
        ] {
            assert_eq!(excerpt_of(page).as_deref(), expected, "{page}");
        }
    }

    #[test]
    fn excerpts_are_short_and_never_json() {
        assert_eq!(excerpt_of(r#"{"userMobile":"18610077459""#), None);
        assert_eq!(excerpt_of("\u{feff}[1"), None);
        assert_eq!(excerpt_of(""), None);
        assert_eq!(excerpt_of(&"长".repeat(5000)).unwrap().chars().count(), MAX_LENGTH + 1);
    }

    #[test]
    fn a_secret_is_redacted_however_the_page_writes_it() {
        let redact = |text: &str| text.replace("tk_secret", "***");
        for page in ["<p>tk_secret</p>", "<p>tk&#95;secret</p>", "tk_secret"] {
            assert_eq!(excerpt(page, &redact).as_deref(), Some("***"), "{page}");
        }
        let long = format!("<p>{}tk&#95;secret</p>", "x".repeat(MAX_LENGTH - 4));
        assert!(!excerpt(&long, &redact).unwrap().contains("tk"));
    }
}
