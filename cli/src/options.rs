//! The library's options. Each can be a flag, a variable or a key of the config file; the first one that
//! is set counts.

use std::env;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, FromArgMatches};
use wotrus::ClientBuilder;

use crate::charset;
use crate::config::Config;
use crate::failure::{Failure, Result, problem_of};
use crate::lang::{self, say};

struct Flag {
    name: &'static str,
    long: &'static str,
    value: &'static str,
    help: &'static str,
}

const fn flag(
    name: &'static str,
    long: &'static str,
    value: &'static str,
    help: &'static str,
) -> Flag {
    Flag { name, long, value, help }
}

/// Every option of the library except the token, which is never a flag, and the language, which is a
/// flag of every command.
const FLAGS: &[Flag] = &[
    flag(
        "base_url",
        "base-url",
        "URL",
        "Base URL of the service [default: https://restapi.wosign.com]",
    ),
    flag("timeout", "timeout", "SECS", "Deadline of a call [default: 30, more with documents]"),
    flag(
        "connect_timeout",
        "connect-timeout",
        "SECS",
        "Timeout for opening a connection [default: 10]",
    ),
    flag("retries", "retries", "N", "Maximum number of retries, made only where safe [default: 2]"),
    flag(
        "ca_file",
        "ca-file",
        "FILE",
        "Trust the CAs in this PEM file (system: those of the operating system), not the built-in ones",
    ),
    flag(
        "proxy",
        "proxy",
        "URL",
        "HTTP proxy, http://host:port (with a password: use WOTRUS_PROXY)",
    ),
    flag(
        "max_answer_size",
        "max-answer-size",
        "BYTES",
        "Maximum size of a response [default: 1048576]",
    ),
    flag("user_agent", "user-agent", "TEXT", "The User-Agent header"),
    flag(
        "request_id",
        "request-id",
        "ID",
        "RequestID header, which identifies the call in the service's logs",
    ),
];

/// The options that were given as flags.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options(Vec<(&'static str, String)>);

impl clap::Args for Options {
    fn augment_args(command: Command) -> Command {
        FLAGS.iter().fold(command, |command, flag| {
            let arg = Arg::new(flag.name).long(flag.long).value_name(flag.value).help(flag.help);
            command.arg(arg.global(true).help_heading("Connection"))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Options {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |flag: &Flag| Some((flag.name, matches.get_one::<String>(flag.name)?.clone()));
        Ok(Self(FLAGS.iter().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Options {
    /// Refuses connection options, for commands that do not call the service.
    pub(crate) fn refuse(&self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => {
                let problem =
                    say!("this command does not call the service", "此命令不调用服务端接口");
                Err(Failure::argument(name, problem))
            }
        }
    }

    /// An option's value, and the name of its source.
    pub(crate) fn value(&self, name: &str, config: &Config) -> Result<Option<(String, String)>> {
        match self.0.iter().find(|(given, _)| *given == name) {
            Some((_, value)) if name == "proxy" && value.contains('@') => {
                let problem = say!(
                    "every user of the machine can see a password in a flag; use WOTRUS_PROXY or the config file",
                    "命令行参数中的密码对本机所有用户可见，请改用 WOTRUS_PROXY 或配置文件"
                );
                Err(Failure::config(name, problem))
            }
            Some((_, value)) => Ok(Some((value.clone(), format!("--{}", name.replace('_', "-"))))),
            None => match variable(name)? {
                Some(value) => Ok(Some((value, variable_name(name)))),
                None => config.option(name),
            },
        }
    }

    /// A builder with the settings of flags, variables and the config file, except the token.
    pub(crate) fn builder(&self, config: &Config) -> Result<ClientBuilder> {
        let mut builder = wotrus::Client::builder()
            .lang(lang::of_library())
            .user_agent(concat!("wotrus-cli/", env!("CARGO_PKG_VERSION")));
        for Flag { name, .. } in FLAGS {
            if let Some((value, source)) = self.value(name, config)? {
                if *name == "ca_file" && !value.is_empty() {
                    builder = builder.ca_file(charset::path(&value));
                    continue;
                }
                builder = builder.set(name, &value).map_err(|error| {
                    let problem = problem_of(&error);
                    Failure::config(
                        name,
                        say!("{problem} (from {source})", "{problem}（来自 {source}）"),
                    )
                })?;
            }
        }
        Ok(builder)
    }
}

/// The flags, each with its variable.
pub(crate) fn variables() -> impl Iterator<Item = (&'static str, String)> {
    FLAGS.iter().map(|flag| (flag.long, variable_name(flag.name)))
}

fn variable_name(name: &str) -> String {
    format!("WOTRUS_{}", name.to_ascii_uppercase())
}

/// The variable of an option; an empty one counts as unset.
pub(crate) fn variable(name: &str) -> Result<Option<String>> {
    let variable = variable_name(name);
    let Some(value) = env::var_os(&variable).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    charset::decoded(&value).map(Some).ok_or_else(|| {
        let charset = charset::name();
        Failure::config(
            name,
            say!("{variable} is not valid {charset}", "{variable} 不是有效的 {charset} 文本"),
        )
    })
}

/// The variable of an option whose value is a path; an empty one counts as unset.
pub(crate) fn variable_path(name: &str) -> Option<PathBuf> {
    env::var_os(variable_name(name)).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_table_in_the_docs_is_complete() {
        let table = include_str!("../../docs/options.md");
        for Flag { name, long, .. } in FLAGS {
            let row = format!("| `{name}` | `--{long}` | `{}` |", variable_name(name));
            assert!(table.contains(&row), "{row}");
        }
    }

    #[test]
    fn every_library_option_except_token_and_language_is_a_flag() {
        let flags: Vec<&str> = FLAGS.iter().map(|flag| flag.name).collect();
        for name in ClientBuilder::NAMES {
            assert_eq!(flags.contains(name), !["token", "lang"].contains(name), "{name}");
        }
        for flag in FLAGS {
            assert_eq!(flag.long, flag.name.replace('_', "-"));
            assert!(ClientBuilder::NAMES.contains(&flag.name));
        }
    }
}
