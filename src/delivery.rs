//! Whether the service got a call: the outcome of one attempt, and the delivery over all attempts.

use crate::named::named;

named! {
    /// Whether the service got a call. It covers all attempts of the call, so it tells whether an order
    /// may exist.
    Delivery {
        /// Nothing that could be processed reached the service.
        NotSent = "not_sent",
        /// The service's own decision was read.
        Answered = "answered",
        /// The service may have processed the call.
        Unknown = "unknown",
    }
}

/// What became of an attempt that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptOutcome {
    /// Nothing that could be processed reached the service.
    NotSent,
    /// As [`NotSent`](Self::NotSent), and the next attempt would fail the same way: an untrusted
    /// certificate, a missing file, a value refused here.
    Unsendable,
    /// The service answered without processing the call: 429, or an error (5xx) that came before the
    /// whole body was sent.
    NotProcessed,
    /// The service refused the `Expect` header (417), not the call.
    ExpectationFailed,
    /// The service answered, and may answer otherwise later: the certificate is not issued yet.
    NotYet,
    /// The service decided.
    Decided,
    /// The service may have processed the call.
    MaybeProcessed,
}

/// Whether the service got a call, by the outcome of its last attempt and by whether an earlier
/// attempt may have been processed.
pub(crate) fn delivery(last: AttemptOutcome, earlier_maybe_processed: bool) -> Delivery {
    match last {
        _ if earlier_maybe_processed => Delivery::Unknown,
        AttemptOutcome::MaybeProcessed => Delivery::Unknown,
        AttemptOutcome::NotSent | AttemptOutcome::Unsendable => Delivery::NotSent,
        AttemptOutcome::NotProcessed
        | AttemptOutcome::ExpectationFailed
        | AttemptOutcome::NotYet
        | AttemptOutcome::Decided => Delivery::Answered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delivery_by_the_last_outcome_and_the_earlier_ones() {
        use AttemptOutcome::*;
        for (outcome, expected) in [
            (NotSent, Delivery::NotSent),
            (Unsendable, Delivery::NotSent),
            (NotProcessed, Delivery::Answered),
            (ExpectationFailed, Delivery::Answered),
            (NotYet, Delivery::Answered),
            (Decided, Delivery::Answered),
            (MaybeProcessed, Delivery::Unknown),
        ] {
            assert_eq!(delivery(outcome, false), expected, "{outcome:?}");
            assert_eq!(delivery(outcome, true), Delivery::Unknown, "{outcome:?}");
        }
    }
}
