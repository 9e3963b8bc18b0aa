//! Help pages and usage errors, in both languages.

mod translate;
mod usage;
mod zh;
mod zh_daily;
mod zh_keys;

pub(crate) use translate::{localized, rendered};
pub(crate) use usage::message;

use std::io::{IsTerminal, Write, stdout};

use crate::charset;
use crate::lang::{self, Lang};
use crate::output::tell;

/// The end of every help page: examples, then the exit codes.
macro_rules! epilogue {
    ($($example:literal)+) => {
        concat!(
            "Examples:\n", $("  ", $example, "\n",)+
            "\nExit codes: 0 done · 2 argument or configuration · 3 token not accepted ·\n\
             4 refused by the service · 5 not ready · 6 outcome unknown · 7 network ·\n\
             8 unusable response or certificate · 9 file · 130 cancelled · 70 internal error"
        )
    };
}
pub(crate) use epilogue;

/// Prints a help page to standard output, or a usage error to standard error. A usage error quotes
/// arguments, so it is escaped for the terminal; a help page may have colours.
pub(crate) fn print(error: &clap::Error) {
    let page = error.render();
    if error.use_stderr() {
        let text = match (lang::current(), usage::complete_message(error)) {
            (Lang::Zh, Some(text)) => text,
            _ => usage::explained(&rendered(&page.to_string())),
        };
        tell(text.trim_end());
        return;
    }
    let text = match stdout().is_terminal() && wants_colours() {
        true => rendered(&page.ansi().to_string()),
        false => rendered(&page.to_string()),
    };
    let _ = stdout().lock().write_all(&charset::encoded(&text));
}

/// Whether the user wants colours (<https://no-color.org>).
fn wants_colours() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
