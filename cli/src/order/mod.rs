//! `wotrus order …`

mod cancel;
mod create;
mod email;
mod secrets;
mod show;
mod wait;

pub(crate) use wait::{WaitTime, seconds};

use crate::context::Context;
use crate::failure::Result;
use crate::output::Outcome;

/// Orders: create, look at, wait for, cancel
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Order {
    Create(Box<create::Create>),
    Show(show::Show),
    Wait(wait::Wait),
    Cancel(cancel::Cancel),
    Email(email::Email),
}

impl Order {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            Self::Create(create) => create.run(context),
            Self::Show(show) => show.run(context),
            Self::Wait(wait) => wait.run(context),
            Self::Cancel(cancel) => cancel.run(context),
            Self::Email(email) => email.run(context),
        }
    }
}
