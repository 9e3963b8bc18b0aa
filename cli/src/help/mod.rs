//! Help pages and usage errors, in both languages.

mod translate;
mod usage;
mod zh;

pub(crate) use translate::{localized, rendered};
pub(crate) use usage::message;

use std::io::{IsTerminal, Write, stderr, stdout};

use crate::lang::{self, Lang};
use crate::output;

/// What ends every help page: examples, then the exit codes.
macro_rules! epilogue {
    ($($example:literal)+) => {
        concat!(
            "Examples:\n", $("  ", $example, "\n",)+
            "\nExit codes: 0 done · 2 argument or configuration · 3 token not accepted ·\n\
             4 refused by the service · 5 not ready · 6 outcome unknown · 7 network ·\n\
             8 unusable answer or certificate · 9 file · 130 cancelled · 70 internal defect"
        )
    };
}
pub(crate) use epilogue;

/// Prints a help page or a usage error, each where it belongs.
pub(crate) fn print(error: &clap::Error) {
    if lang::current() == Lang::En {
        let _ = error.print();
        return;
    }
    let page = !error.use_stderr();
    let colours = match page {
        true => stdout().is_terminal(),
        false => stderr().is_terminal(),
    };
    let page_text = error.render();
    let text = match usage::whole(error) {
        Some(text) => text,
        None if colours => rendered(&page_text.ansi().to_string()),
        None => rendered(&page_text.to_string()),
    };
    if page {
        let _ = output::print(&text);
    } else {
        let _ = write!(stderr().lock(), "{text}");
    }
}
