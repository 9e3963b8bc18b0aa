//! What a handle makes its calls with.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::event::Event;
use crate::http::CancelScope;
use crate::messages::Lang;
use crate::options::CallOptions;
use crate::redact::without;
use crate::secret::Secret;
use crate::session::{CallScope, ProcessState, Session};
use crate::validation;

#[derive(Clone)]
pub(crate) struct Context {
    pub(super) session: Arc<Session>,
    pub(crate) options: CallOptions,
    /// For a handle that is cancelled by itself.
    scope: Option<CancelScope>,
    /// When the operation began that the calls belong to; each call begins by itself if there is none.
    epoch: Option<u64>,
}

impl Context {
    pub(crate) fn new(session: Session, options: CallOptions) -> Self {
        let scope = options.cancel_own.then(|| CancelScope::new(None));
        Self { session: Arc::new(session), options, scope, epoch: None }
    }

    /// The context of another handle that shares the connections.
    pub(crate) fn with(&self, options: CallOptions) -> Self {
        let scope = match options.cancel_own {
            true => Some(CancelScope::new(self.scope.clone())),
            false => self.scope.clone(),
        };
        let options = options.or(&self.options);
        Self { session: self.session.clone(), options, scope, epoch: None }
    }

    /// The context of a call that is part of an operation: it has the operation's RequestID, what is
    /// left of its time, and is cancelled with it.
    pub(crate) fn part(
        &self,
        operation: CallScope<'_>,
        request_id: Option<&str>,
        deadline: Instant,
    ) -> Result<Self> {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = self.options.timeout_for(0)?.min(left.max(Duration::from_millis(1)));
        let mut options = CallOptions::new().timeout(timeout);
        options.request_id = request_id.map(str::to_owned);
        Ok(Self { epoch: Some(operation.epoch), ..self.with(options) })
    }

    /// The scope of a call, or of an operation of several calls, that begins now.
    pub(crate) fn begin(&self, state: &ProcessState) -> CallScope<'_> {
        state.begin(self.scope.as_ref(), self.epoch)
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

    /// The language of messages.
    pub(crate) fn lang(&self) -> Lang {
        self.options.lang.unwrap_or_default()
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
        &self.session.http.options.token
    }

    pub(crate) fn base_url(&self) -> &str {
        self.session.http.base_url.as_str()
    }

    /// A text for an event, without the token; empty if no observer sees it.
    pub(crate) fn shown(&self, text: &str) -> String {
        match self.options.observer {
            Some(_) => without(text.to_owned(), self.token()),
            None => String::new(),
        }
    }

    pub(crate) fn notify(&self, event: &Event<'_>) {
        if let Some(observer) = &self.options.observer {
            observer.notify(event);
        }
    }
}
