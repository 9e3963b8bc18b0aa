//! Printing: a command's result to standard output, everything else to standard error.

use std::io::{self, Write};
use std::path::Path;

use crate::charset;
use crate::failure::{Failure, Result};
use crate::json::Json;
use crate::lang::say;
use crate::status_line;
pub(crate) use crate::table::Table;
use crate::text::{is_unprintable, json_escaped, printable_lines};

/// A command's result, as text for people and as JSON for programs.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) json: Json,
}

/// Prints text to standard output, escaped for a terminal and in the locale's charset.
pub(crate) fn print(text: &str) -> Result<()> {
    write_stdout(&charset::encoded(&printable_lines(text)))
}

/// Prints JSON to standard output.
pub(crate) fn print_json(json: &str) -> Result<()> {
    write_stdout(charset::json(json).as_bytes())
}

/// JSON that is a command's text output: escaped for a terminal, but still the same JSON.
pub(crate) fn json_as_text(json: &str) -> String {
    json_escaped(&charset::json(json), is_unprintable)
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

/// Prints a message to standard error, escaped for a terminal and in the locale's charset. Errors are
/// ignored: standard error may be closed.
pub(crate) fn tell(text: &str) {
    write_stderr(&charset::encoded(&printable_lines(text)));
}

/// Prints a warning to standard error.
pub(crate) fn warn(text: &str) {
    tell(&say!("wotrus: warning: {text}", "wotrus：警告：{text}"));
}

/// Prints a line of JSON to standard error.
pub(crate) fn tell_json(json: &str) {
    write_stderr(charset::json(json).as_bytes());
}

fn write_stderr(line: &[u8]) {
    status_line::suspend(|| {
        let mut err = io::stderr().lock();
        let _ = err.write_all(line).and_then(|()| err.write_all(b"\n"));
    });
}
