//! The rows of an imported file: CSV, or JSON lines.

use std::path::Path;
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};

use super::mistake::Mistake;
use crate::lang::say;

/// A row with content.
pub(super) struct Row {
    /// As a spreadsheet counts: the header is row 1. Of JSON lines it is the line.
    pub(super) number: i64,
    pub(super) content: Content,
}

pub(super) enum Content {
    /// The values that are not blank.
    Cells(Vec<Cell>),
    /// An order in the service's JSON form.
    Json(String),
}

/// The name of a column, which all rows share, and a value.
pub(super) type Cell = (Arc<str>, String);

/// The text of a file. A byte order mark counts more than the given charset.
pub(super) fn decoded(bytes: &[u8], charset: &str) -> Result<String, Mistake> {
    let Some(encoding) = Encoding::for_label(charset.as_bytes()) else {
        let problem = say!("{charset} is not a known charset", "未知的字符集 {charset}");
        return Err(Mistake::of_file(problem));
    };
    let (text, used, has_errors) = encoding.decode(bytes);
    if !has_errors {
        return Ok(text.into_owned());
    }
    let name = used.name();
    Err(Mistake::of_file(if used == UTF_8 {
        say!(
            "is not UTF-8; for a file that Excel saved in Chinese use --charset gb18030",
            "不是 UTF-8 编码；Excel 保存的中文文件请使用 --charset gb18030"
        )
    } else {
        say!("is not valid {name}", "不是有效的 {name} 文本")
    }))
}

/// The rows of a file, or what is wrong with its form.
pub(super) fn rows(text: &str, path: &Path) -> Result<Vec<Row>, Vec<Mistake>> {
    let ending = path.extension().map(|it| it.to_string_lossy().to_ascii_lowercase());
    let is_json = matches!(ending.as_deref(), Some("jsonl" | "ndjson" | "json"));
    if is_json || text.trim_start().starts_with('{') {
        Ok(json_lines(text))
    } else {
        csv_rows(text)
    }
}

fn json_lines(text: &str) -> Vec<Row> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines.map(|(line, number)| Row { number, content: Content::Json(line.to_owned()) }).collect()
}

fn csv_rows(text: &str) -> Result<Vec<Row>, Vec<Mistake>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut records = numbered(&mut reader, text);
    let broken = |number, error: &csv::Error| Mistake::new(number, None, error.to_string());
    let (header, header_row) = match records.next() {
        None => return Err(vec![Mistake::of_file(say!("is empty", "为空"))]),
        Some((Err(error), number)) => return Err(vec![broken(number, &error)]),
        Some((Ok(header), number)) => (header, number),
    };
    let mut mistakes: Vec<Mistake> = header
        .iter()
        .enumerate()
        .filter(|(index, name)| {
            !name.is_empty()
                && header.iter().take(*index).any(|other| other.eq_ignore_ascii_case(name))
        })
        .map(|(_, name)| {
            Mistake::new(header_row, Some(name), say!("the column occurs twice", "此列重复出现"))
        })
        .collect();
    let columns: Vec<Arc<str>> = header.iter().map(Arc::from).collect();
    let mut rows = Vec::new();
    for (record, number) in records {
        match record {
            Err(error) => mistakes.push(broken(number, &error)),
            Ok(record) if record.iter().all(str::is_empty) => {}
            Ok(record) => match cells(&columns, &record) {
                Ok(cells) => rows.push(Row { number, content: Content::Cells(cells) }),
                Err(problem) => mistakes.push(Mistake::new(number, None, problem)),
            },
        }
    }
    if mistakes.is_empty() { Ok(rows) } else { Err(mistakes) }
}

/// The records with the numbers of their rows. The reader leaves out blank lines, which are rows too.
fn numbered<'a>(
    reader: &'a mut csv::Reader<&'a [u8]>,
    text: &'a str,
) -> impl Iterator<Item = (csv::Result<csv::StringRecord>, i64)> + 'a {
    let mut number = 0;
    std::iter::from_fn(move || {
        let begin = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let mut record = csv::StringRecord::new();
        let read = reader.read_record(&mut record);
        if matches!(read, Ok(false)) {
            return None;
        }
        number += 1 + blank_lines(text.as_bytes(), begin);
        Some((read.map(|_| record), number))
    })
}

/// How many blank lines come after a place, at which a line begins or the second byte of a line break is.
fn blank_lines(text: &[u8], begin: usize) -> i64 {
    let (before, rest) = text.split_at(begin.min(text.len()));
    let rest = match (before.last(), rest) {
        (Some(b'\r'), [b'\n', rest @ ..]) => rest,
        _ => rest,
    };
    let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let (mut count, mut last) = (0, None);
    for byte in breaks {
        if (last, byte) != (Some(&b'\r'), &b'\n') {
            count += 1;
        }
        last = Some(byte);
    }
    count
}

fn cells(columns: &[Arc<str>], record: &csv::StringRecord) -> Result<Vec<Cell>, String> {
    let nameless = |index: usize| columns.get(index).is_none_or(|name| name.is_empty());
    if let Some((_, value)) =
        record.iter().enumerate().find(|(index, value)| !value.is_empty() && nameless(*index))
    {
        // The value is not quoted: it may be a secret of a column beside it.
        let length = value.chars().count();
        return Err(say!(
            "has a value of {length} characters in a column without a name; is a comma not in quotes?",
            "无列名的列中有 {length} 个字符的内容；是否有未加引号的逗号？"
        ));
    }
    let cells = columns.iter().zip(record).map(|(name, value)| (name.clone(), text_of(value)));
    Ok(cells.filter(|(_, value)| !value.is_empty()).collect())
}

/// The text of a cell. Programs write `="0755"` so that a spreadsheet does not make a number of it.
fn text_of(value: &str) -> String {
    match value.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(text) => text.replace("\"\"", "\"").trim().to_owned(),
        None => value.to_owned(),
    }
}

/// Spreadsheets write commas, semicolons or tabs, depending on the locale.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    b",;\t"
        .iter()
        .copied()
        .max_by_key(|delimiter| (count(*delimiter), *delimiter == b','))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells_of(text: &str) -> Vec<(i64, Vec<Cell>)> {
        let rows = rows(text, Path::new("o.csv")).map_err(|it| format!("{it:?}")).unwrap();
        let cells = |row: Row| match row.content {
            Content::Cells(cells) => (row.number, cells),
            Content::Json(json) => panic!("{json}"),
        };
        rows.into_iter().map(cells).collect()
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_does() {
        for delimiter in [",", ";", "\t"] {
            let text = "a,b\r\n1,\"x\r\ny\"\r\n,\r\n 3 ,\r\n".replace(',', delimiter);
            let expected = [
                (2, vec![("a".into(), "1".into()), ("b".into(), "x\r\ny".into())]),
                (4, vec![("a".into(), "3".into())]),
            ];
            assert_eq!(cells_of(&text), expected, "{delimiter:?}");
        }
    }

    #[test]
    fn blank_lines_are_rows_too() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "\n\na;b\n\n1;\"x\n\ny\"\n\n\n2;\n3;\n  \n4;".replace('\n', end);
            let numbers: Vec<i64> = cells_of(&text).into_iter().map(|(number, _)| number).collect();
            assert_eq!(numbers, [5, 8, 9, 11], "{end:?}");
        }
        assert!(matches!(rows("\n\n", Path::new("o.csv")), Err(it) if it.len() == 1));
    }

    #[test]
    fn cells_that_were_written_as_text_for_a_spreadsheet_are_that_text() {
        let text = "a,b,c,d\n\"=\"\"order-1\"\"\",=\"000001\",=\"\",=A1\n";
        let cell = |name: &str, value: &str| (name.into(), value.to_owned());
        let expected = vec![cell("a", "order-1"), cell("b", "000001"), cell("d", "=A1")];
        assert_eq!(cells_of(text), [(2, expected)]);
    }

    #[test]
    fn a_broken_form_is_a_mistake() {
        for (text, problem) in
            [("", "empty"), ("a,A\n1,2\n", "twice"), ("a\n1,secret\n", "a value of 6 characters")]
        {
            let mistakes = rows(text, Path::new("o.csv")).err().unwrap();
            assert!(format!("{mistakes:?}").contains(problem), "{mistakes:?}");
            assert!(!format!("{mistakes:?}").contains("secret"));
        }
    }

    #[test]
    fn charsets_and_byte_order_marks_are_read() {
        let gb = encoding_rs::GB18030.encode("沃通,𠀀").0.into_owned();
        assert_eq!(decoded(&gb, "gb18030").unwrap(), "沃通,𠀀");
        assert!(format!("{:?}", decoded(&gb, "utf-8").unwrap_err()).contains("gb18030"));
        assert_eq!(decoded("\u{feff}沃".as_bytes(), "gb18030").unwrap(), "沃");
        assert_eq!(decoded(b"\xff\xfea\0", "utf-8").unwrap(), "a");
        assert!(decoded(b"a", "klingon").is_err());
    }
}
