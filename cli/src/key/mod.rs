//! `wotrus key …`, and private keys for the commands that need one.

mod algorithm;
mod csr;
mod encrypted;
mod host_name;
mod new;
mod password;
mod private_key;
mod read;
mod request;
mod subject;

pub(crate) use algorithm::Algorithm;
pub(crate) use csr::{CsrFile, refuse_standard_output};
pub(crate) use new::create;
pub(crate) use password::Password;
pub(crate) use private_key::PrivateKey;
pub(crate) use read::{of_der as key_of_der, private_keys};
pub(crate) use subject::Subject;

use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::output::Outcome;

/// Private keys and certificate signing requests
#[derive(Debug, clap::Subcommand)]
#[command(after_help = epilogue!(
    "wotrus key new private.pem --csr example.csr --common-name 沃通"
    "wotrus key csr private.pem --csr renewal.csr --common-name 沃通"
))]
pub(crate) enum Key {
    New(new::New),
    Csr(csr::Csr),
}

impl Key {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        match self {
            Self::New(new) => new.run(context),
            Self::Csr(csr) => csr.run(context),
        }
    }
}
