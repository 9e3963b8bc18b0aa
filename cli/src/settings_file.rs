//! Reads the files that decide where the token goes: the config file and token files.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

#[cfg(unix)]
use crate::charset;
use crate::io_problem::io_problem;
use crate::lang::say;
use crate::open;
#[cfg(unix)]
use crate::output::warn;
#[cfg(unix)]
use crate::text::shell_quoted;
use crate::text_file;

/// Which file is read. One that the user names may be a pipe (`<(…)`, `/dev/stdin`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The config file at the default location. It must be a regular file that belongs to the user or
    /// to root.
    DefaultConfig,
    /// The config file that `--config` names.
    NamedConfig,
    /// A token file.
    Token,
}

/// Why a settings file cannot be used.
#[derive(Debug)]
pub(crate) enum Problem {
    /// It cannot be opened or read, or it belongs to another user.
    Access(io::Error),
    /// It was read, but it must not be used: other users can write to it, or it is not text.
    Content(String),
}

impl Problem {
    /// The problem in the user's language.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Access(error) => io_problem(error),
            Self::Content(problem) => problem.clone(),
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Access(error)
    }
}

/// Reads a settings file as text. The permissions are those of the file that was opened.
pub(crate) fn read(path: &Path, role: Role) -> Result<String, Problem> {
    const MAX_BYTES: u64 = 1024 * 1024;
    let file = match role {
        Role::DefaultConfig => open::regular(path, OpenOptions::new().read(true))?,
        Role::NamedConfig | Role::Token => File::open(path)?,
    };
    check_permissions(path, &file, role)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Problem::Content(say!("is larger than 1 MiB", "超过 1 MiB")));
    }
    text_file::decode(bytes).map_err(Problem::Content)
}

/// Refuses a file that other users can write to: a config file names the server that gets the token.
#[cfg(unix)]
fn check_permissions(path: &Path, file: &File, role: Role) -> Result<(), Problem> {
    use std::os::unix::fs::MetadataExt;
    const GROUP_WRITE: u32 = 0o020;
    const OTHER_WRITE: u32 = 0o002;
    const STICKY: u32 = 0o1000;

    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(());
    }
    let user = rustix::process::geteuid().as_raw();
    if role == Role::DefaultConfig && ![user, 0].contains(&meta.uid()) && user != 0 {
        let problem = say!("belongs to another user", "属于其他用户");
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, problem).into());
    }
    // A group with the number of its user is the user's private group on most systems.
    let is_private_group = meta.gid() == meta.uid() && meta.uid() != 0;
    let group_can_write = meta.mode() & GROUP_WRITE != 0 && !is_private_group;
    if meta.mode() & OTHER_WRITE != 0 || group_can_write {
        let quoted = shell_quoted(&charset::display(path));
        return Err(Problem::Content(say!(
            "other users can write to it, so it is not used: chmod go-w {quoted}",
            "其他用户可写该文件，因此不予使用：请执行 chmod go-w {quoted}"
        )));
    }
    // The folder matters for a config file only: volumes for token files are often writable by all users
    // of a container.
    let folder = path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned));
    if let Some(folder) = folder.filter(|_| role != Role::Token) {
        // With the sticky bit, as in /tmp, only the owner can replace a file.
        let mode = folder.metadata().map_or(0, |meta| meta.mode());
        if mode & OTHER_WRITE != 0 && mode & STICKY == 0 {
            let quoted = shell_quoted(&charset::display(&folder));
            return Err(Problem::Content(say!(
                "other users can replace it, so it is not used: chmod o-w {quoted}",
                "其他用户可替换该文件，因此不予使用：请执行 chmod o-w {quoted}"
            )));
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_permissions(_: &Path, _: &File, _: Role) -> Result<(), Problem> {
    Ok(())
}

/// Warns, once, if other users can read a file with a token.
#[cfg(unix)]
pub(crate) fn warn_if_readable(path: &Path) {
    use std::os::unix::fs::MetadataExt;
    use std::sync::atomic::{AtomicBool, Ordering};
    static WARNED: AtomicBool = AtomicBool::new(false);
    let Ok(meta) = path.metadata() else { return };
    if meta.is_file() && meta.mode() & 0o044 != 0 && !WARNED.swap(true, Ordering::Relaxed) {
        let path = charset::display(path);
        let quoted = shell_quoted(&path);
        warn(&say!(
            "{path} contains the token and other users can read it: chmod 600 {quoted}",
            "{path} 含有 token，且其他用户可读，请执行 chmod 600 {quoted}"
        ));
    }
}

#[cfg(not(unix))]
pub(crate) fn warn_if_readable(_: &Path) {}
