//! What a handle makes its calls with.

use std::sync::Arc;

use crate::error::Result;
use crate::event::Event;
use crate::http::CancelScope;
use crate::messages::Lang;
use crate::options::CallOptions;
use crate::request::validation;
use crate::secret::Secret;
use crate::session::{ProcessState, Session};

#[derive(Clone)]
pub(crate) struct Context {
    pub(super) session: Arc<Session>,
    options: CallOptions,
    /// For a handle that is cancelled by itself.
    scope: Option<CancelScope>,
}

impl Context {
    pub(crate) fn new(session: Session, options: CallOptions) -> Self {
        let scope = options.cancel_own.then(|| CancelScope::new(None));
        Self { session: Arc::new(session), options, scope }
    }

    /// The context of another handle that shares the connections.
    pub(crate) fn with(&self, options: CallOptions) -> Self {
        let scope = match options.cancel_own {
            true => Some(CancelScope::new(self.scope.clone())),
            false => self.scope.clone(),
        };
        let options = options.or(&self.options);
        Self { session: self.session.clone(), options, scope }
    }

    pub(crate) fn cancel(&self) {
        match &self.scope {
            None => self.session.cancel(),
            Some(scope) => {
                scope.cancel();
                self.session.state().wake();
            }
        }
    }

    pub(crate) fn options(&self) -> &CallOptions {
        &self.options
    }

    /// The language of messages.
    pub(crate) fn lang(&self) -> Lang {
        self.options.lang.unwrap_or_default()
    }

    pub(crate) fn scope(&self) -> Option<&CancelScope> {
        self.scope.as_ref()
    }

    pub(crate) fn state(&self) -> &ProcessState {
        self.session.state()
    }

    /// The RequestID of the next call: the caller's, or a new one.
    pub(crate) fn request_id(&self, state: &ProcessState) -> Result<String> {
        match &self.options.request_id {
            None => Ok(state.new_request_id()),
            Some(id) => validation::request_id(id).map(|()| id.clone()),
        }
    }

    pub(crate) fn token(&self) -> &Secret {
        &self.session.http.settings().token
    }

    pub(crate) fn base_url(&self) -> &str {
        self.session.http.settings().base_url.as_str()
    }

    pub(crate) fn notify(&self, event: &Event<'_>) {
        if let Some(observer) = &self.options.observer {
            observer.notify(event);
        }
    }
}
