//! The pushes to send (section 8), their attempts, and when the next attempt is due.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::policy::RevokedPush;
use crate::time::Millis;
use crate::tracked_map::TrackedMap;

/// How many attempts run at the same time.
const CONCURRENT_MAX: usize = 32;
/// How often a push is sent at most (section 8).
pub(crate) const ATTEMPTS_MAX: usize = 3;

/// One push and its attempts.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Push {
    pub(crate) id: u64,
    /// The JSON that is sent.
    pub(crate) body: String,
    /// When the next attempt is due. None during an attempt, and after the last.
    pub(crate) due: Option<Millis>,
    pub(crate) attempts: Vec<Attempt>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) at: Millis,
    /// None while the attempt runs.
    pub(crate) outcome: Option<Outcome>,
}

/// The receiver's HTTP status, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Status(u16),
    Failed(String),
}

/// Section 8.1.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderPush<'a> {
    data_action: &'a str,
    #[serde(rename = "orderID")]
    order_id: &'a str,
    is_issued: bool,
    is_revoked: bool,
}

/// The flags of a push about an order.
#[derive(Clone, Copy)]
pub(crate) struct OrderFlags {
    pub(crate) issued: bool,
    pub(crate) revoked: bool,
}

impl OrderFlags {
    pub(crate) const ISSUED: Self = Self { issued: true, revoked: false };

    pub(crate) fn revoked(policy: RevokedPush) -> Self {
        Self { issued: policy == RevokedPush::Issued, revoked: true }
    }
}

/// The body of a push about an order.
pub(crate) fn body(data_action: &str, order_id: &str, flags: OrderFlags) -> String {
    let push =
        OrderPush { data_action, order_id, is_issued: flags.issued, is_revoked: flags.revoked };
    serde_json::to_string(&push).expect("text is JSON")
}

/// All pushes, and when the next attempt of each is due.
#[derive(Default)]
pub(crate) struct Outbox {
    /// The delay before each attempt. Empty without a push URL.
    delays: Vec<Millis>,
    pub(crate) pushes: TrackedMap<u64, Push>,
    last_id: u64,
    /// How many attempts are running.
    running: usize,
    timers: BTreeSet<(Millis, u64)>,
}

impl Outbox {
    pub(crate) fn new(delays: Vec<Millis>) -> Self {
        Self { delays, ..Self::default() }
    }

    /// Restores the pushes of a state file. An attempt that was running when the sandbox ended has failed.
    pub(crate) fn restore(&mut self, saved: Vec<Push>, now: Millis) {
        let unfinished = |push: &Push| push.attempts.last().is_some_and(|it| it.outcome.is_none());
        let cut: Vec<u64> = saved.iter().filter(|push| unfinished(push)).map(|it| it.id).collect();
        self.last_id = saved.iter().map(|push| push.id).max().unwrap_or(0);
        self.timers = saved.iter().filter_map(|push| Some((push.due?, push.id))).collect();
        self.running = cut.len();
        self.pushes = TrackedMap::unchanged(saved.into_iter().map(|push| (push.id, push)));
        for id in cut {
            self.finish(id, Outcome::Failed("the sandbox ended".to_owned()), now);
        }
    }

    /// Whether there is a push URL.
    pub(crate) fn enabled(&self) -> bool {
        !self.delays.is_empty()
    }

    /// Adds a push and returns its number. None without a push URL.
    pub(crate) fn queue(&mut self, body: String, at: Millis) -> Option<u64> {
        let due = at.saturating_add(*self.delays.first()?);
        self.last_id += 1;
        let id = self.last_id;
        self.pushes.insert(id, Push { id, body, due: Some(due), attempts: Vec::new() });
        self.timers.insert((due, id));
        Some(id)
    }

    /// When the next attempt is due. None while no more may run.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        let ready = self.enabled() && self.running < CONCURRENT_MAX;
        let (due, _) = self.timers.first().filter(|_| ready)?;
        Some(*due)
    }

    /// Starts every attempt that is due, and returns the numbers and bodies to send.
    pub(crate) fn begin(&mut self, now: Millis) -> Vec<(u64, String)> {
        let mut begun = Vec::new();
        while self.next_due().is_some_and(|due| due <= now) {
            let Some((_, id)) = self.timers.pop_first() else { break };
            if let Some(push) = self.pushes.get_mut(&id) {
                push.due = None;
                push.attempts.push(Attempt { at: now, outcome: None });
                self.running += 1;
                begun.push((id, push.body.clone()));
            }
        }
        begun
    }

    /// Ends an attempt. Unless the status is 200 another one follows, up to the number of delays.
    pub(crate) fn finish(&mut self, id: u64, outcome: Outcome, now: Millis) {
        // A reset removes pushes while their attempts run.
        let Some(push) = self.pushes.get_mut(&id) else { return };
        self.running = self.running.saturating_sub(1);
        let failed = outcome != Outcome::Status(200);
        if let Some(attempt) = push.attempts.last_mut() {
            attempt.outcome = Some(outcome);
        }
        push.due = None;
        if let Some(delay) = self.delays.get(push.attempts.len()).filter(|_| failed) {
            let due = now.saturating_add(*delay);
            push.due = Some(due);
            self.timers.insert((due, id));
        }
    }

    /// Removes all pushes. Numbers are not used again, so an attempt that still runs cannot end another push.
    pub(crate) fn clear(&mut self) {
        let delays = std::mem::take(&mut self.delays);
        *self = Self { delays, last_id: self.last_id, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox() -> Outbox {
        Outbox::new(vec![0, 10, 100])
    }

    fn failed() -> Outcome {
        Outcome::Failed("refused".to_owned())
    }

    #[test]
    fn the_body_is_that_of_section_8_1() {
        assert_eq!(
            body("order", "A-1", OrderFlags::revoked(RevokedPush::Issued)),
            r#"{"dataAction":"order","orderID":"A-1","isIssued":true,"isRevoked":true}"#
        );
        assert!(body("order", "A-1", OrderFlags::ISSUED).contains(r#""isRevoked":false"#));
        let alone = OrderFlags::revoked(RevokedPush::Alone);
        assert!(body("order", "A-1", alone).contains(r#""isIssued":false,"isRevoked":true"#));
    }

    #[test]
    fn a_push_is_sent_three_times_at_most() {
        let mut outbox = outbox();
        let id = outbox.queue("{}".to_owned(), 5).unwrap();
        for (due, outcome) in [(5, failed()), (15, Outcome::Status(204)), (115, failed())] {
            assert_eq!(outbox.next_due(), Some(due));
            assert!(outbox.begin(due - 1).is_empty());
            assert_eq!(outbox.begin(due), [(id, "{}".to_owned())]);
            assert_eq!(outbox.next_due(), None);
            outbox.finish(id, outcome, due);
        }
        assert_eq!((outbox.next_due(), outbox.pushes[&id].attempts.len()), (None, 3));
    }

    #[test]
    fn status_200_ends_a_push() {
        let mut outbox = outbox();
        let id = outbox.queue("{}".to_owned(), 0).unwrap();
        outbox.begin(0);
        outbox.finish(id, Outcome::Status(200), 0);
        assert_eq!(outbox.next_due(), None);
        assert!(Outbox::new(Vec::new()).queue("{}".to_owned(), 0).is_none());
    }

    #[test]
    fn an_attempt_that_a_restart_cut_short_counts() {
        let mut before = outbox();
        for _ in 0..2 {
            before.queue("{}".to_owned(), 0);
        }
        before.begin(0);
        before.finish(1, failed(), 0);
        let mut after = outbox();
        after.restore(before.pushes.values().cloned().collect(), 50);
        assert_eq!(after.next_due(), Some(10));
        assert_eq!(after.pushes[&2].due, Some(60));
        assert_eq!(after.queue("{}".to_owned(), 50), Some(3));
        assert_eq!(after.begin(60).len(), 3);
        // Without a push URL they wait until a sandbox has one again.
        let mut silent = Outbox::default();
        silent.restore(before.pushes.values().cloned().collect(), 50);
        assert_eq!((silent.next_due(), silent.begin(1000).len()), (None, 0));
    }

    #[test]
    fn concurrent_attempts_are_limited_and_a_reset_drops_them() {
        let mut outbox = outbox();
        for _ in 0..CONCURRENT_MAX + 1 {
            outbox.queue("{}".to_owned(), 0);
        }
        let begun = outbox.begin(0);
        assert_eq!((begun.len(), outbox.next_due()), (CONCURRENT_MAX, None));
        outbox.finish(begun[0].0, Outcome::Status(200), 0);
        assert_eq!(outbox.begin(0).len(), 1);
        outbox.clear();
        outbox.finish(begun[1].0, Outcome::Status(500), 0);
        assert_eq!((outbox.next_due(), outbox.pushes.len()), (None, 0));
    }
}
