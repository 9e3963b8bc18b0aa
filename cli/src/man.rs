//! `wotrus man`: manual pages, generated from the command line's definition.

use std::io::Write;
use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::help::{self, epilogue};
use crate::json::Json;
use crate::lang::{self, Lang, say};
use crate::options;
use crate::output::Outcome;

/// Print a manual page, or write all of them into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus man order create | man -l -"
    "wotrus man --output-dir /usr/local/share/man/man1"
))]
pub(crate) struct ManPages {
    /// The command to print the page of [default: wotrus itself]
    command: Vec<String>,

    /// Write the manual pages of all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    output_dir: Option<PathBuf>,
}

impl ManPages {
    pub(crate) fn run(self, command: Command) -> Result<Outcome> {
        let mut command = without_help(command);
        command.build();
        if let Some(folder) = self.output_dir {
            let mut pages = Vec::new();
            collect(&command, &mut pages);
            let written = files::write(&folder, &pages, true)?;
            let json = Json::new().with("files", &written);
            return Ok(Outcome { text: files::list(&written), json });
        }
        let mut found = &command;
        for name in &self.command {
            found = found.find_subcommand(name).ok_or_else(|| {
                Failure::argument("command", say!("there is no command {name}", "没有命令 {name}"))
            })?;
        }
        let text = page(found);
        let json = Json::new().with("page", &text);
        Ok(Outcome { text, json })
    }
}

/// The definition without the `help` commands, which need no manual pages.
fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

fn collect(command: &Command, pages: &mut Vec<NewFile>) {
    let name = full_name(command);
    pages.push(NewFile::new(format!("{name}.1"), page(command)));
    for subcommand in command.get_subcommands() {
        collect(subcommand, pages);
    }
}

/// `wotrus-order-create`
fn full_name(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

fn page(command: &Command) -> String {
    // The examples and exit codes get sections of their own.
    let body = command.clone().after_help("").after_long_help("");
    let title = full_name(command).to_uppercase();
    let man = Man::new(body);
    let mut out = Vec::new();
    let mut render = || {
        // Without a date, so that builds are reproducible.
        let version = env!("CARGO_PKG_VERSION");
        writeln!(out, ".TH {title} 1 \"\" \"wotrus {version}\" wotrus")?;
        man.render_name_section(&mut out)?;
        synopsis(command).to_writer(&mut out)?;
        man.render_description_section(&mut out)?;
        man.render_options_section(&mut out)?;
        if command.has_subcommands() {
            man.render_subcommands_section(&mut out)?;
        }
        if command.get_name() == command.get_bin_name().unwrap_or_default() {
            environment().to_writer(&mut out)?;
        }
        examples_and_exit_codes(command).to_writer(&mut out)
    };
    render().expect("writing to memory does not fail");
    let mut page = help::rendered(&String::from_utf8_lossy(&out));
    if lang::current() == Lang::Zh {
        for (english, chinese) in HEADINGS {
            page = page.replace(&format!(".SH {english}\n"), &format!(".SH {chinese}\n"));
        }
    }
    page
}

/// The section names of Chinese manual pages.
const HEADINGS: [(&str, &str); 9] = [
    ("NAME", "名称"),
    ("SYNOPSIS", "概述"),
    ("DESCRIPTION", "描述"),
    ("OPTIONS", "选项"),
    ("SUBCOMMANDS", "命令"),
    ("ENVIRONMENT", "环境变量"),
    ("FILES", "文件"),
    ("EXAMPLES", "示例"),
    ("\"EXIT STATUS\"", "退出状态"),
];

/// The usage line. clap_mangen's own synopsis lists every option.
fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    for (index, line) in usage.lines().enumerate() {
        if index > 0 {
            roff.control("br", []);
        }
        roff.text([roman(line.trim_start_matches("Usage:").trim())]);
    }
    roff
}

/// Variables and files, for the page of `wotrus` itself.
fn environment() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["ENVIRONMENT"]);
    let token = say!("The API token.", "API token。");
    let token_file = say!(
        "A file with the API token, which other users must not be able to write to.",
        "含 API token 的文件；其他用户不得有写权限。"
    );
    roff.control("TP", []).text([bold("WOTRUS_TOKEN")]).text([roman(token)]);
    roff.control("TP", []).text([bold("WOTRUS_TOKEN_FILE")]).text([roman(token_file)]);
    for (long, variable) in options::variables() {
        let text = say!("Same as --{long}.", "同 --{long}。");
        roff.control("TP", []).text([bold(variable)]).text([roman(text)]);
    }
    roff.control("SH", ["FILES"]);
    roff.control("TP", []).text([bold("~/.config/wotrus/config.toml")]).text([roman(say!(
        "TOML with the options by their names with underscores, and token or token_file. Other users must not be able to write to it.",
        "TOML 格式，包含以下划线命名的各选项，以及 token 或 token_file。其他用户不得有写权限。"
    ))]);
    roff
}

/// Examples and exit codes, from the end of the help page.
fn examples_and_exit_codes(command: &Command) -> Roff {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut roff = Roff::new();
    let mut parts = text.splitn(2, "\n\n");
    if let Some(examples) = parts.next().filter(|part| !part.is_empty()) {
        roff.control("SH", ["EXAMPLES"]).control("nf", []);
        for line in examples.lines().skip(1) {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
    }
    if let Some(codes) = parts.next() {
        roff.control("SH", ["EXIT STATUS"]);
        let codes = codes.trim_start_matches(|c: char| !c.is_ascii_digit());
        for code in codes.replace('\n', " ").split(" · ") {
            let (number, meaning) = code.split_once(' ').unwrap_or((code, ""));
            roff.control("TP", ["6"]).text([bold(number)]).text([roman(meaning)]);
        }
    }
    roff
}
