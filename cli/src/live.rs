//! One line at the bottom of a terminal that moves: a spinner while waiting, a bar while uploading.
//! Nothing of it is drawn where standard error is no terminal.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::{terminal_width, wrapped};

static LINE: Mutex<Option<Line>> = Mutex::new(None);

struct Line {
    bar: ProgressBar,
    total: Option<u64>,
}

/// Whether there is a terminal to draw on.
pub(crate) fn is_possible() -> bool {
    let dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    io::stderr().is_terminal() && !dumb
}

/// A spinner with a text; `since` is how long it has been going on.
pub(crate) fn spin(text: String, since: Duration) {
    // Room for the clock before it.
    let room = terminal_width().saturating_sub(16).max(20);
    let text = wrapped(&text, room).swap_remove(0);
    with(None, since, |bar| bar.set_message(text));
}

/// A spinner for what has just begun; one that is there already says more.
pub(crate) fn begin(text: impl FnOnce() -> String) {
    if LINE.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
        spin(text(), Duration::ZERO);
    }
}

/// A bar of bytes.
pub(crate) fn upload(text: String, sent: u64, total: u64) {
    with(Some(total), Duration::ZERO, |bar| {
        bar.set_message(text);
        bar.set_position(sent);
    });
}

/// Takes the line away for good.
pub(crate) fn clear() {
    let line = LINE.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Line { bar, .. }) = line {
        bar.finish_and_clear();
    }
}

/// Writes above the line, if there is one.
pub(crate) fn above<T>(write: impl FnOnce() -> T) -> T {
    let line = LINE.lock().unwrap_or_else(PoisonError::into_inner);
    match &*line {
        Some(Line { bar, .. }) => bar.suspend(write),
        None => write(),
    }
}

/// The line as it is, or a new one; a bar has a total, a spinner has none.
fn with(total: Option<u64>, since: Duration, change: impl FnOnce(&ProgressBar)) {
    let mut line = LINE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(other) = line.take_if(|line| line.total != total) {
        other.bar.finish_and_clear();
    }
    change(&line.get_or_insert_with(|| Line { bar: new(total, since), total }).bar);
}

fn new(total: Option<u64>, since: Duration) -> ProgressBar {
    let template = match total {
        None => "{spinner} {elapsed_precise} {msg}",
        Some(_) => "{msg} [{bar:40}] {percent:>3} %",
    };
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(total, target());
    // Plain signs, which every terminal and every font has.
    bar.set_style(style.tick_chars("|/-\\ ").progress_chars("=> "));
    if total.is_none() {
        if since < Duration::from_secs(86_400) {
            bar.set_elapsed(since);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
    }
    bar
}

#[cfg(unix)]
fn target() -> ProgressDrawTarget {
    if !is_possible() {
        return ProgressDrawTarget::hidden();
    }
    ProgressDrawTarget::term_like_with_hz(Box::new(crate::narrow::Narrow), 10)
}

/// There it takes more than control sequences to move a line.
#[cfg(not(unix))]
fn target() -> ProgressDrawTarget {
    ProgressDrawTarget::stderr()
}
