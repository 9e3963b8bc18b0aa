//! What is wrong with an imported file.

use crate::failure::problem_of;
use crate::json::Json;
use crate::lang::{self, say};
use crate::text::printable;

/// A mistake in a row and a column, or in the whole file.
#[derive(Debug)]
pub(super) struct Mistake {
    row: Option<i64>,
    column: Option<String>,
    problem: String,
}

impl Mistake {
    pub(super) fn new(row: i64, column: Option<&str>, problem: impl Into<String>) -> Self {
        Self { row: Some(row), column: column.map(str::to_owned), problem: problem.into() }
    }

    pub(super) fn of_file(problem: impl Into<String>) -> Self {
        Self { row: None, column: None, problem: problem.into() }
    }

    /// A mistake that an error of the library names; its field is the column.
    pub(super) fn of_error(row: i64, column: Option<&str>, error: &wotrus::Error) -> Self {
        let error = error.clone().in_lang(lang::of_library());
        Self::new(row, column.or(error.field()), problem_of(&error))
    }

    /// The same mistake at a place.
    pub(super) fn at(self, row: i64, column: &str) -> Self {
        Self::new(row, Some(column), self.problem)
    }

    pub(super) fn is_in_column_of(&self, other: &Self) -> bool {
        self.column.is_some() && self.column == other.column
    }

    /// One line.
    pub(super) fn text(&self) -> String {
        let problem = printable(&self.problem);
        match (self.row, &self.column) {
            (Some(row), Some(column)) => {
                say!("row {row}, {column}: {problem}", "第 {row} 行，{column}：{problem}")
            }
            (Some(row), None) => say!("row {row}: {problem}", "第 {row} 行：{problem}"),
            (None, _) => problem,
        }
    }

    pub(super) fn json(&self) -> String {
        let json = Json::new().with("row", &self.row).with("column", &self.column);
        json.with("problem", &self.problem).object()
    }
}
