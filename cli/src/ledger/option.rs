//! `--ledger FILE`

use std::path::PathBuf;

use super::{Access, Ledger};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::options::variable_path;

/// The ledger of a command.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct LedgerOption {
    /// Ledger: an SQLite file with the orders [default: WOTRUS_LEDGER, or ledger of the config file]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl LedgerOption {
    /// The file from the flag, the variable or the config file.
    pub(crate) fn path(&self, context: &Context) -> Result<Option<PathBuf>> {
        match self.ledger.clone().or_else(|| variable_path("ledger")) {
            Some(path) => Ok(Some(path)),
            None => context.config()?.ledger(),
        }
    }

    /// The ledger, if one is set.
    pub(crate) fn open(&self, context: &Context, access: Access) -> Result<Option<Ledger>> {
        let open = |path: PathBuf| Ledger::open(&path, access).map_err(|it| it.of_flag("--ledger"));
        self.path(context)?.map(open).transpose()
    }

    /// The ledger of a command that cannot work without one.
    pub(crate) fn required(&self, context: &Context, access: Access) -> Result<Ledger> {
        self.open(context, access)?.ok_or_else(|| {
            let problem = say!(
                "is missing: set WOTRUS_LEDGER, or ledger in the config file",
                "未设置：请设置环境变量 WOTRUS_LEDGER，或在配置文件中设置 ledger"
            );
            Failure::argument("--ledger", problem)
        })
    }
}
