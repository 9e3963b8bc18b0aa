//! The state file. One thread writes it, in batches, and no response is sent before the changes that it reports are on
//! the disk.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use redb::{Database, ReadableTable, TableDefinition};
use tokio::sync::watch;

use super::snapshot::{Change, Rows, Snapshot, Table};
use crate::Error;

/// Rows by key.
type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;
/// Why the file cannot be used.
type Reason = String;

// The names in the file are part of its format.
const ORDERS: Definition = TableDefinition::new("orders");
const IDEMPOTENCE: Definition = TableDefinition::new("seen");
const PUSHES: Definition = TableDefinition::new("pushes");
const VALUES: Definition = TableDefinition::new("facts");
/// The size of the file's cache in bytes. It can be small, because everything is in memory anyway.
const CACHE: usize = 16 << 20;

/// An open state file.
pub(crate) struct StateFile {
    sender: Mutex<Option<Sender<Vec<Change>>>>,
    /// How many batches were sent to the writing thread.
    sent: AtomicU64,
    progress: watch::Receiver<Progress>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Clone, Default)]
struct Progress {
    /// How many batches are on the disk.
    committed: u64,
    /// Why no more can be written.
    failed: Option<Reason>,
}

impl StateFile {
    /// Opens or creates the file. Only its owner may read it afterwards: private keys and the token are in it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Snapshot), Error> {
        let failed = |reason| Error::State(path.to_owned(), reason);
        let (database, saved) = open(path).map_err(failed)?;
        let (sender, batches) = channel();
        let (report, progress) = watch::channel(Progress::default());
        let thread = std::thread::Builder::new()
            .name("wotrus-sandbox".to_owned())
            .spawn(move || write(&database, &batches, &report))
            .map_err(Error::Runtime)?;
        let file = Self {
            sender: Mutex::new(Some(sender)),
            sent: AtomicU64::new(0),
            progress,
            thread: Mutex::new(Some(thread)),
        };
        Ok((file, saved))
    }

    /// Sends changes to the writing thread, which keeps their order.
    pub(crate) fn send(&self, changes: Vec<Change>) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sender) = sender.as_ref().filter(|_| !changes.is_empty()) else { return };
        if sender.send(changes).is_ok() {
            self.sent.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Waits until everything that was sent so far is on the disk.
    pub(crate) async fn flushed(&self) -> Result<(), Reason> {
        let sent = self.sent.load(Ordering::SeqCst);
        let mut progress = self.progress.clone();
        let done = |progress: &Progress| progress.committed >= sent || progress.failed.is_some();
        match progress.wait_for(done).await {
            Ok(progress) => progress.failed.clone().map_or(Ok(()), Err),
            Err(_) => Err("the writing thread has ended".to_owned()),
        }
    }

    /// Writes the remaining changes and closes the file.
    pub(crate) fn close(&self) {
        drop(self.sender.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn definition(table: Table) -> Definition {
    match table {
        Table::Orders => ORDERS,
        Table::Idempotence => IDEMPOTENCE,
        Table::Pushes => PUSHES,
        Table::Values => VALUES,
    }
}

fn open(path: &Path) -> Result<(Database, Snapshot), Reason> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| error.to_string())?;
    let same_file = file.try_clone().map_err(|error| error.to_string())?;
    let mut builder = Database::builder();
    // Later versions of redb read this format too.
    builder.set_cache_size(CACHE).create_with_file_format_v3(true);
    let database = builder.create_file(file).map_err(|error| error.to_string())?;
    // Only now is it known to be a state file, and not another file, whose mode must not change.
    restrict_to_owner(&same_file)?;
    let saved = Snapshot::read(rows(&database).map_err(|error| error.to_string())?)?;
    Ok((database, saved))
}

/// Takes every access by others away from an existing file.
#[cfg(unix)]
fn restrict_to_owner(file: &File) -> Result<(), Reason> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    let failed = |error: std::io::Error| {
        format!("it contains private keys, and its mode cannot be set to 0600: {error}")
    };
    if file.metadata().map_err(failed)?.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(0o600)).map_err(failed)
}

#[cfg(not(unix))]
fn restrict_to_owner(_: &File) -> Result<(), Reason> {
    Ok(())
}

/// Reads every row, and creates the tables that are missing.
fn rows(database: &Database) -> Result<Rows, Box<dyn std::error::Error>> {
    let transaction = database.begin_write()?;
    let mut all = Rows::new();
    for table in Table::ALL {
        let mut rows = Vec::new();
        for row in transaction.open_table(definition(table))?.iter()? {
            let (key, value) = row?;
            rows.push((key.value().to_vec(), value.value().to_vec()));
        }
        all.insert(table, rows);
    }
    transaction.commit()?;
    Ok(all)
}

/// Writes batches until the last sender is dropped, or until one cannot be written.
fn write(database: &Database, batches: &Receiver<Vec<Change>>, report: &watch::Sender<Progress>) {
    while let Ok(first) = batches.recv() {
        let mut waiting = vec![first];
        waiting.extend(batches.try_iter());
        if let Err(error) = commit(database, &waiting) {
            let reason = error.to_string();
            report.send_modify(|progress| progress.failed = Some(reason));
            return;
        }
        report.send_modify(|progress| progress.committed += waiting.len() as u64);
    }
}

fn commit(database: &Database, batches: &[Vec<Change>]) -> Result<(), Box<dyn std::error::Error>> {
    let transaction = database.begin_write()?;
    for change in batches.iter().flatten() {
        match change {
            Change::Put { table, key, value } => {
                let mut table = transaction.open_table(definition(*table))?;
                table.insert(key.as_slice(), value.as_slice())?;
            }
            Change::Clear => {
                for table in [ORDERS, IDEMPOTENCE, PUSHES] {
                    // Not delete_table, which panics if this transaction wrote to the table.
                    transaction.open_table(table)?.retain(|_, _| false)?;
                }
            }
        }
    }
    transaction.commit()?;
    Ok(())
}
