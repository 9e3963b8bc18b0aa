//! Pushes (section 8): what is to be sent, how often it was tried, and when it is tried again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::policy::RevokedPush;
use crate::time::Millis;
use crate::tracked::Tracked;

/// How many pushes are under way at once.
const AT_ONCE: usize = 32;
/// How often section 8 has a push sent at most.
pub(crate) const ATTEMPTS_MAX: usize = 3;

/// One push, from the event to the last attempt.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Push {
    pub(crate) id: u64,
    /// The JSON that is sent.
    pub(crate) body: String,
    /// When it is sent next; none while it is being sent, and once that is over.
    pub(crate) due: Option<Millis>,
    pub(crate) attempts: Vec<Attempt>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) at: Millis,
    /// None while it lasts.
    pub(crate) outcome: Option<Outcome>,
}

/// The receiver's HTTP status, or why there is none.
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

/// What an order's push says.
#[derive(Clone, Copy)]
pub(crate) struct News {
    pub(crate) issued: bool,
    pub(crate) revoked: bool,
}

impl News {
    pub(crate) const ISSUED: Self = Self { issued: true, revoked: false };

    pub(crate) fn revoked(policy: RevokedPush) -> Self {
        Self { issued: policy == RevokedPush::Issued, revoked: true }
    }
}

/// The body of an order's push, under any kind of message.
pub(crate) fn body(data_action: &str, order_id: &str, news: News) -> String {
    let push =
        OrderPush { data_action, order_id, is_issued: news.issued, is_revoked: news.revoked };
    serde_json::to_string(&push).expect("text is JSON")
}

/// Every push, and the timers of those to be sent.
#[derive(Default)]
pub(crate) struct Outbox {
    /// How long each attempt waits for the one before it; empty where nobody is to be told.
    delays: Vec<Millis>,
    pub(crate) pushes: Tracked<u64, Push>,
    last_id: u64,
    sending: usize,
    timers: BTreeSet<(Millis, u64)>,
}

impl Outbox {
    pub(crate) fn new(delays: Vec<Millis>) -> Self {
        Self { delays, ..Self::default() }
    }

    /// Takes up pushes that were kept. One that was under way when the sandbox ended has failed.
    pub(crate) fn restore(&mut self, kept: Vec<Push>, now: Millis) {
        let unfinished = |push: &Push| push.attempts.last().is_some_and(|it| it.outcome.is_none());
        let cut: Vec<u64> = kept.iter().filter(|push| unfinished(push)).map(|it| it.id).collect();
        self.last_id = kept.iter().map(|push| push.id).max().unwrap_or(0);
        self.timers = kept.iter().filter_map(|push| Some((push.due?, push.id))).collect();
        self.sending = cut.len();
        self.pushes = Tracked::kept(kept.into_iter().map(|push| (push.id, push)));
        for id in cut {
            self.finish(id, Outcome::Failed("the sandbox ended".to_owned()), now);
        }
    }

    /// Whether there is somebody to tell.
    pub(crate) fn enabled(&self) -> bool {
        !self.delays.is_empty()
    }

    /// Notes a body to be sent, and gives the push's number.
    pub(crate) fn queue(&mut self, body: String, at: Millis) -> Option<u64> {
        let due = at.saturating_add(*self.delays.first()?);
        self.last_id += 1;
        let id = self.last_id;
        self.pushes.insert(id, Push { id, body, due: Some(due), attempts: Vec::new() });
        self.timers.insert((due, id));
        Some(id)
    }

    /// When something is to be done next.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        let ready = self.enabled() && self.sending < AT_ONCE;
        let (due, _) = self.timers.first().filter(|_| ready)?;
        Some(*due)
    }

    /// The pushes to send now: their attempts have begun.
    pub(crate) fn begin(&mut self, now: Millis) -> Vec<(u64, String)> {
        let mut begun = Vec::new();
        while self.next_due().is_some_and(|due| due <= now) {
            let Some((_, id)) = self.timers.pop_first() else { break };
            if let Some(push) = self.pushes.get_mut(&id) {
                push.due = None;
                push.attempts.push(Attempt { at: now, outcome: None });
                self.sending += 1;
                begun.push((id, push.body.clone()));
            }
        }
        begun
    }

    /// Ends an attempt: anything but status 200 has the push sent again, three times in all.
    pub(crate) fn finish(&mut self, id: u64, outcome: Outcome, now: Millis) {
        // Gone after a reset.
        let Some(push) = self.pushes.get_mut(&id) else { return };
        self.sending = self.sending.saturating_sub(1);
        let again = outcome != Outcome::Status(200);
        if let Some(attempt) = push.attempts.last_mut() {
            attempt.outcome = Some(outcome);
        }
        push.due = None;
        if let Some(delay) = self.delays.get(push.attempts.len()).filter(|_| again) {
            let due = now.saturating_add(*delay);
            push.due = Some(due);
            self.timers.insert((due, id));
        }
    }

    /// Forgets everything; numbers go on, so that an attempt under way finds nothing of its own.
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
    fn says_what_section_8_1_says() {
        assert_eq!(
            body("order", "A-1", News::revoked(RevokedPush::Issued)),
            r#"{"dataAction":"order","orderID":"A-1","isIssued":true,"isRevoked":true}"#
        );
        assert!(body("order", "A-1", News::ISSUED).contains(r#""isRevoked":false"#));
        let alone = News::revoked(RevokedPush::Alone);
        assert!(body("order", "A-1", alone).contains(r#""isIssued":false,"isRevoked":true"#));
    }

    #[test]
    fn a_push_is_tried_three_times_and_no_more() {
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
    fn exactly_200_ends_it() {
        let mut outbox = outbox();
        let id = outbox.queue("{}".to_owned(), 0).unwrap();
        outbox.begin(0);
        outbox.finish(id, Outcome::Status(200), 0);
        assert_eq!(outbox.next_due(), None);
        assert!(Outbox::new(Vec::new()).queue("{}".to_owned(), 0).is_none());
    }

    #[test]
    fn what_was_under_way_at_the_end_counts_as_tried() {
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
        // Started again with nobody to tell, they wait for a start with somebody.
        let mut silent = Outbox::default();
        silent.restore(before.pushes.values().cloned().collect(), 50);
        assert_eq!((silent.next_due(), silent.begin(1000).len()), (None, 0));
    }

    #[test]
    fn few_are_under_way_at_once_and_none_after_a_reset() {
        let mut outbox = outbox();
        for _ in 0..AT_ONCE + 1 {
            outbox.queue("{}".to_owned(), 0);
        }
        let begun = outbox.begin(0);
        assert_eq!((begun.len(), outbox.next_due()), (AT_ONCE, None));
        outbox.finish(begun[0].0, Outcome::Status(200), 0);
        assert_eq!(outbox.begin(0).len(), 1);
        outbox.clear();
        outbox.finish(begun[1].0, Outcome::Status(500), 0);
        assert_eq!((outbox.next_due(), outbox.pushes.len()), (None, 0));
    }
}
