//! `wotrus order wait`

use super::show::{self, ShowSecrets};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::json::Json;
use crate::output::Outcome;
use crate::wait_time::WaitTime;

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
