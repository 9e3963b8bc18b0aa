//! Orders in a ledger.

use std::fs;

use rusqlite::Connection;
use serde_json::{Value, json};

use super::{CSR, LICENCE, Run, Shell};

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

/// An order with a secret, a document and an unknown field.
pub(crate) fn order_json(id: &str, licence: &str) -> String {
    json!({
        "orderinfoPost": {"productID": "2C17C336-A772-42F8-B3DD-4F2591A5B116", "commonName": "沃通",
            "csR_RSA": fs::read_to_string(CSR).unwrap(), "month": 12, "idempotenceID": id, "Remark": "a remark"},
        "organizationPost": {"OrgName": "沃通电子认证服务有限公司", "UserMobile": "13800000001"},
        "documentsPost": [{"documentType": 2, "path": licence}]
    })
    .to_string()
}

/// A shell with an order in order.json and a document beside it.
pub(crate) fn order_shell() -> Shell {
    let shell = Shell::immediate();
    fs::copy(LICENCE, shell.path("licence.pdf")).unwrap();
    fs::write(shell.path("order.json"), order_json("order-1", "licence.pdf")).unwrap();
    shell
}

pub(crate) const CREATE: [&str; 6] =
    ["order", "create", "--from", "order.json", "--ledger", "l.db"];

pub(crate) fn column(shell: &Shell, sql: &str) -> Vec<Option<String>> {
    let connection = Connection::open(shell.path("l.db")).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

pub(crate) fn states(shell: &Shell) -> Vec<String> {
    column(shell, "SELECT state FROM orders ORDER BY id").into_iter().flatten().collect()
}

/// How many orders the service has.
pub(crate) fn orders_at_the_service(shell: &Shell) -> usize {
    shell.sandbox.management().orders().len()
}
