//! Asks the service for orders, and puts its answers into the ledger.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use wotrus::{
    Answer, Cause, Certificates, Client, Error, Kind, Order, OrderStatus, ReissueRequest,
};

use super::feed::record_order;
use super::fetch::{folder_of, save};
use super::interval::{is_due, is_fetched};
use super::pace::{self, Pace};
use super::report::Report;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::ledger::{
    EventRow, Fetched, Ledger, MAX_PAUSE, Watched, open_count, other_service, pause,
    record_certificates, record_fetched, record_problem, set_pause, watched,
};
use crate::notify::line;
use crate::output::{print_json, warn};
use crate::reply::{self, is_of_other_order};
use crate::time::rfc3339;

/// The longest pause that the service can ask for within a run; longer ones end the run.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// How often a busy service is asked for the same order in a run.
const MAX_BUSY: u32 = 3;
/// After so many calls in a row without an answer the service counts as unreachable.
const MAX_UNREACHABLE: u32 = 3;

pub(super) struct Asker {
    pub(super) client: Client,
    pub(super) base_url: String,
    pub(super) output_dir: Option<PathBuf>,
    pub(super) pace: Pace,
}

/// Why a call has no result.
enum Failed {
    /// The other orders can still be asked for.
    Order(Failure),
    /// No more calls are made in this run, for this reason unless it was an interrupt.
    Run(Option<Failure>),
}

impl Asker {
    /// Asks for every order that is due. `after_events` is called when events were recorded.
    pub(super) fn ask_for_all(
        &mut self,
        ledger: &Ledger,
        report: &mut Report,
        mut after_events: impl FnMut(&mut Report) -> Result<()>,
    ) -> Result<()> {
        let base_url = self.base_url.clone();
        report.open = ledger.read(|it| open_count(it, &base_url))?;
        if let Some(other) = ledger.read(|it| other_service(it, &base_url))? {
            warn(&say!(
                "no order of the ledger is at {base_url}, but at {other}; use --base-url",
                "账本中的订单不属于 {base_url}，而属于 {other}；请使用 --base-url"
            ));
        }
        if let Some(until) = ledger.read(|it| pause(it, &base_url))? {
            report.problem(None, asked_to_wait(&until));
            report.paused_until = Some(until);
            return Ok(());
        }
        let (now, writes_files) = (SystemTime::now(), self.output_dir.is_some());
        let orders = ledger.read(|it| watched(it, &base_url))?;
        let mut unreachable = 0;
        for order in orders.into_iter().filter(|order| is_due(order, writes_files, now)) {
            let (id, row, events) = (order.id.clone(), order.row, report.events);
            match self.ask(ledger, order, report) {
                Ok(done) => {
                    done?;
                    unreachable = 0;
                }
                Err(Failed::Run(None)) => break,
                Err(Failed::Run(Some(failure))) => {
                    // The next run begins with the other orders, in case that this one is the reason.
                    ledger.transaction(|it| record_problem(it, row, failure.message()))?;
                    report.problem(None, failure);
                    break;
                }
                Err(Failed::Order(failure)) => {
                    ledger.transaction(|it| record_problem(it, row, failure.message()))?;
                    unreachable = if failure.kind() == Kind::Network { unreachable + 1 } else { 0 };
                    report.problem(Some(&id), failure);
                }
            }
            if report.events > events {
                after_events(report)?;
            }
            if unreachable == MAX_UNREACHABLE {
                break;
            }
        }
        Ok(())
    }

    /// Asks for one order, and fetches its certificate if it is issued. The inner error is one of the
    /// ledger, which ends the command.
    fn ask(
        &mut self,
        ledger: &Ledger,
        mut order: Watched,
        report: &mut Report,
    ) -> Result<Result<()>, Failed> {
        report.asked += 1;
        for is_first in [true, false] {
            let answer = self.call(ledger, report, |client| client.query_order(&order.id))?;
            check_id(&order.id, &answer).map_err(Failed::Order)?;
            let events = match record_order(ledger, &order, answer.value()) {
                Ok(Some(events)) => events,
                // A push was quicker; the next run asks again.
                Ok(None) => return Ok(Ok(())),
                Err(failure) => return Ok(Err(failure)),
            };
            if let Err(failure) = announce(&events, report) {
                return Ok(Err(failure));
            }
            let status = answer.value().status.clone();
            order.status = Some(status.as_str().to_owned());
            if !answer.value().is_pay.as_str().is_empty() && !order.is_paired {
                order.payment = Some(answer.value().is_pay.as_str().to_owned());
            }
            // The service's document ends its flow with "pendingCAIssued: call retrieve; if it can be
            // obtained, issued", so that status does not mean that nothing is there.
            let may_be_issued = matches!(
                status,
                OrderStatus::Issued | OrderStatus::PendingRevoke | OrderStatus::PendingCaIssued
            );
            if !may_be_issued || is_fetched(&order, self.output_dir.is_some()) {
                return Ok(Ok(()));
            }
            let retrieve = |client: &Client| client.retrieve_certificate(&order.id);
            let certificates = match self.call(ledger, report, retrieve) {
                Err(Failed::Order(failure)) if failure.kind() == Kind::NotReady => {
                    return Ok(Ok(()));
                }
                other => other?,
            };
            match is_of_reissue(&order, certificates.value()) {
                Ok(true) => {}
                // It is the certificate that is to be replaced.
                Ok(false) => return Ok(Ok(())),
                Err(error) => return Err(Failed::Order(error.into())),
            }
            match self.keep(ledger, &order, &certificates) {
                Ok(Kept::Recorded(event)) => {
                    report.fetched += 1;
                    if let Err(failure) = announce(event.as_slice(), report) {
                        return Ok(Err(failure));
                    }
                }
                Ok(Kept::Problem(failure)) => return Err(Failed::Order(failure)),
                Err(failure) => return Ok(Err(failure)),
            }
            if !is_first || status != OrderStatus::PendingCaIssued {
                return Ok(Ok(()));
            }
            // Retrieving it has changed the status.
            (order.fetched_at, order.fetched_to) = (Some(String::new()), Some(PathBuf::new()));
        }
        Ok(Ok(()))
    }

    /// Writes certificates into files, then into the ledger: after a kill in between they are fetched
    /// again, and the files stay as they are.
    fn keep(
        &self,
        ledger: &Ledger,
        order: &Watched,
        answer: &Answer<Certificates>,
    ) -> Result<Kept> {
        if is_of_other_order(answer.reply()) {
            return Ok(Kept::Problem(other_order(&order.id)));
        }
        let folder = self.output_dir.as_ref().map(|folder| folder_of(folder, order));
        let saved = match save(answer, folder.as_deref()) {
            Ok(saved) => saved,
            Err(failure) => return Ok(Kept::Problem(failure)),
        };
        if let Some(failure) = saved.problem {
            ledger.transaction(|it| record_certificates(it, order.row, &saved.certificates))?;
            return Ok(Kept::Problem(failure));
        }
        let fetched = Fetched { certificates: &saved.certificates, folder: folder.as_deref() };
        Ok(Kept::Recorded(ledger.transaction(|it| record_fetched(it, order, &fetched))?))
    }

    /// Makes a call, at the allowed rate. A short pause that the service asks for is waited for; a long
    /// one is recorded for later runs and ends this one.
    fn call<T>(
        &mut self,
        ledger: &Ledger,
        report: &mut Report,
        call: impl Fn(&Client) -> wotrus::Result<T>,
    ) -> Result<T, Failed> {
        for busy in 1.. {
            if !self.pace.wait() {
                return Err(Failed::Run(None));
            }
            let error = match call(&self.client) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let Some(wait) = wanted_pause(&error) else { return Err(failed(error)) };
            if wait <= MAX_WAIT && busy < MAX_BUSY {
                if !pace::sleep(wait) {
                    return Err(Failed::Run(None));
                }
                continue;
            }
            let until = rfc3339(SystemTime::now() + wait.min(MAX_PAUSE));
            let recorded = ledger.transaction(|it| set_pause(it, &self.base_url, &until));
            let failure = recorded.err().unwrap_or_else(|| asked_to_wait(&until));
            report.paused_until = Some(until);
            return Err(Failed::Run(Some(failure)));
        }
        Err(Failed::Run(None))
    }
}

/// Whether certificates are those that an order is to get. The service may answer the query for a reissue
/// with the certificate that it replaces, if the reissue has kept the order's id.
fn is_of_reissue(order: &Watched, certificates: &Certificates) -> wotrus::Result<bool> {
    let Some(body) = order.reissue_body.as_deref().filter(|_| order.has_kept_id()) else {
        return Ok(true);
    };
    let csr = ReissueRequest::from_json(body)?.csr;
    for (_, bundle) in certificates.iter() {
        if bundle.matches_csr(&csr)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What became of fetched certificates.
enum Kept {
    Recorded(Option<EventRow>),
    Problem(Failure),
}

/// How long the service asks to wait, if it refuses for this reason alone.
fn wanted_pause(error: &Error) -> Option<Duration> {
    error.retry_after().filter(|_| error.kind() != Kind::Refused)
}

fn failed(error: Error) -> Failed {
    match error.kind() {
        Kind::Cancelled => Failed::Run(None),
        // Every other order would have the same answer.
        Kind::Auth | Kind::Config | Kind::Internal => Failed::Run(Some(error.into())),
        _ => Failed::Order(error.into()),
    }
}

/// Checks that an answer is about the order that was asked for, and has a status.
fn check_id(id: &str, answer: &Answer<Order>) -> Result<()> {
    if is_of_other_order(answer.reply()) {
        return Err(other_order(id));
    }
    if answer.value().status.as_str().is_empty() {
        let message = say!(
            "the service did not say the status of order {id}",
            "服务端未返回订单 {id} 的状态"
        );
        return Err(Failure::new(Kind::Protocol, Cause::Envelope, message));
    }
    Ok(())
}

fn other_order(id: &str) -> Failure {
    let failure = reply::other_order(id);
    warn(failure.message());
    failure
}

fn asked_to_wait(until: &str) -> Failure {
    let message = say!(
        "the service has asked not to be called before {until}; a later sync goes on",
        "服务端要求 {until} 之前不要调用；之后的 sync 将继续"
    );
    Failure::new(Kind::Network, Cause::HttpStatus, message)
}

/// Prints events as lines of JSON.
fn announce(events: &[EventRow], report: &mut Report) -> Result<()> {
    for event in events {
        report.events += 1;
        print_json(&line(event))?;
    }
    Ok(())
}
