//! The ledger: one SQLite file with orders, attempts and events. docs/ledger.md has its schema.
//!
//! A function that reads or writes rows takes a connection, so that a caller can combine several in one
//! [`Ledger::transaction`]. A transaction is on disk when it ends.

mod answer;
mod attempt;
mod certificate;
mod content;
mod delivery;
mod due_notice;
mod event;
mod fetched;
#[cfg(target_os = "linux")]
mod file_system;
mod import;
mod lock;
mod open;
mod option;
mod order;
mod origin;
mod path;
mod pause;
mod problem;
mod renewal;
mod run;
mod schema;
mod watched;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub(crate) use self::answer::{Answered, record_answer, record_problem};
pub(crate) use self::attempt::{AttemptEnd, begin_attempt, end_attempt, may_exist, was_refused};
pub(crate) use self::certificate::expiry;
pub(crate) use self::content::{hex, public_body, recorded, recorded_reissue};
pub(crate) use self::delivery::{Group, retry_failed, waiting};
pub(crate) use self::due_notice::{
    Expiring, Notice, end_outdated, expiring, record_notice, was_reported,
};
pub(crate) use self::event::{EventRow, set_delivered, set_try_failed};
#[cfg(test)]
use self::event::{NewEvent, add_event};
pub(crate) use self::fetched::{Fetched, NewCertificate, record_certificates, record_fetched};
pub(crate) use self::import::{NewImport, begin_import, finish_import, import_charset};
pub(crate) use self::lock::Lock;
pub(crate) use self::open::Access;
pub(crate) use self::option::LedgerOption;
pub(crate) use self::order::{
    Created, NewOrder, Order, State, claim, find, find_by_id, find_by_order_id, insert, orders,
    replace, set_absent, set_created, set_import, set_outcome,
};
pub(crate) use self::origin::{Origin, OriginKind, origins, set_origins};
pub(crate) use self::pause::{MAX_PAUSE, pause, set_pause};
pub(crate) use self::renewal::renewals;
pub(crate) use self::run::Run;
use self::watched::ask_soon;
pub(crate) use self::watched::{Watched, open_count, other_service, watched, watched_by_id};
use crate::failure::Result;

/// An open ledger. Threads take turns.
pub(crate) struct Ledger {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Ledger {
    /// The absolute path of the file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads from the ledger.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        read(&self.lock()).map_err(|error| problem::failure(&self.path, &error))
    }

    /// Writes in one transaction: all of it, or nothing if an error is returned. When this returns, it
    /// is on disk.
    pub(crate) fn transaction<T>(
        &self,
        write: impl FnOnce(&Transaction) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let mut connection = self.lock();
        // Immediate: a transaction that reads first and writes later could fail with "locked" without
        // waiting.
        let run = || {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = write(&transaction)?;
            transaction.commit()?;
            Ok(result)
        };
        run().map_err(|error| problem::failure(&self.path, &error))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
