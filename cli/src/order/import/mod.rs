//! `wotrus order import`: many orders from one file.

mod mistake;
mod results;
mod row;
mod sheet;
mod template;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use wotrus::{Kind, OrderRequest};

use self::mistake::Mistake;
use self::results::Results;
use self::sheet::Row;
use super::batch;
use super::many::Unreached;
use super::origins;
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::{named, say};
use crate::ledger::{self, Access, LedgerOption, NewImport, NewOrder, Order, State};
use crate::output::{Outcome, tell};
use crate::recorded::sender::{self, Sender, Sent};
use crate::{charset, input, interrupt, open, status_line};

/// Create an order for each row of a file
///
/// The file is CSV, as a spreadsheet saves it, or has an order in the service's JSON form on each line.
/// A column has the name of a field in the service's document; csr, authorization, licence and identity
/// are names of files, relative to the folder of the imported file. Each row needs an idempotenceID.
///
/// The whole file is checked before the first order is sent. Each order is in the ledger before it is
/// sent, so a command that was killed can be repeated: rows that have an order are skipped. Rows that
/// were refused or not sent can be corrected, and are sent again.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order import --template >orders.csv"
    "wotrus order import orders.csv --ledger /var/lib/wotrus/orders.db --dry-run"
    "wotrus order import orders.csv --charset gb18030 --jobs 8"
))]
pub(crate) struct Import {
    /// The file: CSV, or JSON lines (.jsonl)
    #[arg(value_name = "FILE", required_unless_present = "template")]
    file: Option<PathBuf>,

    /// Charset of the file, such as gb18030; a byte order mark counts more
    #[arg(long, value_name = "CHARSET", default_value = "utf-8")]
    charset: String,

    #[command(flatten)]
    ledger: LedgerOption,

    /// Maximum number of calls at the same time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=32))]
    jobs: u16,

    /// Where to write the result of each row, as CSV [default: FILE with the ending .results.csv]
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,

    /// Check the file, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Print a file with all columns and an example, and exit
    #[arg(long, conflicts_with_all = ["file", "dry_run"])]
    template: bool,
}

/// A row whose order is right.
struct Entry {
    number: i64,
    order: OrderRequest,
    new: NewOrder,
    /// The row in the ledger, once it is there.
    row: i64,
    /// Whether an earlier call has created the order.
    existed: bool,
}

impl Import {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let Some(path) = self.file.as_deref().filter(|_| !self.template) else {
            template::print(&self.charset)?;
            return Ok(Outcome::default());
        };
        if path == Path::new("-") || !open::is_repeatable(path) {
            let file = input::name(path);
            let problem = say!("{file} cannot be read again", "{file}无法再次读取");
            return Err(Failure::argument("FILE", problem));
        }
        let bytes = input::bytes("FILE", path)?;
        let orders = orders(&bytes, path, &self.charset).map_err(|it| refused(path, &it))?;
        let ledger = self.ledger.required(context, Access::Create)?;
        let mut sender = Sender::new(context, ledger)?;
        sender.report_only_if_verbose();
        let mut entries = checked(&sender, orders).map_err(|it| refused(path, &it))?;
        if self.dry_run {
            let count = entries.len();
            let text = say!("orders that can be sent: {count}", "可以发送的订单：{count}");
            return Ok(Outcome { text, json: Json::new().with("rows", &count) });
        }
        let result_path = self.results.clone().unwrap_or_else(|| results::default_path(path));
        results::prepare(&result_path)?;
        let import = self.record(&sender, path, &bytes, &mut entries)?;
        let stopped = self.send(&sender, &entries);
        let results = found(&sender, &entries).map_err(Failure::of_possible_order)?;
        let finished = match results.is_finished() {
            true => sender.ledger.transaction(|it| ledger::finish_import(it, import)),
            false => Ok(()),
        };
        // The orders exist, whether or not the end of the import and this file can be written.
        let written = results.write(&result_path);
        results.outcome(&result_path, stopped.or(finished.and(written).err()))
    }

    /// Records all rows in one transaction, before the first is sent.
    fn record(
        &self,
        sender: &Sender,
        path: &Path,
        bytes: &[u8],
        entries: &mut [Entry],
    ) -> Result<i64> {
        let content_hmac = sender.hmac(bytes);
        let import = NewImport {
            path,
            content_hmac: &content_hmac,
            charset: &self.charset,
            row_count: entries.len(),
        };
        let origins: Vec<_> = entries
            .iter()
            .map(|entry| origins::of_row(&entry.order, path, entry.number))
            .collect::<Result<_>>()?;
        let recorded = sender.ledger.transaction(|it| {
            // Another process may have recorded orders since they were checked.
            let found: Vec<_> = entries
                .iter()
                .map(|Entry { new, .. }| ledger::find(it, &new.base_url, &new.idempotence_id))
                .collect::<rusqlite::Result<_>>()?;
            let mistakes: Vec<Mistake> = entries
                .iter()
                .zip(&found)
                .filter_map(|(entry, found)| {
                    other_content(entry.number, found.as_ref(), &entry.new)
                })
                .collect();
            if !mistakes.is_empty() {
                return Ok(Err(mistakes));
            }
            let import = ledger::begin_import(it, &import)?;
            let mut changed = 0;
            for ((entry, found), origins) in entries.iter_mut().zip(found).zip(&origins) {
                entry.new.import = Some((import, entry.number));
                let new = &entry.new;
                entry.existed = found.as_ref().is_some_and(|it| it.state == State::Created);
                entry.row = match &found {
                    None => ledger::insert(it, new)?,
                    Some(order) => order.row,
                };
                // A repeated import writes only what has changed.
                if let Some(order) = found {
                    if exists_with_other_secrets(&order, new) {
                        // The order was made of what is recorded.
                        changed += 1;
                        continue;
                    }
                    if order.body_hmac != new.body_hmac {
                        ledger::replace(it, entry.row, new)?;
                    } else if order.import_id != Some(import) {
                        ledger::set_import(it, entry.row, import, entry.number)?;
                    }
                }
                if ledger::origins(it, entry.row)? != *origins {
                    ledger::set_origins(it, entry.row, origins)?;
                }
            }
            Ok(Ok((import, changed)))
        })?;
        let (import, changed) = recorded.map_err(|mistakes| refused(path, &mistakes))?;
        if changed > 0 {
            tell(&say!(
                "rows whose order exists, although the token, or a secret, document or unknown field of the row, is another one now: {changed}; they are not sent",
                "{changed} 行的订单已存在，但 token 或该行的敏感字段、材料、未知字段与当时不同；这些行不会发送"
            ));
        }
        Ok(import)
    }

    /// Sends the rows that have no order yet. Returns why it did not come to the end.
    fn send(&self, sender: &Sender, entries: &[Entry]) -> Option<Failure> {
        let (done, unreached) = (AtomicU64::new(0), Unreached::default());
        let stopped = Mutex::new(None);
        let stop = |failure: Failure| {
            stopped.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
            false
        };
        let total = entries.len() as u64;
        batch::run(entries, self.jobs.into(), |entry| {
            let result = send_one(sender, entry);
            let count = done.fetch_add(1, Ordering::SeqCst) + 1;
            status_line::upload(
                say!("{count} of {total} orders", "订单 {count}/{total}"),
                count,
                total,
            );
            match result {
                Ok(Some(reached)) => {
                    if let Some(failure) = unreached.count(reached) {
                        return stop(failure);
                    }
                }
                Ok(None) => {}
                Err(failure) => return stop(failure),
            }
            if interrupt::was_received() {
                let message =
                    say!("interrupted; the other rows were not sent", "已中断，其余各行未发送");
                return stop(Failure::new(Kind::Cancelled, wotrus::Cause::Cancelled, message));
            }
            true
        });
        status_line::clear();
        stopped.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends the order of a row, unless it exists. Returns whether that reached the service, if it was sent. An
/// error ends the import.
fn send_one(sender: &Sender, entry: &Entry) -> Result<Option<bool>> {
    let new = &entry.new;
    let recorded = sender.ledger.read(|it| ledger::find(it, &new.base_url, &new.idempotence_id))?;
    if let Some(order) = recorded {
        if order.state == State::Created || sender.needs_decision(&order)? {
            return Ok(None);
        }
    }
    let Some(ready) = sender.reserve_row(entry.row, &new.body_hmac)? else {
        let row = entry.number;
        tell(&say!("row {row}: another process is sending it", "第 {row} 行：另一个进程正在发送"));
        return Ok(None);
    };
    let Sent { result, error_kind, reached, unrecorded, .. } = sender.send(&ready, &entry.order);
    if let Some(failure) = unrecorded {
        return Err(failure);
    }
    match (result, error_kind) {
        (Err(failure), Some(Kind::Auth | Kind::Config | Kind::File)) => Err(failure),
        _ => Ok(Some(reached)),
    }
}

/// What the ledger says of the rows.
fn found(sender: &Sender, entries: &[Entry]) -> Result<Results> {
    let one = |entry: &Entry| {
        let new = &entry.new;
        let order =
            sender.ledger.read(|it| ledger::find(it, &new.base_url, &new.idempotence_id))?;
        Ok(order.map(|order| (entry.number, order)))
    };
    let rows: Result<Vec<_>> = entries.iter().filter_map(|entry| one(entry).transpose()).collect();
    let existed = entries.iter().filter(|entry| entry.existed).count();
    Ok(Results { rows: rows?, existed })
}

/// The orders in a file with the numbers of their rows, or all mistakes in it.
fn orders(
    bytes: &[u8],
    path: &Path,
    charset: &str,
) -> Result<Vec<(i64, OrderRequest)>, Vec<Mistake>> {
    let text = sheet::decoded(bytes, charset).map_err(|mistake| vec![mistake])?;
    let rows = sheet::rows(&text, path)?;
    if rows.is_empty() {
        return Err(vec![Mistake::of_file(say!("has no rows", "没有数据行"))]);
    }
    let folder = folder(path);
    let (mut orders, of_columns) = (Vec::new(), row::mistakes_of_columns(&rows));
    let mut mistakes = Vec::new();
    for row in &rows {
        match row::order(row, &folder) {
            Ok(order) => orders.push((row.number, order)),
            Err(found) => mistakes.extend(found),
        }
    }
    mistakes.retain(|it: &Mistake| !of_columns.iter().any(|other| it.is_in_column_of(other)));
    mistakes.splice(..0, of_columns);
    if mistakes.is_empty() { Ok(orders) } else { Err(mistakes) }
}

/// The rows of an imported file that is read again.
pub(super) struct ImportedRows {
    path: PathBuf,
    rows: HashMap<i64, Row>,
}

impl ImportedRows {
    pub(super) fn read(path: &Path, charset: &str) -> Result<Self> {
        let bytes = input::bytes("FILE", path)?;
        let rows = sheet::decoded(&bytes, charset)
            .map_err(|mistake| vec![mistake])
            .and_then(|text| sheet::rows(&text, path))
            .map_err(|mistakes| {
                let problem = mistakes.first().map(Mistake::text).unwrap_or_default();
                Failure::argument("FILE", named(&charset::display(path), problem))
            })?;
        let rows = rows.into_iter().map(|row| (row.number, row)).collect();
        Ok(Self { path: path.to_owned(), rows })
    }

    /// The order in one row: without its CSR, which the ledger has, and with its documents only if they
    /// are wanted, because those files may be gone.
    ///
    /// # Errors
    /// All mistakes in the row, each with its column.
    pub(super) fn order(
        &self,
        number: i64,
        has_documents: bool,
    ) -> Result<OrderRequest, Vec<String>> {
        let read = || {
            let missing = || vec![Mistake::new(number, None, say!("is not there", "不存在"))];
            let row = self.rows.get(&number).ok_or_else(missing)?;
            let row = row::without_csr(row, has_documents);
            let mut order = row::order(&row, &folder(&self.path))?;
            if !has_documents {
                order.documents.clear();
            }
            Ok(order)
        };
        read().map_err(|mistakes: Vec<Mistake>| {
            let file = charset::display(&self.path);
            mistakes.iter().map(|it| named(&file, it.text())).collect()
        })
    }
}

fn folder(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.parent().unwrap_or(Path::new("/")).to_owned()
}

/// Checks what a row alone does not show: ids that occur twice, and ids that the ledger has already.
fn checked(sender: &Sender, orders: Vec<(i64, OrderRequest)>) -> Result<Vec<Entry>, Vec<Mistake>> {
    let mut first_row = HashMap::new();
    let (mut entries, mut mistakes) = (Vec::new(), Vec::new());
    for (number, order) in orders {
        let checked = sender.record(&order).and_then(|new| {
            let find =
                |it: &rusqlite::Connection| ledger::find(it, &new.base_url, &new.idempotence_id);
            let recorded = sender.ledger.read(find)?;
            Ok((other_content(number, recorded.as_ref(), &new), new))
        });
        match checked {
            Err(failure) => mistakes.push(Mistake::new(number, ID, failure.message())),
            Ok((Some(mistake), _)) => mistakes.push(mistake),
            Ok((None, new)) => {
                if let Some(first) = first_row.insert(new.idempotence_id.clone(), number) {
                    let problem = say!("is the same as in row {first}", "与第 {first} 行相同");
                    mistakes.push(Mistake::new(number, ID, problem));
                }
                entries.push(Entry { number, order, new, row: 0, existed: false });
            }
        }
    }
    if mistakes.is_empty() { Ok(entries) } else { Err(mistakes) }
}

const ID: Option<&str> = Some("idempotenceID");

/// Whether an order exists that differs from a row only in what the ledger does not have: secrets, documents,
/// unknown fields, or only the token. It is not sent again, so it does not keep the other rows from being sent.
fn exists_with_other_secrets(recorded: &Order, new: &NewOrder) -> bool {
    recorded.state == State::Created
        && recorded.body_hmac != new.body_hmac
        && recorded.body == new.body
}

/// The mistake of a row whose idempotenceID the ledger has with other content.
fn other_content(number: i64, recorded: Option<&Order>, new: &NewOrder) -> Option<Mistake> {
    let is_other = |it: &Order| !sender::is_same(it, new) && !exists_with_other_secrets(it, new);
    let is_other = recorded.is_some_and(is_other);
    is_other.then(|| Mistake::new(number, ID, sender::other_content_text()))
}

/// The failure that lists all mistakes.
fn refused(path: &Path, mistakes: &[Mistake]) -> Failure {
    let list: Vec<String> = mistakes.iter().map(Mistake::text).collect();
    let json: Vec<String> = mistakes.iter().map(Mistake::json).collect();
    let (file, count, list) = (charset::display(path), mistakes.len(), list.join("\n  "));
    let problem = say!(
        "{file}: mistakes: {count}; nothing was sent\n  {list}",
        "{file}：{count} 处错误，未发送任何请求\n  {list}"
    );
    let json = Json::new().with_raw("mistakes", Some(&format!("[{}]", json.join(","))));
    Failure::argument("FILE", problem).after(&json)
}
