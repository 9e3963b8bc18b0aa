//! What every command gets: the options of the command line that hold for all.

use std::path::PathBuf;
use std::time::Duration;

use wotrus::{Client, ClientBuilder, Event};

use crate::config::Config;
use crate::failure::Result;
use crate::interrupt;
use crate::lang::Lang;
use crate::live;
use crate::options::Options;
use crate::progress::{self, Detail};
use crate::token;

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Context {
    /// Print one JSON object, errors too; of streams a line each
    #[arg(long, global = true, help_heading = "General")]
    pub(crate) json: bool,

    /// Tell every event of every call on standard error
    #[arg(long, short, global = true, help_heading = "General")]
    pub(crate) verbose: bool,

    /// Language of messages and help, en or zh [default: the locale's]
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "LANG",
        hide_possible_values = true,
        help_heading = "General"
    )]
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
        let detail = self.detail();
        connect(self.builder(&self.config()?)?, move |event| progress::hear(detail, event))
    }

    /// A client whose calls an interrupt lets end, for a command that serves others; `timeout` is
    /// for who sets none.
    pub(crate) fn steady_client(&self, timeout: Duration) -> Result<Client> {
        let config = self.config()?;
        let mut builder = self.builder(&config)?;
        if self.options.value("timeout", &config)?.is_none() {
            builder = builder.timeout(timeout);
        }
        // Its own output scrolls; no line can stand below it.
        let detail = match self.detail() {
            Detail::Live => Detail::Pauses,
            detail => detail,
        };
        let hear = move |event: &Event<'_>| progress::tell_event(detail, event);
        Ok(builder.observer(hear).build()?)
    }

    /// Where the service is.
    pub(crate) fn base_url(&self) -> Result<String> {
        let given = self.options.value("base_url", &self.config()?)?;
        let url = given.map_or_else(|| wotrus::DEFAULT_BASE_URL.to_owned(), |(url, _)| url);
        Ok(url.trim_end_matches('/').to_owned())
    }

    /// The config file.
    pub(crate) fn config(&self) -> Result<Config> {
        Config::read(self.config.as_deref())
    }

    fn builder(&self, config: &Config) -> Result<ClientBuilder> {
        Ok(self.options.builder(config)?.token(token::find(config)?.0))
    }

    pub(crate) fn detail(&self) -> Detail {
        match (self.verbose, self.json) {
            (false, _) if live::is_possible() => Detail::Live,
            (false, _) => Detail::Pauses,
            (true, false) => Detail::Words,
            (true, true) => Detail::Json,
        }
    }
}

/// Makes the client, and has interrupts end its calls.
pub(crate) fn connect(
    builder: ClientBuilder,
    hear: impl Fn(&Event<'_>) + Send + Sync + 'static,
) -> Result<Client> {
    let client = builder.observer(hear).build()?;
    let ended = client.clone();
    interrupt::on_interrupt(move || ended.cancel());
    Ok(client)
}
