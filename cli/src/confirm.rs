//! Asks before what cannot be undone.

use std::io::{self, BufRead, IsTerminal, Write};

use wotrus::{Cause, Kind};

use crate::failure::{Failure, Result};
use crate::lang::say;

/// Asks on the terminal, unless `yes` answers already. Where nobody can be asked, it is refused.
pub(crate) fn confirm(question: &str, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        let problem = say!(
            "is needed where there is no terminal to ask on: this cannot be undone",
            "没有终端可供确认时必须给出：此操作无法撤销"
        );
        return Err(Failure::argument("--yes", problem));
    }
    let _ = write!(io::stderr().lock(), "{question} [y/N] ");
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "是" if read.is_ok() => Ok(()),
        _ => {
            let message = say!("not confirmed; nothing was sent", "未确认，没有发送任何内容");
            Err(Failure::new(Kind::Cancelled, Cause::Cancelled, message))
        }
    }
}
