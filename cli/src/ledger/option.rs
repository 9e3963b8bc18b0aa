//! `--ledger FILE`

use std::path::PathBuf;

use wotrus::Delivery;

use super::{Access, Ledger, ask_soon};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::options::variable_path;
use crate::output::warn;

/// The ledger of a command.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct LedgerOption {
    /// Ledger: an SQLite file with the orders [default: WOTRUS_LEDGER, or ledger of the config file]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl LedgerOption {
    /// The file from the flag, the variable or the config file, and the name of its source.
    fn path(&self, context: &Context) -> Result<Option<(PathBuf, &'static str)>> {
        if let Some(path) = &self.ledger {
            return Ok(Some((path.clone(), "--ledger")));
        }
        match variable_path("ledger") {
            Some(path) => Ok(Some((path, "WOTRUS_LEDGER"))),
            None => Ok(context.config()?.ledger()?.map(|path| (path, "ledger"))),
        }
    }

    /// The ledger, if one is set.
    pub(crate) fn open(&self, context: &Context, access: Access) -> Result<Option<Ledger>> {
        let open = |(path, source): (PathBuf, &str)| {
            Ledger::open(&path, access).map_err(|failure| failure.of_flag(source))
        };
        self.path(context)?.map(open).transpose()
    }

    /// Makes the next sync ask for an order that a call may have changed. The outcome of the call does not
    /// depend on the ledger, so a problem with it is only a warning.
    pub(crate) fn note_change<T>(
        &self,
        context: &Context,
        order_id: &str,
        result: &wotrus::Result<T>,
    ) {
        if result.as_ref().is_err_and(|error| error.delivery() == Delivery::NotSent) {
            return;
        }
        let noted = self.open(context, Access::Update).and_then(|ledger| match ledger {
            Some(ledger) => {
                let base_url = context.base_url()?;
                ledger.transaction(|it| ask_soon(it, &base_url, order_id))
            }
            None => Ok(()),
        });
        if let Err(failure) = noted {
            let problem = failure.message();
            warn(&say!(
                "the change is not noted in the ledger, so sync may see it some hours later: {problem}",
                "未能在账本中记录此变化，sync 可能在数小时后才会发现：{problem}"
            ));
        }
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
