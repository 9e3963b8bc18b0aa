//! Handles a push: reads it, queries its order, keeps the event, and runs the command.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::body::Bytes;
use wotrus::{Cause, Client, Kind, Push};

use super::command::Command;
use super::event::Event;
use super::journal::Journal;
use super::server::Handler;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::output::{print, print_json, tell};

pub(super) struct Receiver {
    pub(super) client: Client,
    pub(super) json: bool,
    pub(super) path: Option<String>,
    pub(super) max_body: usize,
    pub(super) journal: Option<Arc<Journal>>,
    pub(super) command: Option<Command>,
    /// Whether the command is run for unconfirmed events too.
    pub(super) run_unconfirmed: bool,
}

impl Handler for Receiver {
    fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    fn max_body(&self) -> usize {
        self.max_body
    }

    async fn handle(&self, body: Result<Bytes, StatusCode>) -> StatusCode {
        let body = match body {
            Ok(body) => body,
            Err(status) => {
                self.report(&unreadable(status, self.max_body), status);
                return status;
            }
        };
        match self.receive(body).await {
            Ok(event) => {
                // The event is kept already: a closed standard output must not make the service
                // send the push again.
                let printed = match self.json {
                    true => print_json(&event.json().object()),
                    false => print(&event.text()),
                };
                if let Err(failure) = printed {
                    tell(&failure.text());
                }
                StatusCode::OK
            }
            Err(failure) => {
                let status = status(&failure);
                self.report(&failure, status);
                status
            }
        }
    }
}

impl Receiver {
    async fn receive(&self, body: Bytes) -> Result<Event> {
        if body.is_empty() {
            return Err(Failure::argument("push", say!("the body is empty", "请求体为空")));
        }
        let push = Push::parse(&body)?;
        let client = self.client.clone();
        let event = blocking(move || match push.order() {
            Some(order) => {
                let found = client.query_order(&order.order_id)?;
                Ok(Event::new(push, Some(&found)))
            }
            None => Ok(Event::new(push, None)),
        })
        .await?;
        let line = event.json().object();
        let is_confirmed = event.is_confirmed();
        if let Some(journal) = &self.journal {
            let (journal, line) = (Arc::clone(journal), line.clone());
            blocking(move || journal.append(&line, is_confirmed)).await?;
        }
        if let Some(command) = &self.command {
            if is_confirmed || self.run_unconfirmed {
                command.run(&event, &line).await?;
            } else if self.journal.is_none() {
                // The push is not kept. It may have come before the service's own state changed, and
                // is confirmed when it is sent again.
                let event = event.text();
                let problem = say!(
                    "the service does not confirm the push, so the command was not run: {event}",
                    "服务端未确认该推送，因此未运行命令：{event}"
                );
                return Err(Failure::new(Kind::NotReady, Cause::Invalid, problem));
            }
        }
        Ok(event)
    }

    fn report(&self, failure: &Failure, status: StatusCode) {
        let code = status.as_u16();
        if self.json {
            let _ = print_json(&failure.json().with("answered", &code).object());
            return;
        }
        let text = failure.text();
        tell(&say!(
            "{text}\n  the push was answered with {code}; the service sends a push three times at most",
            "{text}\n  已对该推送返回 {code}；服务端最多推送三次"
        ));
    }
}

fn unreadable(status: StatusCode, max_body: usize) -> Failure {
    let problem = match status {
        StatusCode::PAYLOAD_TOO_LARGE => say!(
            "the body is larger than {max_body} bytes (--max-body)",
            "请求体超过 {max_body} 字节（--max-body）"
        ),
        StatusCode::REQUEST_TIMEOUT => {
            say!("the body did not arrive in time", "请求体未在时限内到达")
        }
        _ => say!("the body is incomplete", "请求体不完整"),
    };
    Failure::argument("push", problem)
}

/// The response to a push that was not kept.
fn status(failure: &Failure) -> StatusCode {
    match failure.kind() {
        Kind::Argument => StatusCode::BAD_REQUEST,
        // The service has no such order, so the push is not from the service.
        Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let failed = |_| Failure::new(Kind::Internal, Cause::Panic, "a worker thread panicked");
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}
