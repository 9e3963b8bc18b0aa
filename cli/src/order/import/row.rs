//! The order in a row of an imported file.

use std::borrow::Cow;
use std::path::Path;

use wotrus::{Document, OrderRequest, product};

use super::mistake::Mistake;
use super::sheet::{Cell, Content, Row};
use crate::charset;
use crate::io_problem::io_problem;
use crate::lang::{named, say};
use crate::open;
use crate::order::names::{document_type, product_id};
use crate::recorded::raw_json::{document_paths, with_document_paths};
use crate::{input, text_file};

const REQUIRED: [&str; 5] = ["productID", "commonName", "month", "OrgName", "idempotenceID"];
const CSR: &str = "csr";
/// What the content of that file is in an order.
const CSR_FIELD: &str = "csr_rsa";
/// Numbers that may have more digits than a spreadsheet keeps or shows.
const LONG_NUMBERS: [&str; 5] =
    ["IDCardNO", "UserMobile", "OrgPhone", "businessLicense", "idempotenceID"];

/// The order in a row. Names of files are relative to the folder of the imported file.
pub(super) fn order(row: &Row, folder: &Path) -> Result<OrderRequest, Vec<Mistake>> {
    match &row.content {
        Content::Cells(cells) => of_cells(row.number, cells, folder),
        Content::Json(json) => of_json(row.number, json, folder).map_err(|mistake| vec![mistake]),
    }
}

/// Mistakes in the names of columns, each once: every row has them. Columns without a value are not used.
pub(super) fn mistakes_of_columns(rows: &[Row]) -> Vec<Mistake> {
    const HEADER: i64 = 1;
    let cells = rows.iter().filter_map(|row| match &row.content {
        Content::Cells(cells) => Some(cells),
        Content::Json(_) => None,
    });
    let mut columns: Vec<&str> = Vec::new();
    for (column, _) in cells.flatten() {
        if !columns.contains(&&**column) {
            columns.push(column);
        }
    }
    if columns.is_empty() {
        return Vec::new();
    }
    let has = |name: &str| columns.iter().any(|column| field(column).eq_ignore_ascii_case(name));
    let absent = REQUIRED.into_iter().filter(|name| !has(name));
    let absent = absent.map(|name| Mistake::new(HEADER, Some(name), is_missing()));
    let unknown = columns.iter().filter_map(|column| {
        let name = column.to_ascii_lowercase();
        if name == CSR || document_kind(&name).is_some() {
            return None;
        }
        // Every field can have this value.
        let error = OrderRequest::default().set(column, "12").err()?;
        Some(Mistake::of_error(HEADER, Some(column), &error))
    });
    let is_repeated = |index: usize, column: &str| {
        let earlier = columns[..index].iter().find(|other| same_part(other, column))?;
        let problem = say!("names the same field as {earlier}", "与列 {earlier} 表示同一字段");
        Some(Mistake::new(HEADER, Some(column), problem))
    };
    let repeated =
        columns.iter().enumerate().filter_map(|(index, column)| is_repeated(index, column));
    absent.chain(unknown).chain(repeated).collect()
}

/// Whether two columns set the same part of an order, so that one of their values would be lost.
fn same_part(one: &str, other: &str) -> bool {
    let part = |column: &str| {
        let name = column.to_ascii_lowercase();
        // A field that the library does not know needs its part of the order.
        let is_known = |field: &str| OrderRequest::default().set(field, "12").is_ok();
        match field(&name) {
            _ if name == CSR => CSR_FIELD.to_owned(),
            field if is_known(field) => field.to_owned(),
            _ => name,
        }
    };
    part(one) == part(other)
}

/// The row without its CSR, and perhaps without its documents. JSON stays as it is.
pub(super) fn without_csr(row: &Row, has_documents: bool) -> Row {
    let is_kept = |name: &str| name != CSR && (has_documents || document_kind(name).is_none());
    let content = match &row.content {
        Content::Json(json) => Content::Json(json.clone()),
        Content::Cells(cells) => {
            let kept = |(column, _): &&Cell| is_kept(&column.to_ascii_lowercase());
            Content::Cells(cells.iter().filter(kept).cloned().collect())
        }
    };
    Row { number: row.number, content }
}

fn of_json(row: i64, json: &str, folder: &Path) -> Result<OrderRequest, Mistake> {
    let json = with_document_paths(json, |_, name| Some(Cow::Owned(folder.join(name))));
    for (index, path) in document_paths(&json).iter().enumerate() {
        let Some(path) = path else { continue };
        check_document(Path::new(path))
            .map_err(|mistake| mistake.at(row, &format!("documentsPost.{index}")))?;
    }
    let of_error = |error| Mistake::of_error(row, None, &error);
    let order = OrderRequest::from_json(&json).map_err(of_error)?;
    order.preview().map_err(of_error)?;
    match order.info.idempotence_id.as_deref().is_none_or(|id| id.trim().is_empty()) {
        true => Err(Mistake::new(row, Some("idempotenceID"), is_missing())),
        false => Ok(order),
    }
}

fn of_cells(row: i64, cells: &[Cell], folder: &Path) -> Result<OrderRequest, Vec<Mistake>> {
    let mut order = OrderRequest::default();
    let mut mistakes = Vec::new();
    let has = |name: &str| cells.iter().any(|(column, _)| field(column).eq_ignore_ascii_case(name));
    for name in REQUIRED.into_iter().filter(|name| !has(name)) {
        mistakes.push(Mistake::new(row, Some(name), is_missing()));
    }
    for (column, value) in cells {
        // Each cell is checked alone, so that all mistakes are found.
        let mut probe = OrderRequest::new(product::PDF_SIGNING, "x", 12, "x");
        let checked = set(&mut probe, column, value, folder)
            .and_then(|()| probe.preview().map_err(|error| Mistake::of_error(row, None, &error)));
        match checked.and_then(|_| set(&mut order, column, value, folder)) {
            Ok(()) => {}
            Err(mistake) => mistakes.push(mistake.at(row, column)),
        }
    }
    if mistakes.is_empty() {
        match order.preview() {
            Ok(_) => return Ok(order),
            Err(error) => mistakes.push(Mistake::of_error(row, None, &error)),
        }
    }
    Err(mistakes)
}

/// Sets what a column stands for.
fn set(order: &mut OrderRequest, column: &str, value: &str, folder: &Path) -> Result<(), Mistake> {
    let of_error = |error| Mistake::of_error(0, None, &error);
    let path = || folder.join(value);
    let name = column.to_ascii_lowercase();
    if name == CSR {
        let csr = read_text(&path())?;
        if csr.trim().is_empty() {
            let file = charset::display(&path());
            return Err(Mistake::of_file(named(&file, say!("is empty", "为空"))));
        }
        order.info.csr_rsa = Some(csr);
        return Ok(());
    }
    if let Some(kind) = document_kind(&name) {
        let kind = document_type(kind).map_err(|failure| Mistake::of_file(failure.message()))?;
        let path = path();
        check_document(&path)?;
        order.add_document(kind, Document::from_path(path).map_err(of_error)?);
        return Ok(());
    }
    if LONG_NUMBERS.iter().any(|long| long.eq_ignore_ascii_case(field(column))) && is_rounded(value)
    {
        return Err(Mistake::of_file(say!(
            "the spreadsheet has rounded this number; format the column as text",
            "电子表格已将该数字四舍五入；请将此列设为文本格式"
        )));
    }
    let value = match field(column).eq_ignore_ascii_case("productID") {
        true => product_id(value).map_err(Mistake::of_file)?,
        false => value,
    };
    order.set(column, value).map_err(of_error)
}

/// The type of the document that a column in lower case has, if it has one.
fn document_kind(name: &str) -> Option<&str> {
    let is_kind = |name: &&str| ["authorization", "licence", "license", "identity"].contains(name);
    name.strip_prefix("document.").or_else(|| Some(name).filter(is_kind))
}

/// The name without its part of the order.
fn field(column: &str) -> &str {
    column.rsplit('.').next().unwrap_or(column)
}

/// Whether a number has the form `1.10101E+17`.
fn is_rounded(value: &str) -> bool {
    let mantissa = value.split_once(['E', 'e']).filter(|(_, exponent)| {
        exponent
            .strip_prefix('+')
            .is_some_and(|digits| digits.bytes().all(|it| it.is_ascii_digit()))
    });
    mantissa.is_some_and(|(mantissa, _)| mantissa.parse::<f64>().is_ok())
}

fn check_document(path: &Path) -> Result<(), Mistake> {
    input::check_document(path).map_err(|failure| Mistake::of_file(failure.message()))
}

fn read_text(path: &Path) -> Result<String, Mistake> {
    let name = charset::display(path);
    let read = open::read_regular(path).map_err(|error| io_problem(&error));
    let read = read.and_then(text_file::decode);
    read.map_err(|problem| Mistake::of_file(named(&name, problem)))
}

fn is_missing() -> String {
    say!("is required, but missing", "必填，但缺失")
}
