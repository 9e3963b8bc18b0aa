//! `wotrus order wait`: until an order is issued.

use std::time::Duration;

use wotrus::WaitOptions;

use super::show::{self, ShowSecrets};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::json::Json;
use crate::lang::say;
use crate::output::Outcome;

/// Wait until an order is issued, then show it
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus order wait a4a78326-0546-4602-9586-8ee3c05e8068 --wait-timeout 3600"
    "wotrus order wait \"$id\" || [ $? -eq 5 ]   # 5: not issued yet"
))]
pub(crate) struct Wait {
    /// The order's id
    order: String,

    #[command(flatten)]
    time: WaitTime,

    #[command(flatten)]
    secrets: ShowSecrets,
}

/// How long a wait may take.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct WaitTime {
    /// Wait at most so long; a review by people takes days
    #[arg(long, value_name = "SECS", default_value = "600", value_parser = seconds)]
    wait_timeout: Duration,
}

impl WaitTime {
    pub(crate) fn options(self) -> WaitOptions {
        WaitOptions::new().timeout(self.wait_timeout)
    }
}

/// Decimal seconds, as in the library's options.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let seconds = text.parse().ok().filter(|_| plain);
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.ok_or_else(|| say!("no number of seconds, as in 2.5", "不是秒数（例如 2.5）"))
}

impl Wait {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let client = context.client()?;
        let done = Json::new().with("order_id", self.order.trim());
        let failed = |error: wotrus::Error| Failure::from(error).after(&done);
        client.wait_for_certificate(&self.order, &self.time.options()).map_err(failed)?;
        let order = client.query_order(&self.order).map_err(failed)?;
        Ok(show::outcome(&order, self.secrets))
    }
}
