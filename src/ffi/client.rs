//! `wotrus_client`, and a call on one.

use std::borrow::Cow;
use std::ffi::c_char;
use std::time::Duration;

use super::config::{Callback, Config};
use super::guard::{self, FfiScope, Object};
use super::reply::{self, Brought};
use super::text::Charset;
use super::{wotrus_client, wotrus_order, wotrus_reissue, wotrus_reply};
use crate::error::{Error, Result};
use crate::request::validation;

pub(super) struct Client {
    /// The client, or why there is none.
    client: Result<crate::Client>,
    pub(super) charset: Charset,
    pub(super) callback: Option<Callback>,
}

impl Client {
    pub(super) fn new(
        client: Result<crate::Client>,
        charset: Charset,
        callback: Option<Callback>,
    ) -> Self {
        Self { client, charset, callback }
    }

    pub(super) fn with(&self, config: &Config) -> Result<Self> {
        let (options, charset, callback) = config.for_calls_of(self)?;
        let client = self.client.as_ref().map_err(Clone::clone);
        Ok(Self::new(client.map(|client| client.with(options)), charset, callback))
    }

    pub(super) fn cancel(&self) {
        if let Ok(client) = &self.client {
            client.cancel();
        }
    }
}

impl Object for wotrus_client {
    fn broken(mistake: Error) -> Self {
        Self(Client::new(Err(mistake), Charset::default(), None))
    }
}

/// What an operation works with: a good client, and leave to read the arguments.
pub(super) struct Call<'a> {
    pub(super) client: &'a crate::Client,
    pub(super) charset: Charset,
    pub(super) scope: &'a FfiScope,
}

impl Call<'_> {
    pub(super) fn text(&self, name: &str, text: *const c_char) -> Result<Cow<'_, str>> {
        self.charset.decode(name, self.scope.text(name, text)?)
    }

    pub(super) fn query_order(&self, order_id: &str) -> Result<Brought> {
        self.client.query(order_id).map(Brought::of_an_order)
    }

    pub(super) fn create_order(&self, order: *const wotrus_order) -> Result<Brought> {
        let order = self.scope.object("order", order)?.0.request(self.charset)?;
        let id = validation::idempotence_id(order.info.idempotence_id.as_deref())?;
        Ok(Brought::from(self.client.create_order(&order)?).under(id))
    }

    pub(super) fn reissue_certificate(&self, reissue: *const wotrus_reissue) -> Result<Brought> {
        let reissue = self.scope.object("reissue", reissue)?.0.request(self.charset)?;
        let id = validation::idempotence_id(reissue.idempotence_id.as_deref())?;
        Ok(Brought::from(self.client.reissue_certificate(&reissue)?).under(id))
    }
}

/// The time for a wait.
pub(super) fn milliseconds(name: &str, time: u32) -> Result<Duration> {
    match time {
        0 => Err(Error::argument(name, "is 0: a wait needs time")),
        time => Ok(Duration::from_millis(time.into())),
    }
}

/// Makes a call and its reply, in the client's charset.
pub(super) unsafe fn operate<T: Into<Brought>>(
    client: *const wotrus_client,
    operation: impl FnOnce(&Call<'_>) -> Result<T>,
) -> *mut wotrus_reply {
    let body = |scope: &FfiScope| {
        let Client { client, charset, .. } = &scope.object("client", client)?.0;
        let brought = match client {
            Err(mistake) => Err(mistake.clone()),
            Ok(client) => operation(&Call { client, charset: *charset, scope }),
        };
        Ok(reply::of(brought.map(Into::into), *charset))
    };
    // SAFETY: our caller vouches for the pointers.
    unsafe { guard::object(body) }
}
