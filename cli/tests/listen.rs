//! `wotrus push listen`: never 200 to what could be lost.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::Shell;

struct Listener {
    child: Child,
    out: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Listener {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let url = ready["listening"].as_str().unwrap();
        let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
        Self { address: address.parse().unwrap(), child, out }
    }

    /// With `--json` and a port of the system's choice.
    fn of(shell: &Shell, arguments: &[&str]) -> Self {
        let mut command = shell.command();
        command.args(["--json", "--retries", "0", "push", "listen", "--listen", "127.0.0.1:0"]);
        Self::start(command.args(arguments))
    }

    /// The next line it prints.
    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn push(&self, order: &str) -> u16 {
        let body = format!(
            r#"{{"dataAction":"order","orderID":"{order}","isIssued":true,"isRevoked":false}}"#
        );
        post(self.address, "/", body.as_bytes())
    }

    /// A polite kill, and its exit code.
    fn stop(mut self) -> Option<i32> {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn post(address: SocketAddr, path: &str, body: &[u8]) -> u16 {
    let length = body.len();
    send(
        address,
        &[
            format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n")
                .as_bytes(),
            body,
        ]
        .concat(),
    )
}

/// Sends bytes as they are and gives the answer's status; 0 if there is none.
fn send(address: SocketAddr, bytes: &[u8]) -> u16 {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // It may answer before all is sent.
    let _ = socket.write_all(bytes);
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn lines(path: &str) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "a half line: {text:?}");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_event_is_on_disk_before_200_with_what_the_service_says() {
    let shell = Shell::immediate();
    let (id, file) = (shell.order(), shell.path("events.jsonl"));
    let mut listener = Listener::of(&shell, &["--output", "events.jsonl"]);
    assert_eq!(listener.push(&id), 200);
    let kept = lines(&file);
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (&kept[0]["order_id"], &kept[0]["status"], &kept[0]["confirmed"]),
        (&id.as_str().into(), &"issued".into(), &true.into())
    );
    assert!(kept[0].get("data").is_none(), "no people in a log: {}", kept[0]);
    assert_eq!(listener.line(), kept[0]);

    // A kind that nobody described is kept as it came.
    assert_eq!(post(listener.address, "/", br#"{"dataAction":"organization","x":1}"#), 200);
    assert_eq!(lines(&file)[1]["push"]["x"], 1);
    assert_eq!(listener.stop(), Some(0));
}

#[test]
fn a_push_that_the_service_does_not_confirm_says_so() {
    let shell = Shell::stuck();
    let id = shell.order();
    let listener = Listener::of(&shell, &["--output", "events.jsonl"]);
    assert_eq!(listener.push(&id), 200);
    let kept = lines(&shell.path("events.jsonl"));
    assert_eq!((&kept[0]["is_issued"], &kept[0]["confirmed"]), (&true.into(), &false.into()));
    assert_ne!(kept[0]["status"], "issued");
}

#[test]
fn what_is_not_kept_is_not_answered_with_200() {
    let shell = Shell::immediate();
    let (id, file) = (shell.order(), shell.path("events.jsonl"));
    let mut listener = Listener::of(
        &shell,
        &["--output", "events.jsonl", "--path", "/push", "--max-body", "1000"],
    );
    let at = listener.address;
    assert_eq!(post(at, "/push", b"<html>"), 400);
    assert_eq!(listener.line()["answered"], 400);
    assert_eq!(post(at, "/push", br#"{"dataAction":"order","orderID":"no-such-order"}"#), 422);
    assert_eq!(listener.line()["error"]["kind"], "refused");
    assert_eq!(post(at, "/push", &[b' '; 1001]), 413);
    assert_eq!(listener.line()["answered"], 413);
    let chunked = b"POST /push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n";
    assert_eq!(send(at, &[&chunked[..], &[b' '; 2000], b"\r\n0\r\n\r\n"].concat()), 413);
    assert_eq!(listener.line()["answered"], 413);
    assert_eq!(post(at, "/other", b"{}"), 404);
    assert_eq!(send(at, b"GET /push HTTP/1.1\r\nHost: x\r\n\r\n"), 405);

    // The service cannot be asked.
    drop(shell.sandbox);
    let body = format!(r#"{{"dataAction":"order","orderID":"{id}","isIssued":true}}"#);
    assert_eq!(post(at, "/push", body.as_bytes()), 503);
    assert_eq!(listener.line()["error"]["kind"], "network");
    assert!(lines(&file).is_empty());
}

#[test]
fn a_command_must_succeed() {
    let shell = Shell::immediate();
    let id = shell.order();
    for (script, status) in [
        ("cat >got; test \"$WOTRUS_ORDER_STATUS\" = issued", 200),
        ("exit 3", 503),
        ("exec sleep 60", 503),
    ] {
        let listener = Listener::of(&shell, &["--command-timeout", "2", "--", "sh", "-c", script]);
        assert_eq!(listener.push(&id), status, "{script}");
    }
    assert_eq!(lines(&shell.path("got"))[0]["order_id"], id);
    // Both: the file alone is not enough.
    let listener = Listener::of(&shell, &["--output", "events.jsonl", "--", "false"]);
    assert_eq!(listener.push(&id), 503);
}

#[cfg(unix)]
#[test]
fn a_full_disk_keeps_whole_lines_and_says_503() {
    let shell = Shell::immediate();
    let id = shell.order();
    let mut command = Command::new("sh");
    command
        .args(["-c", r#"trap "" XFSZ; ulimit -f 1; exec "$@""#, "sh"])
        .arg(env!("CARGO_BIN_EXE_wotrus"))
        .args(["--json", "push", "listen", "--listen", "127.0.0.1:0", "--output", "events.jsonl"])
        .envs(shell.command().get_envs().filter_map(|(name, value)| Some((name, value?))))
        .current_dir(shell.folder.path());
    let listener = Listener::start(&mut command);
    let answers: Vec<u16> = (0..4).map(|_| listener.push(&id)).collect();
    let kept = lines(&shell.path("events.jsonl")).len();
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), kept, "{answers:?}");
    assert!(answers.contains(&503) && kept > 0, "{answers:?}");
    for not_kept in ["/dev/full", "/dev/null", "no/such/folder/x"] {
        let run = shell.run(&["push", "listen", "--output", not_kept]);
        assert_eq!(run.code, 9, "{not_kept}: {}", run.err);
    }
}

#[test]
fn slow_clients_take_no_place_for_ever() {
    let shell = Shell::immediate();
    let id = shell.order();
    let listener = Listener::of(&shell, &["--output", "events.jsonl"]);
    let connect = || TcpStream::connect(listener.address).unwrap();
    // More than are served at once: some say nothing, some stop in the middle.
    let idle: Vec<TcpStream> = (0..100)
        .map(|index| {
            let mut socket = connect();
            if index % 2 == 0 {
                socket
                    .write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
                    .unwrap();
            }
            socket
        })
        .collect();
    let began = Instant::now();
    assert_eq!(listener.push(&id), 200);
    assert!(began.elapsed() < Duration::from_secs(55));
    drop(idle);
}

#[test]
fn a_stop_lets_what_was_begun_end() {
    let shell = Shell::immediate();
    let id = shell.order();
    let listener = Listener::of(&shell, &["--", "sh", "-c", "touch begun; sleep 2; cat >ended"]);
    let address = listener.address;
    let idle = TcpStream::connect(address).unwrap();
    let body = format!(r#"{{"dataAction":"order","orderID":"{id}","isIssued":true}}"#);
    let sender = thread::spawn(move || post(address, "/", body.as_bytes()));
    let begun = shell.folder.path().join("begun");
    let patience = Instant::now() + Duration::from_secs(60);
    while !begun.exists() && Instant::now() < patience {
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(listener.stop(), Some(0));
    assert_eq!(sender.join().unwrap(), 200);
    assert_eq!(lines(&shell.path("ended")).len(), 1);
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
    drop(idle);
}
