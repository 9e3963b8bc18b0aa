//! The state file. One thread writes it; what came together is committed together, and no answer leaves
//! before what it tells of is on the disk.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use redb::{Database, ReadableTable, TableDefinition};
use tokio::sync::watch;

use crate::Error;
use crate::kept::{Change, Kept, Rows, Table};

/// Rows by key.
type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;
/// What is wrong with the file.
type Reason = String;

const ORDERS: Definition = TableDefinition::new("orders");
const SEEN: Definition = TableDefinition::new("seen");
const PUSHES: Definition = TableDefinition::new("pushes");
const FACTS: Definition = TableDefinition::new("facts");
/// Everything is in memory already; the file's own cache can be small, in bytes.
const CACHE: usize = 16 << 20;

/// An open state file.
pub(crate) struct Store {
    sender: Mutex<Option<Sender<Vec<Change>>>>,
    /// How many batches were handed over.
    sent: AtomicU64,
    progress: watch::Receiver<Progress>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Clone, Default)]
struct Progress {
    /// How many batches are on the disk.
    committed: u64,
    /// Why no more will be.
    failed: Option<Reason>,
}

impl Store {
    /// Opens the file, or makes it, readable by its owner alone: private keys are in it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Kept), Error> {
        let wrong = |reason| Error::State(path.to_owned(), reason);
        let (database, kept) = open(path).map_err(wrong)?;
        let (sender, batches) = channel();
        let (report, progress) = watch::channel(Progress::default());
        let thread = std::thread::Builder::new()
            .name("wotrus-sandbox".to_owned())
            .spawn(move || write(&database, &batches, &report))
            .map_err(Error::Runtime)?;
        let store = Self {
            sender: Mutex::new(Some(sender)),
            sent: AtomicU64::new(0),
            progress,
            thread: Mutex::new(Some(thread)),
        };
        Ok((store, kept))
    }

    /// Hands changes over; they are written in the order in which they come here.
    pub(crate) fn send(&self, changes: Vec<Change>) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sender) = sender.as_ref().filter(|_| !changes.is_empty()) else { return };
        if sender.send(changes).is_ok() {
            self.sent.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Waits until everything that was handed over so far is on the disk.
    pub(crate) async fn settled(&self) -> Result<(), Reason> {
        let sent = self.sent.load(Ordering::SeqCst);
        let mut progress = self.progress.clone();
        let done = |progress: &Progress| progress.committed >= sent || progress.failed.is_some();
        match progress.wait_for(done).await {
            Ok(progress) => progress.failed.clone().map_or(Ok(()), Err),
            Err(_) => Err("its writer is gone".to_owned()),
        }
    }

    /// Writes what is left, and closes the file.
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
        Table::Seen => SEEN,
        Table::Pushes => PUSHES,
        Table::Facts => FACTS,
    }
}

fn open(path: &Path) -> Result<(Database, Kept), Reason> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| error.to_string())?;
    let mut builder = Database::builder();
    // The format that later versions read, too.
    builder.set_cache_size(CACHE).create_with_file_format_v3(true);
    let database = builder.create_file(file).map_err(|error| error.to_string())?;
    let kept = Kept::read(rows(&database).map_err(|error| error.to_string())?)?;
    Ok((database, kept))
}

/// Everything in the file; makes the tables that are missing.
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

/// Writes batches until the last sender is gone, or one cannot be written.
fn write(database: &Database, batches: &Receiver<Vec<Change>>, report: &watch::Sender<Progress>) {
    while let Ok(first) = batches.recv() {
        let mut together = vec![first];
        together.extend(batches.try_iter());
        if let Err(error) = commit(database, &together) {
            let reason = error.to_string();
            report.send_modify(|progress| progress.failed = Some(reason));
            return;
        }
        report.send_modify(|progress| progress.committed += together.len() as u64);
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
                for table in [ORDERS, SEEN, PUSHES] {
                    // Not delete_table, which panics over rows that this transaction wrote.
                    transaction.open_table(table)?.retain(|_, _| false)?;
                }
            }
        }
    }
    transaction.commit()?;
    Ok(())
}
