//! What an error message quotes of an answer that is not JSON.

/// In characters.
const MAX_LENGTH: usize = 120;

/// `": "` and the beginning of the answer as one line of plain text, by which a person can recognise
/// a gateway's page; empty if there is no text. JSON is not quoted: it may contain personal data.
pub(super) fn excerpt(answer: &str) -> String {
    let answer = answer.trim_start_matches('\u{feff}').trim();
    if answer.starts_with(['{', '[', '"']) {
        return String::new();
    }
    let text = match answer.starts_with('<') {
        true => without_tags(answer),
        false => answer.to_owned(),
    };
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty())
    {
        line.push_str(if line.is_empty() { ": " } else { " " });
        line.push_str(word);
        if line.chars().count() > MAX_LENGTH {
            return line.chars().take(MAX_LENGTH).chain(['…']).collect();
        }
    }
    line
}

/// The text of an HTML page: a space for each tag, and nothing of comments, scripts and styles.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let is =
            |name: &str| tag.get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name));
        let end = match () {
            () if is("!--") => "-->",
            () if is("script") => "</script>",
            () if is("style") => "</style>",
            () => ">",
        };
        rest = behind(tag, end);
    }
    text.push_str(rest);
    for (entity, character) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
    {
        text = text.replace(entity, character);
    }
    text
}

/// The text after the first `end`, in any ASCII case; empty if there is none.
fn behind<'a>(text: &'a str, end: &str) -> &'a str {
    let found =
        text.as_bytes().windows(end.len()).position(|w| w.eq_ignore_ascii_case(end.as_bytes()));
    found.map_or("", |at| &text[at + end.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_quoted_as_plain_text() {
        for (page, expected) in [
            ("  <html>\r\n<b>502</b>\t\0", ": 502"),
            (
                "<!DOCTYPE html><html><head><title>503 Service Unavailable</title>\
                 <STYLE>b { color: red }</STYLE><script>if (a < b) {}</script></head>\
                 <body><!-- <b>hidden</b> --><h1>Busy&nbsp;&amp; slow</h1></body></html>",
                ": 503 Service Unavailable Busy & slow",
            ),
            ("<html><script>never closed", ""),
            ("<p>维护中</p>", ": 维护中"),
            ("<p 未结束", ""),
            ("upstream said: 1 < 2", ": upstream said: 1 < 2"),
        ] {
            assert_eq!(excerpt(page), expected, "{page}");
        }
    }

    #[test]
    fn excerpts_are_short_and_never_json() {
        assert_eq!(excerpt(r#"{"userMobile":"18610077459""#), "");
        assert_eq!(excerpt("\u{feff}[1"), "");
        assert_eq!(excerpt(""), "");
        assert!(excerpt(&"长".repeat(5000)).chars().count() <= MAX_LENGTH + 1);
    }
}
