//! Dates on the command line and in the ledger.

use std::time::SystemTime;

use x509_cert::der::DateTime;

use crate::lang::say;

/// Parses `2026-11-25` or `2026-11-25T03:40:00Z`, UTC.
pub(crate) fn parse(text: &str) -> Result<SystemTime, String> {
    let whole = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    let time: Result<DateTime, _> = whole.parse();
    time.map(|time| time.to_system_time()).map_err(|_| {
        say!(
            "should be a date, such as 2026-11-25 or 2026-11-25T03:40:00Z",
            "应为日期，例如 2026-11-25 或 2026-11-25T03:40:00Z"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::rfc3339;

    #[test]
    fn dates_are_utc() {
        assert_eq!(rfc3339(parse("2026-11-25").unwrap()), "2026-11-25T00:00:00Z");
        assert_eq!(rfc3339(parse("2026-11-25T03:40:00Z").unwrap()), "2026-11-25T03:40:00Z");
        for wrong in ["", "2026", "2026-13-01", "25.11.2026", "2026-11-25T03:40", "tomorrow"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
