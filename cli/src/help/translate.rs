//! Translates the definition of the command line, and text that clap renders, into Chinese.

use clap::{Arg, Command};

use super::zh::{self, RENDERED};
use super::zh_daily;
use super::zh_keys;
use crate::lang::{self, Lang};
use crate::terminal;
use crate::text::wrapped;

/// Columns of a help page, unless the terminal is narrower.
const PAGE_WIDTH: usize = 78;
/// The indent of an option's text.
const OPTION_INDENT: usize = 10;

/// Paragraphs with their translations.
fn translations() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    zh::TEXTS.iter().chain(zh_daily::TEXTS).chain(zh_keys::TEXTS)
}

/// Translates each paragraph of a text; one without a translation stays in English.
fn translated(text: &str, indent: usize) -> String {
    let width = terminal::width().min(PAGE_WIDTH).saturating_sub(indent).max(20);
    let paragraphs = text.split("\n\n").map(|paragraph| {
        match translations().find(|(english, _)| *english == paragraph) {
            // clap breaks lines at spaces only, and Chinese has none.
            Some((_, chinese)) => wrapped(chinese, width).join("\n"),
            None => paragraph.to_owned(),
        }
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// The definition of the command line with Chinese texts.
pub(crate) fn localized(command: Command) -> Command {
    let text = |styled: &clap::builder::StyledStr| translated(&styled.to_string(), 0);
    let (about, long) = (command.get_about().cloned(), command.get_long_about().cloned());
    let (end, heading) = (command.get_after_help().cloned(), command.get_subcommand_help_heading());
    debug_assert!(heading.is_none(), "rendered() translates the default heading");
    let mut command = command.mut_args(argument).mut_subcommands(localized);
    if let Some(about) = about {
        command = command.about(text(&about));
    }
    if let Some(long) = long {
        command = command.long_about(text(&long));
    }
    match end {
        Some(end) => command.after_help(rendered(&end.to_string())),
        None => command,
    }
}

fn argument(argument: Arg) -> Arg {
    let (help, heading) = (argument.get_help().cloned(), argument.get_help_heading());
    let long = argument.get_long_help().cloned();
    let heading = heading.map(|heading| translated(heading, 0));
    let argument = match help {
        Some(help) => {
            argument.help(translated(&help.to_string(), OPTION_INDENT)).next_line_help(true)
        }
        None => argument,
    };
    let argument = match long {
        Some(long) => argument.long_help(translated(&long.to_string(), OPTION_INDENT)),
        None => argument,
    };
    match heading {
        // clap needs a static heading; there are two.
        Some(heading) => argument.help_heading(&*heading.leak()),
        None => argument,
    }
}

/// Replaces clap's own English words in rendered text, if the language is Chinese.
pub(crate) fn rendered(text: &str) -> String {
    let mut text = text.to_owned();
    if lang::current() == Lang::Zh {
        for (english, chinese) in RENDERED {
            text = text.replace(english, chinese);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    fn each(command: &Command, see: &mut impl FnMut(&str)) {
        let mut styled = |text: Option<&clap::builder::StyledStr>| {
            if let Some(text) = text {
                see(&text.to_string());
            }
        };
        styled(command.get_about());
        styled(command.get_long_about());
        for argument in command.get_arguments() {
            styled(argument.get_help());
            styled(argument.get_long_help());
        }
        command.get_subcommands().for_each(|command| each(command, see));
    }

    #[test]
    fn translations_are_complete_and_used() {
        let mut texts = vec!["Connection".to_owned(), "General".to_owned()];
        each(&crate::definition(), &mut |text| texts.extend(text.split("\n\n").map(str::to_owned)));
        for text in &texts {
            assert!(translations().any(|(english, _)| english == text), "no translation: {text:?}");
        }
        for (english, _) in translations() {
            assert!(texts.iter().any(|text| text == english), "unused translation: {english:?}");
        }
    }

    #[test]
    fn chinese_help_pages_fit_80_columns() {
        let mut command = localized(crate::definition()).term_width(80);
        command.build();
        let mut commands = vec![command];
        while let Some(mut command) = commands.pop() {
            let page = command.render_long_help().to_string();
            for line in page.lines() {
                assert!(line.width() <= 80, "{}: {line}", command.get_name());
            }
            commands.extend(command.get_subcommands().cloned());
        }
    }
}
