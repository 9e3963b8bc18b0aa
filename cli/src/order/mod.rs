//! `wotrus order …`

mod batch;
mod cancel;
mod create;
mod email;
mod import;
mod list;
mod many;
mod names;
mod origins;
mod renew;
mod restore;
mod resume;
mod secrets;
mod show;
mod source_files;
mod wait;

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::output::Outcome;

/// Orders: create, import, resume, renew, list, show, wait, cancel, notify the customer
#[derive(Debug, clap::Subcommand)]
#[command(after_help = epilogue!(
    "wotrus order create --from order.json --dry-run   # sends nothing"
    "wotrus order create --from order.json"
    "wotrus order show a4a78326-0546-4602-9586-8ee3c05e8068"
))]
pub(crate) enum Order {
    Create(Box<create::Create>),
    Import(import::Import),
    Resume(resume::Resume),
    Renew(Box<renew::Renew>),
    List(list::List),
    Show(show::Show),
    Wait(wait::Wait),
    Cancel(cancel::Cancel),
    Email(email::Email),
}

impl Order {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            Self::Create(create) => create.run(context),
            Self::Import(import) => import.run(context),
            Self::Resume(resume) => resume.run(context),
            Self::Renew(renew) => renew.run(context),
            Self::List(list) => list.run(context),
            Self::Show(show) => show.run(context),
            Self::Wait(wait) => wait.run(context),
            Self::Cancel(cancel) => cancel.run(context),
            Self::Email(email) => email.run(context),
        }
    }
}
