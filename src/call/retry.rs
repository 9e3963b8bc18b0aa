//! Whether a call is sent again, and when: one pure function, for calls and for waiting.

use std::time::Duration;

use crate::delivery::AttemptOutcome;

/// What sending a call twice would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Nothing: the call only reads.
    Harmless,
    /// Nothing: the call carries an idempotenceID, and the service returns the same result.
    SameId,
    /// The call may take effect twice.
    Never,
}

/// How long the pauses are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Backoff {
    /// Between the attempts of a call: 0.5 s, doubled up to 5 s, of which `jitter` (0 to 1) takes off
    /// up to a half. A pause that does not fit into the remaining time ends the call.
    Call { jitter: f64 },
    /// Between the queries of a wait: `first`, growing by half up to `longest`. The last pause is cut,
    /// so that `reserve` is left for the last query.
    Wait { first: Duration, longest: Duration, reserve: Duration },
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryInput {
    pub(crate) repeat: Repeat,
    pub(crate) outcome: AttemptOutcome,
    /// Whether the caller has cancelled.
    pub(crate) cancelled: bool,
    /// Attempts so far that count against `retries`, this one included.
    pub(crate) attempts: u32,
    /// The maximum number of retries.
    pub(crate) retries: u32,
    /// The pause that the service asked for.
    pub(crate) retry_after: Option<Duration>,
    /// The time left until the deadline.
    pub(crate) remaining: Duration,
    pub(crate) backoff: Backoff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    SendAgain { pause: Duration },
    Stop(StopReason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopReason {
    Cancelled,
    /// Sending again would be unsafe or of no use.
    NotAllowed,
    RetriesUsed,
    OutOfTime,
}

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// Decides whether a call is sent again.
pub(crate) fn decide(input: RetryInput) -> Decision {
    let RetryInput { repeat, outcome, attempts, retries, retry_after, remaining, .. } = input;
    let allowed = match outcome {
        AttemptOutcome::NotSent
        | AttemptOutcome::NotProcessed
        | AttemptOutcome::ExpectationFailed => true,
        AttemptOutcome::NotYet | AttemptOutcome::MaybeProcessed => repeat != Repeat::Never,
        AttemptOutcome::Unsendable | AttemptOutcome::Decided => false,
    };
    if !allowed {
        return Decision::Stop(StopReason::NotAllowed);
    }
    if input.cancelled {
        return Decision::Stop(StopReason::Cancelled);
    }
    if outcome == AttemptOutcome::ExpectationFailed {
        // The next attempt goes without the header. It is not a retry, and needs no pause.
        return Decision::SendAgain { pause: Duration::ZERO };
    }
    if attempts > retries {
        return Decision::Stop(StopReason::RetriesUsed);
    }
    let steps = attempts.saturating_sub(1).min(32);
    let pause = match input.backoff {
        Backoff::Call { jitter } => {
            let pause = FIRST_PAUSE.saturating_mul(1 << steps.min(16)).min(MAX_PAUSE);
            pause.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0)
        }
        Backoff::Wait { first, longest, .. } => {
            let longest = longest.max(first);
            let seconds = first.as_secs_f64() * 1.5_f64.powi(steps as i32);
            Duration::try_from_secs_f64(seconds).map_or(longest, |pause| pause.min(longest))
        }
    };
    // An earlier attempt would be refused again, so the service's pause counts in full.
    let pause = retry_after.map_or(pause, |wanted| wanted.max(pause));
    let pause = match input.backoff {
        Backoff::Call { .. } => Some(pause).filter(|pause| *pause < remaining),
        Backoff::Wait { reserve, .. } => {
            let left = remaining.saturating_sub(reserve);
            Some(pause.min(left)).filter(|_| !left.is_zero())
        }
    };
    pause.map_or(Decision::Stop(StopReason::OutOfTime), |pause| Decision::SendAgain { pause })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLENTY: Duration = Duration::from_secs(3600);
    const CALL: RetryInput = RetryInput {
        repeat: Repeat::Never,
        outcome: AttemptOutcome::NotSent,
        cancelled: false,
        attempts: 1,
        retries: 2,
        retry_after: None,
        remaining: PLENTY,
        backoff: Backoff::Call { jitter: 0.0 },
    };

    fn pause(input: RetryInput) -> Option<Duration> {
        match decide(input) {
            Decision::SendAgain { pause } => Some(pause),
            Decision::Stop(_) => None,
        }
    }

    #[test]
    fn a_decided_call_has_no_pause() {
        assert_eq!(pause(RetryInput { outcome: AttemptOutcome::Decided, ..CALL }), None);
    }

    #[test]
    fn the_table_of_what_is_safe_to_send_again() {
        use AttemptOutcome::*;
        use Repeat::*;
        for (outcome, harmless, same_id, never) in [
            (NotSent, true, true, true),
            (Unsendable, false, false, false),
            (NotProcessed, true, true, true),
            (ExpectationFailed, true, true, true),
            (NotYet, true, true, false),
            (Decided, false, false, false),
            (MaybeProcessed, true, true, false),
        ] {
            for (repeat, again) in [(Harmless, harmless), (SameId, same_id), (Never, never)] {
                let decision = decide(RetryInput { repeat, outcome, ..CALL });
                let refused = decision == Decision::Stop(StopReason::NotAllowed);
                assert_eq!(refused, !again, "{repeat:?} {outcome:?}: {decision:?}");
            }
        }
    }

    #[test]
    fn nothing_is_sent_again_after_a_cancel() {
        use AttemptOutcome::*;
        for outcome in
            [NotSent, Unsendable, NotProcessed, ExpectationFailed, NotYet, Decided, MaybeProcessed]
        {
            let input = RetryInput { outcome, cancelled: true, repeat: Repeat::Harmless, ..CALL };
            let reason = match outcome {
                // The service's decision counts, also if the caller has cancelled meanwhile.
                Unsendable | Decided => StopReason::NotAllowed,
                _ => StopReason::Cancelled,
            };
            assert_eq!(decide(input), Decision::Stop(reason), "{outcome:?}");
        }
    }

    #[test]
    fn pauses_of_a_call_double_up_to_five_seconds_with_jitter() {
        let pause = |attempts, jitter| {
            let backoff = Backoff::Call { jitter };
            let input = RetryInput { attempts, backoff, retries: u32::MAX, ..CALL };
            pause(input).unwrap().as_millis()
        };
        assert_eq!(
            [1, 2, 3, 4, 5, 6, 4_000_000].map(|n| pause(n, 0.0)),
            [500, 1000, 2000, 4000, 5000, 5000, 5000]
        );
        assert_eq!([1, 2, 9].map(|n| pause(n, 1.0)), [250, 500, 2500]);
        assert_eq!([-1.0, 7.0].map(|jitter| pause(1, jitter)), [500, 250]);
    }

    #[test]
    fn pauses_of_a_wait_grow_by_half_and_the_last_leaves_time_for_a_query() {
        let seconds = Duration::from_secs;
        let wait = |attempts, first, longest, remaining| {
            let (first, longest) = (seconds(first), seconds(longest));
            let backoff = Backoff::Wait { first, longest, reserve: seconds(2) };
            let input = RetryInput { attempts, backoff, remaining, ..CALL };
            decide(RetryInput { retries: u32::MAX, ..input })
        };
        let again =
            |milliseconds| Decision::SendAgain { pause: Duration::from_millis(milliseconds) };
        assert_eq!(wait(1, 2, 60, PLENTY), again(2000));
        assert_eq!(wait(3, 2, 60, PLENTY), again(4500));
        assert_eq!(wait(9999, 2, 60, PLENTY), again(60_000));
        assert_eq!(wait(9, 2, 1, PLENTY), again(2000));
        assert_eq!(wait(9, u64::MAX, u64::MAX, PLENTY), again(3_598_000));
        assert_eq!(wait(1, 2, 60, Duration::from_millis(2070)), again(70));
        for late in [Duration::ZERO, seconds(1), seconds(2)] {
            assert_eq!(wait(1, 2, 60, late), Decision::Stop(StopReason::OutOfTime));
        }
    }

    #[test]
    fn retries_are_limited() {
        assert!(pause(RetryInput { attempts: 2, ..CALL }).is_some());
        let used = Decision::Stop(StopReason::RetriesUsed);
        assert_eq!(decide(RetryInput { attempts: 3, ..CALL }), used);
        assert_eq!(decide(RetryInput { retries: 0, ..CALL }), used);
        // Sending again without Expect is no retry.
        let refused = AttemptOutcome::ExpectationFailed;
        assert_eq!(
            pause(RetryInput { outcome: refused, retries: 0, ..CALL }),
            Some(Duration::ZERO)
        );
    }

    #[test]
    fn retry_after_counts_in_full_within_the_deadline() {
        let pause_after = |seconds, remaining| {
            let retry_after = Some(Duration::from_secs(seconds));
            let outcome = AttemptOutcome::NotProcessed;
            decide(RetryInput { outcome, retry_after, remaining, ..CALL })
        };
        let again =
            |milliseconds| Decision::SendAgain { pause: Duration::from_millis(milliseconds) };
        assert_eq!(pause_after(9, PLENTY), again(9000));
        assert_eq!(pause_after(0, PLENTY), again(500));
        let late = Decision::Stop(StopReason::OutOfTime);
        assert_eq!(pause_after(9, Duration::from_secs(9)), late);
        assert_eq!(decide(RetryInput { remaining: Duration::from_millis(500), ..CALL }), late);
        assert!(pause(RetryInput { remaining: Duration::from_millis(501), ..CALL }).is_some());
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::*;

    fn input() -> impl Strategy<Value = RetryInput> {
        let repeat = prop_oneof![Just(Repeat::Harmless), Just(Repeat::SameId), Just(Repeat::Never)];
        let outcome = prop_oneof![
            Just(AttemptOutcome::NotSent),
            Just(AttemptOutcome::Unsendable),
            Just(AttemptOutcome::NotProcessed),
            Just(AttemptOutcome::ExpectationFailed),
            Just(AttemptOutcome::NotYet),
            Just(AttemptOutcome::MaybeProcessed),
            Just(AttemptOutcome::Decided)
        ];
        // Small numbers, where the edge cases are, and arbitrary ones.
        let count = || prop_oneof![0_u32..6, any::<u32>()];
        let time = || {
            let some = prop_oneof![0_u64..12_000, any::<u64>()];
            some.prop_map(Duration::from_millis)
        };
        let jitter = prop_oneof![0.0..=1.0, any::<f64>().prop_filter("a number", |j| !j.is_nan())];
        let backoff = prop_oneof![
            jitter.prop_map(|jitter| Backoff::Call { jitter }),
            (time(), time(), time()).prop_map(|(first, longest, reserve)| Backoff::Wait {
                first,
                longest,
                reserve
            })
        ];
        let retry_after = proptest::option::of(time());
        (repeat, outcome, any::<bool>(), count(), count(), retry_after, time(), backoff).prop_map(
            |(repeat, outcome, cancelled, attempts, retries, retry_after, remaining, backoff)| {
                RetryInput {
                    repeat,
                    outcome,
                    cancelled,
                    attempts,
                    retries,
                    retry_after,
                    remaining,
                    backoff,
                }
            },
        )
    }

    fn pause(input: RetryInput) -> Option<Duration> {
        match decide(input) {
            Decision::SendAgain { pause } => Some(pause),
            Decision::Stop(_) => None,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn a_call_that_may_have_been_processed_is_repeated_only_where_that_is_safe(input in input()) {
            if pause(input).is_some() {
                let maybe = input.outcome == AttemptOutcome::MaybeProcessed;
                prop_assert!(!maybe || input.repeat != Repeat::Never);
                prop_assert!(!matches!(
                    input.outcome,
                    AttemptOutcome::Decided | AttemptOutcome::Unsendable
                ));
                prop_assert!(!input.cancelled);
            }
        }

        #[test]
        fn retries_and_time_end(input in input()) {
            if let Some(pause) = pause(input) {
                let counted = input.outcome != AttemptOutcome::ExpectationFailed;
                prop_assert!(!counted || input.attempts <= input.retries);
                prop_assert!(!counted || pause <= input.remaining);
            }
        }

        #[test]
        fn a_call_is_sent_neither_before_retry_after_nor_much_later(input in input()) {
            let is_retry = input.outcome != AttemptOutcome::ExpectationFailed;
            if let (Some(pause), Backoff::Call { .. }, true) =
                (pause(input), input.backoff, is_retry)
            {
                let wanted = input.retry_after.unwrap_or_default();
                prop_assert!(pause >= wanted.max(FIRST_PAUSE / 2));
                prop_assert!(pause <= wanted.max(MAX_PAUSE));
            }
        }

        #[test]
        fn more_time_and_more_retries_never_stop_a_call(input in input()) {
            let more = RetryInput { remaining: Duration::MAX, retries: u32::MAX, ..input };
            if let Some(earlier) = pause(input) {
                let later = pause(more);
                prop_assert!(later.is_some_and(|later| later >= earlier), "{later:?}");
            }
        }
    }
}
