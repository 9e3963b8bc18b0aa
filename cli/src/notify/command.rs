//! The user's command, which is run for an event without a shell.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::process::{self, Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::facts::{ORDER_ID, ORDER_STATUS, VARIABLE, line, variables};
use super::kill::kill_with_children;
use crate::charset;
use crate::io_problem::io_problem;
use crate::lang::{named, say};
use crate::ledger::EventRow;
use crate::secret_variables::secret_variables;

/// How long a command may run.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A program and its arguments.
pub(crate) struct Command {
    program: OsString,
    arguments: Vec<OsString>,
    removed: Vec<OsString>,
    timeout: Duration,
}

impl Command {
    /// `None` without a program. The command does not get the token.
    pub(crate) fn new(words: Vec<OsString>, token: &str) -> Option<Self> {
        let mut words = words.into_iter();
        let own = |name: &OsStr| name.to_string_lossy().starts_with(VARIABLE);
        let of_an_event = std::env::vars_os().map(|(name, _)| name).filter(|name| own(name));
        let mut removed = secret_variables(token);
        removed.extend(of_an_event.chain([ORDER_ID.into(), ORDER_STATUS.into()]));
        Some(Self { program: words.next()?, arguments: words.collect(), removed, timeout: TIMEOUT })
    }

    /// Runs the command with the facts as variables and the event as a line on its standard input.
    ///
    /// # Errors
    /// Why it failed. If it takes too long, it is killed, with the processes that it has started.
    pub(crate) fn run(&self, event: &EventRow) -> Result<(), String> {
        let program = charset::display(self.program.as_ref());
        match self.run_to_end(event) {
            Ok(Some(status)) if status.success() => Ok(()),
            Ok(Some(status)) => Err(ended(&program, status)),
            Ok(None) => Err(killed(&program, self.timeout)),
            Err(error) => Err(named(&program, io_problem(&error))),
        }
    }

    /// The status, or `None` after the timeout.
    fn run_to_end(&self, event: &EventRow) -> io::Result<Option<ExitStatus>> {
        let mut command = process::Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::piped())
            // Standard output is the stream of events.
            .stdout(Stdio::from(io::stderr()));
        for name in &self.removed {
            command.env_remove(name);
        }
        command.envs(variables(event));
        // Its processes can be killed together, and Ctrl-C does not reach them.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        #[cfg(windows)]
        std::os::windows::process::CommandExt::creation_flags(
            &mut command,
            crate::platform::NEW_PROCESS_GROUP,
        );
        let mut child = command.spawn()?;
        let mut input = child.stdin.take();
        let line = line(event) + "\n";
        // The command need not read its input, which could block this thread.
        thread::spawn(move || {
            if let Some(input) = &mut input {
                let _ = input.write_all(line.as_bytes());
            }
        });
        wait(child, self.timeout)
    }
}

/// How a command ended that failed.
pub(crate) fn ended(program: &str, status: ExitStatus) -> String {
    match status.code() {
        Some(code) => say!("{program} ended with exit code {code}", "{program} 的退出码为 {code}"),
        None => say!("{program} was ended: {status}", "{program} 被终止：{status}"),
    }
}

/// How a command ended that took too long.
pub(crate) fn killed(program: &str, timeout: Duration) -> String {
    let seconds = timeout.as_secs_f64();
    say!(
        "{program} took more than {seconds} s and was killed",
        "{program} 超过 {seconds} 秒未结束，已终止"
    )
}

fn wait(mut child: Child, timeout: Duration) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + timeout;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            kill_with_children(child.id());
            let _ = child.kill();
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn event() -> EventRow {
        EventRow {
            id: "e-1".into(),
            kind: "status".into(),
            at: String::new(),
            data: r#"{"order_id":"A1","status":"issued"}"#.into(),
            tries: 0,
        }
    }

    fn shell(script: &str) -> Command {
        Command::new(["sh", "-c", script].map(OsString::from).to_vec(), "tk").unwrap()
    }

    #[test]
    fn a_command_gets_the_facts_and_its_status_decides() {
        let script = "[ $WOTRUS_EVENT_ID-$WOTRUS_ORDER_ID-$WOTRUS_ORDER_STATUS = e-1-A1-issued ] \
             && grep -q '\"event_id\":\"e-1\"'";
        assert_eq!(shell(script).run(&event()), Ok(()));
        let problem = shell("exit 3").run(&event()).unwrap_err();
        assert!(problem.contains("exit code 3"), "{problem}");
        let missing = Command::new(vec!["/no/such/program".into()], "").unwrap();
        assert!(missing.run(&event()).unwrap_err().contains("/no/such/program"));
        assert!(Command::new(Vec::new(), "").is_none());
    }

    #[test]
    fn a_command_that_takes_too_long_is_killed_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pid");
        let script = format!("sleep 300 & echo $! >{}; wait", file.display());
        let command = Command { timeout: Duration::from_millis(500), ..shell(&script) };
        assert!(command.run(&event()).unwrap_err().contains("was killed"));
        let child: i32 = std::fs::read_to_string(&file).unwrap().trim().parse().unwrap();
        let child = rustix::process::Pid::from_raw(child).unwrap();
        // A killed process may stay as a zombie until its new parent asks for it.
        let state = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.as_raw_nonzero()));
            stat.ok().and_then(|text| text.rsplit(") ").next()?.chars().next())
        };
        for _ in 0..100 {
            if matches!(state(), None | Some('Z')) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("the child still runs: {:?}", state());
    }
}
