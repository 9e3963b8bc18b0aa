//! Properties of the terminal.

use std::io::{self, IsTerminal};

use crate::text::wrapped;

/// The number of columns: `COLUMNS`, or that of the first standard stream that is a terminal, or 80.
pub(crate) fn width() -> usize {
    let variable = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    variable.or_else(measured).filter(|width| *width > 0).unwrap_or(80)
}

/// A message for standard error: if that is a terminal, long lines are wrapped and continued with an
/// indent.
pub(crate) fn wrapped_for_stderr(text: &str) -> String {
    if !io::stderr().is_terminal() {
        return text.to_owned();
    }
    let columns = width().saturating_sub(2).max(20);
    let lines = text.lines().flat_map(|line| {
        let mut parts = wrapped(line, columns).into_iter();
        let first = parts.next().unwrap_or_default();
        std::iter::once(first).chain(parts.map(|part| format!("  {part}")))
    });
    lines.collect::<Vec<_>>().join("\n")
}
