//! Printing: a command's result to standard output, everything else to standard error.

use std::io::{self, Write};
use std::path::Path;

use crate::failure::{Failure, Result};
use crate::json::Json;
use crate::status_line;
pub(crate) use crate::table::Table;
use crate::text::printable_lines;

/// A command's result, as text for people and as JSON for programs.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) json: Json,
}

/// Prints text to standard output, escaped for a terminal.
pub(crate) fn print(text: &str) -> Result<()> {
    write_stdout(printable_lines(text).as_bytes())
}

/// Prints JSON to standard output, unchanged.
pub(crate) fn print_json(json: &str) -> Result<()> {
    write_stdout(json.as_bytes())
}

/// A closed pipe is not an error: the reader (`… | head`) has read enough.
fn write_stdout(bytes: &[u8]) -> Result<()> {
    status_line::clear();
    let mut out = io::stdout().lock();
    let end: &[u8] = if bytes.is_empty() || bytes.ends_with(b"\n") { b"" } else { b"\n" };
    match out.write_all(bytes).and_then(|()| out.write_all(end)).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::file(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

/// Prints a message to standard error, escaped for a terminal. Errors are ignored: standard error may
/// be closed.
pub(crate) fn tell(text: &str) {
    let text = printable_lines(text);
    status_line::suspend(|| {
        let _ = writeln!(io::stderr().lock(), "{text}");
    });
}
