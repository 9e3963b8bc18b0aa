//! The `wotrus` command.

mod api;
mod cert;
mod config;
mod confirm;
mod context;
mod demo;
mod doctor;
mod failure;
mod files;
mod help;
mod idempotence;
mod input;
mod interrupt;
mod json;
mod lang;
mod man;
mod options;
mod order;
mod order_status;
mod output;
mod progress;
mod push;
mod reply;
mod sandbox;
mod shell;
mod status_line;
#[cfg(unix)]
mod stderr_terminal;
mod table;
mod terminal;
mod text;
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
use crate::output::{Outcome, print, print_json, tell};

/// Orders and certificates of WoTrus (沃通), from the shell
///
/// The token is read from WOTRUS_TOKEN, from the file that WOTRUS_TOKEN_FILE names, or from the config
/// file (token, token_file); never from a flag, which every user of the machine can see. Every option
/// under "Connection" is also a variable (--base-url: WOTRUS_BASE_URL) and a key of the config file
/// (base_url).
#[derive(Debug, Parser)]
#[command(name = "wotrus", version, after_help = epilogue!(
    "wotrus demo           # an order end to end, without an account"
    "wotrus doctor         # is the service reached, is the token accepted?"
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
    Api(api::Api),
    #[command(subcommand)]
    Push(push::Push),
    Sandbox(sandbox::SandboxCommand),
    Demo(demo::Demo),
    Doctor(doctor::Doctor),
    Completions(shell::Completions),
    Man(man::ManPages),
}

/// All that the command line may say. What connects to nothing lists no options of a connection.
fn definition() -> clap::Command {
    let command = Arguments::command();
    let connection: Vec<clap::Arg> = command
        .get_arguments()
        .filter(|option| option.get_help_heading() == Some("Connection"))
        .map(|option| option.clone().hide(true))
        .collect();
    let alone = |command: clap::Command| command.args(&connection);
    ["sandbox", "demo", "completions", "man"]
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, alone))
        .mut_subcommand("cert", |cert| cert.mut_subcommand("inspect", alone))
        .mut_subcommand("push", |push| push.mut_subcommand("parse", alone))
}

/// The same in the language of the user.
fn arguments() -> clap::Command {
    match lang::current() {
        Lang::En => definition(),
        Lang::Zh => help::localized(definition()),
    }
}

fn main() -> ExitCode {
    // Before the command line is read: its errors are in that language too.
    lang::settle(lang::of_command_line(std::env::args_os().skip(1)));
    let read = arguments().try_get_matches();
    let Arguments { context, command } =
        match read.and_then(|matches| Arguments::from_arg_matches(&matches)) {
            Ok(arguments) => arguments,
            Err(error) => return usage(&error),
        };
    let result = match command {
        Command::Order(order) => order.run(&context),
        Command::Cert(cert) => cert.run(&context),
        Command::Api(api) => api.run(&context),
        Command::Push(push) => push.run(&context),
        Command::Sandbox(sandbox) => sandbox.run(&context),
        Command::Demo(demo) => demo.run(&context),
        Command::Doctor(doctor) => doctor.run(&context),
        Command::Completions(completions) => completions.run(arguments()),
        Command::Man(pages) => pages.run(arguments()),
    };
    match result.and_then(|outcome| show(&context, &outcome)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(context.json, &failure),
    }
}

/// The result on standard output; a command that has printed already brings none.
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
        tell(&terminal::wrapped_for_stderr(&failure.text()));
    }
    ExitCode::from(failure.exit_code())
}

/// Help and version go to standard output; a usage error is an argument error, in both forms.
fn usage(error: &clap::Error) -> ExitCode {
    let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if help || !std::env::args().any(|argument| argument == "--json") {
        help::print(error);
        return if help { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    fail(true, &Failure::argument("usage", help::message(error)))
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    /// All commands, those inside others too.
    fn each(command: &clap::Command, see: &mut impl FnMut(&clap::Command)) {
        see(command);
        command.get_subcommands().for_each(|command| each(command, see));
    }

    #[test]
    fn every_help_page_ends_with_examples_that_fit_and_exit_codes() {
        let command = definition();
        command.clone().debug_assert();
        each(&command, &mut |command| {
            let name = command.get_name();
            let end = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(end.contains("Examples:\n  ") && end.contains("Exit codes: 0"), "{name}");
            // The sandbox's hold URLs, which need more.
            for line in end.lines().filter(|_| name != "sandbox") {
                assert!(line.width() < 80, "{name}: {line}");
            }
        });
    }
}
