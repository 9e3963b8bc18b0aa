//! Handles a push: reads it, queries its order, keeps the event, and runs the command.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::body::Bytes;
use wotrus::{Cause, Kind, Push};

use super::command::Command;
use super::event::Event;
use super::journal::Journal;
use super::server::Handler;
use super::service::Service;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::ledger::Ledger;
use crate::output::{print, print_json, tell};
use crate::sync::query_and_record;

pub(super) struct Receiver {
    pub(super) service: Arc<Service>,
    pub(super) json: bool,
    pub(super) path: Option<String>,
    pub(super) max_body: usize,
    pub(super) journal: Option<Arc<Journal>>,
    pub(super) ledger: Option<Arc<Ledger>>,
    pub(super) base_url: String,
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
        let (event, is_recorded) = self.query(push).await?;
        let line = event.json().object();
        let is_confirmed = event.is_confirmed();
        if let Some(journal) = &self.journal {
            let (journal, line) = (Arc::clone(journal), line.clone());
            blocking(move || journal.append(&line, is_confirmed)).await?;
        }
        let is_kept = self.journal.is_some() || is_recorded && is_confirmed;
        match &self.command {
            Some(command) if is_confirmed || self.run_unconfirmed => {
                command.run(&event, &line).await?;
            }
            // The push may have come before the service's own state changed, and is confirmed when it
            // is sent again.
            _ if !is_kept => return Err(not_kept(&event, is_confirmed)),
            _ => {}
        }
        Ok(event)
    }

    /// The event of a push, and whether the service's answer is in the ledger.
    async fn query(&self, push: Push) -> Result<(Event, bool)> {
        let (service, ledger) = (Arc::clone(&self.service), self.ledger.clone());
        let base_url = self.base_url.clone();
        blocking(move || {
            let Some(order) = push.order() else { return Ok((Event::new(push, None), false)) };
            let (found, is_recorded) = service.call(|client| match &ledger {
                Some(ledger) => query_and_record(ledger, client, &base_url, &order.order_id),
                None => Ok((client.query_order(&order.order_id)?, false)),
            })?;
            Ok((Event::new(push, Some(&found)), is_recorded))
        })
        .await
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

/// The failure of a push that nothing has kept.
fn not_kept(event: &Event, is_confirmed: bool) -> Failure {
    let event = event.text();
    if is_confirmed {
        let problem = say!("the order is not in the ledger: {event}", "账本中没有此订单：{event}");
        return Failure::new(Kind::Refused, Cause::Invalid, problem);
    }
    let problem = say!(
        "the service does not confirm the push, so it was not kept, and no command was run: {event}",
        "服务端未确认该推送，因此未保存，也未运行命令：{event}"
    );
    Failure::new(Kind::NotReady, Cause::Invalid, problem)
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
