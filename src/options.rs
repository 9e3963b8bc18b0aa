//! The options of a client: one table, by method or by name.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::event::{Event, Observer};
use crate::http::url::BaseUrl;
use crate::request::validation;
use crate::secret::Secret;

/// Where the service is.
pub const DEFAULT_BASE_URL: &str = "https://restapi.wosign.com";

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// Below 1 Mbit/s an upload of documents would not fit into a fixed time.
const BYTES_A_SECOND: u64 = 128 * 1024;
/// Longer ones overflow somebody's clock, and mean "for ever".
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// Options of a [`Client`], all with defaults but the token. Each is a method here, and a name
/// for [`set`](Self::set), for C, for PHP and for the command line:
///
/// | name | meaning | default |
/// | --- | --- | --- |
/// | `token` | the API token, `tk_…` | required |
/// | `base_url` | `https://…`; plain `http://` for loopback only; a path is kept | [`DEFAULT_BASE_URL`] |
/// | `timeout` | seconds for a whole call: name, connection, every attempt and pause | 30, plus 1 for each 128 KiB of body |
/// | `connect_timeout` | seconds to resolve a name, and again to open a connection | 10 |
/// | `retries` | how often a call is sent again at most, where that is safe | 2 |
/// | `ca_file` | PEM file of the CAs to trust *instead of* the built-in ones | the Mozilla roots |
/// | `proxy` | `http://[user:password@]host:port`; never used for loopback | none |
/// | `max_answer_size` | bytes of an answer's body at most | 1048576 |
/// | `user_agent` | the `User-Agent` header | `libwotrus/<version>` |
///
/// The library reads no environment variable: neither proxies nor anything else.
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    pub(crate) token: Secret,
    pub(crate) base_url: String,
    pub(crate) connect_timeout: Duration,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) proxy: Option<Secret>,
    pub(crate) max_answer_size: u64,
    pub(crate) user_agent: String,
    pub(crate) call: CallOptions,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            token: Secret::default(),
            base_url: DEFAULT_BASE_URL.into(),
            connect_timeout: Duration::from_secs(10),
            ca_file: None,
            proxy: None,
            max_answer_size: 1024 * 1024,
            user_agent: concat!("libwotrus/", env!("CARGO_PKG_VERSION")).into(),
            call: CallOptions::default(),
        }
    }
}

impl ClientBuilder {
    /// The names [`set`](Self::set) takes.
    pub const NAMES: &'static [&'static str] = &[
        "token",
        "base_url",
        "timeout",
        "connect_timeout",
        "retries",
        "ca_file",
        "proxy",
        "max_answer_size",
        "user_agent",
        "request_id",
    ];

    /// The API token from partner.wosign.com.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = token.into();
        self
    }

    /// Where the service is: `https://host[:port][/path]`, or `http://` for loopback.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The time for a whole call. Unset, it is 30 s plus 1 s for each 128 KiB of body.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call.timeout = Some(timeout);
        self
    }

    /// The time to resolve a name, and again to open a connection.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How often a call is sent again at most, where that is safe.
    pub fn retries(mut self, retries: u32) -> Self {
        self.call.retries = Some(retries);
        self
    }

    /// A PEM file of the CAs to trust instead of the built-in ones.
    pub fn ca_file(mut self, path: impl AsRef<Path>) -> Self {
        self.ca_file = Some(path.as_ref().to_owned());
        self
    }

    /// An HTTP proxy, `http://[user:password@]host:port`. It carries TLS, so it never sees the
    /// token; for loopback it is not used.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// The largest body of an answer that is read, in bytes.
    pub fn max_answer_size(mut self, bytes: u64) -> Self {
        self.max_answer_size = bytes;
        self
    }

    /// The `User-Agent` header.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Hears what happens in every call; see [`Event`].
    pub fn observer(
        mut self,
        hear: impl Fn(&Event<'_>) -> ControlFlow<()> + Send + Sync + 'static,
    ) -> Self {
        self.call = self.call.observer(hear);
        self
    }

    /// Sets an option by its name. Times are seconds, `"2.5"`.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) for an unknown name or a value that cannot be one.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "token" => self.token = value.into(),
            "base_url" => self.base_url = value.into(),
            "timeout" => self.call.timeout = Some(seconds(name, value)?),
            "connect_timeout" => self.connect_timeout = seconds(name, value)?,
            "retries" => self.call.retries = Some(number(name, value)?),
            "ca_file" => self.ca_file = Some(value.into()).filter(|_| !value.is_empty()),
            "proxy" => self.proxy = Some(value.into()).filter(|_| !value.is_empty()),
            "max_answer_size" => self.max_answer_size = number(name, value)?,
            "user_agent" => self.user_agent = value.into(),
            "request_id" => self.call.request_id = Some(value.into()),
            _ => return Err(Error::config(name, "is no option")),
        }
        Ok(())
    }

    /// Checks the options, reads the CA file, and makes the client. Nothing is connected yet.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config), naming the option.
    pub fn build(self) -> Result<Client> {
        validation::token(self.token.expose())?;
        validation::user_agent(&self.user_agent)?;
        check_time("connect_timeout", Some(self.connect_timeout))?;
        check_time("timeout", self.call.timeout)?;
        if self.max_answer_size == 0 {
            return Err(Error::config("max_answer_size", "is 0"));
        }
        let base_url = BaseUrl::parse(&self.base_url)?;
        Client::new(self, base_url)
    }
}

/// Options of one call, for [`Client::with`](crate::Client::with). What is unset is as the client
/// has it.
///
/// ```no_run
/// # fn main() -> wotrus::Result<()> {
/// # let client = wotrus::Client::builder().token("tk_").build()?;
/// use wotrus::CallOptions;
/// let order = client.with(CallOptions::new().request_id("ticket-42")).query_order("644A3E60")?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(crate) request_id: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retries: Option<u32>,
    pub(crate) observer: Option<Observer>,
}

impl CallOptions {
    /// No option set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The RequestID of the calls; unset, each call gets one of its own. Up to 128 visible ASCII
    /// characters, checked by the call.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// The time for a whole call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How often a call is sent again at most, where that is safe.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Hears what happens in the calls; see [`Event`].
    pub fn observer(
        mut self,
        hear: impl Fn(&Event<'_>) -> ControlFlow<()> + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Observer(Arc::new(hear)));
        self
    }

    /// These, and what they leave unset from `other`.
    pub(crate) fn or(self, other: &Self) -> Self {
        Self {
            request_id: self.request_id.or_else(|| other.request_id.clone()),
            timeout: self.timeout.or(other.timeout),
            retries: self.retries.or(other.retries),
            observer: self.observer.or_else(|| other.observer.clone()),
        }
    }

    /// The time for a call with a body of this many bytes.
    pub(crate) fn time_for(&self, body: u64) -> Result<Duration> {
        check_time("timeout", self.timeout)?;
        let default = || DEFAULT_TIMEOUT + Duration::from_secs(body / BYTES_A_SECOND);
        Ok(self.timeout.unwrap_or_else(default))
    }
}

pub(crate) fn check_time(name: &str, time: Option<Duration>) -> Result<()> {
    match time {
        Some(Duration::ZERO) => Err(Error::config(name, "is 0: a call needs time")),
        Some(time) if time > LONGEST => Err(Error::config(name, "is longer than a year")),
        _ => Ok(()),
    }
}

/// Seconds as a caller writes them.
pub(crate) fn seconds(name: &str, value: &str) -> Result<Duration> {
    let plain = value.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let seconds = value.parse().ok().filter(|_| plain);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| Error::config(name, "is no number of seconds, as in 2.5"))
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T> {
    value.parse().map_err(|_| Error::config(name, "is no whole number, or too large"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_sets_something() {
        for name in ClientBuilder::NAMES {
            let mut builder = ClientBuilder::default();
            let before = format!("{builder:?}{:?}", builder.token.expose());
            builder.set(name, "7").unwrap();
            assert_ne!(before, format!("{builder:?}{:?}", builder.token.expose()), "{name}");
        }
        let error = ClientBuilder::default().set("tokens", "x").unwrap_err();
        assert_eq!(error.field(), Some("tokens"));
    }

    #[test]
    fn bad_values_name_the_option() {
        for (name, value) in [
            ("timeout", "-1"),
            ("timeout", "inf"),
            ("timeout", "1e9"),
            ("timeout", ""),
            ("timeout", "2,5"),
            ("retries", "-1"),
            ("retries", "two"),
            ("max_answer_size", "1M"),
        ] {
            let error = ClientBuilder::default().set(name, value).unwrap_err();
            assert_eq!(error.field(), Some(name), "{value}");
        }
        for (name, value) in [
            ("timeout", "0"),
            ("connect_timeout", "0.0"),
            ("timeout", "99999999"),
            ("max_answer_size", "0"),
            ("token", ""),
            ("user_agent", ""),
            ("ca_file", "/no/such/file.pem"),
            ("proxy", "socks5://127.0.0.1:1"),
            ("base_url", "http://restapi.wosign.com"),
        ] {
            let mut builder = ClientBuilder::default().token("tk_x");
            builder.set(name, value).unwrap();
            let error = builder.build().unwrap_err();
            assert_eq!(error.kind(), crate::Kind::Config);
            assert_eq!(error.field(), Some(name), "{value}: {error}");
        }
    }

    #[test]
    fn documents_get_time_by_their_size_unless_the_caller_says() {
        let unset = CallOptions::new();
        assert_eq!(unset.time_for(0).unwrap(), Duration::from_secs(30));
        assert_eq!(unset.time_for(128 * 1024 * 1000).unwrap(), Duration::from_secs(1030));
        let set = CallOptions::new().timeout(Duration::from_secs(2));
        assert_eq!(set.time_for(1 << 30).unwrap(), Duration::from_secs(2));
    }

    #[test]
    fn secrets_stay_out_of_debug() {
        let builder = ClientBuilder::default().token("tk_secret").proxy("http://u:pw@h:1");
        let shown = format!("{builder:?}");
        assert!(!shown.contains("secret") && !shown.contains("pw"), "{shown}");
    }
}
