//! `wotrus due`

mod source;
mod stage;

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use ring::digest;
use unicode_width::UnicodeWidthStr;
use wotrus::Secret;

use self::source::Item;
use crate::context::Context;
use crate::date;
use crate::duration::with_unit;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::lang::say;
use crate::ledger::{
    Access, EventRow, Group, Ledger, LedgerOption, Lock, Notice, end_outdated, record_notice,
    retry_failed, set_delivered, was_reported,
};
use crate::notify::{Command, Deliveries, deliver, line};
use crate::output::{Table, print, print_json, tell};
use crate::terminal;
use crate::text::{printable, shortened};
use crate::time::{days_text, days_until, now, rfc3339};

/// Exit codes besides those of all commands.
const DUE: u8 = 10;
const EXPIRED: u8 = 11;

/// Report certificates that expire soon, each once 90, 30, 7, 1 and 0 days before its end
///
/// The certificates are those of the ledger, as sync fetched them, or those in the given files and
/// folders (.pem, .crt, .cer, .der). Left out are those of revoked and of renewed orders, and of CAs.
/// With a ledger each stage of a certificate is reported once; if several have passed since the last
/// run, the last of them. Without a ledger nothing is kept, so every run reports every certificate.
///
/// The exit code is 0 if nothing is reported, 10 if a certificate is, and 11 if one of those has
/// expired.
///
/// The command is run for each reported certificate as that of sync is for its events: with a line of
/// JSON on its standard input, and the variables WOTRUS_EVENT_ID, WOTRUS_EVENT_STAGE,
/// WOTRUS_EVENT_DAYS_LEFT, WOTRUS_EVENT_NOT_AFTER, WOTRUS_EVENT_COMMON_NAME, WOTRUS_EVENT_SERIAL,
/// WOTRUS_EVENT_PATH and WOTRUS_ORDER_ID. With a ledger it is run at least once: if it fails, a later run
/// tries again, ten times in all, as long as no later stage was reported. It is not run for what a run without a
/// command has reported. Nothing is sent to the service.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus due --ledger orders.db -- /usr/local/bin/on-due"
    "wotrus due --ledger orders.db --all --within 60d"
    "wotrus due --ledger orders.db --all --now 2027-06-01"
    "wotrus --json due /etc/nginx/certs | jq -r .path"
))]
pub(crate) struct Due {
    /// Files and folders with certificates [default: the ledger]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    ledger: LedgerOption,

    /// Only certificates that expire within this time
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = with_unit)]
    within: Duration,

    /// The time to count from, 2026-11-25 or 2026-11-25T03:40:00Z; what it reports counts as reported then,
    /// unless --all is given [default: the current time]
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    now: Option<SystemTime>,

    /// List also what was reported before, and keep nothing
    #[arg(long, conflicts_with = "command")]
    all: bool,

    /// Try notices again whose command has failed ten times
    #[arg(long, requires = "command")]
    retry_failed: bool,

    /// Program and arguments to run for each certificate that is reported
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// A certificate that has reached a stage.
struct Reported {
    item: Item,
    stage: u32,
    days_left: i64,
    event: EventRow,
}

impl Due {
    /// Returns the exit code.
    pub(crate) fn run(self, context: &Context) -> Result<u8> {
        context.options.refuse()?;
        let access = if self.all { Access::Read } else { Access::Update };
        let ledger = self.ledger.open(context, access)?;
        if ledger.is_none() && self.paths.is_empty() {
            let problem = say!(
                "name files or folders with certificates, or a ledger (--ledger or WOTRUS_LEDGER)",
                "请指定证书文件或目录，或指定账本（--ledger 或 WOTRUS_LEDGER）"
            );
            return Err(Failure::argument("PATH", problem));
        }
        let _lock = match &ledger {
            Some(ledger) if !self.all => Some(Lock::take(ledger, "due")?),
            _ => None,
        };
        let items = match &ledger {
            Some(ledger) if self.paths.is_empty() => source::of_ledger(ledger)?,
            _ => source::of_paths(&self.paths)?,
        };
        let kept = ledger.as_ref().filter(|_| !self.all);
        let now = self.now.unwrap_or_else(SystemTime::now);
        let reported = self.report(kept, items, now)?;
        let shown = show(context, &reported);
        // The command does not get the token, which need not be set: nothing is sent.
        let token = (!self.command.is_empty()).then(|| context.token().ok()).flatten();
        let command = Command::new(self.command.clone(), token.as_ref().map_or("", Secret::expose));
        match (&command, kept) {
            (None, None) => shown?,
            (Some(command), None) => shown.and(deliver_all(command, &reported))?,
            (None, Some(ledger)) => {
                // What was not shown is reported by the next run.
                shown?;
                ledger.transaction(|it| {
                    record(it, &reported, now)?;
                    // A later run with a command must not tell of it as if it were new.
                    reported.iter().try_for_each(|reported| set_delivered(it, &reported.event.id))
                })?;
            }
            (Some(command), Some(ledger)) => {
                ledger.transaction(|it| record(it, &reported, now))?;
                shown.and(self.deliver_kept(ledger, command, now))?;
            }
        }
        let has_expired = reported.iter().any(|it| it.stage == 0);
        Ok(match (has_expired, reported.is_empty()) {
            (true, _) => EXPIRED,
            (false, false) => DUE,
            (false, true) => 0,
        })
    }

    /// What is reported now. With a ledger, that is what was not reported before.
    fn report(
        &self,
        ledger: Option<&Ledger>,
        items: Vec<Item>,
        now: SystemTime,
    ) -> Result<Vec<Reported>> {
        let (mut reported, mut seen) = (Vec::new(), HashSet::new());
        for item in items {
            let Some(stage) = stage::reached(item.end, now, self.within) else { continue };
            if let Some(ledger) = ledger {
                // Before the first stage there is nothing to report once.
                if stage == u32::MAX
                    || !seen.insert(item.sha256.clone())
                    || ledger.read(|it| was_reported(it, &item.sha256, stage, now))?
                {
                    continue;
                }
            }
            let days_left = days_until(item.end, now);
            let facts = item.facts.clone().with("days_left", &days_left);
            let data = match stage {
                u32::MAX => facts.with("stage", &None::<u32>),
                stage => facts.with("stage", &stage),
            }
            .object();
            let event = event(&item, stage, data);
            reported.push(Reported { item, stage, days_left, event });
        }
        Ok(reported)
    }

    fn deliver_kept(&self, ledger: &Ledger, command: &Command, now: SystemTime) -> Result<()> {
        ledger.transaction(|it| {
            if self.retry_failed {
                retry_failed(it, Group::Due(now))?;
            }
            end_outdated(it)
        })?;
        let mut done = Deliveries::default();
        deliver(ledger, Group::Due(now), command, &mut done)?;
        done.problem.map_or(Ok(()), |problem| Err(Failure::command(problem)))
    }
}

/// Records what was reported.
fn record(
    it: &rusqlite::Connection,
    reported: &[Reported],
    now: SystemTime,
) -> rusqlite::Result<()> {
    reported.iter().try_for_each(|Reported { item, stage, event, .. }| {
        let notice = Notice {
            sha256: &item.sha256,
            stage: *stage,
            not_after: &rfc3339(item.end),
            order_row: item.order_row,
            counted_at: now,
            event_id: &event.id,
            data: &event.data,
        };
        record_notice(it, &notice)
    })
}

/// The event of a certificate in a stage. If it is reported twice, it has the same id.
fn event(item: &Item, stage: u32, data: String) -> EventRow {
    let text = format!("{} {stage}", item.sha256);
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let bytes = hash.as_ref().first_chunk().copied().unwrap_or_default();
    EventRow {
        id: uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string(),
        kind: "due".into(),
        at: now(),
        data,
        tries: 0,
    }
}

fn deliver_all(command: &Command, reported: &[Reported]) -> Result<()> {
    let mut problem = None;
    for it in reported {
        if let Err(failure) = command.run(&it.event) {
            tell(&failure);
            problem = Some(failure);
        }
    }
    problem.map_or(Ok(()), |problem| Err(Failure::command(problem)))
}

fn show(context: &Context, reported: &[Reported]) -> Result<()> {
    if context.json {
        return reported.iter().try_for_each(|it| print_json(&line(&it.event)));
    }
    if reported.is_empty() {
        if !context.is_watched() {
            return Ok(());
        }
        tell(&say!("nothing to report", "没有需要提醒的证书"));
        return Ok(());
    }
    let width = io::stdout().is_terminal().then(terminal::width);
    print(&table(reported, width).render_within(width))
}

/// A table for this number of columns, in which names are shortened and places are wrapped, or one of all
/// columns.
fn table(reported: &[Reported], width: Option<usize>) -> Table {
    /// Most places are ids of orders.
    const PLACE: usize = 36;
    let left: Vec<String> = reported.iter().map(|it| days_text(it.days_left)).collect();
    let widest = left.iter().map(|left| left.width()).max().unwrap_or(0);
    let name_columns = width.map(|width| {
        let used = widest + "2026-11-25".len() + PLACE + 3 * 2;
        width.saturating_sub(used).max(16)
    });
    let mut table = Table::new();
    for (Reported { item, .. }, left) in reported.iter().zip(&left) {
        let (mut end, mut name) = (rfc3339(item.end), item.name.clone());
        if let Some(columns) = name_columns {
            end.truncate("2026-11-25".len());
            name = shortened(&printable(&name), columns);
        }
        table.row([left, &end, &name, &item.place]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn a_table_fits_its_terminal() {
        let reported = |name: &str, place: &str, days_left: i64| {
            let item = Item {
                sha256: String::new(),
                end: date::parse("2027-01-02T03:04:05Z").unwrap(),
                order_row: None,
                name: name.into(),
                place: place.into(),
                facts: Json::new(),
            };
            let event = event(&item, 7, "{}".into());
            Reported { item, stage: 7, days_left, event }
        };
        let id = "39B94C1C-B74F-49A2-8A5C-3B5A4B5C6D7E";
        let all = [
            reported("沃通电子认证服务有限公司（深圳）股份有限公司总部", id, 5),
            reported("a", &format!("/etc/{}/leaf.pem", "certificates/".repeat(6)), -1),
        ];
        for reported in [&all[..1], &all[..]] {
            let text = table(reported, Some(80)).render_within(Some(80));
            assert!(text.lines().all(|line| line.width() <= 80), "{text}");
            assert!(text.contains("沃通电子"), "{text}");
        }
        let text = table(&all[..1], Some(80)).render_within(Some(80));
        assert!(text.lines().count() == 1 && text.contains(id), "{text}");
        let text = table(&all, None).render_within(None);
        assert!(text.contains("总部") && text.contains("2027-01-02T03:04:05Z"), "{text}");
    }
}
