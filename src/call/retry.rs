//! Whether a call is sent again: one pure function.

use std::time::Duration;

/// What sending a call twice would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It reads: nothing.
    Harmless,
    /// It creates something under an idempotenceID: the same thing comes back.
    SameId,
    /// It may happen twice.
    Never,
}

/// What became of one attempt that brought no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptOutcome {
    /// Nothing that could be processed reached the service.
    NotSent,
    /// As before, for a reason that will not pass: an untrusted certificate, a file that is gone.
    Hopeless,
    /// 429 or 503: the service says it did not take it.
    Busy,
    /// It may have been processed.
    Lost,
    /// The service decided.
    Decided,
}

/// All that the decision depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryInput {
    pub(crate) repeat: Repeat,
    pub(crate) fate: AttemptOutcome,
    /// Attempts so far, this one included.
    pub(crate) attempts: u32,
    /// How often the caller wants it sent again at most.
    pub(crate) retries: u32,
    pub(crate) retry_after: Option<Duration>,
    /// What is left of the call's time.
    pub(crate) remaining: Duration,
    /// Chance, from 0 to 1.
    pub(crate) jitter: f64,
}

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long to wait before sending again, or nothing if it is not to be sent again.
pub(crate) fn decide(situation: RetryInput) -> Option<Duration> {
    let RetryInput { repeat, fate, attempts, retries, retry_after, remaining, jitter } = situation;
    let allowed = match fate {
        AttemptOutcome::NotSent | AttemptOutcome::Busy => true,
        AttemptOutcome::Lost => repeat != Repeat::Never,
        AttemptOutcome::Hopeless | AttemptOutcome::Decided => false,
    };
    if !allowed || attempts > retries {
        return None;
    }
    let doublings = attempts.saturating_sub(1).min(16);
    let backoff = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    let jittered = backoff.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0);
    // The service's wish counts in full: coming earlier would be refused again.
    let pause = retry_after.map_or(jittered, |wish| wish.max(jittered));
    (pause < remaining).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLENTY: Duration = Duration::from_secs(3600);
    const CALL: RetryInput = RetryInput {
        repeat: Repeat::Never,
        fate: AttemptOutcome::NotSent,
        attempts: 1,
        retries: 2,
        retry_after: None,
        remaining: PLENTY,
        jitter: 1.0,
    };

    #[test]
    fn the_table_of_what_is_safe_to_send_again() {
        use AttemptOutcome::*;
        use Repeat::*;
        for (repeat, fate, again) in [
            (Harmless, NotSent, true),
            (Harmless, Busy, true),
            (Harmless, Lost, true),
            (Harmless, Hopeless, false),
            (Harmless, Decided, false),
            (SameId, NotSent, true),
            (SameId, Busy, true),
            (SameId, Lost, true),
            (SameId, Hopeless, false),
            (SameId, Decided, false),
            (Never, NotSent, true),
            (Never, Busy, true),
            (Never, Lost, false),
            (Never, Hopeless, false),
            (Never, Decided, false),
        ] {
            let decision = decide(RetryInput { repeat, fate, ..CALL });
            assert_eq!(decision.is_some(), again, "{repeat:?} {fate:?}");
        }
    }

    #[test]
    fn pauses_double_up_to_five_seconds_with_jitter() {
        let pause = |attempts, jitter| {
            decide(RetryInput { attempts, jitter, retries: u32::MAX, ..CALL }).unwrap().as_millis()
        };
        assert_eq!(
            [1, 2, 3, 4, 5, 6, 4_000_000].map(|n| pause(n, 1.0)),
            [500, 1000, 2000, 4000, 5000, 5000, 5000]
        );
        assert_eq!([1, 2, 9].map(|n| pause(n, 0.0)), [250, 500, 2500]);
        assert_eq!([-1.0, 7.0].map(|jitter| pause(1, jitter)), [250, 500]);
    }

    #[test]
    fn retries_end() {
        assert!(decide(RetryInput { attempts: 2, ..CALL }).is_some());
        assert!(decide(RetryInput { attempts: 3, ..CALL }).is_none());
        assert!(decide(RetryInput { retries: 0, ..CALL }).is_none());
    }

    #[test]
    fn the_services_wish_and_the_deadline_bound_the_pause() {
        let wish = |seconds, remaining| {
            let retry_after = Some(Duration::from_secs(seconds));
            decide(RetryInput { fate: AttemptOutcome::Busy, retry_after, remaining, ..CALL })
        };
        assert_eq!(wish(9, PLENTY), Some(Duration::from_secs(9)));
        assert_eq!(wish(0, PLENTY), Some(Duration::from_millis(500)));
        assert_eq!(wish(9, Duration::from_secs(9)), None);
        assert_eq!(decide(RetryInput { remaining: Duration::from_millis(500), ..CALL }), None);
        assert!(decide(RetryInput { remaining: Duration::from_millis(501), ..CALL }).is_some());
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::*;

    fn situation() -> impl Strategy<Value = RetryInput> {
        let repeat = prop_oneof![Just(Repeat::Harmless), Just(Repeat::SameId), Just(Repeat::Never)];
        let fate = prop_oneof![
            Just(AttemptOutcome::NotSent),
            Just(AttemptOutcome::Hopeless),
            Just(AttemptOutcome::Busy),
            Just(AttemptOutcome::Lost),
            Just(AttemptOutcome::Decided)
        ];
        // Small numbers, where the edges are, and any at all.
        let count = || prop_oneof![0_u32..6, any::<u32>()];
        let time = || {
            let some = prop_oneof![0_u64..12_000, any::<u64>()];
            some.prop_map(Duration::from_millis)
        };
        let jitter = prop_oneof![0.0..=1.0, any::<f64>().prop_filter("a number", |j| !j.is_nan())];
        (repeat, fate, count(), count(), proptest::option::of(time()), time(), jitter).prop_map(
            |(repeat, fate, attempts, retries, retry_after, remaining, jitter)| RetryInput {
                repeat,
                fate,
                attempts,
                retries,
                retry_after,
                remaining,
                jitter,
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn what_may_have_been_processed_is_sent_again_only_where_that_does_nothing(s in situation()) {
            if decide(s).is_some() {
                prop_assert!(s.fate != AttemptOutcome::Lost || s.repeat != Repeat::Never);
                prop_assert!(!matches!(s.fate, AttemptOutcome::Decided | AttemptOutcome::Hopeless));
            }
        }

        #[test]
        fn it_ends(s in situation()) {
            if let Some(pause) = decide(s) {
                prop_assert!(s.attempts <= s.retries);
                prop_assert!(pause < s.remaining);
            }
        }

        #[test]
        fn it_never_comes_before_the_service_wants_it_nor_much_later(s in situation()) {
            if let Some(pause) = decide(s) {
                let wish = s.retry_after.unwrap_or_default();
                prop_assert!(pause >= wish.max(FIRST_PAUSE / 2));
                prop_assert!(pause <= wish.max(LONGEST_PAUSE));
            }
        }

        #[test]
        fn more_time_and_more_retries_never_mean_less(s in situation()) {
            let more = RetryInput { remaining: Duration::MAX, retries: u32::MAX, ..s };
            let allowed = matches!(s.fate, AttemptOutcome::NotSent | AttemptOutcome::Busy)
                || (s.fate == AttemptOutcome::Lost && s.repeat != Repeat::Never);
            prop_assert_eq!(decide(more).is_some(), allowed);
            if let Some(pause) = decide(s) {
                prop_assert_eq!(decide(more), Some(pause));
            }
        }
    }
}
