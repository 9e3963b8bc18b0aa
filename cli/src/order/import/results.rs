//! What became of the rows of an import: a file of results, and a summary.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::super::many;
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::json::Json;
use crate::lang::say;
use crate::ledger::{Order, State};
use crate::open;
use crate::output::{Outcome, Table, tell};

/// The rows with what the ledger says of each.
pub(super) struct Results {
    pub(super) rows: Vec<(i64, Order)>,
    /// How many of the orders an earlier call has created.
    pub(super) existed: usize,
}

const HEADER: [&str; 6] = ["row", "idempotenceID", "state", "orderID", "orderID_RSA", "reason"];
/// Excel reads UTF-8 only behind a byte order mark.
const MARK: &str = "\u{feff}";

/// Checks that the results can be written, before an order exists: only the results of an earlier call are
/// replaced, and neither the imported file nor any other.
pub(super) fn prepare(path: &Path) -> Result<()> {
    files::prepare(files::folder_of(path))?;
    let begin = format!("{MARK}{}", HEADER.join(","));
    let mut found = Vec::new();
    let read = open::regular(path, OpenOptions::new().read(true))
        .and_then(|file| file.take(begin.len() as u64).read_to_end(&mut found));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::file(path, &error)),
        Ok(_) if found == begin.as_bytes() => Ok(()),
        Ok(_) => {
            let problem = say!(
                "already exists, and is not the results of an import; --results names another file",
                "已存在，且不是导入结果；请用 --results 指定其他文件"
            );
            Err(Failure::file(path, &io::Error::new(io::ErrorKind::AlreadyExists, problem)))
        }
    }
}

impl Results {
    /// Writes all rows as CSV. A file of an earlier call for the same import is replaced.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut record =
            |fields: &[&str]| writer.write_record(fields).map_err(|error| error.to_string());
        let mut written = record(&HEADER);
        for (row, order) in &self.rows {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let (id, paired) = (text(&order.order_id), text(&order.paired_order_id));
            let (row, reason) = (row.to_string(), text(&order.reason));
            let state = order.state.as_str();
            let fields = [&*row, &order.idempotence_id, state, &id, &paired, &reason];
            written = written.and_then(|()| record(&fields));
        }
        let other = |problem: String| Failure::file(path, &io::Error::other(problem));
        written.map_err(other)?;
        let bytes = writer.into_inner().map_err(|error| other(error.to_string()))?;
        let content = format!("{MARK}{}", String::from_utf8_lossy(&bytes));
        let name = path.file_name().unwrap_or_default();
        files::write(files::folder_of(path), &[NewFile::new(name, content)], true)?;
        Ok(())
    }

    fn count(&self, state: State) -> usize {
        self.rows.iter().filter(|(_, order)| order.state == state).count()
    }

    /// Whether nothing is left to do.
    pub(super) fn is_finished(&self) -> bool {
        self.count(State::Created) + self.count(State::Refused) == self.rows.len()
    }

    fn json(&self, path: &Path) -> Json {
        let json = Json::new().with("rows", &self.rows.len());
        let json = State::ALL
            .into_iter()
            .fold(json, |json, state| json.with(state.as_str(), &self.count(state)));
        json.with("created_earlier", &self.existed).with("results", &crate::charset::display(path))
    }

    /// The result of the command. `stopped` is why it did not come to the end.
    pub(super) fn outcome(self, path: &Path, stopped: Option<Failure>) -> Result<Outcome> {
        let json = self.json(path);
        let mut table = Table::new();
        table.pair(say!("rows", "行数"), Some(self.rows.len().to_string()));
        let mut count = |name: String, count: usize| {
            table.pair(name, Some(count).filter(|count| *count > 0).map(|it| it.to_string()));
        };
        count(say!("created earlier", "此前已创建"), self.existed);
        for state in State::ALL {
            let existed = if state == State::Created { self.existed } else { 0 };
            count(state.as_str().to_owned(), self.count(state) - existed);
        }
        table.pair(say!("results", "结果文件"), Some(crate::charset::display(path)));
        let text = table.render();
        match self.failure(stopped) {
            None => Ok(Outcome { text, json }),
            Some(failure) => {
                tell(text.trim_end());
                Err(failure.after(&json))
            }
        }
    }

    /// The failure of the command, if there is one.
    fn failure(&self, stopped: Option<Failure>) -> Option<Failure> {
        let name = |row| say!("in row {row}", "在第 {row} 行");
        let named: Vec<_> = self.rows.iter().map(|(row, order)| (name(row), order)).collect();
        many::failure(&named, stopped)
    }
}

/// The file of results that belongs to an imported file.
pub(super) fn default_path(file: &Path) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(".results.csv");
    file.with_file_name(name)
}
