//! The file that events are appended to: a line each, on disk before anybody hears that it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::failure::{Failure, Result};
use crate::lang::say;

/// A file of lines. It is opened anew for each, so that it can be rotated at any time.
pub(super) struct Journal {
    path: PathBuf,
    turn: Mutex<()>,
}

impl Journal {
    /// Makes sure that it can be written, before the first event depends on it.
    pub(super) fn open(path: PathBuf) -> Result<Self> {
        let journal = Self { path, turn: Mutex::new(()) };
        journal.file().map_err(|error| Failure::file(&journal.path, &error))?;
        Ok(journal)
    }

    /// Appends a line whole and waits until it is on disk, or leaves the file as it was.
    pub(super) fn append(&self, line: &str) -> Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.try_append(line).map_err(|error| Failure::file(&self.path, &error))
    }

    fn try_append(&self, line: &str) -> io::Result<()> {
        let mut file = self.file()?;
        let before = file.metadata()?.len();
        // A crash in the middle of a line must not take the next one with it.
        let start = if ends_line(&mut file, before)? { "" } else { "\n" };
        let written =
            file.write_all(format!("{start}{line}\n").as_bytes()).and_then(|()| file.sync_data());
        if written.is_err() {
            let _ = file.set_len(before);
        }
        written
    }

    fn file(&self) -> io::Result<File> {
        // Anything else would block or forget: a FIFO, a terminal, /dev/null.
        if self.path.metadata().is_ok_and(|meta| !meta.is_file()) {
            let problem = say!(
                "is no regular file: what is written there may be lost",
                "不是普通文件：写入的内容可能丢失"
            );
            return Err(io::Error::other(problem));
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true);
        match options.open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => return other,
        }
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.create(true).open(&self.path)?;
        sync_folder(&self.path)?;
        Ok(file)
    }
}

fn ends_line(file: &mut File, length: u64) -> io::Result<bool> {
    if length == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Puts a new file's name on disk too, where a folder can be synced.
fn sync_folder(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn lines_are_whole_whatever_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.jsonl");
        fs::write(&path, "{\"torn\":").unwrap();
        let journal = Journal::open(path.clone()).unwrap();
        journal.append("{\"a\":1}").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"torn\":\n{\"a\":1}\n");
        fs::rename(&path, folder.path().join("events.1")).unwrap();
        journal.append("{\"b\":2}").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"b\":2}\n");
    }

    #[test]
    fn only_a_regular_file_keeps_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Journal::open(folder.path().to_owned()).is_err());
        if cfg!(unix) {
            assert!(Journal::open("/dev/null".into()).is_err());
        }
    }
}
