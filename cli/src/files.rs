//! Files that exist whole or not at all, and replace nothing unasked.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::failure::{Failure, Result};
use crate::lang::say;

/// A file that is to be written into a folder.
pub(crate) struct NewFile {
    pub(crate) name: String,
    pub(crate) content: String,
}

impl NewFile {
    pub(crate) fn new(name: impl Into<String>, content: impl Into<String>) -> Self {
        Self { name: name.into(), content: content.into() }
    }
}

/// A file that is there now.
#[derive(Debug, Serialize)]
pub(crate) struct Written {
    pub(crate) path: PathBuf,
    /// False where it was there already, with the same content.
    pub(crate) written: bool,
}

/// Makes sure that the folder is there: better before an order than after.
pub(crate) fn prepare(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    // Whether it can be written to, only writing tells.
    let tried = NamedTempFile::new_in(folder).map(drop);
    // Of its kind alone: the whole error names a file that nobody knows.
    tried.map_err(|error| Failure::file(folder, &error.kind().into()))
}

/// Writes all of them or, as far as can be known beforehand, none: each is on disk under another
/// name before the first gets its own. A file with other content is replaced only by `force`.
pub(crate) fn write(folder: &Path, files: &[NewFile], force: bool) -> Result<Vec<Written>> {
    prepare(folder)?;
    let mut staged = Vec::new();
    for NewFile { name, content } in files {
        let path = folder.join(name);
        let there = same(&path, content).map_err(|error| Failure::file(&path, &error))?;
        match there {
            Some(false) if !force => return Err(exists(&path)),
            Some(true) => staged.push((path, None)),
            _ => {
                let file = stage(folder, content).map_err(|error| Failure::file(&path, &error))?;
                staged.push((path, Some(file)));
            }
        }
    }
    let mut written = Vec::new();
    for (path, file) in staged {
        let new = file.is_some();
        if let Some(file) = file {
            let done = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
            done.map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => exists(&path),
                _ => Failure::file(&path, &error.error),
            })?;
        }
        written.push(Written { path, written: new });
    }
    sync(folder);
    Ok(written)
}

fn exists(path: &Path) -> Failure {
    let error = say!(
        "is there already, with other content; --force replaces it",
        "已存在且内容不同；用 --force 覆盖"
    );
    Failure::file(path, &io::Error::new(io::ErrorKind::AlreadyExists, error))
}

/// Whether a file is there, and holds this.
fn same(path: &Path, content: &str) -> io::Result<Option<bool>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        // Only a plain file is read: opening a FIFO would block.
        Ok(meta) if meta.is_file() && meta.len() == content.len() as u64 => {
            fs::read(path).map(|there| Some(there == content.as_bytes()))
        }
        Ok(meta) if meta.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => Ok(Some(false)),
    }
}

/// The content in a file of another name in the same folder, on disk.
fn stage(folder: &Path, content: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".wotrus-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Certificates are public: as any new file, less what the umask takes away.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Puts the new names on disk too, where a folder can be synced.
fn sync(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn only_identical_files_may_be_there_without_force() {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().join("new/folder");
        let files = [NewFile::new("a.pem", "one"), NewFile::new("b.pem", "two")];
        assert!(write(folder, &files, false).unwrap().iter().all(|file| file.written));
        assert!(write(folder, &files, false).unwrap().iter().all(|file| !file.written));

        let changed = [NewFile::new("c.pem", "three"), NewFile::new("b.pem", "TWO")];
        let failure = write(folder, &changed, false).unwrap_err();
        assert_eq!(failure.exit_code(), 9);
        assert_eq!(names(folder), ["a.pem", "b.pem"], "nothing else was written, nothing is left");
        assert_eq!(fs::read_to_string(folder.join("b.pem")).unwrap(), "two");

        write(folder, &changed, true).unwrap();
        assert_eq!(fs::read_to_string(folder.join("b.pem")).unwrap(), "TWO");
        assert_eq!(names(folder), ["a.pem", "b.pem", "c.pem"]);
    }

    #[test]
    fn a_folder_in_the_way_is_an_error_even_with_force() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a.pem")).unwrap();
        let failure = write(folder.path(), &[NewFile::new("a.pem", "x")], true).unwrap_err();
        assert_eq!(failure.exit_code(), 9);
        assert_eq!(names(folder.path()), ["a.pem"]);
    }
}
