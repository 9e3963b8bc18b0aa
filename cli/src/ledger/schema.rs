//! The versions of the schema, and the migration from each to the next.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::problem::{failure, not_a_ledger, refused};
use crate::failure::Result;
use crate::lang::say;

/// The script that makes each version from the one before; the number of a version is its place, from 1.
const VERSIONS: &[&str] =
    &[include_str!("schema_1.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];

/// Marks the file as a ledger: "WTLG".
const APPLICATION_ID: i64 = 0x5754_4c47;

/// What a database is.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Empty,
    Version(usize),
    Newer(i64),
    Foreign,
}

fn inspect(connection: &Connection) -> rusqlite::Result<Found> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get(0));
    let (application_id, version): (i64, i64) =
        (number("application_id")?, number("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    Ok(match usize::try_from(version) {
        Ok(0) if tables == 0 && application_id == 0 => Found::Empty,
        _ if application_id != APPLICATION_ID => Found::Foreign,
        Ok(known) if (1..=VERSIONS.len()).contains(&known) => Found::Version(known),
        _ => Found::Newer(version),
    })
}

/// Makes the schema in an empty file, or brings an older one up to this version. A kill leaves the old
/// version or the new one.
pub(super) fn migrate(connection: &mut Connection, path: &Path, is_read_only: bool) -> Result<()> {
    let failed = |error: rusqlite::Error| failure(path, &error);
    match inspect(connection).map_err(failed)? {
        Found::Version(version) if version == VERSIONS.len() => return Ok(()),
        found => refuse_unusable(path, &found)?,
    }
    if is_read_only {
        let problem = say!("is read-only, but must be updated", "需要升级，但文件是只读的");
        return Err(refused(path, &problem));
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    // Another process may have done it meanwhile.
    let found = inspect(&transaction).map_err(failed)?;
    refuse_unusable(path, &found)?;
    let current = if let Found::Version(version) = found { version } else { 0 };
    for script in &VERSIONS[current..] {
        transaction.execute_batch(script).map_err(failed)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.pragma_update(None, "user_version", VERSIONS.len() as i64).map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn refuse_unusable(path: &Path, found: &Found) -> Result<()> {
    match found {
        Found::Empty | Found::Version(_) => Ok(()),
        Found::Foreign => Err(refused(path, &not_a_ledger())),
        Found::Newer(version) => {
            let known = VERSIONS.len();
            let problem = say!(
                "has version {version}, but this wotrus knows only {known}; use a newer wotrus",
                "的版本为 {version}，而此 wotrus 只支持到 {known}；请使用更新的 wotrus"
            );
            Err(refused(path, &problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_documented() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, Path::new("x"), false).unwrap();
        let documentation = include_str!("../../../docs/ledger.md");
        let mut columns = connection
            .prepare("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'")
            .unwrap();
        let columns = columns.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let mut count = 0;
        for column in columns {
            let (table, column): (String, String) = column.unwrap();
            let section =
                documentation.split("\n### `").find(|part| part.starts_with(&format!("{table}`")));
            let section = section.unwrap_or_else(|| panic!("{table} is not documented"));
            assert!(
                section.contains(&format!("| `{column}`")),
                "{table}.{column} is not documented"
            );
            count += 1;
        }
        assert!(count > 60, "{count}");
    }

    #[test]
    fn an_older_ledger_is_brought_up_to_this_version_with_its_orders() {
        for older in 1..VERSIONS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            connection.execute_batch(&VERSIONS[..older].concat()).unwrap();
            connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
            connection.pragma_update(None, "user_version", older as i64).unwrap();
            let rows =
                "INSERT INTO orders (base_url, idempotence_id, state, recorded_at, changed_at, body,
                     body_hmac, product_id, common_name, org_name, months, order_id)
                 VALUES ('https://s', 'order-1', 'created', '', '', '{}', '', 'p', 'c', 'o', 12, 'A1');
                 INSERT INTO due_notices (certificate_sha256, stage, not_after, order_row, reported_at)
                 VALUES ('00', 90, '2027-01-01T00:00:00Z', 1, '2026-11-25T03:40:00Z');";
            connection.execute_batch(rows).unwrap();
            assert!(migrate(&mut connection, Path::new("x"), true).is_err(), "read-only");
            migrate(&mut connection, Path::new("x"), false).unwrap();
            assert_eq!(inspect(&connection).unwrap(), Found::Version(VERSIONS.len()));
            let found = super::super::order::find(&connection, "https://s", "order-1");
            let order = found.unwrap().unwrap();
            assert_eq!((order.order_id.as_deref(), order.reissues), (Some("A1"), None));
            let counted: Option<String> = connection
                .query_row("SELECT counted_at FROM due_notices", [], |row| row.get(0))
                .unwrap();
            assert_eq!(counted, None, "version {older}");
            migrate(&mut connection, Path::new("x"), true).unwrap();
        }
    }

    #[test]
    fn foreign_and_newer_databases_are_recognised() {
        let of = |sql: &str| {
            let connection = Connection::open_in_memory().unwrap();
            connection.execute_batch(sql).unwrap();
            inspect(&connection).unwrap()
        };
        assert_eq!(of(""), Found::Empty);
        assert_eq!(of("CREATE TABLE t (a)"), Found::Foreign);
        assert_eq!(of("PRAGMA user_version = 1"), Found::Foreign);
        assert_eq!(
            of(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1")),
            Found::Version(1)
        );
        assert_eq!(
            of(&format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 99")),
            Found::Newer(99)
        );
    }
}
