//! Which orders are asked for in a run.

use std::time::{Duration, SystemTime};

use wotrus::OrderStatus;

use crate::ledger::Watched;
use crate::time::rfc3339;

/// An order whose certificate was fetched is asked for after this time: it can still be revoked.
const ISSUED_INTERVAL: Duration = Duration::from_secs(12 * 3600);

/// A reissue that has kept the id of its order, and whose own certificate does not come, is asked for less often
/// after this time: the service answers with the old certificate, perhaps for ever.
const REISSUE_TIME: Duration = Duration::from_secs(7 * 24 * 3600);

/// Whether the order must be asked for now. `writes_files` says whether certificates are written.
pub(super) fn is_due(order: &Watched, writes_files: bool, now: SystemTime) -> bool {
    let status = order.status.as_deref().map(OrderStatus::from).unwrap_or_default();
    if status.is_final_without_certificate() {
        return false;
    }
    let before = |time: Duration| rfc3339(now.checked_sub(time).unwrap_or(SystemTime::UNIX_EPOCH));
    let has_old_certificate = order.has_kept_id()
        && order.fetched_at.is_none()
        && order.created_at.as_ref().is_some_and(|at| *at <= before(REISSUE_TIME));
    let has_certificate = is_fetched(order, writes_files) || has_old_certificate;
    if status != OrderStatus::Issued || !has_certificate {
        return true;
    }
    let has_expired = order.not_after.as_ref().is_some_and(|end| *end < rfc3339(now));
    // A time in the future shows that the clock has gone backwards.
    let is_old = |at: &String| *at <= before(ISSUED_INTERVAL) || *at > rfc3339(now);
    let is_old = order.queried_at.as_ref().is_none_or(is_old);
    !has_expired && is_old
}

/// Whether nothing of the order is to be fetched any more.
pub(super) fn is_fetched(order: &Watched, writes_files: bool) -> bool {
    order.fetched_at.is_some() && (!writes_files || order.fetched_to.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issued_orders_are_asked_for_less_often_and_final_ones_never() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let hours_ago = |hours: u64| Some(rfc3339(now - Duration::from_secs(hours * 3600)));
        let order = |status: Option<&str>, hours: u64, fetched: bool| Watched {
            row: 1,
            is_paired: false,
            id: "A1".into(),
            idempotence_id: "1".into(),
            common_name: String::new(),
            status: status.map(str::to_owned),
            payment: None,
            queried_at: hours_ago(hours),
            fetched_at: fetched.then(|| rfc3339(now)),
            fetched_to: None,
            not_after: None,
            reissues: None,
            reissue_body: None,
            created_at: hours_ago(24),
        };
        for (status, hours, fetched, due) in [
            (None, 0, false, true),
            (Some("pending"), 0, false, true),
            (Some("a new one"), 0, true, true),
            (Some("issued"), 0, false, true),
            (Some("issued"), 11, true, false),
            (Some("issued"), 12, true, true),
            (Some("pendingRevoke"), 0, true, true),
            (Some("revoked"), 99, false, false),
            (Some("rejected"), 99, false, false),
            (Some("closed"), 99, false, false),
        ] {
            let order = order(status, hours, fetched);
            assert_eq!(is_due(&order, false, now), due, "{status:?} {hours} {fetched}");
        }
        let fetched = order(Some("issued"), 1, true);
        assert!(is_due(&fetched, true, now), "no file was written");
        let future = Some(rfc3339(now + Duration::from_secs(999)));
        let asked_later = Watched { queried_at: future, ..order(Some("issued"), 0, true) };
        assert!(is_due(&asked_later, false, now), "the clock has gone backwards");
        let expired = Watched { not_after: hours_ago(1), ..order(Some("issued"), 99, true) };
        assert!(!is_due(&expired, false, now));
        let reissue = |status, hours, days: u64, reissued: &str| Watched {
            reissues: Some(reissued.into()),
            created_at: hours_ago(24 * days),
            ..order(Some(status), hours, false)
        };
        for (status, hours, days, reissued, due) in [
            ("issued", 0, 6, "a1", true),
            ("issued", 11, 7, "a1", false),
            ("issued", 12, 7, "a1", true),
            ("issued", 0, 7, "A2", true),
            ("pending", 0, 7, "a1", true),
        ] {
            let reissue = reissue(status, hours, days, reissued);
            assert_eq!(is_due(&reissue, true, now), due, "{status} {hours} {days} {reissued}");
        }
    }
}
