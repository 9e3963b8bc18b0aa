//! The plain text of what a service or a gateway sends as HTML.

/// The plain text of a reason: on one line without tags and with entities decoded, if it is HTML;
/// otherwise as it is.
pub(super) fn of_reason(text: &str) -> String {
    match has_html(text) {
        true => of_html(text),
        false => text.to_owned(),
    }
}

/// The plain text of a body that is not JSON, on one line. What begins with a tag is HTML or XML.
pub(crate) fn of_body(text: &str) -> String {
    match text.trim_start().strip_prefix('<').is_some_and(begins_tag) || has_html(text) {
        true => of_html(text),
        false => one_line(text),
    }
}

fn of_html(html: &str) -> String {
    let text = one_line(&decoded(&without_tags(html)));
    without_title(&text).to_owned()
}

/// The text without a title that the heading repeats, as in the pages of gateways.
fn without_title(text: &str) -> &str {
    const MAX_WORDS: usize = 16;
    let starts: Vec<usize> =
        text.match_indices(' ').map(|(at, _)| at + 1).take(MAX_WORDS).collect();
    let is_repeated = |start: &&usize| {
        let (title, rest) = text.split_at(**start);
        rest.starts_with(title) || rest == title.trim_end()
    };
    // A single word may be repeated on purpose.
    starts.iter().skip(1).rev().find(is_repeated).map_or(text, |start| &text[*start..])
}

/// The text with one space wherever white space or control characters stand.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, of at most this many characters; nothing if it is empty.
pub(crate) fn beginning(text: String, max_chars: usize) -> Option<String> {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => Some(format!("{}…", &text[..end])),
        None => Some(text).filter(|text| !text.is_empty()),
    }
}

/// The elements that are recognised without their end tag.
const ELEMENTS: [&str; 20] = [
    "!doctype", "body", "br", "center", "div", "h1", "h2", "head", "hr", "html", "iframe", "img",
    "p", "pre", "script", "span", "style", "svg", "table", "title",
];

/// Whether a text contains an end tag, a comment, an element of [`ELEMENTS`] or one with attributes. A
/// name in angle brackets, as in "no <month>", is no tag.
fn has_html(text: &str) -> bool {
    let mut tags = text.match_indices('<').map(|(at, _)| &text[at + 1..]);
    tags.any(|tag| {
        let is_letter = |c: char| c.is_ascii_alphabetic() || c == '*';
        let end = tag.find([' ', '\t', '\n', '\r', '/', '>', '<']).unwrap_or(tag.len());
        let (name, rest) = tag.split_at(end);
        tag.strip_prefix('/').is_some_and(|rest| rest.starts_with(is_letter))
            || tag.starts_with("!--")
            || (name.starts_with(is_letter) && rest.starts_with(' ') && rest.contains('='))
            || ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name))
    })
}

/// Whether a text begins with a name in any ASCII case.
fn begins_with(text: &str, name: &str) -> bool {
    text.as_bytes().get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()))
}

/// Whether what follows a `<` makes it the beginning of a tag, a comment or a declaration. The name of
/// a tag may be redacted: `***`.
fn begins_tag(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?' | '*'))
}

/// The text with a space for each tag, and nothing of comments, scripts and styles.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        if !begins_tag(tag) {
            text.push('<');
            rest = tag;
            continue;
        }
        text.push(' ');
        if let Some(data) = tag.strip_prefix("![CDATA[") {
            let (data, after) = data.split_once("]]>").unwrap_or((data, ""));
            text.push_str(data);
            rest = after;
            continue;
        }
        let end = match () {
            () if begins_with(tag, "!--") => "-->",
            () if begins_with(tag, "script") => "</script>",
            () if begins_with(tag, "style") => "</style>",
            () => ">",
        };
        rest = behind(tag, end);
    }
    text.push_str(rest);
    text
}

/// The text after the first `end`, in any ASCII case; empty if there is none.
fn behind<'a>(text: &'a str, end: &str) -> &'a str {
    let found =
        text.as_bytes().windows(end.len()).position(|w| w.eq_ignore_ascii_case(end.as_bytes()));
    found.map_or("", |at| &text[at + end.len()..])
}

/// The text with each entity replaced by its character. Unknown ones stay.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        out.push_str(before);
        // The longest that is known has eight characters.
        let end = entity.bytes().take(10).position(|byte| byte == b';');
        match end.and_then(|end| Some((character(&entity[..end])?, &entity[end + 1..]))) {
            Some((character, after)) => {
                out.push(character);
                rest = after;
            }
            None => {
                out.push('&');
                rest = entity;
            }
        }
    }
    out + rest
}

/// The character of an entity: `#27801`, `#x6c83` or a name.
fn character(entity: &str) -> Option<char> {
    if let Some(number) = entity.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return char::from_u32(number.ok()?);
    }
    const NAMED: [(&str, char); 13] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("copy", '©'),
        ("middot", '·'),
        ("hellip", '…'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("ldquo", '“'),
        ("rdquo", '”'),
    ];
    NAMED.iter().find(|(name, _)| *name == entity).map(|(_, character)| *character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_plain_text() {
        for (html, expected) in [
            ("  <html>\r\n<b>502</b>\t\0", "502"),
            (
                "<!DOCTYPE html><html><head><title>503 Service Unavailable</title>\
                 <STYLE>b { color: red }</STYLE><script>if (a < b) {}</script></head>\
                 <body><!-- <b>hidden</b> --><h1>Busy&nbsp;&amp; slow</h1></body></html>",
                "503 Service Unavailable Busy & slow",
            ),
            ("<html><script>never closed", ""),
            (
                "<html><head><title>401 Unauthorized</title></head><body><center>\
                 <h1>401 Unauthorized</h1></center><hr><center>nginx</center></body></html>",
                "401 Unauthorized nginx",
            ),
            ("<title>No way</title><h1>No way</h1>", "No way"),
            ("<p>very very busy</p>", "very very busy"),
            ("<div class='x'>Bad", "Bad"),
            ("<p 未结束", ""),
            ("<***>502</***>", "502"),
            ("<p>维护中</p>", "维护中"),
            ("<p>&#27779;&#x901a; &copy; &unknown; &amp;lt; R&D</p>", "沃通 © &unknown; &lt; R&D"),
            ("余额不足<br/>请充值", "余额不足 请充值"),
            ("error: <b>no such order</b>", "error: no such order"),
            ("502 Bad Gateway\n<!doctype html><p>nginx", "502 Bad Gateway nginx"),
            ("<?xml version=\"1.0\"?><Error><![CDATA[a < b]]></Error>", "a < b"),
            ("<p>1 < 2</p>", "1 < 2"),
        ] {
            assert_eq!(of_body(html), expected, "{html}");
        }
    }

    #[test]
    fn reasons_that_are_html_become_plain_text() {
        for (reason, expected) in [
            ("余额不足<br/>请充值", "余额不足 请充值"),
            ("<b>no such</b>\n<I>order</I>", "no such order"),
            ("a <b>bold</b> word", "a bold word"),
            ("x <style>p {}</style><!DOCTYPE html>\n<p class='a'>502</p> y", "x 502 y"),
            ("cut <script>alert(1)", "cut"),
            ("cut <a href=\"", "cut"),
            ("cut <svg/onload=alert(1)>", "cut"),
            ("cut <!-- x", "cut"),
        ] {
            assert_eq!(of_reason(reason), expected);
        }
    }

    #[test]
    fn other_reasons_stay_as_they_are() {
        for text in [
            "",
            "upstream said: 1 < 2",
            "no <month>",
            "length < 5 and > 3",
            "<month",
            "<month> is\ninvalid",
            "订单 <644A> 不存在",
            "R&amp;D  &  more",
            "a </ b",
            "<>",
        ] {
            assert_eq!(of_reason(text), text);
        }
    }
}
