//! A run of the command that sends orders. An order that is being sent names its run, so that no other
//! process sends it at the same time.
//!
//! A run holds a lock on a file of its own beside the ledger. The system releases the lock when the
//! process ends, even by a kill; other processes may then take over its orders.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::Ledger;
use super::open::beside;
use crate::failure::{Failure, Result};
#[cfg(unix)]
use crate::open;

/// A run of this process; it ends when it is dropped.
pub(crate) struct Run {
    id: String,
    path: PathBuf,
    file: Option<File>,
}

impl Run {
    pub(crate) fn begin(ledger: &Ledger) -> Result<Self> {
        remove_ended(ledger.path());
        loop {
            let id = Uuid::new_v4().simple().to_string();
            let path = lock_path(ledger.path(), &id);
            match create_locked(&path) {
                Ok(file) => return Ok(Self { id, path, file: Some(file) }),
                // Another process took the file for one of a run that has ended.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(Failure::file(&path, &error)),
            }
        }
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
    // The id is from the ledger, which others may have written to.
    is_id(id.as_bytes()) && is_locked(&lock_path(ledger, id))
}

/// Whether this is the id of a run. Only files that are named by one are removed: another ledger can
/// have a name such as `orders.db-run-2`.
fn is_id(id: &[u8]) -> bool {
    id.len() == 32 && id.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_locked(path: &Path) -> bool {
    match take_over(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        // Only a lock that was taken proves that the run has ended.
        Err(_) => true,
        Ok(file) => {
            // Removed before the lock is released, so that its owner cannot take it in between.
            let _ = fs::remove_file(path);
            drop(file);
            false
        }
    }
}

/// Removes the files of processes that were killed.
fn remove_ended(ledger: &Path) {
    let (Some(folder), Some(name)) = (ledger.parent(), ledger.file_name()) else { return };
    let mut start = name.to_owned();
    start.push(RUN);
    let start = start.as_encoded_bytes();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().as_encoded_bytes().strip_prefix(start).is_some_and(is_id) {
            is_locked(&entry.path());
        }
    }
}

/// What the names of these files have after that of the ledger.
const RUN: &str = "-run-";

fn lock_path(ledger: &Path, id: &str) -> PathBuf {
    beside(ledger, &format!("{RUN}{id}"))
}

/// Creates the file with a lock. `WouldBlock`: another process had it locked, or has removed it.
#[cfg(unix)]
fn create_locked(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    lock(&file)?;
    if path.exists() { Ok(file) } else { Err(io::ErrorKind::WouldBlock.into()) }
}

#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    Ok(rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive)?)
}

/// Opens a file with its lock, unless another process has that.
#[cfg(unix)]
fn take_over(path: &Path) -> io::Result<File> {
    let file = open::regular(path, OpenOptions::new().read(true))?;
    lock(&file).map(|()| file)
}

/// On Windows an open file without sharing is the lock.
#[cfg(windows)]
fn create_locked(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    options.open(path)
}

/// Opens a file that no process has open. Its name can be removed while it is open.
#[cfg(windows)]
fn take_over(path: &Path) -> io::Result<File> {
    File::open(path)
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
        let dead = "0".repeat(32);
        let left = lock_path(ledger.path(), &dead);
        fs::write(&left, "").unwrap();
        assert!(!is_live(ledger.path(), &dead));
        assert!(!left.exists());
        fs::write(&left, "").unwrap();
        let run = Run::begin(&ledger).unwrap();
        assert!(!left.exists() && is_live(ledger.path(), run.id()));
    }
    #[test]
    fn only_files_of_runs_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("l.db"), Access::Create).unwrap();
        let others = ["l.db-run-2", "l.db-run-", "l.db-run-2-wal"].map(|it| folder.path().join(it));
        for other in &others {
            fs::write(other, "another ledger").unwrap();
        }
        Run::begin(&ledger).unwrap();
        assert!(!is_live(ledger.path(), "2") && !is_live(ledger.path(), ""));
        assert!(others.iter().all(|other| other.exists()));
    }

    #[cfg(unix)]
    #[test]
    fn a_run_is_live_by_every_name_of_the_ledger() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("l.db"), Access::Create).unwrap();
        let run = Run::begin(&ledger).unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        let link = folder.path().join("sub/link.db");
        std::os::unix::fs::symlink("../l.db", &link).unwrap();
        let same = Ledger::open(&link, Access::Create).unwrap();
        assert_eq!(same.path(), ledger.path());
        assert!(is_live(same.path(), run.id()));
    }
}
