//! Ends a command with the processes that it has started.

/// Kills the processes of a command that was started in a process group of its own.
#[cfg(unix)]
pub(crate) fn kill_with_children(command: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = i32::try_from(command).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Windows has no process groups; its own tool ends the tree.
#[cfg(not(unix))]
pub(crate) fn kill_with_children(command: u32) {
    use std::process::Stdio;
    let mut tool = std::process::Command::new("taskkill");
    tool.args(["/T", "/F", "/PID", &command.to_string()]);
    let _ = tool.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}
