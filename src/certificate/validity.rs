//! The validity of a certificate as numbers.

use super::der::{Element, Reader};
use crate::calendar;
use crate::digits::number;

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The begin and the end of a Validity in DER, in seconds since 1970.
pub(super) fn read(der: &[u8]) -> Option<(i64, i64)> {
    let mut parts = Reader::new(der).sequence()?;
    Some((seconds(parts.next()?)?, seconds(parts.next()?)?))
}

fn seconds(time: Element<'_>) -> Option<i64> {
    let digits = time.content.strip_suffix(b"Z")?;
    let (year, rest) = digits.split_at_checked(digits.len().checked_sub(10)?)?;
    let year = match (time.tag, year.len()) {
        (UTC_TIME, 2) => {
            let year = number(year)?;
            if year < 50 { 2000 + year } else { 1900 + year }
        }
        (GENERALIZED_TIME, 4) => number(year)?,
        _ => return None,
    };
    let mut parts = [0; 5];
    for (part, digits) in parts.iter_mut().zip(rest.chunks_exact(2)) {
        *part = number(digits)?;
    }
    let [month, day, hour, minute, second] = parts;
    calendar::seconds([year, month, day], [hour, minute, second])
}

#[cfg(test)]
mod tests {
    use super::super::der::SEQUENCE;
    use super::super::samples::element;
    use super::*;

    fn at(tag: u8, text: &str) -> Option<i64> {
        let time = element(tag, text.as_bytes());
        read(&element(SEQUENCE, &[&time[..], &time].concat())).map(|(from, _)| from)
    }

    #[test]
    fn times_are_seconds_since_1970() {
        for (tag, text, seconds) in [
            (UTC_TIME, "700101000000Z", 0),
            (UTC_TIME, "491231235959Z", 2_524_607_999),
            (UTC_TIME, "500101000000Z", -631_152_000),
            (GENERALIZED_TIME, "20000229120000Z", 951_825_600),
            (GENERALIZED_TIME, "20240301000000Z", 1_709_251_200),
            (GENERALIZED_TIME, "20991231235959Z", 4_102_444_799),
            (GENERALIZED_TIME, "99991231235959Z", 253_402_300_799),
        ] {
            assert_eq!(at(tag, text), Some(seconds), "{text}");
        }
        for (tag, text) in [
            (UTC_TIME, "700101000000"),
            (UTC_TIME, "7001010000Z"),
            (UTC_TIME, "701301000000Z"),
            (UTC_TIME, "70o101000000Z"),
            (GENERALIZED_TIME, "700101000000Z"),
            (0x0c, "700101000000Z"),
            (UTC_TIME, "Z"),
        ] {
            assert_eq!(at(tag, text), None, "{text}");
        }
    }
}
