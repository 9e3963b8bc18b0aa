//! What a command prints: one result, as a person or as a program reads it.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::failure::{Failure, Result};
use crate::json::Json;
use crate::live;

/// What a command brought, in both forms.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) json: Json,
}

/// Prints to standard output. A reader who has gone (`… | head`) has read enough.
pub(crate) fn print(text: &str) -> Result<()> {
    live::clear();
    let mut out = io::stdout().lock();
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    match write!(out, "{text}{end}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::file(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

/// Tells a person something that is no result, on standard error. Nobody need be listening.
pub(crate) fn tell(text: &str) {
    live::above(|| {
        let _ = writeln!(io::stderr().lock(), "{text}");
    });
}

/// A text from outside, fit for a terminal: on one line, without control sequences.
pub(crate) fn plain(text: &str) -> String {
    let unprintable =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if unprintable(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Rows of cells in columns; the width of a cell is what it takes on a terminal.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Vec<String>>);

impl Table {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> &mut Self {
        self.0.push(cells.into_iter().map(|cell| plain(cell.as_ref())).collect());
        self
    }

    /// A name and its value, if there is one.
    pub(crate) fn pair(&mut self, name: String, value: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(value) = value.filter(|value| !value.as_ref().trim().is_empty()) {
            self.row([name.as_str(), value.as_ref()]);
        }
        self
    }

    /// For standard output: the last column is wrapped where that is a terminal.
    pub(crate) fn render(&self) -> String {
        self.render_within(io::stdout().is_terminal().then(terminal_width))
    }

    fn render_within(&self, width: Option<usize>) -> String {
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
            let room = width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(20));
            for (index, part) in wrapped(last, room).into_iter().enumerate() {
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

/// The columns of the terminal: of standard output, or else of any other stream that is one.
pub(crate) fn terminal_width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let asked = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    told.or_else(asked).filter(|width| *width > 0).unwrap_or(80)
}

/// A message for standard error: on a terminal its lines break between words.
pub(crate) fn for_terminal(text: &str) -> String {
    if !io::stderr().is_terminal() {
        return text.to_owned();
    }
    let width = terminal_width().saturating_sub(2).max(20);
    let lines = text.lines().flat_map(|line| {
        let mut parts = wrapped(line, width).into_iter();
        let first = parts.next().unwrap_or_default();
        std::iter::once(first).chain(parts.map(|part| format!("  {part}")))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The text in pieces that are no wider than `room`: broken at blanks, beside Chinese characters,
/// which have none, and inside a word only where it is longer than a line.
pub(crate) fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut width, mut break_at, mut before) = (String::new(), 0, None, None);
    for c in text.chars() {
        if before.is_some_and(|before| breaks_between(before, c)) {
            break_at = Some(line.len());
        }
        let wide = c.width().unwrap_or(0);
        if width + wide > room && c != ' ' {
            let rest = line.split_off(break_at.filter(|at| *at > 0).unwrap_or(line.len()));
            lines.push(std::mem::replace(&mut line, rest).trim_end().to_owned());
            (width, break_at) = (line.width(), None);
        }
        line.push(c);
        width += wide;
        before = Some(c);
    }
    lines.push(line);
    lines
}

/// Whether a line may end between two characters: not before what closes, not after what opens.
fn breaks_between(before: char, after: char) -> bool {
    let opens = "（“《【".contains(before);
    let closes = "，。、；：？！）”》】".contains(after);
    let chinese = |c: char| c.width() == Some(2) || "“”".contains(c);
    after != ' ' && (before == ' ' || (chinese(before) || chinese(after)) && !opens && !closes)
}

/// A telephone or identity number of which only the ends are shown.
pub(crate) fn masked(secret: &str, shown: bool) -> String {
    let characters: Vec<char> = secret.chars().collect();
    match characters.len() {
        _ if shown => secret.to_owned(),
        0 => String::new(),
        1..=6 => "****".to_owned(),
        length => {
            let head: String = characters[..3].iter().collect();
            let tail: String = characters[length - 2..].iter().collect();
            format!("{head}****{tail}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_double_width_text() {
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
    fn eighty_columns_are_enough_for_any_text() {
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

    #[test]
    fn words_and_chinese_punctuation_stay_whole() {
        let text = "键：on=操作（create_order 等）、request_id=前缀。";
        assert_eq!(
            wrapped(text, 16),
            ["键：on=操作", "（create_order", "等）、", "request_id=前", "缀。"]
        );
        assert_eq!(wrapped("aaaa bbbb", 4), ["aaaa", "bbbb"]);
        assert_eq!(wrapped("aaaabbbb cc", 4), ["aaaa", "bbbb", "cc"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn nothing_from_outside_drives_the_terminal() {
        let shown = plain("a\x1b[2Jb\r\nc\u{9b}\u{202e}");
        assert_eq!(shown, "a\\u{1b}[2Jb  c\\u{9b}\\u{202e}");
    }

    #[test]
    fn numbers_of_people_show_their_ends_only() {
        assert_eq!(masked("18610077459", false), "186****59");
        assert_eq!(masked("123456", false), "****");
        assert_eq!(masked("", false), "");
        assert_eq!(masked("18610077459", true), "18610077459");
    }
}
