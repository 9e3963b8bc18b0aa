//! `wotrus push …`: notifications from the service.

mod command;
mod connections;
mod event;
mod journal;
mod listen;
mod parse;
mod receiver;
mod server;
mod service;

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::output::Outcome;

/// Pushes: receive and read notifications from the service
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
