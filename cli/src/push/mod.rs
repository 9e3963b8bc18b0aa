//! `wotrus push …`: the service's notifications.

mod command;
mod event;
mod journal;
mod listen;
mod parse;
mod server;

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::output::Outcome;

/// Notifications from the service
#[derive(Debug, clap::Subcommand)]
#[command(after_help = epilogue!(
    "wotrus push listen --output pushes.jsonl"
    "wotrus push parse push.json"
))]
pub(crate) enum Push {
    Listen(listen::Listen),
    Parse(parse::Parse),
}

impl Push {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            Self::Listen(listen) => listen.run(context),
            Self::Parse(parse) => parse.run(context),
        }
    }
}
