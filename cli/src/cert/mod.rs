//! `wotrus cert …`

mod choice;
mod contents;
mod convert;
mod deliver;
mod fetch;
mod format;
mod inspect;
mod outputs;
mod reissue;
mod revoke;
mod wait;

pub(crate) use contents::Contents;
pub(crate) use deliver::{Parts, Save, SaveOptions, Which, deliver};
pub(crate) use inspect::{identity, summary};

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::output::Outcome;

/// Certificates: fetch, wait for, inspect, convert, reissue, revoke
#[derive(Debug, clap::Subcommand)]
#[command(after_help = epilogue!(
    "wotrus cert wait a4a78326-0546-4602-9586-8ee3c05e8068 --output-dir certs"
    "wotrus cert inspect certs/fullchain.pem --csr example.csr"
))]
pub(crate) enum Cert {
    Fetch(fetch::Fetch),
    Inspect(inspect::Inspect),
    Convert(convert::Convert),
    Wait(wait::Wait),
    Reissue(reissue::Reissue),
    Revoke(revoke::Revoke),
}

impl Cert {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            Self::Fetch(fetch) => fetch.run(context),
            Self::Inspect(inspect) => inspect.run(context),
            Self::Convert(convert) => convert.run(context),
            Self::Wait(wait) => wait.run(context),
            Self::Reissue(reissue) => reissue.run(context),
            Self::Revoke(revoke) => revoke.run(context),
        }
    }
}
