//! `--wait-timeout`, and durations on the command line.

use std::time::Duration;

use wotrus::WaitOptions;

use crate::lang::say;

/// How long a wait may take.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct WaitTime {
    /// Maximum time to wait; a manual review can take days
    #[arg(long, value_name = "SECS", default_value = "600", value_parser = seconds)]
    wait_timeout: Duration,
}

impl WaitTime {
    pub(crate) fn options(self) -> WaitOptions {
        WaitOptions::new().timeout(self.wait_timeout)
    }
}

/// Parses decimal seconds, the form that the library's options have.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let is_decimal = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let seconds = text.parse().ok().filter(|_| is_decimal);
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.ok_or_else(|| say!("should be a number of seconds, such as 2.5", "应为秒数，例如 2.5"))
}
