//! `Retry-After`: seconds, or a date in one of the three forms of RFC 9110, section 5.6.7.

use std::time::Duration;

use crate::calendar;
use crate::digits::number;

/// The pause that the header's `value` asks for. A date is compared with `date`, the answer's own
/// `Date` header, because clocks differ; without one, with this machine's clock.
pub(super) fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(pause(value.parse().unwrap_or(u64::MAX)));
    }
    let now = calendar::now();
    let now = date.and_then(|date| parse_date(date, now)).unwrap_or(now);
    let then = parse_date(value, now)?;
    Some(pause(u64::try_from(then - now).unwrap_or_default()))
}

/// A longer pause counts as ten years, which every language can hold in milliseconds.
fn pause(seconds: u64) -> Duration {
    Duration::from_secs(seconds.min(10 * 365 * 24 * 3600))
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Seconds since 1970 of a date. `now`, in the same unit, is what a year of two digits refers to.
fn parse_date(date: &str, now: i64) -> Option<i64> {
    let words: Vec<&str> = date.split_ascii_whitespace().collect();
    let (day, month, year, time) = match words[..] {
        // Sun, 06 Nov 1994 08:49:37 GMT
        [_, day, month, year, time, "GMT"] => (day, month, number(year.as_bytes())?, time),
        // Sunday, 06-Nov-94 08:49:37 GMT
        [_, date, time, "GMT"] => {
            let mut parts = date.splitn(3, '-');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            (day, month, full_year(number(year.as_bytes())?, now)?, time)
        }
        // Sun Nov  6 08:49:37 1994
        [_, month, day, time, year] => (day, month, number(year.as_bytes())?, time),
        _ => return None,
    };
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let year = Some(year).filter(|year| *year >= 1970)?;
    let mut clock = time.splitn(3, ':').map(|part| number(part.as_bytes()));
    let time = [clock.next()??, clock.next()??, clock.next()??];
    calendar::seconds([year, month, number(day.as_bytes())?], time)
}

/// The year of two digits that is no more than 50 years ahead of `now`.
fn full_year(two_digits: i64, now: i64) -> Option<i64> {
    const SECONDS_IN_A_YEAR: i64 = 31_556_952;
    if two_digits > 99 {
        return None;
    }
    let this_year = 1970 + now / SECONDS_IN_A_YEAR;
    let year = this_year / 100 * 100 + two_digits;
    Some(if year > this_year + 50 { year - 100 } else { year })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_three_forms() {
        let now = parse_date("Sat, 28 Nov 2026 00:00:00 GMT", 0).unwrap();
        for (date, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
            ("Thursday, 29-Feb-24 23:59:59 GMT", 1_709_251_199),
            ("Thu Feb 29 23:59:59 2024", 1_709_251_199),
            ("Wednesday, 01-Jan-70 00:00:00 GMT", 3_155_760_000),
        ] {
            assert_eq!(parse_date(date, now), Some(seconds), "{date}");
        }
        for bad in [
            "",
            "soon",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 6 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 94 08:49:37 GMT",
            "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sunday, 06-Nov-18446744073709551615 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun Nov +6 08:49:37 1994",
        ] {
            assert_eq!(parse_date(bad, now), None, "{bad}");
        }
    }

    #[test]
    fn retry_after_in_seconds_and_as_a_date() {
        assert_eq!(retry_after(" 120 ", None), Some(Duration::from_secs(120)));
        let ten_years = Some(Duration::from_secs(315_360_000));
        for long in ["315360001", "18446744073709551615", &"9".repeat(30)] {
            assert_eq!(retry_after(long, None), ten_years);
        }
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        let at = |value| retry_after(value, date);
        assert_eq!(at("Sun, 06 Nov 1994 08:50:37 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(at("Sun Nov  6 08:50:37 1994"), Some(Duration::from_secs(60)));
        assert_eq!(at("Sunday, 06-Nov-94 08:50:37 GMT"), Some(Duration::from_secs(60)));
        assert_eq!(at("Sun, 06 Nov 1994 08:40:00 GMT"), Some(Duration::ZERO));
        for bad in ["", " ", "-1", "1.5"] {
            assert_eq!(at(bad), None, "{bad}");
        }
        assert_eq!(retry_after("Fri, 31 Dec 9999 23:59:59 GMT", None), ten_years);
    }
}
