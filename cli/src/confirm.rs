//! Asks for confirmation before an operation that cannot be undone.

use std::io::{self, BufRead, IsTerminal, Write};

use wotrus::{Cause, Kind};

use crate::charset;
use crate::failure::{Failure, Result};
use crate::lang::say;

/// Asks on the terminal, unless `yes` is set. Without a terminal, `--yes` is required.
pub(crate) fn confirm(question: &str, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        let problem = say!(
            "is required without a terminal, because this cannot be undone",
            "此操作无法撤销，没有终端可供确认时必须给出该参数"
        );
        return Err(Failure::argument("--yes", problem));
    }
    let _ = io::stderr().lock().write_all(&charset::encoded(&format!("{question} [y/N] ")));
    let mut line = Vec::new();
    let read = io::stdin().lock().read_until(b'\n', &mut line);
    let answer = charset::decoded_line(&line).unwrap_or_default();
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "是" if read.is_ok() => Ok(()),
        _ => {
            let message = say!("not confirmed; nothing was sent", "未确认，请求未发出");
            Err(Failure::new(Kind::Cancelled, Cause::Cancelled, message))
        }
    }
}
