//! `wotrus push listen`

use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::command::{Command, Settings};
use super::journal::Journal;
use super::receiver::Receiver;
use super::server;
use super::service::Service;
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::help::epilogue;
use crate::interrupt;
use crate::io_problem::io_problem;
use crate::json::Json;
use crate::lang::{named, say};
use crate::ledger::{Access, Ledger};
use crate::output::{Outcome, print_json, tell, warn};
use crate::wait_time::seconds;

/// Receive pushes: append them to a file, or run a command for each
///
/// Anybody can send a push, so the order is queried, and the event contains the service's answer. A push
/// is confirmed if the answer is about the same order and agrees with it. The command is run for
/// confirmed pushes only, unless --run-unconfirmed is given.
///
/// The response is 200 only after the event is on disk in the --output file, or the command has
/// succeeded, or both. After any other response the service sends the push again, three times at most
/// in all, so an event can occur more than once. GET and HEAD are answered with 200, requests from web
/// pages with 403.
///
/// With --ledger the service's answer is recorded in the ledger as wotrus sync does, with the same
/// events, and the response is 200 when it is on disk; the command of wotrus sync is run for them. A push
/// about an order that is not in the ledger is refused with 422, unless --output keeps it.
///
/// The command gets the event as a line of JSON on its standard input, and the variables
/// WOTRUS_ORDER_ID and WOTRUS_ORDER_STATUS. WOTRUS_TOKEN, WOTRUS_TOKEN_FILE and WOTRUS_PROXY are removed
/// from its environment; a command that calls wotrus needs a config file, or sets WOTRUS_TOKEN_FILE
/// itself.
///
/// The listener speaks plain HTTP: put a web server with TLS in front of it. SIGTERM and Ctrl-C end it
/// after the requests that have begun; under systemd set KillMode=mixed, so that commands can finish.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus push listen --output pushes.jsonl"
    "wotrus push listen --path /push/9f2c51 -- /usr/local/bin/on-push"
    "wotrus push listen --path /push/9f2c51 --ledger orders.db"
    "wotrus --json push listen --listen 127.0.0.1:9000 --output pushes.jsonl"
    "curl -d @push.json http://127.0.0.1:8787/        # a test"
))]
pub(crate) struct Listen {
    /// Address to listen on; with port 0 the system chooses a port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,

    /// Accept pushes at this path only; it should be hard to guess [default: any path]
    #[arg(long, value_name = "PATH")]
    path: Option<String>,

    /// Append each event to this file as a line of JSON
    #[arg(long, value_name = "FILE", required_unless_present_any = ["command", "ledger"])]
    output: Option<PathBuf>,

    /// Size limit of the --output file; unconfirmed events may use half of it
    #[arg(long, value_name = "BYTES", default_value_t = 1_073_741_824)]
    max_output: u64,

    /// Record changes of orders in this ledger; wotrus sync runs its command for them
    #[arg(long, value_name = "FILE", conflicts_with = "command")]
    ledger: Option<PathBuf>,

    /// Maximum size of a request body
    #[arg(long, value_name = "BYTES", default_value_t = 65536)]
    max_body: usize,

    /// Timeout of a command
    #[arg(long, value_name = "SECS", value_parser = seconds, default_value = "30", requires = "command")]
    command_timeout: Duration,

    /// Maximum number of commands that run at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64), default_value_t = 4, requires = "command")]
    parallel: u16,

    /// Run the command also for pushes that the service does not confirm
    #[arg(long, requires = "command")]
    run_unconfirmed: bool,

    /// Program and arguments to run for each event
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Listen {
    pub(super) fn run(self, context: &Context) -> Result<Outcome> {
        if self.path.as_ref().is_some_and(|path| !path.starts_with('/')) {
            return Err(Failure::argument("--path", say!("must begin with /", "须以 / 开头")));
        }
        let journal = self.output.map(|path| Journal::open(path, self.max_output)).transpose()?;
        let open = |path: PathBuf| Ledger::open(&path, Access::Update);
        let ledger = self.ledger.map(open).transpose()?;
        let token = context.token()?;
        let settings = Settings {
            words: self.command,
            timeout: self.command_timeout,
            parallel: usize::from(self.parallel),
            token: token.clone(),
        };
        let receiver = Receiver {
            service: Arc::new(Service::new(context, &token)?),
            json: context.json,
            path: self.path,
            max_body: self.max_body,
            journal: journal.map(Arc::new),
            ledger: ledger.map(Arc::new),
            base_url: context.base_url()?,
            command: Command::new(settings),
            run_unconfirmed: self.run_unconfirmed,
        };
        let failed =
            |error| Failure::config("listen", named(&self.listen.to_string(), io_problem(&error)));
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
            warn(&say!(
                "other machines can reach {address}, which has no TLS",
                "其他机器可以访问 {address}，且该地址未启用 TLS"
            ));
        }
        server::serve(listener, Arc::new(receiver), stopped).map_err(failed)?;
        Ok(Outcome::default())
    }
}
