//! A lock that one process at a time holds beside the ledger. The system releases it when the process
//! ends, however it ends.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use wotrus::{Cause, Kind};

use super::Ledger;
use super::open::beside;
use crate::failure::{Failure, Result};
use crate::lang::say;

/// The lock, which ends when it is dropped. Its file stays: another process could just have opened it.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a command.
    ///
    /// # Errors
    /// If another process has it, with exit code 5.
    pub(crate) fn take(ledger: &Ledger, command: &str) -> Result<Self> {
        let path = beside(ledger.path(), &format!("-{command}"));
        match locked(&path).map_err(|error| Failure::file(&path, &error))? {
            Some(file) => Ok(Self { _file: file }),
            None => {
                let message = say!(
                    "another wotrus {command} works on this ledger; this one has done nothing",
                    "另一个 wotrus {command} 正在处理此账本；本次未执行任何操作"
                );
                Err(Failure::new(Kind::NotReady, Cause::Invalid, message))
            }
        }
    }
}

/// `None` if another process has the lock.
#[cfg(unix)]
fn locked(path: &Path) -> io::Result<Option<File>> {
    use rustix::fs::{FlockOperation, flock};
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = crate::open::regular(path, &options)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(error) if error == rustix::io::Errno::WOULDBLOCK => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// On Windows an open file without sharing is the lock.
#[cfg(windows)]
fn locked(path: &Path) -> io::Result<Option<File>> {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    match options.open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Access;

    #[test]
    fn one_process_at_a_time_has_the_lock_of_a_command() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("l.db"), Access::Create).unwrap();
        let lock = Lock::take(&ledger, "sync").unwrap();
        assert_eq!(Lock::take(&ledger, "sync").err().unwrap().exit_code(), 5);
        assert!(Lock::take(&ledger, "due").is_ok());
        drop(lock);
        assert!(Lock::take(&ledger, "sync").is_ok());
    }
}
