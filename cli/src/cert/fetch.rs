//! `wotrus cert fetch`

use std::path::PathBuf;

use super::{SaveOptions, deliver};
use crate::context::Context;
use crate::failure::Result;
use crate::help::epilogue;
use crate::input;
use crate::output::Outcome;

/// Fetch an issued certificate: into files, or the full chain to standard output
///
/// If the service sent issuers that make no complete chain, only leaf.pem is written, and the exit
/// code is 8. If it sent none, the certificate alone is written, with a warning.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus cert fetch a4a78326-0546-4602-9586-8ee3c05e8068 >fullchain.pem"
    "wotrus cert fetch \"$id\" --csr example.csr --output-dir certificates/4711"
    "wotrus cert fetch \"$id\" --key private.pem --pfx www.pfx --password-file p.txt"
))]
pub(crate) struct Fetch {
    /// The order's id
    order: String,

    #[command(flatten)]
    key: KeyCheck,

    #[command(flatten)]
    save: SaveOptions,
}

/// The CSR that the certificate is compared with.
#[derive(Debug, clap::Args)]
pub(crate) struct KeyCheck {
    /// Check that the certificate is for this CSR's key
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
}

impl KeyCheck {
    pub(crate) fn read(&self) -> Result<Option<String>> {
        self.csr.as_ref().map(|path| input::csr("--csr", path)).transpose()
    }
}

impl Fetch {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        let csr = self.key.read()?;
        let save = self.save.load()?;
        save.outputs.check_key()?;
        let answer = context.client()?.retrieve_certificate(&self.order)?;
        deliver(&answer, csr.as_deref(), &save)
    }
}
