//! Opening the file, and creating it.

#[cfg(unix)]
use std::fs;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::problem::{failure, refused};
use super::{Ledger, schema};
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::{charset, files, open};

/// How long a process waits for another one that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// What the ledger is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// A missing file is an error.
    Read,
    /// A missing file is an error, because the command works on orders that were recorded.
    Update,
    /// A missing file is created.
    Create,
}

impl Ledger {
    /// Opens the file, and creates or migrates its content. A process must not open a ledger twice:
    /// closing any file descriptor of it releases the POSIX locks that SQLite holds on it.
    pub(crate) fn open(path: &Path, access: Access) -> Result<Self> {
        // SQLite gives names such as ":memory:" a meaning of their own, and an absolute path has none.
        let path = std::path::absolute(path).map_err(|error| Failure::file(path, &error))?;
        let path = checked(&path, access).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if access != Access::Create => missing(&path),
            _ => Failure::file(&path, &error),
        })?;
        refuse_network(&path)?;
        let failed = |error: rusqlite::Error| failure(&path, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags).map_err(failed)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        let is_read_only = connection.is_readonly("main").map_err(failed)?;
        if is_read_only && access != Access::Read {
            return Err(refused(&path, &say!("is read-only", "是只读的")));
        }
        schema::migrate(&mut connection, &path, is_read_only)?;
        // Only now it is certain that the file is a ledger.
        restrict(&path).map_err(|error| Failure::file(&path, &error))?;
        if !is_read_only {
            configure(&connection).map_err(failed)?;
        }
        Ok(Self { path, connection: Mutex::new(connection) })
    }
}

fn missing(path: &Path) -> Failure {
    let problem = say!(
        "there is no such ledger; order create and order import make one",
        "账本不存在；order create 和 order import 会创建账本"
    );
    Failure::file(path, &io::Error::new(io::ErrorKind::NotFound, problem))
}

/// WAL lets readers read while an order is written. FULL syncs each transaction to disk before it ends.
fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// Makes sure that the path is a regular file. Returns the path without symbolic links: the files beside the
/// ledger, also the locks, must be the same for every process, whatever name it was given.
fn checked(path: &Path, access: Access) -> io::Result<PathBuf> {
    match open::regular(path, OpenOptions::new().read(true)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && access == Access::Create => {
            refuse_orphan(path)?;
            create(path)?;
        }
        other => drop(other?),
    }
    resolved(path)
}

/// Refuses to create a ledger beside the `-wal` file of one that was moved without it. That file has the
/// last changes after a kill, and SQLite would delete it.
fn refuse_orphan(path: &Path) -> io::Result<()> {
    let wal = beside(path, "-wal");
    match std::fs::metadata(&wal) {
        Ok(found) if found.len() > 0 => {
            let wal = charset::display(&wal);
            Err(io::Error::other(say!(
                "the ledger is missing, but {wal} has its last changes; put the ledger back, or move that file to where the ledger is, with the same name before -wal",
                "账本文件不存在，但 {wal} 中有其最近的变更；请放回账本文件，或将该文件移到账本所在位置，并使 -wal 之前的名称与账本相同"
            )))
        }
        _ => Ok(()),
    }
}

#[cfg(not(windows))]
fn resolved(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize()
}

/// Without the prefix of verbatim paths, which users do not write.
#[cfg(windows)]
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let path = path.canonicalize()?;
    let short = path.to_str().and_then(|text| text.strip_prefix(r"\\?\"));
    let short = short.filter(|text| text.as_bytes().get(1) == Some(&b':') && text.len() < 240);
    Ok(short.map_or_else(|| path.clone(), PathBuf::from))
}

fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    open::regular(path, &options)?;
    files::sync_folder(files::folder_of(path))
}

/// Makes the ledger readable by its owner alone. SQLite gives its -wal and -shm files the mode of the file when
/// it makes them. No file is opened: closing it would release the locks that SQLite holds.
#[cfg(unix)]
fn restrict(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    for end in ["", "-wal", "-shm"] {
        let path = beside(path, end);
        match fs::metadata(&path) {
            Ok(found) if found.permissions().mode() & 0o077 != 0 => {
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A file beside the ledger, which has its name and an ending.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[cfg(target_os = "linux")]
fn network_name(path: &Path) -> io::Result<Option<String>> {
    // The file itself may be a link to another file system.
    super::file_system::network(path.canonicalize()?.parent().unwrap_or(Path::new("/")))
}

#[cfg(windows)]
fn network_name(path: &Path) -> io::Result<Option<String>> {
    let path = path.canonicalize()?;
    Ok(path.to_string_lossy().starts_with(r"\\?\UNC\").then(|| "SMB".to_owned()))
}

#[cfg(not(any(target_os = "linux", windows)))]
fn network_name(_: &Path) -> io::Result<Option<String>> {
    Ok(None)
}

fn refuse_network(path: &Path) -> Result<()> {
    match network_name(path).map_err(|error| Failure::file(path, &error))? {
        None => Ok(()),
        Some(kind) => {
            let problem = say!(
                "is on a network file system ({kind}), where locks and syncs cannot be relied on; use a local disk",
                "位于网络文件系统（{kind}）上，其锁和同步不可靠；请改用本地磁盘"
            );
            Err(refused(path, &problem))
        }
    }
}
