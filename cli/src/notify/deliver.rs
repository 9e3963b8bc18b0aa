//! Runs the command for the events of the ledger that wait for it.

use std::time::{Duration, SystemTime};

use super::command::Command;
use crate::failure::Result;
use crate::interrupt;
use crate::json::Json;
use crate::lang::say;
use crate::ledger::{EventRow, Group, Ledger, set_delivered, set_try_failed, waiting};
use crate::output::tell;
use crate::time::rfc3339;

/// After so many failures an event is given up.
const MAX_TRIES: u32 = 10;
/// Between the first and the second try; each further pause is twice as long. The last is 4 hours and
/// 16 minutes.
const FIRST_PAUSE: Duration = Duration::from_secs(60);

/// After so many failures in a row the other events wait for a later run: the command is probably broken.
const MAX_FAILURES: u32 = 3;

/// What came of the deliveries of one run.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    pub(crate) delivered: u32,
    /// Failed, and tried again later.
    pub(crate) postponed: u32,
    /// The events that were given up, as JSON objects.
    pub(crate) given_up: Vec<String>,
    /// Why the last command failed.
    pub(crate) problem: Option<String>,
    failures_in_a_row: u32,
}

/// Runs the command for each event of a group that must be delivered now. An event is noted as
/// delivered after its command has succeeded, so a kill in between leads to a second delivery, and never
/// to none.
pub(crate) fn deliver(
    ledger: &Ledger,
    group: Group,
    command: &Command,
    done: &mut Deliveries,
) -> Result<()> {
    // A ledger can have many waiting events, which are not read only to be left alone.
    let is_over =
        |done: &Deliveries| interrupt::was_received() || done.failures_in_a_row == MAX_FAILURES;
    if is_over(done) {
        return Ok(());
    }
    for event in ledger.read(|it| waiting(it, group, SystemTime::now()))? {
        if is_over(done) {
            break;
        }
        match command.run(&event) {
            Ok(()) => {
                ledger.transaction(|it| set_delivered(it, &event.id))?;
                done.delivered += 1;
                done.failures_in_a_row = 0;
            }
            Err(problem) => {
                note_failure(ledger, &event, &problem, done)?;
                done.problem = Some(problem);
                done.failures_in_a_row += 1;
            }
        }
    }
    Ok(())
}

fn note_failure(
    ledger: &Ledger,
    event: &EventRow,
    problem: &str,
    done: &mut Deliveries,
) -> Result<()> {
    let id = &event.id;
    let pause = pause_after(event.tries + 1);
    let next = pause.map(|pause| rfc3339(SystemTime::now() + pause));
    ledger.transaction(|it| set_try_failed(it, id, next.as_deref(), problem))?;
    match next {
        Some(next) => {
            done.postponed += 1;
            tell(&say!(
                "wotrus: event {id}: {problem}; it is tried again after {next}",
                "wotrus：事件 {id}：{problem}；{next} 之后重试"
            ));
        }
        None => {
            let json = Json::new().with("event_id", id).with("type", &event.kind);
            done.given_up.push(json.with("problem", problem).object());
            tell(&say!(
                "wotrus: event {id}: {problem}; it has failed {MAX_TRIES} times and is given up (--retry-failed)",
                "wotrus：事件 {id}：{problem}；已失败 {MAX_TRIES} 次，不再重试（--retry-failed）"
            ));
        }
    }
    Ok(())
}

/// The pause after a number of failures, or `None` after the last one.
fn pause_after(failures: u32) -> Option<Duration> {
    (failures < MAX_TRIES).then(|| FIRST_PAUSE * 2_u32.pow(failures.clamp(1, 16) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_the_tenth_failure_is_the_last() {
        let seconds: Vec<u64> = (1..10).map(|n| pause_after(n).unwrap().as_secs()).collect();
        assert_eq!(seconds, [60, 120, 240, 480, 960, 1920, 3840, 7680, 15360]);
        assert_eq!(pause_after(10), None);
    }
}
