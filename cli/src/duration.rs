//! Durations with a unit, such as `30d` and `10m`.

use std::time::Duration;

use crate::lang::say;

const UNITS: [(char, u64); 4] = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)];

/// Parses a whole number with its unit: s, m, h or d.
pub(crate) fn with_unit(text: &str) -> Result<Duration, String> {
    let parsed = UNITS.iter().find_map(|(unit, seconds)| {
        let digits = text.strip_suffix(*unit)?;
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number: u64 = digits.parse().ok().filter(|_| is_number)?;
        number.checked_mul(*seconds).filter(|seconds| *seconds <= 100 * 366 * 86_400)
    });
    parsed.map(Duration::from_secs).ok_or_else(|| {
        say!(
            "should be a number with a unit (s, m, h or d), such as 10m or 30d",
            "应为带单位（s、m、h 或 d）的数字，例如 10m 或 30d"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_number_and_a_unit() {
        assert_eq!(with_unit("30d"), Ok(Duration::from_secs(30 * 86_400)));
        assert_eq!(with_unit("10m"), Ok(Duration::from_secs(600)));
        for wrong in ["", "d", "30", "-1d", "+1d", "1.5h", "30 d", "99999999999d", "1w"] {
            assert!(with_unit(wrong).is_err(), "{wrong}");
        }
    }
}
