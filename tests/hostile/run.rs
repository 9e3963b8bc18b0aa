//! Runs one behaviour with one program.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::Value;
use socket2::{Domain, Socket, Type};

use crate::TOKEN;
use crate::behaviour::{Behaviour, Outcome, Target, World};
use crate::server::{self, Log};

/// How late a call may end after its timeout, in milliseconds.
pub(crate) const GRACE: u64 = 500;
/// How much a process may grow, in KiB.
pub(crate) const GROWTH: i64 = 16 * 1024;

const PROXY_PASSWORD: &str = "proxy-password";

/// A program that makes the calls.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    path: OsString,
    words: &'static [&'static str],
}

impl Program {
    /// This program, which calls the Rust API.
    pub(crate) fn rust() -> Self {
        let path = env::current_exe().unwrap().into();
        Self { name: "Rust", path, words: &["call"] }
    }

    /// call.c, linked with the shared library.
    pub(crate) fn c(path: OsString) -> Self {
        Self { name: ".so", path, words: &[] }
    }
}

/// The cost of a call.
pub(crate) struct Cost {
    name: &'static str,
    /// Milliseconds from the deadline to the end.
    late: i64,
    /// Growth in KiB.
    grown: i64,
}

/// The largest costs.
#[derive(Default)]
pub(crate) struct Worst {
    late: Option<(i64, &'static str)>,
    grown: Option<(i64, &'static str)>,
}

impl Worst {
    pub(crate) fn note(&mut self, cost: &Cost) {
        self.late = self.late.max(Some((cost.late, cost.name)));
        self.grown = self.grown.max(Some((cost.grown, cost.name)));
    }
}

impl fmt::Display for Worst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (late, slow) = self.late.unwrap_or_default();
        let (grown, large) = self.grown.unwrap_or_default();
        write!(f, "latest end: {late} ms after the deadline ({slow}); ")?;
        write!(f, "largest growth: {grown} KiB ({large})")
    }
}

/// Runs a behaviour. The error says what differs from the expectation.
pub(crate) fn run(behaviour: &Behaviour, program: &Program, world: &World) -> Result<Cost, String> {
    let mut options = behaviour.options.clone();
    let mut logs: Vec<Arc<Log>> = Vec::new();
    let mut serve = |tls, serve: &server::Serve| {
        let (port, log) = server::start(tls, serve.clone());
        logs.push(log);
        port
    };
    // Sockets that stay open until the call has ended.
    let mut kept = Vec::new();
    let url = match &behaviour.target {
        Target::Plain(act) => format!("http://127.0.0.1:{}", serve(None, act)),
        Target::Tls(shown, act) => {
            let config = world.certificates.server(*shown);
            format!("https://127.0.0.1:{}", serve(Some(config), act))
        }
        Target::UnderTls(act) => format!("https://127.0.0.1:{}", serve(None, act)),
        Target::Proxy(act) => {
            let port = serve(None, act);
            options.push(("proxy", format!("http://user:{PROXY_PASSWORD}@127.0.0.1:{port}")));
            "https://wotrus.test".to_owned()
        }
        Target::Nobody => {
            // Bound without listening, so that no other server can use the port.
            let (port, socket) = bound();
            kept.push(socket);
            format!("http://127.0.0.1:{port}")
        }
        Target::FullBacklog => {
            let (port, sockets) = full_backlog();
            kept.extend(sockets);
            format!("http://127.0.0.1:{port}")
        }
        Target::Url(url) => (*url).to_owned(),
    };
    options.push(("timeout", behaviour.timeout.to_string()));
    if behaviour.trusting {
        options.push(("ca_file", world.certificates.ca_file.display().to_string()));
    }
    let reads = behaviour.calls.ends_with("query") || behaviour.calls.ends_with("retrieve");
    if reads && !options.iter().any(|(name, _)| *name == "retries") {
        options.push(("retries", "0".to_owned()));
    }
    let result = call(program, &url, behaviour, &options);
    logs.iter().for_each(|log| log.end());
    let value = result?;
    check(behaviour, &value, &logs)
}

fn call(
    program: &Program,
    url: &str,
    behaviour: &Behaviour,
    options: &[(&str, String)],
) -> Result<Value, String> {
    let mut child = Command::new(&program.path)
        .args(program.words)
        .args([url, &behaviour.calls])
        .args(options.iter().map(|(name, value)| format!("{name}={value}")))
        .envs(behaviour.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let token = format!("{TOKEN}\n");
    child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, err) = (output.stdout.as_slice(), output.stderr.as_slice());
    let shown = String::from_utf8_lossy(out) + String::from_utf8_lossy(err);
    if !output.status.success() || !err.is_empty() {
        return Err(format!("{}: {shown}", output.status));
    }
    if let Some(secret) = [TOKEN, PROXY_PASSWORD].iter().find(|secret| shown.contains(**secret)) {
        return Err(format!("{secret} was printed"));
    }
    serde_json::from_slice(out).map_err(|error| format!("{error}: {shown}"))
}

/// Compares the result with the expectation.
fn check(behaviour: &Behaviour, value: &Value, logs: &[Arc<Log>]) -> Result<Cost, String> {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| value[name].as_i64().unwrap_or(-1);
    let outcome = Outcome {
        kind: text("kind"),
        cause: text("cause"),
        delivery: text("delivery"),
        attempts: value["attempts"].as_u64().unwrap_or(u64::MAX),
    };
    let mut expected = behaviour.expected.clone();
    if behaviour.or.is_some_and(|cause| cause == outcome.cause) {
        expected.cause.clone_from(&outcome.cause);
    }
    if outcome != expected {
        return Err(format!("not {expected:?}: {value}"));
    }
    if !text("message").contains(behaviour.says) {
        return Err(format!("the message does not say {:?}: {value}", behaviour.says));
    }
    if outcome.kind == "ok" && text("order_id") == "FAKE" {
        return Err("accepted a response that belongs to no request".into());
    }
    // The client sends no request beside those of the calls and their attempts.
    let calls = behaviour.calls.split(',').filter(|call| !call.starts_with("pause")).count() as u64;
    let sent: usize = logs.iter().map(|log| log.requests().len()).sum();
    if sent as u64 > calls - 1 + outcome.attempts {
        return Err(format!(
            "the server received {sent} requests for {} attempts",
            outcome.attempts
        ));
    }
    if let Some(violation) = logs.iter().flat_map(|log| log.violations()).next() {
        return Err(violation.into());
    }
    let late = number("milliseconds") - i64::from(behaviour.timeout) * 1000;
    if late > GRACE as i64 {
        return Err(format!("ended {late} ms after its deadline"));
    }
    let grown = number("grown_kb");
    if grown > GROWTH {
        return Err(format!("grew by {grown} KiB"));
    }
    Ok(Cost { name: behaviour.name, late, grown })
}

/// A port whose backlog is full, and the sockets that fill it.
fn full_backlog() -> (u16, Vec<Socket>) {
    let (port, listener) = bound();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut sockets = vec![listener];
    for _ in 0..3 {
        let filler = socket();
        filler.set_nonblocking(true).unwrap();
        let _ = filler.connect(&address);
        sockets.push(filler);
    }
    (port, sockets)
}

/// A port that is bound without a listener.
fn bound() -> (u16, Socket) {
    let socket = socket();
    let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
    socket.bind(&any.into()).unwrap();
    (socket.local_addr().unwrap().as_socket().unwrap().port(), socket)
}

fn socket() -> Socket {
    Socket::new(Domain::IPV4, Type::STREAM, None).unwrap()
}
