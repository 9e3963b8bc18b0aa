//! Times, and how the service writes them. Time is always passed in; only the clock reads it.

use std::time::Duration;

use x509_cert::der::DateTime;

/// Milliseconds since the Unix epoch.
pub(crate) type Millis = u64;

/// The service writes China Standard Time, which has no daylight saving.
const CHINA: Duration = Duration::from_secs(8 * 3600);

/// A duration in milliseconds. What is too long becomes the largest value.
pub(crate) fn millis(duration: Duration) -> Millis {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The UTC date and time; the year 9999 for everything later.
pub(crate) fn calendar(at: Millis) -> DateTime {
    DateTime::from_unix_duration(Duration::from_secs(at / 1000)).unwrap_or(DateTime::INFINITY)
}

fn china(at: Millis) -> DateTime {
    calendar(at.saturating_add(millis(CHINA)))
}

/// `2020-03-31T14:27:42.286+08:00`, as in the query's example (section 3).
pub(crate) fn rfc3339(at: Millis) -> String {
    let t = china(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+08:00",
        t.year(),
        t.month(),
        t.day(),
        t.hour(),
        t.minutes(),
        t.seconds(),
        at % 1000
    )
}

/// `200331142742552`: year, month, day, time of day and milliseconds, as in the query's example (section 3).
pub(crate) fn order_number(at: Millis) -> u64 {
    let t = china(at);
    [t.month(), t.day(), t.hour(), t.minutes(), t.seconds()]
        .iter()
        .fold(u64::from(t.year() % 100), |number, part| number * 100 + u64::from(*part))
        * 1000
        + at % 1000
}

/// The same day and time `months` later. In a month that is too short it is the last day.
pub(crate) fn add_months(at: Millis, months: u32) -> Millis {
    let t = calendar(at);
    let month0 = u32::from(t.month()) - 1 + months;
    let year = t.year().saturating_add(u16::try_from(month0 / 12).unwrap_or(u16::MAX));
    let month = (month0 % 12 + 1) as u8;
    (28..=t.day().max(28))
        .rev()
        .map(|day| day.min(t.day()))
        .find_map(|day| DateTime::new(year, month, day, t.hour(), t.minutes(), t.seconds()).ok())
        .map_or(millis(DateTime::INFINITY.unix_duration()), |t| millis(t.unix_duration()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: Millis = 1_585_636_062_286;

    #[test]
    fn times_are_written_as_in_the_example() {
        assert_eq!(rfc3339(EXAMPLE), "2020-03-31T14:27:42.286+08:00");
        assert_eq!(order_number(EXAMPLE), 200_331_142_742_286);
    }

    #[test]
    fn added_months_end_on_an_existing_day() {
        let jan31 = millis(DateTime::new(2023, 1, 31, 5, 6, 7).unwrap().unix_duration());
        assert_eq!(rfc3339(add_months(jan31, 13)), "2024-02-29T13:06:07.000+08:00");
        assert_eq!(rfc3339(add_months(jan31, 12)), "2024-01-31T13:06:07.000+08:00");
        assert_eq!(rfc3339(add_months(jan31, 25)), "2025-02-28T13:06:07.000+08:00");
        assert_eq!(calendar(add_months(u64::MAX, 12)).year(), 9999);
    }
}
