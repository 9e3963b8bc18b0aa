use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::Path;

use super::chinese::pairs;
use super::text::Argument;
use super::*;

/// The English templates in the library's sources.
fn templates() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(path).unwrap();
            let uses = source.split(concat!("message", "!(")).skip(1);
            found.extend(uses.map(|rest| literal(rest.trim_start())));
        }
    }
}

/// The string literal that source code begins with.
fn literal(source: &str) -> String {
    let mut characters = source.strip_prefix('"').expect("a literal").chars();
    let mut text = String::new();
    loop {
        match characters.next().expect("the end of the literal") {
            '"' => return text,
            '\\' => match characters.next() {
                Some(itself @ ('"' | '\\')) => text.push(itself),
                other => panic!("an escape that this test does not know: {other:?}"),
            },
            character => text.push(character),
        }
    }
}

#[test]
fn every_template_has_a_chinese_text_and_every_chinese_text_is_used() {
    let translated: BTreeSet<String> = pairs().map(|(english, _)| english.to_owned()).collect();
    let templates = templates();
    assert!(templates.len() > 200, "{} templates were found", templates.len());
    let missing: Vec<_> = templates.difference(&translated).collect();
    let unused: Vec<_> = translated.difference(&templates).collect();
    assert!(missing.is_empty(), "without a Chinese text in zh.txt: {missing:#?}");
    assert!(unused.is_empty(), "in zh.txt, but not in the sources: {unused:#?}");
}

#[test]
fn every_template_is_found() {
    for (english, chinese) in pairs() {
        assert_eq!(super::chinese::of(english), Some(chinese), "{english}");
    }
    assert_eq!(super::chinese::of("no template"), None);
}

#[test]
fn both_texts_have_the_same_arguments() {
    let mut seen = HashSet::new();
    for (english, chinese) in pairs() {
        assert!(seen.insert(english), "twice in zh.txt: {english}");
        let count = english.matches("{}").count();
        let arguments = (0..count).map(|number| Argument::Text(format!("<{number}>")));
        let shown = Message { template: chinese, arguments: arguments.collect() };
        let shown = shown.text(Lang::En);
        for number in 0..count {
            let argument = format!("<{number}>");
            assert_eq!(shown.matches(&argument).count(), 1, "{english}: {shown}");
        }
        assert!(!shown.contains(['{', '}']), "{english}: {shown}");
    }
}

/// The rules of Chinese typography that a person would otherwise have to check.
#[test]
fn chinese_texts_have_chinese_punctuation_and_spaces_around_latin_words() {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (english, chinese) in pairs() {
        let characters: Vec<char> = chinese.chars().collect();
        for pair in characters.windows(2) {
            let (left, right) = (pair[0], pair[1]);
            let touches = (is_chinese(left) && right.is_ascii_alphanumeric())
                || (left.is_ascii_alphanumeric() && is_chinese(right));
            assert!(!touches, "no space in {chinese:?} ({english})");
            let is_ascii_mark = |c: char| matches!(c, ',' | ';' | ':' | '(' | '?');
            assert!(!(is_chinese(left) && is_ascii_mark(right)), "{chinese} ({english})");
        }
    }
}

#[test]
fn arguments_keep_their_meaning_in_another_order() {
    let message = Message {
        template: "{1} before {0}",
        arguments: vec![Argument::Text("a".into()), Argument::Message(message!("is empty"))],
    };
    assert_eq!(message.text(Lang::En), "is empty before a");
    assert_eq!(message.text(Lang::Zh), "为空 before a");
}

#[test]
fn nested_messages_are_translated_and_quoted_texts_are_not() {
    let problem = message!("is longer than {} bytes", 128_usize);
    let message = message!("{}: {}", "is empty", problem);
    assert_eq!(message.to_string(), "is empty: is longer than 128 bytes");
    assert_eq!(message.text(Lang::Zh), "is empty：超过 128 字节");
    let own = message!("is empty").into_io(io::ErrorKind::InvalidInput);
    assert_eq!(Message::of_io(&own).text(Lang::Zh), "为空");
    let foreign = io::Error::other("is empty");
    assert_eq!(Message::of_io(&foreign).text(Lang::Zh), "is empty");
    // What is quoted is no template.
    assert_eq!(Message::verbatim("{} {0}").text(Lang::Zh), "{} {0}");
    assert_eq!(message!("its id {}", "{}").to_string(), "its id {}");
}

#[test]
fn only_quoted_texts_are_changed() {
    let mut message = message!("the answer {}", message!("its id {}", "its id"));
    message.map_quoted(&|text| text.replace("id", "***"));
    assert_eq!(message.to_string(), "the answer its id its ***");
}

#[test]
fn languages_have_names() {
    for lang in [Lang::En, Lang::Zh] {
        assert_eq!(Lang::named(lang.as_str()), Some(lang));
    }
    assert_eq!(Lang::named("ZH"), None);
}
