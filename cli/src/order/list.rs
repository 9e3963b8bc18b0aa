//! `wotrus order list`: the orders in the ledger.

use std::io::{self, IsTerminal};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::context::Context;
use crate::date;
use crate::failure::Result;
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::say;
use crate::ledger::{self, Access, LedgerOption, Order, State};
use crate::output::{Outcome, Table, print_json, tell};
use crate::terminal;
use crate::text::{printable, shortened};

/// List the orders in the ledger
///
/// Nothing is asked of the service: the status is that of the last query. At a terminal the table has
/// its width; without one, and with --json, it has all columns.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order list --ledger /var/lib/wotrus/orders.db"
    "wotrus order list --state unknown --state sending"
    "wotrus order list --status issued --since 2026-11-01 --name 沃通"
    "wotrus --json order list | jq -r .order_id"
))]
pub(crate) struct List {
    #[command(flatten)]
    ledger: LedgerOption,

    /// Only this state: prepared, sending, created, refused, unknown, not_sent
    #[arg(long, value_name = "STATE", value_parser = State::ALL.map(State::as_str), hide_possible_values = true)]
    state: Vec<String>,

    /// Only this status of the service: pending, issued, …
    #[arg(long, value_name = "STATUS")]
    status: Vec<String>,

    /// Only orders whose id, name or organisation contains this text
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,

    /// Only orders that were recorded on this day (UTC) or later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    since: Option<String>,

    /// Only orders that were recorded before this day (UTC)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    until: Option<String>,

    /// Only the newest N orders
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

/// An order with the last day on which all its certificates are valid.
struct Listed {
    order: Order,
    expires: Option<String>,
}

impl List {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        let ledger = self.ledger.required(context, Access::Read)?;
        let mut listed = ledger.read(|it| self.select(it))?;
        if let Some(limit) = self.limit {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            listed.drain(..listed.len().saturating_sub(limit));
        }
        if context.json {
            listed.iter().try_for_each(|it| print_json(&json(it).object()))?;
            return Ok(Outcome::default());
        }
        if listed.is_empty() && context.is_watched() {
            tell(&say!("no order of the ledger matches", "账本中没有符合条件的订单"));
        }
        let width = io::stdout().is_terminal().then(terminal::width);
        Ok(Outcome { text: table(&listed, width), json: Json::new() })
    }

    fn select(&self, connection: &Connection) -> rusqlite::Result<Vec<Listed>> {
        let (mut conditions, mut values) = (vec!["true".to_owned()], Vec::new());
        let mut any_of = |column: &str, texts: &[String]| {
            if !texts.is_empty() {
                let marks = vec!["?"; texts.len()].join(", ");
                conditions.push(format!("{column} IN ({marks})"));
                values.extend(texts.iter().cloned().map(Value::Text));
            }
        };
        any_of("state", &self.state);
        any_of("status", &self.status);
        if let Some(name) = &self.name {
            const COLUMNS: &str =
                "idempotence_id || char(10) || common_name || char(10) || org_name
                || char(10) || coalesce(order_id, '') || char(10) || coalesce(paired_order_id, '')";
            conditions.push(format!("instr(lower({COLUMNS}), lower(?)) > 0"));
            values.push(Value::Text(name.clone()));
        }
        for (day, comparison) in [(&self.since, ">="), (&self.until, "<")] {
            if let Some(day) = day {
                conditions.push(format!("recorded_at {comparison} ?"));
                values.push(Value::Text(day.clone()));
            }
        }
        let orders =
            ledger::orders(connection, &conditions.join(" AND "), params_from_iter(values))?;
        let with_end = |order: Order| {
            let expires = ledger::expiry(connection, order.row)?;
            Ok(Listed { order, expires })
        };
        orders.into_iter().map(with_end).collect()
    }
}

/// The status of the service, or the state of an order that the service was not asked about.
fn status(order: &Order) -> &str {
    order.status.as_deref().unwrap_or_else(|| order.state.as_str())
}

fn day_of(time: Option<&str>) -> String {
    time.and_then(|time| time.get(..10)).unwrap_or_default().to_owned()
}

/// A table of a width, in which long ids are shortened, or one of all columns.
fn table(listed: &[Listed], width: Option<usize>) -> String {
    if listed.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    let heads = [
        say!("idempotenceID", "幂等值"),
        say!("status", "状态"),
        say!("recorded", "记录日期"),
        say!("expires", "到期日"),
    ];
    let (order_id, name) = (say!("order", "订单"), say!("name", "名称"));
    let wide = width.is_none_or(|width| width >= 130);
    let row = |head: [String; 4], order_id: &str, name: &str| {
        let mut cells = Vec::from(head);
        if wide {
            cells.push(order_id.to_owned());
        }
        cells.push(name.to_owned());
        cells
    };
    let fit = |text: &str, columns: usize| match width {
        Some(_) => shortened(&printable(text), columns),
        None => text.to_owned(),
    };
    table.row(row(heads, &order_id, &name));
    for Listed { order, expires } in listed {
        let head = [
            fit(&order.idempotence_id, if wide { 36 } else { 14 }),
            fit(status(order), if wide { 22 } else { 14 }),
            day_of(Some(&order.recorded_at)),
            day_of(expires.as_deref()),
        ];
        let used = if wide { 36 + 22 + 10 + 10 + 36 + 10 } else { 14 + 14 + 10 + 10 + 8 };
        let left = width.unwrap_or(usize::MAX).saturating_sub(used).max(20);
        let id = order.order_id.as_deref().unwrap_or_default();
        table.row(row(head, id, &fit(&order.common_name, left)));
    }
    table.render()
}

fn json(Listed { order, expires }: &Listed) -> Json {
    Json::new()
        .with("idempotence_id", &order.idempotence_id)
        .with("order_id", &order.order_id)
        .with("paired_order_id", &order.paired_order_id)
        .with("state", order.state.as_str())
        .with("reason", &order.reason)
        .with("status", &order.status)
        .with("payment", &order.payment)
        .with("product_id", &order.product_id)
        .with("common_name", &order.common_name)
        .with("org_name", &order.org_name)
        .with("months", &order.months)
        .with("recorded_at", &order.recorded_at)
        .with("created_at", &order.created_at)
        .with("queried_at", &order.queried_at)
        .with("fetched_at", &order.fetched_at)
        .with("expires", expires)
        .with("reissues", &order.reissued_order_id)
        .with("base_url", &order.base_url)
}

/// A day in the form that the ledger's times begin with.
fn day(text: &str) -> std::result::Result<String, String> {
    let digits =
        |part: &str, length| part.len() == length && part.bytes().all(|it| it.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    match parts[..] {
        [year, month, day]
            if digits(year, 4)
                && digits(month, 2)
                && digits(day, 2)
                && date::parse(text).is_ok() =>
        {
            Ok(text.to_owned())
        }
        _ => Err(say!("should be a date, such as 2026-11-25", "应为日期，例如 2026-11-25")),
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn a_table_fits_its_terminal() {
        let order = |id: &str, name: &str| {
            let folder = tempfile::tempdir().unwrap();
            let ledger = ledger::Ledger::open(&folder.path().join("l.db"), Access::Create).unwrap();
            let new = ledger::NewOrder {
                base_url: "https://service".into(),
                idempotence_id: id.into(),
                body: "{}".into(),
                body_hmac: "00".into(),
                product_id: "p".into(),
                common_name: name.into(),
                org_name: name.into(),
                months: 12,
                import: None,
                renews: None,
                reissue: None,
            };
            ledger.transaction(|it| ledger::insert(it, &new)).unwrap();
            ledger.read(|it| ledger::find(it, "https://service", id)).unwrap().unwrap()
        };
        let mut issued = order("order-4711", "沃通电子认证服务有限公司（深圳）股份有限公司总部");
        issued.status = Some("pendingSubmitOrderToCA".into());
        let listed = [
            Listed { order: issued, expires: Some("2027-01-02T03:04:05Z".into()) },
            Listed { order: order(&"沃".repeat(30), "a"), expires: None },
        ];
        let text = table(&listed, Some(80));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines.iter().all(|line| line.width() <= 80), "{text}");
        let name_column: Vec<usize> = ["name", "沃通电子", "a"]
            .iter()
            .zip(&lines)
            .map(|(name, line)| line[..line.rfind(name).unwrap()].width())
            .collect();
        assert!(name_column.iter().all(|column| *column == name_column[0]), "{text}");
        assert!(table(&listed, None).contains(&"沃".repeat(30)));
    }

    #[test]
    fn days_have_one_form() {
        assert!(day("2026-11-25").is_ok());
        for text in [
            "2026-1-25",
            "25.11.2026",
            "2026-11",
            "today",
            "2026-11-2x",
            "2026-13-01",
            "2026-02-30",
        ] {
            assert!(day(text).is_err(), "{text}");
        }
    }
}
