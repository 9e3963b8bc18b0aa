//! The language of messages and help: English or Chinese, from `--lang` or the locale.

use std::env;
use std::ffi::OsString;
use std::fmt::Display;
use std::sync::OnceLock;

use clap::ValueEnum;
use wotrus::Message;

use crate::platform;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// 中文
    Zh,
}

static CURRENT: OnceLock<Lang> = OnceLock::new();

/// Sets the language: that of the flag, or else that of the locale.
pub(crate) fn init(flag: Option<Lang>) {
    let _ = CURRENT
        .set(flag.unwrap_or_else(|| of_locale(|name| env::var(name).ok(), platform::language())));
}

/// The value of the last `--lang`. The command line is not parsed yet, because its errors need a
/// language too.
pub(crate) fn of_command_line(arguments: impl Iterator<Item = OsString>) -> Option<Lang> {
    let mut found = None;
    let mut arguments = arguments.take_while(|argument| argument != "--").peekable();
    while let Some(argument) = arguments.next() {
        let value = match argument.to_str() {
            Some("--lang") => arguments.peek().and_then(|value| value.to_str()),
            Some(text) => text.strip_prefix("--lang="),
            None => None,
        };
        found = value.and_then(|value| Lang::from_str(value, true).ok()).or(found);
    }
    found
}

pub(crate) fn current() -> Lang {
    *CURRENT.get().unwrap_or(&Lang::En)
}

/// The language of the library's messages.
pub(crate) fn of_library() -> wotrus::Lang {
    match current() {
        Lang::En => wotrus::Lang::En,
        Lang::Zh => wotrus::Lang::Zh,
    }
}

/// A message of the library in the current language.
pub(crate) fn text(message: &Message) -> String {
    message.text(of_library())
}

/// POSIX: the first of these variables that is not empty counts. Without one, the system's language does.
fn of_locale(get: impl Fn(&str) -> Option<String>, system: Option<String>) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(get);
    match locale.into_iter().find(|value| !value.is_empty()).or(system) {
        Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

/// Formats a message in the current language: `say!("order {id}", "订单 {id}")`.
macro_rules! say {
    ($en:literal, $zh:literal) => {
        match $crate::lang::current() {
            $crate::lang::Lang::En => format!($en),
            $crate::lang::Lang::Zh => format!($zh),
        }
    };
}
pub(crate) use say;

/// A problem behind the name of the flag, field or file that has it.
pub(crate) fn named(name: &str, problem: impl Display) -> String {
    say!("{name}: {problem}", "{name}：{problem}")
}

/// A fact in a table.
pub(crate) fn yes_no(fact: bool) -> String {
    if fact { say!("yes", "是") } else { say!("no", "否") }
}

/// Several problems in one sentence.
pub(crate) fn joined(problems: &[String]) -> String {
    problems.join(&say!("; ", "；"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_found_before_and_after_the_command() {
        let of = |line: &str| of_command_line(line.split(' ').map(OsString::from));
        assert_eq!(of("--lang zh order show"), Some(Lang::Zh));
        assert_eq!(of("order show --lang=en"), Some(Lang::En));
        assert_eq!(of("order show --lang"), None);
        assert_eq!(of("push listen -- x --lang zh"), None);
    }

    #[test]
    fn the_locale_variables_have_posix_precedence() {
        let of = |set: &[(&str, &str)]| {
            let get = |name: &str| set.iter().find(|(set, _)| *set == name);
            of_locale(|name| get(name).map(|(_, value)| (*value).to_owned()), None)
        };
        assert_eq!(of(&[]), Lang::En);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), Lang::En);
        assert_eq!(of(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_TW")]), Lang::Zh);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")]), Lang::Zh);
        let chinese = || Some("zh-CN".to_owned());
        assert_eq!(of_locale(|_| None, chinese()), Lang::Zh);
        assert_eq!(of_locale(|_| Some("C".to_owned()), chinese()), Lang::En);
    }
}
