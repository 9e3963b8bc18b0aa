//! Formats points in time.

use std::time::SystemTime;

use x509_cert::der::DateTime;

/// `2026-11-25T03:40:00Z`, UTC.
pub(crate) fn rfc3339(at: SystemTime) -> String {
    DateTime::from_system_time(at).unwrap_or(DateTime::INFINITY).to_string()
}
