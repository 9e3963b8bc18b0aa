//! Formats points in time.

use std::time::{Duration, SystemTime};

use x509_cert::der::DateTime;

use crate::lang::say;

/// The current time in the form of [`rfc3339`].
pub(crate) fn now() -> String {
    rfc3339(SystemTime::now())
}

/// The current time in seconds since 1970.
pub(crate) fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// `2026-11-25T03:40:00Z`, UTC.
pub(crate) fn rfc3339(at: SystemTime) -> String {
    DateTime::from_system_time(at).unwrap_or(DateTime::INFINITY).to_string()
}

/// The whole days until a time; negative once it is over.
pub(crate) fn days_until(end: SystemTime, now: SystemTime) -> i64 {
    let days = |time: Duration| i64::try_from(time.as_secs() / 86_400).unwrap_or(i64::MAX);
    match end.duration_since(now) {
        Ok(left) => days(left),
        Err(over) => -1 - days(over.duration()),
    }
}

/// The days until the end of a certificate, as [`days_until`] counts them.
pub(crate) fn days_text(days: i64) -> String {
    let over = -1 - days;
    match days {
        2.. => say!("{days} days left", "剩余 {days} 天"),
        1 => say!("1 day left", "剩余 1 天"),
        0 => say!("less than 1 day left", "剩余不足 1 天"),
        -1 => say!("EXPIRED less than 1 day ago", "已过期，不足 1 天"),
        -2 => say!("EXPIRED 1 day ago", "已过期 1 天"),
        _ => say!("EXPIRED {over} days ago", "已过期 {over} 天"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole() {
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * 86_400);
        let second = Duration::from_secs(1);
        assert_eq!(days_until(end, end - Duration::from_secs(2 * 86_400)), 2);
        assert_eq!(days_until(end, end - second), 0);
        assert_eq!(days_until(end, end + second), -1);
        assert_eq!(days_until(end, end + Duration::from_secs(86_400)), -2);
    }

    #[test]
    fn one_day_is_singular() {
        for (days, text) in [
            (20, "20 days left"),
            (1, "1 day left"),
            (0, "less than 1 day left"),
            (-1, "EXPIRED less than 1 day ago"),
            (-2, "EXPIRED 1 day ago"),
            (-11, "EXPIRED 10 days ago"),
        ] {
            assert_eq!(days_text(days), text);
        }
    }
}
