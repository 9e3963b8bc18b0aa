//! The stages before the end of a certificate.

use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(86_400);

/// Days before the end, the nearest first. Stage 0 is reached when the certificate has expired.
const STAGES: [u32; 5] = [0, 1, 7, 30, 90];

/// The time until the end; none if the certificate has expired.
fn left(end: SystemTime, now: SystemTime) -> Duration {
    end.duration_since(now).unwrap_or_default()
}

/// The nearest stage that the certificate has reached, if its end is within the given time.
pub(super) fn reached(end: SystemTime, now: SystemTime, within: Duration) -> Option<u32> {
    let left = left(end, now);
    let stage = STAGES.into_iter().find(|stage| left <= DAY * *stage);
    stage.or(Some(u32::MAX)).filter(|_| left <= within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_is_reached_at_its_day() {
        let end = SystemTime::UNIX_EPOCH + DAY * 20_000;
        let stage =
            |before: f64, within: u32| reached(end, end - DAY.mul_f64(before), DAY * within);
        for (before, expected) in [
            (90.1, None),
            (90.0, Some(90)),
            (30.5, Some(90)),
            (30.0, Some(30)),
            (7.0, Some(7)),
            (1.5, Some(7)),
            (1.0, Some(1)),
            (0.5, Some(1)),
            (0.0, Some(0)),
        ] {
            assert_eq!(stage(before, 90), expected, "{before}");
        }
        assert_eq!(stage(31.0, 30), None);
        assert_eq!(reached(end, end + DAY, DAY), Some(0));
        assert_eq!(stage(200.0, 365), Some(u32::MAX), "before the first stage");
    }
}
