//! The library's options: each a flag, a variable and a key of the config file, in this order.

use std::env;

use clap::{Arg, ArgMatches, Command, FromArgMatches};
use wotrus::ClientBuilder;

use crate::config::Config;
use crate::failure::{Failure, Result};
use crate::lang::say;

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

/// Every option of the library but the token, which is never a flag.
const FLAGS: &[Flag] = &[
    flag(
        "base_url",
        "base-url",
        "URL",
        "Where the service is [default: https://restapi.wosign.com]",
    ),
    flag("timeout", "timeout", "SECS", "Time for a whole call [default: 30, more with documents]"),
    flag("connect_timeout", "connect-timeout", "SECS", "Time to open a connection [default: 10]"),
    flag("retries", "retries", "N", "Send again at most so often, where that is safe [default: 2]"),
    flag("ca_file", "ca-file", "FILE", "Trust these CAs (PEM) instead of the built-in ones"),
    flag(
        "proxy",
        "proxy",
        "URL",
        "HTTP proxy, http://host:port (with a password: in WOTRUS_PROXY)",
    ),
    flag("max_answer_size", "max-answer-size", "BYTES", "Largest answer read [default: 1048576]"),
    flag("user_agent", "user-agent", "TEXT", "The User-Agent header"),
    flag("request_id", "request-id", "ID", "RequestID header, by which the service finds a call"),
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
    /// For commands that call no service.
    pub(crate) fn refuse(&self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => {
                let problem = say!("this command calls no service", "此命令不调用服务端");
                Err(Failure::argument(name, problem))
            }
        }
    }

    /// An option's value, and where it was found: a flag, a variable, the config file.
    pub(crate) fn value(&self, name: &str, config: &Config) -> Result<Option<(String, String)>> {
        match self.0.iter().find(|(given, _)| *given == name) {
            Some((_, value)) if name == "proxy" && value.contains('@') => {
                let problem = say!(
                    "a password in a flag is seen by every user of the machine; use WOTRUS_PROXY or the config file",
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

    /// A builder with everything that flags, variables and the config file say, but the token.
    pub(crate) fn builder(&self, config: &Config) -> Result<ClientBuilder> {
        let mut builder =
            wotrus::Client::builder().user_agent(concat!("wotrus-cli/", env!("CARGO_PKG_VERSION")));
        for Flag { name, .. } in FLAGS {
            if let Some((value, source)) = self.value(name, config)? {
                builder = builder.set(name, &value).map_err(|error| {
                    let message = error.message();
                    let problem = message.strip_prefix(&format!("{name}: ")).unwrap_or(message);
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
    match env::var(&variable) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(_) => {
            Err(Failure::config(name, say!("{variable} is not UTF-8", "{variable} 不是 UTF-8")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_the_docs_has_every_option() {
        let table = include_str!("../../docs/options.md");
        for Flag { name, long, .. } in FLAGS {
            let row = format!("| `{name}` | `--{long}` | `{}` |", variable_name(name));
            assert!(table.contains(&row), "{row}");
        }
    }

    #[test]
    fn every_option_of_the_library_is_a_flag_but_the_token() {
        let flags: Vec<&str> = FLAGS.iter().map(|flag| flag.name).collect();
        for name in ClientBuilder::NAMES {
            assert_eq!(flags.contains(name), *name != "token", "{name}");
        }
        for flag in FLAGS {
            assert_eq!(flag.long, flag.name.replace('_', "-"));
            assert!(ClientBuilder::NAMES.contains(&flag.name));
        }
    }
}
