//! The `wotrus` command.

mod api;
mod cert;
mod charset;
mod config;
mod confirm;
mod context;
mod date;
mod demo;
mod der;
mod doctor;
mod due;
mod duration;
mod failure;
mod file_format;
mod files;
mod held_key;
mod help;
mod idempotence;
mod input;
mod interrupt;
mod io_problem;
mod json;
mod json_input;
mod key;
mod lang;
mod ledger;
mod locale_arguments;
mod man;
mod new_key;
mod notify;
mod open;
mod options;
mod order;
mod order_status;
mod output;
mod platform;
mod progress;
mod push;
mod recorded;
mod reply;
mod sandbox;
mod secret_variables;
mod settings_file;
mod shell;
mod status_line;
#[cfg(unix)]
mod stderr_terminal;
mod sync;
mod table;
mod terminal;
mod text;
mod text_file;
mod time;
mod token;
mod wait_time;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::lang::Lang;
use crate::locale_arguments::in_locale_charset;
use crate::output::{Outcome, print, print_json, tell};
use crate::terminal::wrapped_for_stderr;

/// Orders and certificates of WoTrus (沃通) on the command line
///
/// The token is read from WOTRUS_TOKEN, from the file that WOTRUS_TOKEN_FILE names, or from the config
/// file (token, token_file). It is never a flag, because every user of the machine can see command
/// lines. Every option under "Connection" but --config can also be set by a variable (--base-url:
/// WOTRUS_BASE_URL) or by a key of the config file (base_url).
///
/// Text is written in the charset of the locale (LC_ALL, LC_CTYPE, LANG), for example GBK in
/// zh_CN.GBK. JSON output is UTF-8, and only ASCII if the locale is not UTF-8. Input files are UTF-8, except
/// with order import --charset.
#[derive(Debug, Parser)]
#[command(name = "wotrus", version, after_help = epilogue!(
    "wotrus demo           # a complete order, without an account"
    "wotrus doctor         # checks the connection and the token"
    "wotrus order create --from order.json --wait --output-dir certificates/4711"
    "wotrus order show a4a78326-0546-4602-9586-8ee3c05e8068"
))]
struct Arguments {
    #[command(flatten)]
    context: Context,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(subcommand)]
    Order(order::Order),
    #[command(subcommand)]
    Cert(cert::Cert),
    #[command(subcommand)]
    Key(key::Key),
    Sync(sync::Sync),
    Due(due::Due),
    Api(api::Api),
    #[command(subcommand)]
    Push(push::Push),
    Sandbox(sandbox::SandboxCommand),
    Demo(demo::Demo),
    Doctor(doctor::Doctor),
    Completions(shell::Completions),
    Man(man::ManPages),
}

/// The definition of the command line. Commands that do not call the service hide the connection
/// options.
fn definition() -> clap::Command {
    let command = Arguments::command();
    let connection: Vec<clap::Arg> = command
        .get_arguments()
        .filter(|option| option.get_help_heading() == Some("Connection"))
        .map(|option| option.clone().hide(true))
        .collect();
    let offline = |command: clap::Command| command.args(&connection);
    ["due", "sandbox", "demo", "completions", "man"]
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, offline))
        .mut_subcommand("cert", |cert| {
            cert.mut_subcommand("inspect", offline).mut_subcommand("convert", offline)
        })
        .mut_subcommand("key", |key| {
            offline(key).mut_subcommand("new", offline).mut_subcommand("csr", offline)
        })
        .mut_subcommand("push", |push| push.mut_subcommand("parse", offline))
        .mut_subcommand("order", |order| order.mut_subcommand("list", offline))
}

/// The definition in the user's language.
fn localized_definition() -> clap::Command {
    match lang::current() {
        Lang::En => definition(),
        Lang::Zh => help::localized(definition()),
    }
}

fn main() -> ExitCode {
    lang::init(lang::of_command_line(std::env::args_os().skip(1)));
    let matches = in_locale_charset(localized_definition()).try_get_matches();
    let Arguments { context, command } =
        match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
            Ok(arguments) => arguments,
            Err(error) => return usage(&error),
        };
    let result = match command {
        Command::Order(order) => order.run(&context),
        Command::Cert(cert) => cert.run(&context),
        Command::Key(key) => key.run(&context),
        Command::Sync(sync) => sync.run(&context),
        Command::Due(due) => match due.run(&context) {
            // The exit code says what was found.
            Ok(code) => return ExitCode::from(code),
            Err(failure) => Err(failure),
        },
        Command::Api(api) => api.run(&context),
        Command::Push(push) => push.run(&context),
        Command::Sandbox(sandbox) => sandbox.run(&context),
        Command::Demo(demo) => demo.run(&context),
        Command::Doctor(doctor) => doctor.run(&context),
        Command::Completions(completions) => completions.run(localized_definition()),
        Command::Man(pages) => pages.run(localized_definition()),
    };
    match result.and_then(|outcome| show(&context, &outcome)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(context.json, &failure),
    }
}

/// Prints a command's result. A command that has printed its own output returns an empty one.
fn show(context: &Context, outcome: &Outcome) -> Result<()> {
    let json = outcome.json.object();
    match context.json {
        true if json != "{}" => print_json(&json),
        true => Ok(()),
        false => print(&outcome.text),
    }
}

fn fail(json: bool, failure: &Failure) -> ExitCode {
    status_line::clear();
    if json {
        let _ = print_json(&failure.json().object());
    } else {
        tell(&wrapped_for_stderr(&failure.text()));
    }
    ExitCode::from(failure.exit_code())
}

/// Prints help, the version or a usage error. With `--json` a usage error is JSON like every other
/// error.
fn usage(error: &clap::Error) -> ExitCode {
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if is_help || !std::env::args_os().any(|argument| argument == "--json") {
        help::print(error);
        return if is_help { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    fail(true, &Failure::argument("usage", help::message(error)))
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    /// Visits a command and all its subcommands.
    fn visit(command: &clap::Command, check: &mut impl FnMut(&clap::Command)) {
        check(command);
        command.get_subcommands().for_each(|command| visit(command, check));
    }

    #[test]
    fn help_pages_end_with_examples_and_exit_codes() {
        let command = definition();
        command.clone().debug_assert();
        visit(&command, &mut |command| {
            let name = command.get_name();
            let end = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(end.contains("Examples:\n  ") && end.contains("Exit codes: 0"), "{name}");
            // The sandbox's examples contain URLs, which need more columns.
            for line in end.lines().filter(|_| name != "sandbox") {
                assert!(line.width() < 80, "{name}: {line}");
            }
        });
    }
}
