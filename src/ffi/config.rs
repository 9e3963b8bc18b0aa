//! `wotrus_config`: options by name, and the callback.

use std::ffi::c_char;

use super::callback::Callback;
use super::guard::{Builder, FfiScope};
use super::path::HostPath;
use super::text::Charset;
use super::wotrus_config;
use crate::error::{Error, Result};
use crate::messages::{Lang, message};
use crate::options::ClientBuilder;

/// The options that a call can have of its own.
const CALL_OPTIONS: &[&str] = &["request_id", "timeout", "retries", "charset", "lang", "cancel"];

#[derive(Default)]
pub(super) struct Config {
    pub(super) builder: ClientBuilder,
    pub(super) charset: Option<Charset>,
    /// Kept beside the builder, which a mistake resets: the mistake may be set before the language.
    pub(super) lang: Option<Lang>,
    pub(super) callback: Option<Callback>,
    /// Decoded when a client is made: the charset may be set later.
    pub(super) ca_file: Option<HostPath>,
    /// The first option set that a call cannot have of its own.
    client_option: Option<String>,
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
        // A path need not be UTF-8.
        if name == "ca_file" {
            let file = scope.text(&*name, value)?;
            self.ca_file = Some(file).filter(|file| !file.is_empty()).map(HostPath::new);
        } else {
            let value = Charset::Utf8.decode(&name, scope.text(&*name, value)?)?;
            match &*name {
                "charset" => self.charset = Some(Charset::named(&value)?),
                _ => {
                    self.builder = std::mem::take(&mut self.builder).set(&name, &value)?;
                    self.lang = self.builder.call.lang.or(self.lang);
                }
            }
        }
        if !CALL_OPTIONS.contains(&&*name) {
            self.client_option.get_or_insert_with(|| name.into_owned());
        }
        Ok(())
    }

    /// Fails with the first mistake that was made in setting it.
    pub(super) fn check(&self) -> Result<()> {
        let lang = self.lang.unwrap_or_default();
        self.mistake.clone().map_or(Ok(()), |mistake| Err(mistake.in_lang(lang)))
    }

    /// As [`check`](Self::check); also fails if an option is set that a call cannot have of its own.
    pub(super) fn check_for_calls(&self) -> Result<()> {
        self.check()?;
        match &self.client_option {
            None => Ok(()),
            Some(option) => Err(Error::config(
                option,
                message!("can be set for a whole client only, not for some calls"),
            )),
        }
    }
}

impl Builder for wotrus_config {
    fn keep(&mut self, mistake: Error) {
        self.0.mistake.get_or_insert(mistake);
    }
}
