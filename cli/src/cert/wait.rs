//! `wotrus cert wait`

use super::fetch::KeyCheck;
use super::{SaveOptions, deliver};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::files;
use crate::help::epilogue;
use crate::json::Json;
use crate::output::Outcome;
use crate::wait_time::WaitTime;

/// Wait until an order is issued, then fetch its certificate
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus cert wait a4a78326-0546-4602-9586-8ee3c05e8068 --output-dir certs"
    "wotrus cert wait \"$id\" --wait-timeout 86400 --output-dir certs"
))]
pub(crate) struct Wait {
    /// The order's id
    order: String,

    #[command(flatten)]
    time: WaitTime,

    #[command(flatten)]
    key: KeyCheck,

    #[command(flatten)]
    save: SaveOptions,
}

impl Wait {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let csr = self.key.read()?;
        let save = self.save.load()?;
        save.outputs.check_key()?;
        let client = context.client()?;
        if let Some(folder) = &self.save.output_dir {
            files::prepare_output_dir(folder)?;
        }
        let done = Json::new().with("order_id", self.order.trim());
        let answer = client
            .wait_for_certificate(&self.order, &self.time.options())
            .map_err(|error| Failure::from(error).after(&done))?;
        deliver(&answer, csr.as_deref(), &save).map_err(|failure| failure.after(&done))
    }
}
