//! Times as seconds since 1970 in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// The time now.
pub(crate) fn now() -> i64 {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// A time of the Gregorian calendar, such as 2024, 2, 29 and 23, 59, 59; `None` if a part is out of range.
pub(crate) fn seconds(date: [i64; 3], time: [i64; 3]) -> Option<i64> {
    let ([year, month, day], [hour, minute, second]) = (date, time);
    let in_range = (0..10_000).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        // 60 is a leap second.
        && (0..=60).contains(&second);
    if !in_range {
        return None;
    }
    // The year is counted from March, so that a leap day is its last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 719_469;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_since_1970() {
        for (date, time, expected) in [
            ([1970, 1, 1], [0, 0, 0], Some(0)),
            ([1969, 12, 31], [23, 59, 59], Some(-1)),
            ([2000, 2, 29], [12, 0, 0], Some(951_825_600)),
            ([2024, 3, 1], [0, 0, 0], Some(1_709_251_200)),
            ([2016, 12, 31], [23, 59, 60], Some(1_483_228_800)),
            ([9999, 12, 31], [23, 59, 59], Some(253_402_300_799)),
            ([0, 1, 1], [0, 0, 0], Some(-62_167_219_200)),
            ([2024, 0, 1], [0, 0, 0], None),
            ([2024, 13, 1], [0, 0, 0], None),
            ([2024, 1, 32], [0, 0, 0], None),
            ([2024, 1, 1], [24, 0, 0], None),
            ([2024, 1, 1], [0, 60, 0], None),
            ([2024, 1, 1], [0, 0, 61], None),
            ([i64::MAX, 1, 1], [0, 0, 0], None),
        ] {
            assert_eq!(seconds(date, time), expected, "{date:?} {time:?}");
        }
        assert!(now() > 1_700_000_000);
    }
}
