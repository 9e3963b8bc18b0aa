//! Standard error as indicatif draws on it.
//!
//! indicatif's own target pads the line to the terminal's width. When the user presses Ctrl-C, the
//! echoed `^C` then wraps to the next line, and indicatif clears that line instead of its own. This
//! target reports three columns less, which leaves room for the `^C`, and writes in the locale's charset.

use std::io::{self, Write, stderr};

use indicatif::TermLike;

use crate::charset;
use crate::terminal;

#[derive(Debug)]
pub(crate) struct StderrTerminal;

impl StderrTerminal {
    fn write(text: &str) -> io::Result<()> {
        stderr().lock().write_all(&charset::encoded(text))
    }

    fn move_cursor(count: usize, direction: char) -> io::Result<()> {
        if count == 0 { Ok(()) } else { Self::write(&format!("\x1b[{count}{direction}")) }
    }
}

impl TermLike for StderrTerminal {
    fn width(&self) -> u16 {
        u16::try_from(terminal::width().saturating_sub(3)).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        Self::move_cursor(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        Self::move_cursor(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        Self::move_cursor(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        Self::move_cursor(n, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        Self::write(text)?;
        Self::write("\n")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        Self::write(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        Self::write("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        stderr().lock().flush()
    }
}
