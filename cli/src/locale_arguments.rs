//! Reads the command line in the locale's charset.

use std::any::TypeId;
use std::ffi::OsStr;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

use crate::charset;
use crate::lang::say;

/// The command line with arguments of type text in the locale's charset. Paths stay as they are given.
pub(crate) fn in_locale_charset(command: Command) -> Command {
    if charset::is_utf8() {
        return command;
    }
    command.mut_args(argument).mut_subcommands(in_locale_charset)
}

fn argument(argument: Arg) -> Arg {
    let is_text = argument.get_value_parser().type_id() == TypeId::of::<String>();
    if is_text { argument.value_parser(LocaleText) } else { argument }
}

#[derive(Clone)]
struct LocaleText;

impl TypedValueParser for LocaleText {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        charset::decoded(value).ok_or_else(|| {
            let charset = charset::name();
            let argument = argument.map(ToString::to_string).unwrap_or_default();
            let problem = say!(
                "the value of {argument} is not valid {charset}, the charset of the locale",
                "{argument} 的取值不是有效的 {charset} 文本（系统区域设置的字符集）"
            );
            Error::raw(ErrorKind::InvalidUtf8, problem).with_cmd(command)
        })
    }
}
