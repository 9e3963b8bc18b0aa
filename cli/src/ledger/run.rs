//! A run of the command that sends orders. An order that is being sent names its run, so that no other
//! process sends it at the same time.
//!
//! A run holds a lock on a file of its own beside the ledger. The system releases the lock when the
//! process ends, however it ends, and then others know that its orders are nobody's.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::Ledger;
use super::open::beside;
use crate::failure::{Failure, Result};

/// A run of this process; it ends when it is dropped.
pub(crate) struct Run {
    id: String,
    path: PathBuf,
    file: Option<File>,
}

impl Run {
    pub(crate) fn begin(ledger: &Ledger) -> Result<Self> {
        let id = Uuid::new_v4().simple().to_string();
        let path = lock_path(ledger.path(), &id);
        let file = create_locked(&path).map_err(|error| Failure::file(&path, &error))?;
        Ok(Self { id, path, file: Some(file) })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // On Windows an open file cannot be removed.
        self.file = None;
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the process of a run still works. The file of one that was killed is removed.
pub(crate) fn is_live(ledger: &Path, id: &str) -> bool {
    let path = lock_path(ledger, id);
    match is_locked(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        // Only a lock that was taken proves that the run has ended.
        Err(_) | Ok(true) => true,
        Ok(false) => {
            let _ = fs::remove_file(&path);
            false
        }
    }
}

fn lock_path(ledger: &Path, id: &str) -> PathBuf {
    // The id is from the ledger, which others may have written to.
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    beside(ledger, &format!("-run-{id}"))
}

#[cfg(unix)]
fn create_locked(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    lock(&file)?;
    Ok(file)
}

#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    Ok(rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive)?)
}

#[cfg(unix)]
fn is_locked(path: &Path) -> io::Result<bool> {
    match lock(&File::open(path)?) {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
        Err(error) => Err(error),
    }
}

/// On Windows an open file without sharing is the lock.
#[cfg(windows)]
fn create_locked(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    options.open(path)
}

#[cfg(windows)]
fn is_locked(path: &Path) -> io::Result<bool> {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    match File::open(path) {
        Ok(_) => Ok(false),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Access;

    #[test]
    fn a_run_is_live_until_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("l.db"), Access::Create).unwrap();
        let run = Run::begin(&ledger).unwrap();
        let id = run.id().to_owned();
        assert!(is_live(ledger.path(), &id));
        assert!(!is_live(ledger.path(), "0123"));
        drop(run);
        assert!(!is_live(ledger.path(), &id));
        // The file of a killed process is there, but not locked.
        let left = lock_path(ledger.path(), "dead");
        fs::write(&left, "").unwrap();
        assert!(!is_live(ledger.path(), "dead"));
        assert!(!left.exists());
    }
}
