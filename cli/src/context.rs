//! The options that every command takes, and clients made from them.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use wotrus::{Client, ClientBuilder, Event, Secret};

use crate::config::Config;
use crate::failure::Result;
use crate::interrupt;
use crate::lang::Lang;
use crate::options::Options;
use crate::progress::{self, Detail};
use crate::status_line;
use crate::token;

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Context {
    /// Print the result or error as one JSON object; streams print one per line
    #[arg(long, global = true, help_heading = "General")]
    pub(crate) json: bool,

    /// Report every event of every call on standard error
    #[arg(long, short, global = true, help_heading = "General")]
    pub(crate) verbose: bool,

    /// Language of messages and help, en or zh [default: from the locale]
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
    /// A client with the settings of flags, variables and the config file.
    pub(crate) fn client(&self) -> Result<Client> {
        self.client_for(&self.token()?)
    }

    /// A client with a token that was read already.
    pub(crate) fn client_for(&self, token: &Secret) -> Result<Client> {
        let detail = self.detail();
        build(self.builder(token)?, move |event| progress::on_event(detail, event))
    }

    /// A client for a server: an interrupt does not cancel its calls. `timeout` applies if the user
    /// sets none.
    pub(crate) fn server_client(&self, token: &Secret, timeout: Duration) -> Result<Client> {
        let mut builder = self.builder(token)?;
        if self.options.value("timeout", self.config()?)?.is_none() {
            builder = builder.timeout(timeout);
        }
        // A server prints lines continuously, so a status line cannot stay below them.
        let detail = match self.detail() {
            Detail::StatusLine => Detail::Summary,
            detail => detail,
        };
        let observer = move |event: &Event<'_>| progress::report(detail, event);
        Ok(builder.observer(observer).build()?)
    }

    /// The service's base URL.
    pub(crate) fn base_url(&self) -> Result<String> {
        let given = self.options.value("base_url", self.config()?)?;
        let url = given.map_or_else(|| wotrus::DEFAULT_BASE_URL.to_owned(), |(url, _)| url);
        Ok(normalized(&url))
    }

    /// The config file.
    pub(crate) fn config(&self) -> Result<&'static Config> {
        Config::get(self.config.as_deref())
    }

    /// The token. It should be read once, because its file may be a pipe.
    pub(crate) fn token(&self) -> Result<Secret> {
        Ok(token::find(self.config()?)?.0)
    }

    /// The token as it is now, if it is another one. A command that runs for long outlives its token.
    pub(crate) fn changed_token(&self, old: &Secret) -> Option<Secret> {
        token::find_again(&Config::again(self.config.as_deref())?).filter(|token| token != old)
    }

    /// Whether to report that nothing has happened: cron would send the line as mail.
    pub(crate) fn is_watched(&self) -> bool {
        self.verbose || std::io::stderr().is_terminal()
    }

    fn builder(&self, token: &Secret) -> Result<ClientBuilder> {
        Ok(self.options.builder(self.config()?)?.token(token.clone()))
    }

    /// Which events are reported.
    pub(crate) fn detail(&self) -> Detail {
        match (self.verbose, self.json) {
            (false, _) if status_line::is_supported() => Detail::StatusLine,
            (false, _) => Detail::Summary,
            (true, false) => Detail::All,
            (true, true) => Detail::Json,
        }
    }
}

/// Builds a client whose calls an interrupt cancels.
pub(crate) fn build(
    builder: ClientBuilder,
    observer: impl Fn(&Event<'_>) + Send + Sync + 'static,
) -> Result<Client> {
    let client = builder.observer(observer).build()?;
    let cancelled = client.clone();
    interrupt::on_interrupt(move || cancelled.cancel());
    Ok(client)
}

/// The URL in one form, because the ledger has the orders of each service under its URL: the scheme and the
/// host in lower case, without the default port and without a slash at the end.
fn normalized(url: &str) -> String {
    let url = url.trim().trim_end_matches('/');
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
    let port = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}{path}", host.strip_suffix(port).unwrap_or(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_one_url() {
        for url in ["https://a.cn/x", "HTTPS://A.cn:443/x/", " https://a.cn/x// "] {
            assert_eq!(normalized(url), "https://a.cn/x", "{url}");
        }
        for url in ["https://a.cn:8443", "http://a.cn:443", "https://[::1]:44", "https://a.cn/X"] {
            assert_eq!(normalized(url), url);
        }
    }
}
