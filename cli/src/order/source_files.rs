//! The files that orders came from, which are read again to send the orders once more.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::import::ImportedRows;
use crate::failure::{Failure, Result};
use crate::input;

/// Reads each file once. Threads take turns.
#[derive(Default)]
pub(super) struct SourceFiles {
    /// By path and charset. Each has many orders.
    imports: Mutex<HashMap<(PathBuf, String), Read<ImportedRows>>>,
    /// The last file in the service's JSON form. Such files are large if they have documents, and most have
    /// one order each.
    json: Mutex<Option<(PathBuf, Read<String>)>>,
}

type Read<T> = Result<Arc<T>, Failure>;

impl SourceFiles {
    /// The rows of an imported file.
    pub(super) fn rows(&self, path: &Path, charset: &str) -> Read<ImportedRows> {
        let mut imports = self.imports.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (path.to_owned(), charset.to_owned());
        let read = || ImportedRows::read(path, charset).map(Arc::new);
        imports.entry(key).or_insert_with(read).clone()
    }

    /// The text of a file in the service's JSON form.
    pub(super) fn json(&self, path: &Path) -> Read<String> {
        let mut last = self.json.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((known, read)) if known == path => read.clone(),
            _ => {
                let read = input::text("FILE", path).map(Arc::new);
                last.insert((path.to_owned(), read)).1.clone()
            }
        }
    }
}
