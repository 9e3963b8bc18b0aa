//! Runs the built command against a sandbox or a scripted service, over real sockets.
#![allow(dead_code, reason = "each test file uses a part of it")]

mod ledger;
mod openssl;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

#[allow(unused_imports, reason = "each test file uses a part of it")]
pub(crate) use ledger::{
    CREATE, LEDGER, column, events, order_json, order_shell, orders_at_the_service, states,
};
#[allow(unused_imports, reason = "each test file uses a part of it")]
pub(crate) use openssl::OpensslFolder;
use serde_json::Value;
use wotrus_sandbox::{Config, Sandbox};

pub(crate) const CSR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/example.csr");
pub(crate) const LICENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/licence.pdf");
pub(crate) const ORDER: &str = "00000000-0000-4000-8000-000000000000";

/// A sandbox, and a folder that the command runs in.
pub(crate) struct Shell {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: tempfile::TempDir,
}

impl Shell {
    pub(crate) fn new(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::start(config).unwrap();
        fs::write(folder.path().join("ca.pem"), sandbox.tls_ca_pem()).unwrap();
        Self { sandbox, folder }
    }

    /// Orders are issued at once.
    pub(crate) fn immediate() -> Self {
        Self::new(Config::immediate())
    }

    /// Orders are not issued during the test.
    pub(crate) fn stuck() -> Self {
        Self::new(Config::default().with_delays(Duration::from_secs(3600)))
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = bare();
        command
            .env("WOTRUS_TOKEN", self.sandbox.token())
            .env("WOTRUS_BASE_URL", self.sandbox.https_url())
            .env("WOTRUS_CA_FILE", self.path("ca.pem"))
            .current_dir(self.folder.path());
        command
    }

    /// Runs the command, and checks that it does not print the token.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let run = Run::of(self.command().args(arguments));
        let printed = format!("{}{}", run.out, run.err);
        assert!(!printed.contains(self.sandbox.token()), "the token is printed: {printed}");
        run
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let run = self.run(&[&["--json"], arguments].concat());
        let json = serde_json::from_str(&run.out);
        (run.code, json.unwrap_or_else(|error| panic!("{error}: {} {}", run.out, run.err)))
    }

    /// Creates an order, and returns its id.
    pub(crate) fn order(&self) -> String {
        self.created("organization", &["--csr", CSR])
    }

    /// Creates an order with further arguments, and returns its id.
    pub(crate) fn created(&self, product: &str, further: &[&str]) -> String {
        let order = [
            "order",
            "create",
            "--product",
            product,
            "--common-name",
            "沃通",
            "--org-name",
            "沃通电子认证服务有限公司",
            "--months",
            "12",
        ];
        let (code, json) = self.json(&[&order[..], further].concat());
        assert_eq!(code, 0, "{json}");
        json["order_id"].as_str().unwrap().to_owned()
    }
}

/// A command of the system's shell, as the words that `-- COMMAND` takes.
pub(crate) const fn script(unix: &'static str, windows: &'static str) -> [&'static str; 3] {
    if cfg!(windows) { ["cmd", "/C", windows] } else { ["sh", "-c", unix] }
}

pub(crate) const SUCCEED: [&str; 3] = script("exit 0", "exit 0");
pub(crate) const FAIL: [&str; 3] = script("exit 1", "exit 1");

/// The command without settings of this machine.
pub(crate) fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wotrus"));
    let empty = std::env::temp_dir().join("wotrus-no-such-folder");
    command.env_clear().env("HOME", &empty).env("LC_ALL", "C").stdin(Stdio::null());
    if cfg!(windows) {
        // Its own DLLs and programs are found by them.
        let kept = |name| std::env::var_os(name).map(|value| (name, value));
        command.envs(["SystemRoot", "PATH"].into_iter().filter_map(kept));
    }
    command
}

/// A folder that the command runs in.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: impl AsRef<std::path::Path>) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = bare();
        command.current_dir(self.0.path()).args(line.split(' '));
        command
    }

    pub(crate) fn run(&self, line: &str) -> Run {
        Run::of(&mut self.command(line))
    }

    pub(crate) fn done(&self, line: &str) -> Run {
        let run = self.run(line);
        assert_eq!(run.code, 0, "{line}: {}{}", run.out, run.err);
        run
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) }
    }
}

/// A service that answers every request with the body that a function makes of its first line. It ends
/// with the test's process.
pub(crate) fn scripted_service(answer: impl Fn(&str) -> String + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let _ = socket.set_read_timeout(Some(Duration::from_secs(10)));
            respond(socket, &answer);
        }
    });
    address
}

fn respond(mut socket: TcpStream, answer: &impl Fn(&str) -> String) {
    let (mut request, mut byte) = (Vec::new(), [0]);
    while !request.ends_with(b"\r\n\r\n") && socket.read(&mut byte).unwrap_or(0) > 0 {
        request.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
    let _ = socket.read_exact(&mut body);
    let json = answer(String::from_utf8_lossy(&request).lines().next().unwrap_or_default());
    let length = json.len();
    let _ = socket.write_all(
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{json}"
        )
        .as_bytes(),
    );
}

/// The command, calling a scripted service.
pub(crate) fn calling(address: SocketAddr) -> Command {
    let mut command = bare();
    command.env("WOTRUS_TOKEN", "tk_test").env("WOTRUS_BASE_URL", format!("http://{address}"));
    command
}
