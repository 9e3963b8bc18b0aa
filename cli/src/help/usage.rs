//! Messages of usage errors.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::translate::rendered;
use crate::lang::{self, Lang};

/// What the standard library's parsers say, and what a user understands.
const PROBLEMS: [(&str, &str, &str); 5] = [
    ("invalid digit found in string", "not a whole number", "不是整数"),
    ("cannot parse integer from empty string", "not a whole number", "不是整数"),
    ("number too large to fit in target type", "too large", "数值过大"),
    ("number too small to fit in target type", "too small", "数值过小"),
    (
        "invalid socket address syntax",
        "should be an address with a port, such as 127.0.0.1:8080",
        "应为地址和端口，例如 127.0.0.1:8080",
    ),
];

/// The text of a usage error in which the problems of numbers and addresses are explained.
pub(super) fn explained(text: &str) -> String {
    PROBLEMS.iter().fold(text.to_owned(), |text, (std, en, zh)| {
        text.replace(std, if lang::current() == Lang::Zh { zh } else { en })
    })
}

/// The problem on one line.
pub(crate) fn message(error: &Error) -> String {
    match lang::current() {
        Lang::Zh => chinese(error).unwrap_or_else(|| english(error)),
        Lang::En => english(error),
    }
}

fn english(error: &Error) -> String {
    let text = explained(&error.to_string());
    let mut lines = text.lines().map(str::trim);
    let first = lines.next().unwrap_or_default();
    // Missing arguments are listed on the lines that follow.
    let rest: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    if rest.is_empty() { first.to_owned() } else { format!("{first} {}", rest.join(" ")) }
}

/// The complete error in Chinese: the problem and the usage.
pub(super) fn complete_message(error: &Error) -> Option<String> {
    let message = chinese(error)?;
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => format!("\n\n{}", rendered(&usage.to_string())),
        _ => String::new(),
    };
    Some(format!("错误：{message}{usage}\n\n更多信息请用 --help 查看。\n"))
}

fn chinese(error: &Error) -> Option<String> {
    let of = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join("、")),
        _ => None,
    };
    let argument = of(ContextKind::InvalidArg).unwrap_or_default();
    let value = of(ContextKind::InvalidValue).unwrap_or_default();
    let mut message = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 缺少取值"),
        ErrorKind::InvalidValue => format!("“{value}” 不是 {argument} 的有效取值"),
        ErrorKind::UnknownArgument => format!("未知参数 {argument}"),
        ErrorKind::InvalidSubcommand => {
            format!("未知命令 {}", of(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{argument}"),
        ErrorKind::MissingSubcommand => "缺少子命令".to_owned(),
        ErrorKind::ArgumentConflict => match of(ContextKind::PriorArg) {
            Some(prior) if prior != argument => format!("{argument} 不能与 {prior} 同时使用"),
            _ => format!("{argument} 不能多次使用"),
        },
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(|why| explained(&why.to_string()));
            let why = why.unwrap_or_default();
            let why = match why.split_once(" is not in ") {
                Some((_, range)) => format!("不在 {range} 范围内"),
                None => why,
            };
            format!("“{value}” 不能用于 {argument}：{why}")
        }
        _ => return None,
    };
    if let Some(values) = of(ContextKind::ValidValue) {
        message += &format!("（可选：{values}）");
    }
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    if let Some(suggested) = suggested.into_iter().find_map(of) {
        message += &format!("；是否要用 {suggested}？");
    }
    Some(message)
}
