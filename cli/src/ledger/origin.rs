//! The table `origins`: where the parts of an order came from that are not in the ledger, which are
//! secrets, documents and unknown fields.

use std::path::{Path, PathBuf};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, params};

use super::path::StoredPath;
use crate::open;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OriginKind {
    /// The content of a file.
    File,
    /// A member of a file in the service's JSON form.
    Json,
    /// A row of an imported file.
    Import,
    /// Standard input, or a file that is not regular. It cannot be read again.
    StandardInput,
    /// A flag. It cannot be read again.
    Argument,
}

impl OriginKind {
    const ALL: [Self; 5] =
        [Self::File, Self::Json, Self::Import, Self::StandardInput, Self::Argument];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Json => "json",
            Self::Import => "import",
            Self::StandardInput => "standard_input",
            Self::Argument => "argument",
        }
    }
}

impl ToSql for OriginKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for OriginKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(FromSqlError::InvalidType)
    }
}

/// Where a part came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The place in the order: `organizationPost.UserMobile`, `documentsPost.0`.
    pub(crate) part: String,
    pub(crate) kind: OriginKind,
    /// Absolute.
    pub(crate) path: Option<PathBuf>,
    /// The row of an imported file, as a spreadsheet counts: the header is row 1.
    pub(crate) row: Option<i64>,
    /// The type of a document that is a file.
    pub(crate) document_type: Option<u32>,
}

impl Origin {
    pub(crate) fn new(part: impl Into<String>, kind: OriginKind, path: Option<&Path>) -> Self {
        let path = path.map(|path| StoredPath::absolute(path).0);
        Self { part: part.into(), kind, path, row: None, document_type: None }
    }

    /// The origin of a part that was read from a file, or from standard input (`-`). Only a regular file can be
    /// read again: `/dev/stdin` and `<(…)` cannot.
    pub(crate) fn of_file(part: impl Into<String>, kind: OriginKind, path: &Path) -> Self {
        match path != Path::new("-") && open::is_repeatable(path) {
            true => Self::new(part, kind, Some(path)),
            false => Self::new(part, OriginKind::StandardInput, None),
        }
    }
}

/// Records the origins of an order's parts instead of earlier ones.
pub(crate) fn set_origins(
    connection: &Connection,
    order_row: i64,
    origins: &[Origin],
) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM origins WHERE order_row = ?1", [order_row])?;
    let sql = "INSERT INTO origins (order_row, position, part, kind, path, row, document_type)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let mut statement = connection.prepare_cached(sql)?;
    for (position, origin) in origins.iter().enumerate() {
        let Origin { part, kind, path, row, document_type } = origin;
        let path = path.clone().map(StoredPath);
        let position = position as i64;
        statement.execute(params![order_row, position, part, kind, path, row, document_type])?;
    }
    Ok(())
}

/// The origins of an order's parts.
pub(crate) fn origins(connection: &Connection, order_row: i64) -> rusqlite::Result<Vec<Origin>> {
    let sql = "SELECT part, kind, path, row, document_type FROM origins WHERE order_row = ?1 ORDER BY position";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map([order_row], |row| {
        Ok(Origin {
            part: row.get(0)?,
            kind: row.get(1)?,
            path: row.get::<_, Option<StoredPath>>(2)?.map(|path| path.0),
            row: row.get(3)?,
            document_type: row.get(4)?,
        })
    })?;
    found.collect()
}
