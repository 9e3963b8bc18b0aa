//! The client of a listener. It runs for long, so the token can be replaced meanwhile.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wotrus::{Client, Kind, Secret};

use crate::context::Context;
use crate::failure::Result;

/// Shorter than the usual deadline of a call, because the sender of the push waits.
const QUERY_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct Service {
    context: Context,
    current: Mutex<(Secret, Client)>,
}

impl Service {
    pub(super) fn new(context: &Context, token: &Secret) -> Result<Self> {
        let client = context.server_client(token, QUERY_TIMEOUT)?;
        Ok(Self { context: context.clone(), current: Mutex::new((token.clone(), client)) })
    }

    /// Makes a call. If the service does not accept the token, and there is another one now, the call is made
    /// again with that.
    pub(super) fn call<T>(&self, call: impl Fn(&Client) -> Result<T>) -> Result<T> {
        let (token, client) = self.current().clone();
        let result = call(&client);
        match &result {
            Err(failure) if failure.kind() == Kind::Auth => match self.changed(&token) {
                Some(client) => call(&client),
                None => result,
            },
            _ => result,
        }
    }

    /// A client with another token than the refused one, if there is one.
    fn changed(&self, refused: &Secret) -> Option<Client> {
        let mut current = self.current();
        // Another push may have met the same.
        if current.0 == *refused {
            let token = self.context.changed_token(refused)?;
            let client = self.context.server_client(&token, QUERY_TIMEOUT).ok()?;
            *current = (token, client);
        }
        Some(current.1.clone())
    }

    fn current(&self) -> MutexGuard<'_, (Secret, Client)> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
