//! `wotrus_client`: a client made from a configuration, and a call on it.

use std::borrow::Cow;
use std::cell::Cell;
use std::ffi::c_char;
use std::time::Duration;

use super::callback::Callback;
use super::config::Config;
use super::guard::{self, FfiScope, Object};
use super::reply;
use super::success::Success;
use super::text::Charset;
use super::{wotrus_client, wotrus_reply};
use crate::error::{Error, Result};
use crate::messages::{Lang, message};

pub(super) struct Client {
    /// The client, or why it could not be made.
    client: Result<crate::Client>,
    charset: Charset,
    lang: Lang,
    callback: Option<Callback>,
}

impl Config {
    /// Makes a client. A mistake in the configuration is kept in it, and reported in the charset that
    /// was set.
    pub(super) fn client(&self) -> Client {
        let (charset, lang) = (self.charset.unwrap_or_default(), self.lang.unwrap_or_default());
        let client = self.check().and_then(|()| self.build(charset, lang));
        Client { client, charset, lang, callback: self.callback }
    }

    fn build(&self, charset: Charset, lang: Lang) -> Result<crate::Client> {
        let mut builder = self.builder.clone();
        if let Some(file) = &self.ca_file {
            let file = file
                .decode(charset)
                .map_err(|problem| Error::config("ca_file", problem).in_lang(lang))?;
            builder = builder.ca_file(file);
        }
        if let Some(callback) = self.callback {
            builder = builder.observer(move |event| callback.call(charset, event));
        }
        builder.build()
    }
}

impl Client {
    /// Makes a client that shares this one's connections and has some options of its own.
    pub(super) fn with(&self, config: &Config) -> Self {
        let charset = config.charset.unwrap_or(self.charset);
        let lang = config.lang.unwrap_or(self.lang);
        let callback = config.callback.or(self.callback);
        let mut options = config.builder.call.clone();
        if let Some(callback) = callback {
            options = options.observer(move |event| callback.call(charset, event));
        }
        let check = config.check_for_calls().and_then(|()| options.check());
        let client = match (check, &self.client) {
            (Ok(()), Ok(client)) => Ok(client.with(options)),
            (Ok(()), Err(mistake)) => Err(mistake.clone()),
            (Err(mistake), _) => Err(mistake.in_lang(lang)),
        };
        Self { client, charset, lang, callback }
    }

    pub(super) fn cancel(&self) {
        if let Ok(client) = &self.client {
            client.cancel();
        }
    }
}

impl Object for wotrus_client {
    fn failed(mistake: Error) -> Self {
        let (charset, lang) = (Charset::default(), mistake.lang());
        Self(Client { client: Err(mistake), charset, lang, callback: None })
    }
}

/// What an operation works with: a valid client, and the scope to read its arguments in.
pub(super) struct Call<'a> {
    pub(super) client: &'a crate::Client,
    pub(super) charset: Charset,
    pub(super) scope: &'a FfiScope,
}

impl Call<'_> {
    pub(super) fn text(&self, name: &str, text: *const c_char) -> Result<Cow<'_, str>> {
        self.charset.decode(name, self.scope.text(name, text)?)
    }

    pub(super) fn query_order(&self, order_id: &str) -> Result<Success> {
        self.client.query(order_id).map(Success::queried)
    }
}

/// The time of a wait.
pub(super) fn milliseconds(name: &str, time: u32) -> Result<Duration> {
    match time {
        0 => Err(Error::argument(name, message!("is 0; at least 1 is needed"))),
        time => Ok(Duration::from_millis(time.into())),
    }
}

/// Reports whether a client is valid.
pub(super) fn check(scope: &FfiScope, client: *const wotrus_client) -> wotrus_reply {
    let client = scope.object("client", client).map(|client| &client.0);
    let (charset, lang) =
        client.as_ref().map_or_else(|_| Default::default(), |client| (client.charset, client.lang));
    let result = client.and_then(|client| client.client.as_ref().map_err(Clone::clone));
    reply::from_result(result.map(|_| Success::nothing_sent()), charset, lang)
}

/// Makes a call and its reply, in the client's charset.
pub(super) unsafe fn operate<T: Into<Success>>(
    client: *const wotrus_client,
    operation: impl Fn(&Call<'_>) -> Result<T>,
) -> *mut wotrus_reply {
    // SAFETY: our caller passes the contract on.
    unsafe { run(client, &|call| operation(call).map(Into::into)) }
}

/// As [`operate`], in one copy for all operations.
unsafe fn run(
    client: *const wotrus_client,
    operation: &dyn Fn(&Call<'_>) -> Result<Success>,
) -> *mut wotrus_reply {
    // A panic inside is reported in the client's language and charset too.
    let report_in = Cell::new(Default::default());
    let body = |scope: &FfiScope| {
        let Client { client, charset, lang, .. } = &scope.object("client", client)?.0;
        report_in.set((*charset, *lang));
        let result = match client {
            Err(mistake) => Err(mistake.clone()),
            Ok(client) => {
                client.localized(|| operation(&Call { client, charset: *charset, scope }))
            }
        };
        Ok(reply::from_result(result, *charset, *lang))
    };
    let failed = |error| {
        let (charset, lang) = report_in.get();
        reply::from_result(Err(error), charset, lang)
    };
    // SAFETY: our caller passes the contract on.
    unsafe { guard::object_or(body, failed) }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::super::{
        WOTRUS_ARGUMENT, WOTRUS_CONFIG, WOTRUS_INTERNAL, wotrus_call, wotrus_client_check,
        wotrus_client_free, wotrus_client_new, wotrus_client_with, wotrus_config_free,
        wotrus_config_new, wotrus_config_set, wotrus_reply_free, wotrus_reply_get,
        wotrus_reply_message, wotrus_reply_status,
    };
    use super::*;

    #[test]
    fn a_check_finds_every_option_that_would_fail_each_call() {
        let long = "7".repeat(129) + "\0";
        let long = CStr::from_bytes_with_nul(long.as_bytes()).unwrap();
        for (name, value) in [
            (c"request_id", c"a b"),
            (c"request_id", c""),
            (c"request_id", long),
            (c"timeout", c"0"),
            (c"timeout", c"31536001"),
            (c"retries", c"-1"),
        ] {
            unsafe {
                let [config, options] = [(); 2].map(|()| wotrus_config_new());
                wotrus_config_set(config, c"token".as_ptr(), c"tk_x".as_ptr());
                wotrus_config_set(options, name.as_ptr(), value.as_ptr());
                let valid = wotrus_client_new(config);
                wotrus_config_set(config, name.as_ptr(), value.as_ptr());
                for invalid in [wotrus_client_new(config), wotrus_client_with(valid, options)] {
                    let reply = wotrus_client_check(invalid);
                    assert_eq!(wotrus_reply_status(reply), WOTRUS_CONFIG, "{name:?} {value:?}");
                    wotrus_reply_free(reply);
                    wotrus_client_free(invalid);
                }
                wotrus_client_free(valid);
                wotrus_config_free(config);
                wotrus_config_free(options);
            }
        }
    }

    #[test]
    fn a_call_by_name_names_the_argument_that_it_refuses() {
        let wait = c"wait_for_certificate";
        for (operation, json, field) in [
            (wait, &br#"{"orderID":"A1","timeout":"soon"}"#[..], c"timeout"),
            (wait, br#"{"orderID":"A1","timeout":-1}"#, c"timeout"),
            (wait, br#"{"orderID":"A1","timeout":0}"#, c"timeout"),
            (wait, br#"{"orderID":"A1","timeout":99999999}"#, c"timeout"),
            (c"post /v1/x", b"{}", c"operation"),
            (c"GET /v1/x", b"{}", c"json"),
            (c"POST /v1/x", b"", c"json"),
        ] {
            unsafe {
                let config = wotrus_config_new();
                wotrus_config_set(config, c"token".as_ptr(), c"tk_x".as_ptr());
                let client = wotrus_client_new(config);
                let json = (json.as_ptr().cast(), json.len());
                let reply = wotrus_call(client, operation.as_ptr(), json.0, json.1);
                assert_eq!(wotrus_reply_status(reply), WOTRUS_ARGUMENT, "{operation:?}");
                assert_eq!(CStr::from_ptr(wotrus_reply_get(reply, c"field".as_ptr())), field);
                wotrus_reply_free(reply);
                wotrus_client_free(client);
                wotrus_config_free(config);
            }
        }
    }

    #[test]
    fn a_panic_is_reported_in_the_language_and_charset_of_the_client() {
        for (charset, begin) in [
            (c"UTF-8", "libwotrus 内部错误".as_bytes()),
            (c"GB18030", b"libwotrus \xc4\xda\xb2\xbf\xb4\xed\xce\xf3"),
        ] {
            unsafe {
                let config = wotrus_config_new();
                let options = [(c"token", c"tk_x"), (c"lang", c"zh"), (c"charset", charset)];
                for (name, value) in options {
                    wotrus_config_set(config, name.as_ptr(), value.as_ptr());
                }
                let client = wotrus_client_new(config);
                let reply = operate(client, |_| -> Result<Success> { panic!("tk_secret") });
                assert_eq!(wotrus_reply_status(reply), WOTRUS_INTERNAL);
                let message = CStr::from_ptr(wotrus_reply_message(reply)).to_bytes();
                assert!(message.starts_with(begin), "{}", message.escape_ascii());
                wotrus_reply_free(reply);
                wotrus_client_free(client);
                wotrus_config_free(config);
            }
        }
    }
}
