//! The terminal, a little narrower than it is: what moves is padded to the whole width, and behind it
//! must be room for the ^C that a terminal echoes, or its line would stay when it is cleared.

use std::io::{self, Write, stderr};

use indicatif::TermLike;

use crate::output::terminal_width;

/// Standard error, where it is a terminal.
#[derive(Debug)]
pub(crate) struct Narrow;

impl Narrow {
    fn write(text: &str) -> io::Result<()> {
        stderr().lock().write_all(text.as_bytes())
    }

    fn turn(count: usize, direction: char) -> io::Result<()> {
        if count == 0 { Ok(()) } else { Self::write(&format!("\x1b[{count}{direction}")) }
    }
}

impl TermLike for Narrow {
    fn width(&self) -> u16 {
        u16::try_from(terminal_width().saturating_sub(3)).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        Self::turn(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        Self::turn(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        Self::turn(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        Self::turn(n, 'D')
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
