//! `wotrus_config`: options by name, and the callback.

use std::ffi::{c_char, c_void};

use super::client::Client;
use super::guard::{Builder, FfiScope, Object};
use super::text::{Charset, path};
use super::{wotrus_callback, wotrus_config};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::options::{CallOptions, ClientBuilder};

/// The options that a call can have of its own.
const OF_A_CALL: &[&str] = &["request_id", "timeout", "retries", "charset", "cancel"];

#[derive(Default)]
pub(super) struct Config {
    builder: ClientBuilder,
    charset: Option<Charset>,
    callback: Option<Callback>,
    /// The first option that is set and belongs to a whole client.
    of_the_client: Option<String>,
    mistake: Option<Error>,
}

impl Config {
    pub(super) fn set(
        &mut self,
        scope: &FfiScope,
        name: *const c_char,
        value: *const c_char,
    ) -> Result<()> {
        let name = Charset::Utf8.decode("name", scope.name(name)?)?;
        // As the file systems of Unix have it, which need not be UTF-8.
        if name == "ca_file" {
            let file = scope.text(&*name, value)?;
            self.builder.ca_file =
                if file.is_empty() { None } else { Some(path("ca_file", file)?) };
        } else {
            let value = Charset::Utf8.decode(&name, scope.text(&*name, value)?)?;
            match &*name {
                "charset" => self.charset = Some(Charset::named(&value)?),
                _ => self.builder = std::mem::take(&mut self.builder).set(&name, &value)?,
            }
        }
        if !OF_A_CALL.contains(&&*name) {
            self.of_the_client.get_or_insert_with(|| name.into_owned());
        }
        Ok(())
    }

    pub(super) fn set_callback(
        &mut self,
        callback: wotrus_callback,
        user: *mut c_void,
    ) -> Result<()> {
        self.callback = callback.map(|function| Callback { function, user });
        Ok(())
    }

    pub(super) fn client(&self) -> Result<Client> {
        self.checked()?;
        let charset = self.charset.unwrap_or_default();
        let mut builder = self.builder.clone();
        if let Some(callback) = self.callback {
            builder = builder.observer(move |event| callback.tell(charset, event));
        }
        Ok(Client::new(builder.build(), charset, self.callback))
    }

    /// The options for some calls of `client`.
    pub(super) fn for_calls_of(
        &self,
        client: &Client,
    ) -> Result<(CallOptions, Charset, Option<Callback>)> {
        self.checked()?;
        if let Some(option) = &self.of_the_client {
            return Err(Error::config(
                option,
                "belongs to a whole client, not to some of its calls",
            ));
        }
        let charset = self.charset.unwrap_or(client.charset);
        let callback = self.callback.or(client.callback);
        let mut options = self.builder.call.clone();
        if let Some(callback) = callback {
            options = options.observer(move |event| callback.tell(charset, event));
        }
        Ok((options, charset, callback))
    }

    fn checked(&self) -> Result<()> {
        self.mistake.clone().map_or(Ok(()), Err)
    }
}

/// A callback with its `user`.
#[derive(Clone, Copy)]
pub(super) struct Callback {
    function: unsafe extern "C" fn(*mut c_void, *const c_char, usize) -> std::ffi::c_int,
    user: *mut c_void,
}

// SAFETY: the contract says that it is called by every thread that makes a call.
unsafe impl Send for Callback {}
// SAFETY: as above.
unsafe impl Sync for Callback {}

impl Callback {
    fn tell(&self, charset: Charset, event: &Event<'_>) {
        let json = charset.encode_json(&event.to_json());
        // SAFETY: the contract keeps the function and its user alive.
        if unsafe { (self.function)(self.user, json.as_ptr().cast(), json.len() - 1) } != 0 {
            event.stop();
        }
    }
}

impl Object for wotrus_config {
    fn broken(mistake: Error) -> Self {
        Self(Config { mistake: Some(mistake), ..Config::default() })
    }
}

impl Builder for wotrus_config {
    fn keep(&mut self, mistake: Error) {
        self.0.mistake.get_or_insert(mistake);
    }
}
