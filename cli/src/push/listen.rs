//! `wotrus push listen`: receives notifications, and answers 200 to none that it could lose.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;
use tokio::sync::watch;
use wotrus::{Cause, Client, Kind, Push};

use super::command::Command;
use super::event::Event;
use super::journal::Journal;
use super::server::{self, Handler};
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::interrupt;
use crate::json::Json;
use crate::lang::say;
use crate::output::{Outcome, print, print_json, tell};
use crate::wait_time::seconds;

/// Less than a call's usual time: the sender waits for the answer.
const QUERY_TIME: Duration = Duration::from_secs(10);

/// Receive notifications: keep them, or run a command for each
///
/// A push is a hint that anybody may have sent, so its order is queried, and what the service says
/// stands in the event. The answer is 200 only after the event is on disk in the --output file, or
/// the command has succeeded, or both; after any other answer the service sends it again, at most
/// three times in all. An event may therefore come more than once.
///
/// The command gets the event as a line of JSON on its standard input, and WOTRUS_ORDER_ID and
/// WOTRUS_ORDER_STATUS. It speaks plain HTTP: put your web server, with TLS, before it.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus push listen --output pushes.jsonl"
    "wotrus push listen --path /push/9f2c51 -- /usr/local/bin/on-push"
    "wotrus --json push listen --listen 127.0.0.1:9000 --output pushes.jsonl"
    "curl -d @push.json http://127.0.0.1:8787/        # try it"
))]
pub(crate) struct Listen {
    /// Where to listen; port 0 lets the system choose
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,

    /// Answer at this path alone, one that is hard to guess [default: any path]
    #[arg(long, value_name = "PATH")]
    path: Option<String>,

    /// Append each event to this file, a line of JSON each
    #[arg(long, value_name = "FILE", required_unless_present = "command")]
    output: Option<PathBuf>,

    /// The largest body that is read
    #[arg(long, value_name = "BYTES", default_value_t = 65536)]
    max_body: usize,

    /// How long a command may take
    #[arg(long, value_name = "SECS", value_parser = seconds, default_value = "30", requires = "command")]
    command_timeout: Duration,

    /// A program and its arguments, run for each event
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

impl Listen {
    pub(super) fn run(self, context: &Context) -> Result<Outcome> {
        if self.path.as_ref().is_some_and(|path| !path.starts_with('/')) {
            return Err(Failure::argument("--path", say!("begins with /", "须以 / 开头")));
        }
        let journal = self.output.map(Journal::open).transpose()?;
        let receiver = Receiver {
            client: context.server_client(QUERY_TIME)?,
            json: context.json,
            path: self.path,
            max_body: self.max_body,
            journal: journal.map(Arc::new),
            command: Command::new(self.command, self.command_timeout),
        };
        let failed = |error| {
            let address = self.listen;
            Failure::config("listen", format!("{address}: {error}"))
        };
        let listener = TcpListener::bind(self.listen).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        interrupt::on_interrupt(move || {
            let _ = stop.send(true);
        });
        let url = format!("http://{address}{}", receiver.path.as_deref().unwrap_or("/"));
        if context.json {
            print_json(&Json::new().with("listening", &url).object())?;
        } else {
            tell(&say!("Listening at {url} until Ctrl-C.", "正在监听 {url}，按 Ctrl-C 结束。"));
        }
        if !address.ip().is_loopback() {
            tell(&say!(
                "wotrus: warning: {address} can be reached from other machines, without TLS",
                "wotrus：警告：其他机器可访问 {address}，且没有 TLS"
            ));
        }
        server::serve(listener, Arc::new(receiver), stopped).map_err(failed)?;
        Ok(Outcome::default())
    }
}

struct Receiver {
    client: Client,
    json: bool,
    path: Option<String>,
    max_body: usize,
    journal: Option<Arc<Journal>>,
    command: Option<Command>,
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
                self.report(&unread(status, self.max_body), status);
                return status;
            }
        };
        match self.take(body).await {
            Ok(event) => {
                // It is safe already; that nobody reads along is no reason to have it sent again.
                let printed = if self.json {
                    print_json(&event.json().object())
                } else {
                    print(&event.text())
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
    /// Reads it, asks the service, and keeps what came of it.
    async fn take(&self, body: Bytes) -> Result<Event> {
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
        if let Some(journal) = &self.journal {
            let (journal, line) = (Arc::clone(journal), line.clone());
            blocking(move || journal.append(&line)).await?;
        }
        if let Some(command) = &self.command {
            command.run(&event, &line).await?;
        }
        Ok(event)
    }

    fn report(&self, failure: &Failure, status: StatusCode) {
        let status = status.as_u16();
        if self.json {
            let _ = print_json(&failure.json().with("answered", &status).object());
            return;
        }
        let text = failure.text();
        tell(&say!(
            "{text}\n  the push was answered with {status}: it is sent again, three times at most",
            "{text}\n  已对该推送应答 {status}，服务端会重发，最多共三次"
        ));
    }
}

fn unread(status: StatusCode, max_body: usize) -> Failure {
    let problem = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            say!(
                "is larger than {max_body} bytes (--max-body)",
                "超过 {max_body} 字节（--max-body）"
            )
        }
        StatusCode::REQUEST_TIMEOUT => say!("did not come in time", "未在时限内到达"),
        _ => say!("broke off", "传输中断"),
    };
    Failure::argument("push", problem)
}

/// What the sender is told: whose fault it is.
fn status(failure: &Failure) -> StatusCode {
    match failure.kind() {
        Kind::Argument => StatusCode::BAD_REQUEST,
        // The service knows no such order: not a push of its own.
        Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let failed = |_| Failure::new(Kind::Internal, Cause::Panic, "a worker ended early");
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}
