//! The user's command, run once an event: its success is what the service is told.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process;
use wotrus::{Cause, Kind};

use super::event::Event;
use crate::failure::{Failure, Result};
use crate::lang::say;

/// A program and its arguments; no shell is in between.
pub(super) struct Command {
    program: String,
    arguments: Vec<String>,
    limit: Duration,
}

impl Command {
    /// None without a program.
    pub(super) fn new(words: Vec<String>, limit: Duration) -> Option<Self> {
        let mut words = words.into_iter();
        Some(Self { program: words.next()?, arguments: words.collect(), limit })
    }

    /// Runs it with the event on its standard input, and waits for its success.
    pub(super) async fn run(&self, event: &Event, line: &str) -> Result<()> {
        let program = &self.program;
        let problem = match tokio::time::timeout(self.limit, self.wait(event, line)).await {
            Ok(Ok(status)) if status.success() => return Ok(()),
            Ok(Ok(status)) => say!("{program} failed: {status}", "{program} 失败：{status}"),
            Ok(Err(error)) => say!("{program}: {error}", "{program}：{error}"),
            Err(_) => {
                let seconds = self.limit.as_secs_f64();
                say!("{program} took more than {seconds} s", "{program} 超过 {seconds} 秒未结束")
            }
        };
        Err(Failure::new(Kind::File, Cause::Invalid, problem))
    }

    async fn wait(&self, event: &Event, line: &str) -> io::Result<std::process::ExitStatus> {
        let mut command = process::Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::piped())
            // Standard output is the stream of events.
            .stdout(Stdio::from(io::stderr()))
            // Dropped when the time is over.
            .kill_on_drop(true);
        // Ctrl-C is for the listener, which lets the command end.
        #[cfg(unix)]
        command.process_group(0);
        if let Some((id, status)) = event.order() {
            command.env("WOTRUS_ORDER_ID", id).env("WOTRUS_ORDER_STATUS", status);
        }
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let feed = async {
            if let Some(mut input) = input {
                // A command that reads nothing closes it, which is its right.
                let _ = input.write_all(format!("{line}\n").as_bytes()).await;
            }
        };
        let ((), status) = tokio::join!(feed, child.wait());
        status
    }
}
