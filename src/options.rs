//! Options of a client and of its calls, by method or by name.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::event::{Event, Observer};
use crate::messages::{Lang, Message, message};
use crate::secret::Secret;
use crate::validation;

/// The address of the service.
pub const DEFAULT_BASE_URL: &str = "https://restapi.wosign.com";

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// The default timeout allows for an upload at this rate, 1 Mbit/s, in bytes per second.
const UPLOAD_RATE: u64 = 128 * 1024;
/// Larger values overflow `Instant` on some systems.
pub(crate) const MAX_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 3600);

/// The problem of a name that was given as the value.
pub(crate) const SWAPPED: Message = message!("name and value are swapped");

/// Options of a [`Client`](crate::Client). Only the token is required. Each option is a method here,
/// and a name for [`set`](Self::set), C, PHP and the command line:
///
/// | name | meaning | default |
/// | --- | --- | --- |
/// | `token` | the API token, `tk_…` | required |
/// | `base_url` | `https://…`; plain `http://` for loopback only; a path is kept | [`DEFAULT_BASE_URL`] |
/// | `timeout` | seconds for a whole call: name resolution, connection, every attempt and pause | 30, plus 1 for each 128 KiB of body |
/// | `connect_timeout` | seconds to resolve a name, and again to open a connection | 10 |
/// | `retries` | how often a call is sent again at most, where that is safe | 2 |
/// | `ca_file` | PEM file of the CAs to trust *instead of* the built-in ones; `system`: the operating system's | the Mozilla roots |
/// | `proxy` | `http://[user:password@]host:port`, user and password percent-encoded; never used for loopback | none |
/// | `max_answer_size` | maximum size of an answer's body in bytes | 1048576 |
/// | `user_agent` | the `User-Agent` header | `libwotrus/<version>` |
/// | `request_id` | the RequestID of the calls | a new one for each call |
/// | `lang` | `zh`: messages in Chinese; `en`: in English | `en` |
/// | `cancel` | `own`: a handle that is cancelled by itself; see [`CallOptions::cancel_own`] | `shared` |
///
/// The library reads no environment variables, neither for proxies nor for anything else.
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
    /// The names of the options of a whole client. Beside them, [`set`](Self::set) accepts `cancel`,
    /// which is an option of handles.
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
        "lang",
    ];

    /// The API token from partner.wosign.com.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = token.into();
        self
    }

    /// The address of the service: `https://host[:port][/path]`, or `http://` for loopback.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The time for a whole call. The default is 30 s plus 1 s for each 128 KiB of body.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call = self.call.timeout(timeout);
        self
    }

    /// The time to resolve a name, and again to open a connection. The default is 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The maximum number of retries of a call, where they are safe. The default is 2.
    pub fn retries(mut self, retries: u32) -> Self {
        self.call = self.call.retries(retries);
        self
    }

    /// A PEM file of the CAs to trust instead of the built-in ones (Mozilla's). `system` stands for the CAs
    /// that the operating system trusts, such as that of a company's proxy: see
    /// [`pki::system_ca_certificates`](crate::pki::system_ca_certificates). It needs the feature
    /// `system-ca`. A file of this name is `./system`.
    pub fn ca_file(mut self, path: impl AsRef<Path>) -> Self {
        self.ca_file = Some(path.as_ref().to_owned());
        self
    }

    /// An HTTP proxy, `http://[user:password@]host:port`, user and password percent-encoded. It carries TLS, so it never sees the
    /// token. It is not used for loopback addresses. The default is none.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// The maximum size of an answer's body in bytes. The default is 1 MiB.
    pub fn max_answer_size(mut self, bytes: u64) -> Self {
        self.max_answer_size = bytes;
        self
    }

    /// The `User-Agent` header. The default is `libwotrus/<version>`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// A function that receives the events of every call; see [`Event`].
    pub fn observer(mut self, observe: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.call = self.call.observer(observe);
        self
    }

    /// The language of messages; see [`CallOptions::lang`]. The default is English.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.call = self.call.lang(lang);
        self
    }

    /// Sets an option by its name. Times are decimal seconds: `"2.5"`.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) for an unknown name, or a value that the option cannot
    /// have. Its message is in the language that is set so far.
    pub fn set(mut self, name: &str, value: &str) -> Result<Self> {
        let lang = self.call.lang.unwrap_or_default();
        match self.try_set(name, value) {
            Ok(()) => Ok(self),
            Err(error) => Err(error.in_lang(lang)),
        }
    }

    fn try_set(&mut self, name: &str, value: &str) -> Result<()> {
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
            "lang" => match Lang::named(value) {
                Some(lang) => self.call.lang = Some(lang),
                None => return Err(Error::config(name, message!("is neither en nor zh"))),
            },
            "cancel" => {
                self.call.cancel_own = match value {
                    "own" => true,
                    "shared" => false,
                    _ => return Err(Error::config(name, message!("is neither own nor shared"))),
                }
            }
            // The name may be a secret, so it is not quoted.
            _ if Self::NAMES.contains(&value) => return Err(Error::config(value, SWAPPED)),
            _ => return Err(Error::config(name, message!("is not the name of an option"))),
        }
        Ok(())
    }
}

/// Options of some calls, for [`Client::with`](crate::Client::with). An option that is not set here is
/// the client's.
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
    pub(crate) lang: Option<Lang>,
    pub(crate) cancel_own: bool,
}

impl CallOptions {
    /// No option set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The RequestID of the calls: up to 128 visible ASCII characters, checked by each call. If unset,
    /// each call gets a new one.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// The time for a whole call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The maximum number of retries, where they are safe.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// A function that receives the events of the calls; see [`Event`].
    pub fn observer(mut self, observe: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer::new(observe));
        self
    }

    /// The language of messages: of errors, of the event [`Failed`](Event::Failed), and of the errors of
    /// the certificates that the calls return. Texts of the service and of the operating system stay as
    /// they came.
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = Some(lang);
        self
    }

    /// Makes a handle that is cancelled by itself: [`cancel`](crate::Client::cancel) on it, or on a
    /// copy of it, ends its own calls alone, and every later call of it fails at once. Cancelling the
    /// client it was made from still ends its calls. By name, this is option `cancel` = `own`.
    pub fn cancel_own(mut self) -> Self {
        self.cancel_own = true;
        self
    }

    /// These options; those that are unset are taken from `other`.
    pub(crate) fn or(self, other: &Self) -> Self {
        Self {
            request_id: self.request_id.or_else(|| other.request_id.clone()),
            timeout: self.timeout.or(other.timeout),
            retries: self.retries.or(other.retries),
            observer: self.observer.or_else(|| other.observer.clone()),
            lang: self.lang.or(other.lang),
            cancel_own: self.cancel_own,
        }
    }

    /// Checks the values before a call uses them.
    pub(crate) fn check(&self) -> Result<()> {
        check_timeout("timeout", self.timeout)?;
        self.request_id.as_deref().map_or(Ok(()), validation::request_id)
    }

    /// The time for a call with a body of this many bytes.
    pub(crate) fn timeout_for(&self, body: u64) -> Result<Duration> {
        check_timeout("timeout", self.timeout)?;
        let default = || DEFAULT_TIMEOUT + Duration::from_secs(body / UPLOAD_RATE);
        Ok(self.timeout.unwrap_or_else(default))
    }
}

pub(crate) fn check_timeout(name: &str, time: Option<Duration>) -> Result<()> {
    match time {
        Some(Duration::ZERO) => Err(Error::config(name, message!("is 0"))),
        Some(time) if time > MAX_TIMEOUT => {
            Err(Error::config(name, message!("is longer than a year")))
        }
        _ => Ok(()),
    }
}

/// Decimal seconds, without a sign or an exponent; digits after the ninth do not count.
pub(crate) fn seconds(name: &str, value: &str) -> Result<Duration> {
    let parse = || {
        let (whole, part) = value.split_once('.').unwrap_or((value, ""));
        let digits = || whole.bytes().chain(part.bytes());
        if digits().next().is_none() || !digits().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut seconds = 0_u64;
        for digit in whole.bytes() {
            seconds = seconds.checked_mul(10)?.checked_add((digit - b'0').into())?;
        }
        let nine = part.bytes().chain(std::iter::repeat(b'0')).take(9);
        let nanoseconds = nine.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        Some(Duration::new(seconds, nanoseconds))
    };
    let problem = || Error::config(name, message!("should be a number of seconds, such as 2.5"));
    parse().ok_or_else(problem)
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T> {
    value.parse().map_err(|_| Error::config(name, message!("is not a whole number, or too large")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_sets_an_option() {
        let shown = |builder: &ClientBuilder| format!("{builder:?}{:?}", builder.token.expose());
        for name in ClientBuilder::NAMES {
            let builder = ClientBuilder::default();
            let before = shown(&builder);
            let value = if *name == "lang" { "zh" } else { "7" };
            assert_ne!(before, shown(&builder.set(name, value).unwrap()), "{name}");
        }
        let error = ClientBuilder::default().set("tokens", "x").unwrap_err();
        assert_eq!(error.field(), Some("tokens"));
        let error = ClientBuilder::default().set("tk_secret", "token").unwrap_err();
        assert_eq!(error.message(), "token: name and value are swapped");
        let own = ClientBuilder::default().set("cancel", "own").unwrap();
        assert!(own.call.cancel_own);
        assert!(!own.set("cancel", "shared").unwrap().call.cancel_own);
    }

    #[test]
    fn unusable_values_name_the_option() {
        for (name, value) in [
            ("timeout", "-1"),
            ("timeout", "inf"),
            ("timeout", "1e9"),
            ("timeout", ""),
            ("timeout", "2,5"),
            ("retries", "-1"),
            ("retries", "two"),
            ("max_answer_size", "1M"),
            ("cancel", "self"),
            ("lang", "ZH"),
        ] {
            let error = ClientBuilder::default().set(name, value).unwrap_err();
            assert_eq!(error.field(), Some(name), "{value}");
        }
    }

    #[test]
    fn seconds_may_have_a_fraction() {
        for (text, expected) in [
            ("2.5", Some(2_500_000_000)),
            ("30", Some(30_000_000_000)),
            ("007.", Some(7_000_000_000)),
            (".25", Some(250_000_000)),
            ("0.1234567899", Some(123_456_789)),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("+1", None),
            ("99999999999999999999", None),
        ] {
            let time = seconds("timeout", text).ok().map(|time| time.as_nanos());
            assert_eq!(time, expected, "{text}");
        }
    }

    #[test]
    fn the_default_timeout_grows_with_the_body() {
        let unset = CallOptions::new();
        assert_eq!(unset.timeout_for(0).unwrap(), Duration::from_secs(30));
        assert_eq!(unset.timeout_for(128 * 1024 * 1000).unwrap(), Duration::from_secs(1030));
        let set = CallOptions::new().timeout(Duration::from_secs(2));
        assert_eq!(set.timeout_for(1 << 30).unwrap(), Duration::from_secs(2));
    }

    #[test]
    fn debug_shows_no_secret() {
        let builder = ClientBuilder::default().token("tk_secret").proxy("http://u:pw@h:1");
        let shown = format!("{builder:?}");
        assert!(!shown.contains("secret") && !shown.contains("pw"), "{shown}");
    }
}
