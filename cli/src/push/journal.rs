//! The file that events are appended to, one line each. A line is on disk before the push is answered.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::open;

/// A file of lines. It is opened for each line, so that it can be rotated at any time.
pub(super) struct Journal {
    path: PathBuf,
    max_bytes: u64,
    lock: Mutex<()>,
}

impl Journal {
    /// Checks that the file can be written, before the first event needs it.
    pub(super) fn open(path: PathBuf, max_bytes: u64) -> Result<Self> {
        let journal = Self { path, max_bytes, lock: Mutex::new(()) };
        journal.file().map_err(|error| Failure::file(&journal.path, &error))?;
        Ok(journal)
    }

    /// Appends a line and waits until it is on disk. On an error the file is unchanged. Unconfirmed
    /// events, which anybody can send, may use only half of the size limit.
    pub(super) fn append(&self, line: &str, is_confirmed: bool) -> Result<()> {
        let _guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let max_bytes = if is_confirmed { self.max_bytes } else { self.max_bytes / 2 };
        self.try_append(line, max_bytes).map_err(|error| Failure::file(&self.path, &error))
    }

    fn try_append(&self, line: &str, max_bytes: u64) -> io::Result<()> {
        let mut file = self.file()?;
        let size = file.metadata()?.len();
        // An incomplete line after a crash must not join the next one.
        let start = if ends_with_newline(&mut file, size)? { "" } else { "\n" };
        let line = format!("{start}{line}\n");
        if size + line.len() as u64 > max_bytes {
            return Err(io::Error::other(say!(
                "has reached its size limit of {max_bytes} bytes; rotate the file, or raise --max-output",
                "已达到 {max_bytes} 字节的大小上限；请轮转该文件，或调大 --max-output"
            )));
        }
        let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_data());
        if written.is_err() {
            let _ = file.set_len(size);
        }
        written
    }

    fn file(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        // Only a regular file keeps what is written: a FIFO, a terminal or /dev/null does not.
        match open::regular(&self.path, &options) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = open::regular(&self.path, options.create(true))?;
        sync_folder(&self.path);
        Ok(file)
    }
}

fn ends_with_newline(file: &mut File, size: u64) -> io::Result<bool> {
    if size == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(size - 1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Writes the new file's name to disk, where a folder can be synced: some network file systems cannot.
fn sync_folder(path: &Path) {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn lines_are_complete_after_a_crash_and_a_rotation() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        fs::write(&path, "{\"torn\":").unwrap();
        let journal = Journal::open(path.clone(), 1000).unwrap();
        journal.append("{\"a\":1}", true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"torn\":\n{\"a\":1}\n");
        fs::rename(&path, folder.path().join("events.1")).unwrap();
        journal.append("{\"b\":2}", true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"b\":2}\n");
    }

    #[test]
    fn the_size_is_limited_and_unconfirmed_events_get_half() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        let journal = Journal::open(path.clone(), 40).unwrap();
        journal.append("unconfirmed 123456", false).unwrap();
        let failure = journal.append("x", false).unwrap_err();
        assert!(failure.message().contains("--max-output"), "{}", failure.message());
        journal.append("confirmed 12345678", true).unwrap();
        assert!(journal.append("confirmed", true).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "unconfirmed 123456\nconfirmed 12345678\n");
        fs::rename(&path, folder.path().join("events.1")).unwrap();
        journal.append("x", false).unwrap();
    }

    #[test]
    fn only_a_regular_file_is_accepted() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Journal::open(folder.path().to_owned(), 1000).is_err());
        #[cfg(unix)]
        {
            assert!(Journal::open("/dev/null".into(), 1000).is_err());
            let fifo = folder.path().join("fifo");
            assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
            assert!(Journal::open(fifo, 1000).is_err());
        }
    }
}
