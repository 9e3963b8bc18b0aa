//! What every command gets: the options of the command line that hold for all.

use std::ops::ControlFlow;
use std::path::PathBuf;

use wotrus::{Client, ClientBuilder, Event};

use crate::config::Config;
use crate::failure::Result;
use crate::interrupt;
use crate::lang::Lang;
use crate::options::Options;
use crate::progress::{self, Detail};

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Context {
    /// Print one JSON object, errors too
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Tell every event of every call on standard error
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,

    /// Language of messages [default: the locale's]
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub(crate) lang: Option<Lang>,

    /// Config file [default: ~/.config/wotrus/config.toml]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Connection")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) options: Options,
}

impl Context {
    /// A client made of flags, variables and the config file.
    pub(crate) fn client(&self) -> Result<Client> {
        let config = Config::read(self.config.as_deref())?;
        let detail = self.detail();
        let builder = self.options.builder(&config)?;
        connect(builder, move |event| progress::hear(detail, event))
    }

    pub(crate) fn detail(&self) -> Detail {
        match (self.verbose, self.json) {
            (false, _) => Detail::Pauses,
            (true, false) => Detail::Words,
            (true, true) => Detail::Json,
        }
    }
}

/// Makes the client, and has interrupts end its calls.
pub(crate) fn connect(
    builder: ClientBuilder,
    hear: impl Fn(&Event<'_>) -> ControlFlow<()> + Send + Sync + 'static,
) -> Result<Client> {
    let client = builder.observer(hear).build()?;
    let ended = client.clone();
    interrupt::on_interrupt(move || ended.cancel());
    Ok(client)
}
