//! `wotrus sandbox`: runs the simulated service until it is interrupted.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::mpsc;
use std::time::Duration;

use wotrus_sandbox::{Config, Error, Fault, Sandbox, policies};

use crate::charset;
use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::files::{self, NewFile};
use crate::help::epilogue;
use crate::interrupt;
use crate::io_problem::io_problem;
use crate::json::Json;
use crate::lang::{self, Lang, say};
use crate::output::{Outcome, Table, print_json, tell, warn};
use crate::platform::set_variables;
use crate::wait_time::seconds;

/// Run a simulated service: real HTTP, TLS and certificates, no account needed
///
/// Prints one line of JSON with its URLs and its token, then serves until it is interrupted. Orders are
/// kept in memory, or with --state in a file.
#[derive(Debug, clap::Args)]
#[command(after_help = epilogue!(
    "wotrus sandbox --http 127.0.0.1:8080 --token tk_test"
    "wotrus sandbox --delay 0 --policy unauthorized=json"
    "wotrus sandbox --fault status=503,when=after,percent=10 --seed 7"
    "wotrus sandbox --fault reset,when=after,on=create_order,count=1 \\"
    "    --push-url http://127.0.0.1:8000/push"
    "wotrus sandbox --policies"
))]
pub(crate) struct SandboxCommand {
    /// Where to serve plain HTTP; port 0 lets the system choose. Not encrypted: beyond loopback, the token
    /// and personal data can be read on the network
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    http: SocketAddr,

    /// Where to serve HTTPS
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    https: SocketAddr,

    /// Where to serve the management interface, a page and JSON under /api: a loopback address, or off
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    management: Listen,

    /// The token that requests must have; it is valid for this sandbox only [default: a new one]
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,

    /// Where to write the CA certificate that HTTPS clients must trust, readable by everybody (mode 0644)
    /// [default: a temporary file]
    #[arg(long, value_name = "FILE")]
    tls_ca_file: Option<PathBuf>,

    /// How long each step of an order takes
    #[arg(long, value_name = "SECS", value_parser = seconds, default_value = "1")]
    delay: Duration,

    /// How long the review at WoTrus takes [default: --delay]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    review_delay: Option<Duration>,

    /// How long domain validation takes [default: --delay]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    validation_delay: Option<Duration>,

    /// How long the CA takes to issue [default: --delay]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    issue_delay: Option<Duration>,

    /// How long the review of a revocation takes [default: --delay]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    revocation_delay: Option<Duration>,

    /// Where to send pushes when an order is issued or revoked
    #[arg(long, value_name = "URL")]
    push_url: Option<String>,

    /// The delay before each attempt to send a push, three at most
    #[arg(
        long,
        value_name = "SECS",
        value_parser = seconds,
        value_delimiter = ',',
        default_value = "0,5,30"
    )]
    push_delays: Vec<Duration>,

    /// Make errors on purpose: KIND[=VALUE][,KEY=VALUE]...
    ///
    /// Kinds: status=CODE (with retry_after=SECS or retry_after_date=SECS, body=html|json|empty),
    /// problem=CODE, error_msg=list|object, expectation_failed, html, json=broken|other,
    /// ids=zero|zero_absent|other, delay=SECS, hang, reset, cut=BYTES, slow=BYTES_PER_SECOND, stale.
    /// Keys: on=OPERATION (create_order, ...), request_id=PREFIX, percent=P, count=N, and when=after for
    /// status, problem, error_msg, html, delay, hang and reset: the operation is performed, and its
    /// response is lost.
    #[arg(long, value_name = "SPEC")]
    fault: Vec<Fault>,

    /// The seed of the random choices of faults with percent; the same seed makes the same choices
    #[arg(long, value_name = "N", default_value = "0")]
    seed: u64,

    /// Keep orders, pushes, the clock, the token and the CAs in this file, for the next start. It contains
    /// private keys: its mode is set to 0600
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Choose what the document leaves open
    #[arg(long, value_name = "NAME=VALUE")]
    policy: Vec<String>,

    /// List what the document leaves open and what can be chosen, and exit
    #[arg(long)]
    policies: bool,
}

impl SandboxCommand {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome> {
        context.options.refuse()?;
        if self.policies {
            return Ok(list());
        }
        let (stop, stopped) = mpsc::channel();
        interrupt::on_interrupt(move || {
            let _ = stop.send(());
        });
        let sandbox = Sandbox::start(self.config()?).map_err(failure)?;
        let ca = CaFile::write(self.tls_ca_file, sandbox.tls_ca_pem())?;
        let path = std::path::absolute(ca.path()).unwrap_or_else(|_| ca.path().to_owned());
        print_json(&sandbox.ready_line(Some(&path)))?;
        warn_of_exposed(&sandbox);
        let (url, token) = (sandbox.https_url(), sandbox.token());
        tell(&say!(
            "The sandbox runs until Ctrl-C. In another shell:",
            "沙箱运行中，按 Ctrl-C 结束。在另一个终端中执行："
        ));
        tell(&set_variables(&[
            ("WOTRUS_BASE_URL", url),
            ("WOTRUS_CA_FILE", &charset::display(&path)),
            ("WOTRUS_TOKEN", token),
        ]));
        if let Some(page) = sandbox.management_url() {
            tell(&say!(
                "Page for orders, pushes and the clock: {page}",
                "订单、推送与时钟的管理页面：{page}"
            ));
        }
        let _ = stopped.recv();
        Ok(Outcome::default())
    }

    fn config(&self) -> Result<Config> {
        let mut config = Config {
            http_listen: self.http,
            https_listen: self.https,
            management_listen: self.management.0,
            token: self.token.clone(),
            push_url: self.push_url.clone(),
            push_delays: self.push_delays.clone(),
            faults: self.fault.clone(),
            seed: self.seed,
            state_file: self.state.clone(),
            ..Config::default().with_delays(self.delay)
        };
        for (delay, given) in [
            (&mut config.review_delay, self.review_delay),
            (&mut config.validation_delay, self.validation_delay),
            (&mut config.issue_delay, self.issue_delay),
            (&mut config.revocation_delay, self.revocation_delay),
        ] {
            *delay = given.unwrap_or(*delay);
        }
        for policy in &self.policy {
            let (name, value) = policy.split_once('=').unwrap_or((policy, ""));
            let chosen = config.policies.set(name, value);
            chosen.map_err(|_| Failure::argument("--policy", problem_of_policy(name, value)))?;
        }
        Ok(config)
    }
}

/// An address, or `off`.
#[derive(Debug, Clone)]
struct Listen(Option<SocketAddr>);

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "off" => Ok(Self(None)),
            _ => text.parse().map(|address| Self(Some(address))).map_err(|_| {
                say!("an address and a port, or off", "应为地址和端口，或 off").to_owned()
            }),
        }
    }
}

/// Why a policy cannot be chosen.
fn problem_of_policy(name: &str, value: &str) -> String {
    match policies().iter().find(|policy| policy.name == name) {
        Some(policy) => {
            let known = policy.values.join(", ");
            say!(
                "the policy {name} has no value {value}; it is one of {known}",
                "策略 {name} 没有取值 {value}；可选：{known}"
            )
        }
        None => {
            let known: Vec<&str> = policies().iter().map(|policy| policy.name).collect();
            let known = known.join(", ");
            say!(
                "there is no policy {name}; the policies are {known}",
                "没有策略 {name}；可用的策略有：{known}"
            )
        }
    }
}

pub(crate) fn failure(error: Error) -> Failure {
    let problem = match &error {
        Error::Listen(address, error) => {
            let problem = io_problem(error);
            say!("cannot listen on {address}: {problem}", "无法监听 {address}：{problem}")
        }
        Error::State(path, reason) => {
            let path = charset::display(path);
            say!("cannot use the state file {path}: {reason}", "无法使用状态文件 {path}：{reason}")
        }
        _ => error.to_string(),
    };
    Failure::config("sandbox", problem)
}

/// Warns of each address that other machines reach.
fn warn_of_exposed(sandbox: &Sandbox) {
    for url in sandbox.exposed() {
        warn(&match url.starts_with("http://") {
            true => say!(
                "{url} can be reached from other machines. Plain HTTP does not encrypt the token and \
                 personal data: anybody on the network can read them, send requests with the token and \
                 open pendingLink pages. Use an isolated network, or --http 127.0.0.1:0.",
                "其他机器可以访问 {url}。明文 HTTP 不加密 token 和个人信息：网络中的任何人都可以读取它们，\
                 用该 token 发送请求，并打开 pendingLink 页面。请仅在隔离的网络中使用，或改用 --http 127.0.0.1:0。"
            ),
            false => say!(
                "{url} can be reached from other machines. Anybody who knows the token can send requests \
                 and read personal data.",
                "其他机器可以访问 {url}。知道 token 的人都可以发送请求并读取个人信息。"
            ),
        });
    }
}

/// The file with the CA certificate: where the user wants it, or a temporary one. It is public, and the server that
/// needs it often runs as another user, so everybody may read it. The CA's private key is not in it.
pub(crate) enum CaFile {
    Kept(PathBuf),
    Temporary(tempfile::NamedTempFile),
}

impl CaFile {
    pub(crate) fn write(wanted: Option<PathBuf>, pem: &str) -> Result<Self> {
        if let Some(path) = wanted {
            let name = path.file_name().unwrap_or_default();
            let folder = match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => ".".as_ref(),
            };
            // Each new sandbox has a new CA, so an existing file is replaced.
            files::write(folder, &[NewFile::new(name, pem)], true)?;
            make_public(&path)?;
            return Ok(Self::Kept(path));
        }
        let failed = |error| Failure::file(&std::env::temp_dir(), &error);
        let mut builder = tempfile::Builder::new();
        let mut file =
            builder.prefix("wotrus-sandbox-ca-").suffix(".pem").tempfile().map_err(failed)?;
        file.write_all(pem.as_bytes()).map_err(failed)?;
        make_public(file.path())?;
        Ok(Self::Temporary(file))
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(file) => file.path(),
        }
    }
}

/// Lets everybody read the file, whatever the umask and an earlier file's mode were.
fn make_public(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::fs::{Permissions, metadata, set_permissions};
        use std::os::unix::fs::PermissionsExt;
        let failed = |error| Failure::file(path, &error);
        if metadata(path).map_err(failed)?.permissions().mode() & 0o777 != 0o644 {
            set_permissions(path, Permissions::from_mode(0o644)).map_err(failed)?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// The policies, with the document's sections.
fn list() -> Outcome {
    let mut text = String::new();
    let mut json = Vec::new();
    for policy in policies() {
        let mut table = Table::new();
        let (section, default) = (policy.section, policy.default_value());
        let meaning = match lang::current() {
            Lang::En => policy.meaning.split_whitespace().collect::<Vec<_>>().join(" "),
            Lang::Zh => policy.meaning_zh.to_owned(),
        };
        table.pair(say!("policy", "策略"), Some(policy.name));
        table.pair(say!("values", "取值"), Some(policy.values.join(", ")));
        table.pair(say!("default", "默认"), Some(default));
        table.pair(say!("section", "文档章节"), Some(section));
        table.pair(say!("meaning", "含义"), Some(&meaning));
        text += &(table.render() + "\n");
        let policy = Json::new()
            .with("name", policy.name)
            .with("values", policy.values)
            .with("default", default)
            .with("section", section)
            .with("meaning", &meaning);
        json.push(policy.object());
    }
    let json = Json::new().with_raw("policies", Some(&format!("[{}]", json.join(","))));
    Outcome { text, json }
}
