//! Writes output files: each one is complete or absent, and nothing else is overwritten unless the user
//! asks for it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};
use tempfile::{NamedTempFile, PersistError};
use zeroize::Zeroizing;

use crate::charset;
use crate::failure::{Failure, Result};
use crate::held_key::holds_key;
use crate::lang::say;
use crate::open;
use crate::platform::long_path;
use crate::table::Table;

/// A file to write.
pub(crate) struct NewFile {
    /// Absolute, or relative to the folder that it is written into.
    path: PathBuf,
    content: Zeroizing<Vec<u8>>,
    access: Access,
    /// Whether a private key may be replaced, because the new file has it too.
    replaces_key: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// The umask alone restricts it.
    Public,
    /// Only its owner can read it.
    Private,
}

impl NewFile {
    pub(crate) fn new(path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> Self {
        let content = Zeroizing::new(content.into());
        Self { path: path.into(), content, access: Access::Public, replaces_key: false }
    }

    /// The same file, its path relative to a folder.
    pub(crate) fn inside(self, folder: &Path) -> Self {
        Self { path: folder.join(&self.path), ..self }
    }

    /// A file with a private key: its mode is 0600.
    pub(crate) fn private(path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> Self {
        Self { access: Access::Private, ..Self::new(path, content) }
    }

    /// The same file, which has every private key of the file that it replaces.
    pub(crate) fn replacing_key(self) -> Self {
        Self { replaces_key: true, ..self }
    }
}

/// A file after [`write`].
#[derive(Debug, Serialize)]
pub(crate) struct Written {
    #[serde(serialize_with = "path_as_text")]
    pub(crate) path: PathBuf,
    /// False if the file already had this content.
    pub(crate) written: bool,
}

/// The files, and which of them were written now.
pub(crate) fn list(files: &[Written]) -> String {
    let mut table = Table::new();
    for file in files {
        let state =
            if file.written { say!("written", "已写入") } else { say!("unchanged", "未变") };
        table.row([state.as_str(), &charset::display(&file.path)]);
    }
    table.render()
}

/// Paths need not be UTF-8, but JSON must be.
fn path_as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&charset::display(path))
}

/// Creates the folder and checks that files can be created in it, which should fail before an order
/// is made and not after.
pub(crate) fn prepare(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    temporary_in(folder, Access::Private).map(drop).map_err(|error| Failure::file(folder, &error))
}

/// The same for the folder of `--output-dir`.
pub(crate) fn prepare_output_dir(folder: &Path) -> Result<()> {
    prepare(folder).map_err(|failure| failure.of_flag("--output-dir"))
}

/// Writes the files into a folder, which is created. All of them are first written under temporary names, so that
/// most errors occur before any of them is in place. `force` replaces files with other content.
pub(crate) fn write(folder: &Path, files: &[NewFile], force: bool) -> Result<Vec<Written>> {
    prepare(folder)?;
    place(Some(folder), files, force)
}

/// Writes the files at their own paths. The rest is as for [`write`].
pub(crate) fn write_all(files: &[NewFile], force: bool) -> Result<Vec<Written>> {
    place(None, files, force)
}

/// Whether two paths name the same file in the same folder.
pub(crate) fn is_same_place(one: &Path, other: &Path) -> bool {
    let folder = |path: &Path| fs::canonicalize(folder_of(path)).ok();
    one == other
        || one.file_name() == other.file_name()
            && folder(one).is_some_and(|one| folder(other).as_ref() == Some(&one))
}

fn place(folder: Option<&Path>, files: &[NewFile], force: bool) -> Result<Vec<Written>> {
    for (at, file) in files.iter().enumerate() {
        if files[..at].iter().any(|other| is_same_place(&other.path, &file.path)) {
            return Err(same_place(&charset::display(&file.path)));
        }
    }
    let mut staged = Vec::new();
    for NewFile { path, content, access, replaces_key } in files {
        let path = folder.map_or_else(|| path.clone(), |folder| folder.join(path));
        let existing = compare(&path, content).map_err(|error| Failure::file(&path, &error))?;
        match existing {
            Existing::Same => staged.push((path, None)),
            Existing::Different if !force => return Err(exists(&path)),
            Existing::Different if !replaces_key && is_key_at(&path)? => {
                return Err(holds_a_key(&path));
            }
            Existing::Different | Existing::None => {
                let file = Staged::new(&path, content, *access);
                let file = file.map_err(|error| Failure::file(&path, &error))?;
                staged.push((path, Some(file)));
            }
        }
    }
    let mut written = Vec::new();
    for (path, file) in staged {
        let is_new = file.is_some();
        if let Some(Staged { file, path: long_path }) = file {
            let placed = match force {
                true => file.persist(&long_path).map(drop).map_err(|failed| failed.error),
                false => place_new(file, &long_path),
            };
            placed.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => exists(&path),
                _ => Failure::file(&path, &error),
            })?;
        }
        // Not every folder can be synced, and these files can be written again.
        let _ = sync_folder(folder_of(&path));
        written.push(Written { path, written: is_new });
    }
    Ok(written)
}

/// Writes a file that must not exist yet. It is on disk when this returns, and so is its name.
pub(crate) fn create(file: NewFile) -> Result<()> {
    let NewFile { path, content, access, .. } = file;
    let placed = Staged::new(&path, &content, access)
        .and_then(|Staged { file, path }| place_new(file, &path))
        .and_then(|()| sync_folder(folder_of(&path)));
    placed.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => never_overwritten(&path),
        _ => Failure::file(&path, &error),
    })
}

/// Checks that there is nothing at a path, and that files can be created in its folder, for [`create`].
pub(crate) fn check_absent(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(never_overwritten(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let file = temporary_in(&long_path(folder_of(path)), Access::Private);
            file.map(drop).map_err(|error| Failure::file(path, &error))
        }
        Err(error) => Err(Failure::file(path, &error)),
    }
}

/// The failure for two outputs with the same path; `name` is that of a flag or of the path.
pub(crate) fn same_place(name: &str) -> Failure {
    Failure::argument(name, say!("is the path of another output too", "与另一个输出的路径相同"))
}

fn never_overwritten(path: &Path) -> Failure {
    let error = say!("already exists, and is never overwritten", "已存在，不会覆盖");
    Failure::file(path, &io::Error::new(io::ErrorKind::AlreadyExists, error))
}

fn exists(path: &Path) -> Failure {
    let error = say!(
        "already exists with other content; --force replaces it",
        "已存在且内容不同；可用 --force 覆盖"
    );
    Failure::file(path, &io::Error::new(io::ErrorKind::AlreadyExists, error))
}

fn is_key_at(path: &Path) -> Result<bool> {
    holds_key(path).map_err(|error| Failure::file(path, &error))
}

fn holds_a_key(path: &Path) -> Failure {
    let error = say!(
        "holds a private key, which --force does not replace; move it away first",
        "内含私钥，--force 不会覆盖；请先将其移走"
    );
    Failure::file(path, &io::Error::new(io::ErrorKind::AlreadyExists, error))
}

/// What exists at the path of a new file.
enum Existing {
    None,
    Same,
    Different,
}

/// Compares the file at the path with the content. A symbolic link is not followed. Anything other than a
/// file or a symbolic link is an error, because even `--force` must not replace it.
fn compare(path: &Path, content: &[u8]) -> io::Result<Existing> {
    let meta = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Existing::None),
        other => other?,
    };
    if meta.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if meta.is_symlink() || meta.is_file() && meta.len() != content.len() as u64 {
        return Ok(Existing::Different);
    }
    if !meta.is_file() {
        return Err(open::not_regular());
    }
    let mut existing = Zeroizing::new(Vec::new());
    open::regular(path, OpenOptions::new().read(true))?
        .take(meta.len() + 1)
        .read_to_end(&mut existing)?;
    Ok(if *existing == content { Existing::Same } else { Existing::Different })
}

/// Gives the staged file its name, unless something has that name already.
fn place_new(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let file = match file.persist_noclobber(path) {
        Ok(_) => return Ok(()),
        Err(PersistError { error, .. }) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(error);
        }
        Err(PersistError { file, .. }) => file,
    };
    place_by_reservation(file, path)
}

/// For file systems such as vboxsf and CIFS, which have neither renameat2(RENAME_NOREPLACE) nor hard
/// links: an empty file that is created exclusively reserves the name, and renaming replaces that file.
fn place_by_reservation(file: NamedTempFile, path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?;
    file.persist(path).map(drop).map_err(|PersistError { error, .. }| {
        let _ = fs::remove_file(path);
        error
    })
}

/// The folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file on disk under a temporary name, and the path that it will have.
struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

impl Staged {
    fn new(path: &Path, content: &[u8], access: Access) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let folder = long_path(folder_of(path));
        Ok(Self { file: stage(&folder, content, access)?, path: folder.join(name) })
    }
}

/// A new file under a temporary name in the folder. The error is the system's, without that name.
fn temporary_in(folder: &Path, access: Access) -> io::Result<NamedTempFile> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if access == Access::Private { 0o600 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = access;
    tempfile::Builder::new().prefix(".wotrus-").make_in(folder, |path| options.open(path))
}

/// Writes the content to disk under a temporary name in the folder.
fn stage(folder: &Path, content: &[u8], access: Access) -> io::Result<NamedTempFile> {
    let mut file = temporary_in(folder, access)?;
    file.write_all(content)?;
    synced(file.as_file().sync_all())?;
    Ok(file)
}

/// Some network file systems cannot sync; that is not an error.
fn synced(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error)
            if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Writes the folder's entries to disk, where a folder can be synced.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        return synced(File::open(folder)?.sync_all());
    }
    Ok(())
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
    fn different_files_are_replaced_only_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let folder = &folder.path().join("new/folder");
        let files = [NewFile::new("a.pem", "one"), NewFile::new("b.pem", "two")];
        assert!(write(folder, &files, false).unwrap().iter().all(|file| file.written));
        assert!(write(folder, &files, false).unwrap().iter().all(|file| !file.written));

        let changed = [NewFile::new("c.pem", "three"), NewFile::new("b.pem", "TWO")];
        let failure = write(folder, &changed, false).unwrap_err();
        assert_eq!(failure.exit_code(), 9);
        assert_eq!(names(folder), ["a.pem", "b.pem"], "no other file was written");
        assert_eq!(fs::read_to_string(folder.join("b.pem")).unwrap(), "two");

        write(folder, &changed, true).unwrap();
        assert_eq!(fs::read_to_string(folder.join("b.pem")).unwrap(), "TWO");
        assert_eq!(names(folder), ["a.pem", "b.pem", "c.pem"]);
    }

    #[test]
    fn a_private_key_is_not_replaced_even_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let key = "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n";
        fs::write(folder.path().join("key.pem"), key).unwrap();
        let files = [NewFile::new("a.pem", "a"), NewFile::private("key.pem", "another")];
        assert_eq!(write(folder.path(), &files, true).unwrap_err().exit_code(), 9);
        assert_eq!(names(folder.path()), ["key.pem"]);
        assert_eq!(fs::read_to_string(folder.path().join("key.pem")).unwrap(), key);
        let same = [NewFile::private("key.pem", key)];
        assert!(!write(folder.path(), &same, true).unwrap()[0].written);
    }

    #[test]
    fn a_folder_is_not_replaced_even_by_force() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a.pem")).unwrap();
        let failure = write(folder.path(), &[NewFile::new("a.pem", "x")], true).unwrap_err();
        assert_eq!(failure.exit_code(), 9);
        assert_eq!(names(folder.path()), ["a.pem"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_fifo_is_not_replaced_and_a_link_only_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        for force in [false, true] {
            let files = [NewFile::new("fifo", "x")];
            assert_eq!(write(folder.path(), &files, force).unwrap_err().exit_code(), 9);
        }
        assert!(!fs::metadata(&fifo).unwrap().is_file());

        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "target").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
        for name in ["link", "dangling"] {
            let files = [NewFile::new(name, "x")];
            assert_eq!(write(folder.path(), &files, false).unwrap_err().exit_code(), 9);
            write(folder.path(), &files, true).unwrap();
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "x");
        }
        assert_eq!(fs::read_to_string(&target).unwrap(), "target", "the link itself is replaced");
    }

    #[test]
    fn files_are_placed_without_hard_links_and_replace_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| {
            place_by_reservation(
                stage(folder.path(), b"new", Access::Public).unwrap(),
                &folder.path().join(name),
            )
        };
        place("file").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "new");
        fs::write(folder.path().join("other"), "old").unwrap();
        fs::create_dir(folder.path().join("folder")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
        for existing in ["other", "folder"].into_iter().chain(cfg!(unix).then_some("link")) {
            let error = place(existing).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists, "{existing}");
        }
        assert_eq!(fs::read_to_string(folder.path().join("other")).unwrap(), "old");
        assert!(!folder.path().join("nowhere").exists(), "the link is not followed");
        assert!(names(folder.path()).iter().all(|name| !name.starts_with(".wotrus")));
    }

    #[cfg(unix)]
    #[test]
    fn paths_that_are_not_utf8_are_json() {
        use std::os::unix::ffi::OsStringExt;
        let path = PathBuf::from(std::ffi::OsString::from_vec(b"a\xff".to_vec()));
        let json = serde_json::to_string(&Written { path, written: true }).unwrap();
        assert_eq!(json, "{\"path\":\"a\u{fffd}\",\"written\":true}");
    }
}
