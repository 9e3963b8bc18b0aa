//! Orders in a ledger.

use rusqlite::Connection;
use serde_json::Value;

use super::{CSR, Run, Shell};

pub(crate) const LEDGER: &str = "l.db";

impl Shell {
    /// Creates an order that the ledger has, and returns its id.
    pub(crate) fn recorded_order(&self, idempotence_id: &str) -> String {
        let recorded = ["--ledger", LEDGER, "--idempotence-id", idempotence_id, "--csr", CSR];
        self.created("organization", &recorded)
    }

    /// Runs a command that uses the ledger, and returns the lines of JSON that it printed.
    pub(crate) fn with_ledger(&self, arguments: &[&str]) -> (i32, Vec<Value>) {
        let (name, rest) = arguments.split_first().unwrap();
        let Run { code, out, err } =
            self.run(&[&["--json", name, "--ledger", LEDGER], rest].concat());
        let parse = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {out} {err}"))
        };
        (code, out.lines().map(parse).collect())
    }

    /// A query of the ledger whose rows have one text each.
    pub(crate) fn select(&self, sql: &str) -> Vec<String> {
        let connection = self.open_ledger();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    pub(crate) fn open_ledger(&self) -> Connection {
        let connection = Connection::open(self.path(LEDGER)).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        connection
    }
}

/// The lines that are events, each as `type order_id status`.
pub(crate) fn events(lines: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |it: &Value| {
        format!("{} {} {}", text(&it["type"]), text(&it["order_id"]), text(&it["status"]))
    };
    lines.iter().filter(|it| it.get("event_id").is_some()).map(line).collect()
}
