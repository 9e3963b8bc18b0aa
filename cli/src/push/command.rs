//! The user's command, which is run for each event. Its exit status decides the response to the push.

use std::ffi::OsString;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process;
use tokio::sync::Semaphore;
use wotrus::Secret;

use super::event::Event;
use crate::charset;
use crate::failure::{Failure, Result};
use crate::io_problem::io_problem;
use crate::lang::{named, say};
use crate::notify::{ended, kill_with_children, killed};
use crate::secret_variables::secret_variables;

/// How the command is run.
pub(super) struct Settings {
    /// The program and its arguments; no shell is involved.
    pub(super) words: Vec<OsString>,
    /// How long it may run, and how long it may have to wait for other commands to end.
    pub(super) timeout: Duration,
    /// How many may run at the same time.
    pub(super) parallel: usize,
    /// The API token, which the command does not get.
    pub(super) token: Secret,
}

pub(super) struct Command {
    program: OsString,
    arguments: Vec<OsString>,
    timeout: Duration,
    slots: Semaphore,
    removed_variables: Vec<OsString>,
}

impl Command {
    /// `None` without a program.
    pub(super) fn new(settings: Settings) -> Option<Self> {
        let Settings { words, timeout, parallel, token } = settings;
        let mut words = words.into_iter();
        Some(Self {
            program: words.next()?,
            arguments: words.collect(),
            timeout,
            slots: Semaphore::new(parallel),
            removed_variables: secret_variables(token.expose()),
        })
    }

    /// Runs the command with the event on its standard input, and waits until it ends.
    pub(super) async fn run(&self, event: &Event, line: &str) -> Result<()> {
        let program = charset::display(self.program.as_ref());
        let seconds = self.timeout.as_secs_f64();
        let Ok(slot) = tokio::time::timeout(self.timeout, self.slots.acquire()).await else {
            return Err(Failure::command(say!(
                "{program} was not run: other commands were still running after {seconds} s (--parallel)",
                "未运行 {program}：{seconds} 秒后其他命令仍未结束（--parallel）"
            )));
        };
        let result = tokio::time::timeout(self.timeout, self.spawn_and_wait(event, line)).await;
        drop(slot);
        Err(Failure::command(match result {
            Ok(Ok(status)) if status.success() => return Ok(()),
            Ok(Ok(status)) => ended(&program, status),
            Ok(Err(error)) => named(&program, io_problem(&error)),
            Err(_) => killed(&program, self.timeout),
        }))
    }

    async fn spawn_and_wait(&self, event: &Event, line: &str) -> io::Result<ExitStatus> {
        let mut command = process::Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::piped())
            // Standard output is the stream of events.
            .stdout(Stdio::from(io::stderr()))
            // Together with the guard below this ends the command when the timeout drops it.
            .kill_on_drop(true);
        // Its processes can be killed together. Ctrl-C stops the listener only, which waits for the command.
        #[cfg(unix)]
        command.process_group(0);
        #[cfg(windows)]
        command.creation_flags(crate::platform::NEW_PROCESS_GROUP);
        for variable in &self.removed_variables {
            command.env_remove(variable);
        }
        // Not those of the listener's own environment either.
        command.env_remove(ORDER_ID).env_remove(ORDER_STATUS);
        if let Some((id, status)) = event.order() {
            command.env(ORDER_ID, id).env(ORDER_STATUS, status);
        }
        let mut child = command.spawn()?;
        let mut running = Running(child.id());
        let input = child.stdin.take();
        let feed = async {
            if let Some(mut input) = input {
                // The command need not read its input.
                let _ = input.write_all(format!("{line}\n").as_bytes()).await;
            }
        };
        let ((), status) = tokio::join!(feed, child.wait());
        running.0 = None;
        status
    }
}

/// The process id of a command, which is killed with its children if this is dropped while it runs.
struct Running(Option<u32>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            kill_with_children(id);
        }
    }
}

const ORDER_ID: &str = "WOTRUS_ORDER_ID";
const ORDER_STATUS: &str = "WOTRUS_ORDER_STATUS";
