//! `wotrus sync`

mod ask;
mod feed;
mod fetch;
mod interval;
mod pace;
mod report;

pub(crate) use feed::query_and_record;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use wotrus::{Cause, Kind, Secret};

use self::ask::Asker;
use self::pace::Pace;
use self::report::Report;
use crate::context::Context;
use crate::duration::with_unit;
use crate::failure::{Failure, Result};
use crate::files;
use crate::help::epilogue;
use crate::interrupt;
use crate::lang::say;
use crate::ledger::{Access, Group, Ledger, LedgerOption, Lock, retry_failed};
use crate::notify::{Command, deliver};
use crate::output::{Outcome, print_json, tell};

/// Query the orders of the ledger that are not final, fetch what is issued, and run a command for each change
///
/// Every order whose status is not final is asked for; an issued one only each 12 hours after its
/// certificate was fetched, because it can still be revoked. Each change of status or payment and each
/// fetched certificate is an event in the ledger and a line of JSON on standard output. Certificates
/// are written into a folder of --output-dir that is named by the percent-encoded order id, and their
/// serial numbers and ends into the ledger, also without --output-dir.
///
/// The command is run for each event at least once, and more than once only if sync was killed before it
/// had noted the success. It gets the event as a line of JSON on its standard input, and each fact as a
/// variable: WOTRUS_EVENT_ID (the same in every delivery), WOTRUS_EVENT_TYPE (status, payment or
/// certificate), WOTRUS_ORDER_ID, WOTRUS_ORDER_STATUS, WOTRUS_EVENT_SERIAL and so on. It does not get
/// WOTRUS_TOKEN, WOTRUS_TOKEN_FILE and WOTRUS_PROXY. After 30 seconds it is killed, with its children.
/// If it fails, a later sync tries again, after 1, 2, 4, … minutes, ten times in all. Without a command
/// the events wait for a sync with one.
///
/// A second sync of the same ledger ends at once with exit code 5. When the service is busy
/// (Retry-After), longer waits are left to a later sync. The exit code is that of the first problem: 4
/// if the service refused a query, 7 if it could not be reached or asked to wait, 9 if a file could not
/// be written or the command failed.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus sync --ledger orders.db --output-dir certs"
    "wotrus sync --ledger orders.db --output-dir certs -- /usr/local/bin/on-event"
    "wotrus sync --ledger orders.db --every 10m -- /usr/local/bin/on-event"
))]
pub(crate) struct Sync {
    #[command(flatten)]
    ledger: LedgerOption,

    /// Write certificates into folders below this one
    #[arg(long, value_name = "DIR")]
    output_dir: Option<PathBuf>,

    /// Ask the service at most this often in a second
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rate: u16,

    /// Do not end, but start again after this time, such as 10m
    #[arg(long, value_name = "TIME", value_parser = with_unit)]
    every: Option<Duration>,

    /// Try events again whose command has failed ten times
    #[arg(long, requires = "command")]
    retry_failed: bool,

    /// Program and arguments to run for each event
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What every run of one process has in common.
struct Job {
    ledger: Ledger,
    asker: Asker,
    token: Secret,
    command: Option<Command>,
}

impl Sync {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let ledger = self.ledger.required(context, Access::Update)?;
        let _lock = Lock::take(&ledger, "sync")?;
        let token = context.token()?;
        let client = context.client_for(&token)?;
        if let Some(folder) = &self.output_dir {
            files::prepare_output_dir(folder)?;
        }
        if self.retry_failed {
            ledger.transaction(|it| retry_failed(it, Group::Changes))?;
        }
        let asker = Asker {
            client,
            base_url: context.base_url()?,
            output_dir: self.output_dir,
            pace: Pace::new(self.rate),
        };
        let command = Command::new(self.command, token.expose());
        let mut job = Job { ledger, asker, token, command };
        let Some(pause) = self.every else { return job.run(context) };
        loop {
            let mut result = job.run(context);
            if result.as_ref().is_err_and(|it| it.kind() == Kind::Auth) && job.renew_token(context)
            {
                result = job.run(context);
            }
            if interrupt::was_received() {
                return Ok(Outcome::default());
            }
            match result {
                Ok(outcome) if context.json => print_json(&outcome.json.object())?,
                Err(failure) if context.json => print_json(&failure.json().object())?,
                Err(failure) => tell(&failure.text()),
                Ok(_) => {}
            }
            if !pace::sleep(pause) {
                return Ok(Outcome::default());
            }
        }
    }
}

impl Job {
    /// Takes another token, if there is one now. Returns whether there is.
    fn renew_token(&mut self, context: &Context) -> bool {
        let changed = context.changed_token(&self.token);
        let Some((token, client)) = changed.and_then(|token| {
            let client = context.client_for(&token).ok()?;
            Some((token, client))
        }) else {
            return false;
        };
        (self.token, self.asker.client) = (token, client);
        true
    }

    /// One run: asks for all orders, and delivers all events that are due.
    fn run(&mut self, context: &Context) -> Result<Outcome> {
        let mut report = Report::default();
        let Self { ledger, asker, command, .. } = self;
        let asked = asker.ask_for_all(ledger, &mut report, |report| {
            deliver_with(ledger, command.as_ref(), report)
        });
        // Events of earlier runs must not wait until the service can be reached.
        let told = deliver_with(ledger, command.as_ref(), &mut report);
        let json = report.json();
        asked.and(told).map_err(|failure| failure.after(&json))?;
        if interrupt::was_received() {
            let message =
                say!("ended by a signal; a later sync goes on", "被信号中断；下次 sync 将继续");
            return Err(Failure::new(Kind::Cancelled, Cause::Cancelled, message).after(&json));
        }
        report.end()?;
        if !context.json && context.is_watched() {
            tell(&report.text());
        }
        Ok(Outcome { text: String::new(), json })
    }
}

fn deliver_with(ledger: &Ledger, command: Option<&Command>, report: &mut Report) -> Result<()> {
    match command {
        Some(command) => deliver(ledger, Group::Changes, command, &mut report.deliveries),
        None => Ok(()),
    }
}
