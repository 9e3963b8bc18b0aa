//! Tables for a terminal: columns are aligned by display width, in which a Chinese character counts two.

use std::io::{self, IsTerminal};

use unicode_width::UnicodeWidthStr;

use crate::terminal;
use crate::text::{printable, wrapped};

/// Rows of cells. Cells are escaped for the terminal when they are added.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Vec<String>>);

impl Table {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> &mut Self {
        self.0.push(cells.into_iter().map(|cell| printable(cell.as_ref())).collect());
        self
    }

    /// Adds a name and its value; without a value, or with a blank one, nothing is added.
    pub(crate) fn pair(&mut self, name: String, value: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(value) = value.filter(|value| !value.as_ref().trim().is_empty()) {
            self.row([name.as_str(), value.as_ref()]);
        }
        self
    }

    /// The table for standard output: if that is a terminal, the last column is wrapped.
    pub(crate) fn render(&self) -> String {
        self.render_within(io::stdout().is_terminal().then(terminal::width))
    }

    /// The table for this number of columns, or for any.
    pub(crate) fn render_within(&self, width: Option<usize>) -> String {
        const GAP: usize = 2;
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let widest = |column: usize| {
            self.0.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max()
        };
        let widths: Vec<usize> =
            (0..columns.saturating_sub(1)).map(|column| widest(column).unwrap_or(0)).collect();
        let indent: usize = widths.iter().map(|width| width + GAP).sum();
        let mut out = String::new();
        for row in &self.0 {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line += cell;
                line += &" ".repeat(width.saturating_sub(cell.width()) + GAP);
            }
            let last = row.get(columns - 1).map_or("", String::as_str);
            let available = width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(20));
            for (index, part) in wrapped(last, available).into_iter().enumerate() {
                if index > 0 {
                    line = " ".repeat(indent);
                }
                out += (line.clone() + &part).trim_end();
                out.push('\n');
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_with_double_width_text() {
        let mut table = Table::new();
        table
            .row(["状态", "issued", "x"])
            .row(["name", "沃通", "y"])
            .pair("n".into(), None::<&str>);
        let lines: Vec<String> = table.render_within(None).lines().map(str::to_owned).collect();
        assert_eq!(lines, ["状态  issued  x", "name  沃通    y"]);
        let widths: Vec<usize> = lines.iter().map(|line| line[..line.len() - 1].width()).collect();
        assert_eq!(widths, [14, 14]);
    }

    #[test]
    fn long_cells_are_wrapped_to_80_columns() {
        let mut table = Table::new();
        table.row(["名称", &"沃通电子认证服务有限公司".repeat(8)]);
        table.row(["words", &"certificate ".repeat(20)]);
        table.row(["long", &"x".repeat(200)]);
        let text = table.render_within(Some(80));
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        assert!(text.lines().filter(|l| l.contains("cert")).all(|l| l.ends_with("certificate")));
        let joined: String = text.split_whitespace().collect();
        assert!(
            joined.contains(&"沃通电子认证服务有限公司".repeat(8))
                && joined.contains(&"x".repeat(200))
        );
    }
}
