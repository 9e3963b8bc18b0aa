//! The status line at the bottom of a terminal: a spinner during waits, a bar during uploads. Nothing is
//! drawn unless standard error is a terminal.

use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::platform::TERMINALS_NEED_TERM;
use crate::terminal;
use crate::text::{printable, wrapped};

static LINE: Mutex<Option<Line>> = Mutex::new(None);

struct Line {
    bar: ProgressBar,
    total: Option<u64>,
}

/// Whether standard error is a terminal that can move its cursor.
pub(crate) fn is_supported() -> bool {
    let term = std::env::var_os("TERM").filter(|term| !term.is_empty());
    let is_dumb = term.map_or(TERMINALS_NEED_TERM, |term| term == "dumb");
    io::stderr().is_terminal() && !is_dumb
}

/// Shows a spinner with a text; `elapsed` is the time since the wait began.
pub(crate) fn spin(text: &str, elapsed: Duration) {
    // The clock before the text takes 16 columns.
    let columns = terminal::width().saturating_sub(16).max(20);
    let text = wrapped(&printable(text), columns).swap_remove(0);
    update(None, elapsed, |bar| bar.set_message(text));
}

/// Shows a spinner unless a status line is shown already.
pub(crate) fn spin_if_empty(text: impl FnOnce() -> String) {
    if LINE.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
        spin(&text(), Duration::ZERO);
    }
}

/// Shows a bar of `sent` bytes of `total`.
pub(crate) fn upload(text: String, sent: u64, total: u64) {
    update(Some(total), Duration::ZERO, |bar| {
        bar.set_message(text);
        bar.set_position(sent);
    });
}

/// Removes the status line.
pub(crate) fn clear() {
    let line = LINE.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Line { bar, .. }) = line {
        bar.finish_and_clear();
    }
}

/// Runs `write`, which writes to standard error, with the status line hidden.
pub(crate) fn suspend<T>(write: impl FnOnce() -> T) -> T {
    let line = LINE.lock().unwrap_or_else(PoisonError::into_inner);
    match &*line {
        Some(Line { bar, .. }) => bar.suspend(write),
        None => write(),
    }
}

/// Changes the status line. A new one replaces it if the total differs; a spinner has no total.
fn update(total: Option<u64>, elapsed: Duration, change: impl FnOnce(&ProgressBar)) {
    let mut line = LINE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(other) = line.take_if(|line| line.total != total) {
        other.bar.finish_and_clear();
    }
    change(&line.get_or_insert_with(|| Line { bar: new_bar(total, elapsed), total }).bar);
}

fn new_bar(total: Option<u64>, elapsed: Duration) -> ProgressBar {
    let template = match total {
        None => "{spinner} {elapsed_precise} {msg}",
        Some(_) => "{msg} [{bar:40}] {percent:>3} %",
    };
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(total, target());
    // ASCII characters, which every terminal font has.
    bar.set_style(style.tick_chars("|/-\\ ").progress_chars("=> "));
    if total.is_none() {
        if elapsed < Duration::from_secs(86_400) {
            bar.set_elapsed(elapsed);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
    }
    bar
}

#[cfg(unix)]
fn target() -> ProgressDrawTarget {
    if !is_supported() {
        return ProgressDrawTarget::hidden();
    }
    ProgressDrawTarget::term_like_with_hz(Box::new(crate::stderr_terminal::StderrTerminal), 10)
}

/// A Windows console is not controlled by escape sequences alone.
#[cfg(not(unix))]
fn target() -> ProgressDrawTarget {
    ProgressDrawTarget::stderr()
}
