//! `wotrus push listen`: no push that it answers with 200 is lost, and only confirmed ones run a command.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{FAIL, LEDGER, Shell, calling, events, script, scripted_service};
use wotrus_sandbox::Action;

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

    /// Listens with `--json` on a port that the system chooses.
    fn of(shell: &Shell, arguments: &[&str]) -> Self {
        let mut command = shell.command();
        command.args(["--json", "--retries", "0", "push", "listen", "--listen", "127.0.0.1:0"]);
        Self::start(command.args(arguments))
    }

    /// The next line of its standard output.
    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Pushes that an order is issued.
    fn push(&self, order: &str) -> u16 {
        let body = format!(
            r#"{{"dataAction":"order","orderID":"{order}","isIssued":true,"isRevoked":false}}"#
        );
        post(self.address, "/", body.as_bytes())
    }

    /// Sends SIGTERM, and checks the exit code; on Windows, which has no such signal, it is killed.
    fn stop(mut self) {
        if cfg!(unix) {
            Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
            assert_eq!(self.child.wait().unwrap().code(), Some(0));
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Makes the file `run`.
const TOUCH: [&str; 3] = script("touch run", "type nul >run");

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

/// Sends a request unchanged and returns the status of the response; 0 if there is none.
fn send(address: SocketAddr, bytes: &[u8]) -> u16 {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    // The listener may respond before it has read everything.
    let _ = socket.write_all(bytes);
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn lines(path: &str) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "an incomplete line: {text:?}");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_event_is_on_disk_before_200_with_the_answer_of_the_service() {
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
    assert!(kept[0].get("data").is_none(), "personal data is not kept: {}", kept[0]);
    assert_eq!(listener.line(), kept[0]);

    // An undocumented kind is kept unchanged.
    assert_eq!(post(listener.address, "/", br#"{"dataAction":"organization","x":1}"#), 200);
    assert_eq!(lines(&file)[1]["push"]["x"], 1);
    listener.stop();
}

#[test]
fn an_unconfirmed_push_is_kept_as_unconfirmed() {
    let shell = Shell::stuck();
    let id = shell.order();
    let listener = Listener::of(&shell, &["--output", "events.jsonl"]);
    assert_eq!(listener.push(&id), 200);
    let kept = lines(&shell.path("events.jsonl"));
    assert_eq!((&kept[0]["is_issued"], &kept[0]["confirmed"]), (&true.into(), &false.into()));
    assert_ne!(kept[0]["status"], "issued");
}

#[test]
fn a_push_that_is_not_kept_is_not_answered_with_200() {
    let shell = Shell::immediate();
    let (id, file) = (shell.order(), shell.path("events.jsonl"));
    let mut listener = Listener::of(
        &shell,
        &["--output", "events.jsonl", "--path", "/push", "--max-body", "1000"],
    );
    let at = listener.address;
    for no_object in [&b"<html>"[..], b"", b"[]", b"payload=%7B%7D"] {
        assert_eq!(post(at, "/push", no_object), 400);
        assert_eq!(listener.line()["answered"], 400);
    }
    assert_eq!(post(at, "/push", br#"{"dataAction":"order","orderID":"no-such-order"}"#), 422);
    assert_eq!(listener.line()["error"]["kind"], "refused");
    assert_eq!(post(at, "/push", &[b' '; 1001]), 413);
    assert_eq!(listener.line()["answered"], 413);
    let chunked = b"POST /push HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n";
    assert_eq!(send(at, &[&chunked[..], &[b' '; 2000], b"\r\n0\r\n\r\n"].concat()), 413);
    assert_eq!(listener.line()["answered"], 413);
    assert_eq!(post(at, "/other", b"{}"), 404);

    // The service cannot be reached.
    drop(shell.sandbox);
    let body = format!(r#"{{"dataAction":"order","orderID":"{id}","isIssued":true}}"#);
    assert_eq!(post(at, "/push", body.as_bytes()), 503);
    assert_eq!(listener.line()["error"]["kind"], "network");
    assert!(lines(&file).is_empty());
}

#[test]
fn probes_are_answered_and_browsers_are_refused() {
    let shell = Shell::immediate();
    let id = shell.order();
    let listener = Listener::of(
        &shell,
        &[&["--path", "/push", "--output", "events.jsonl", "--"], &TOUCH[..]].concat(),
    );
    let request = |method: &str, path: &str, header: &str| {
        let body = format!(r#"{{"dataAction":"order","orderID":"{id}","isIssued":true}}"#);
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\n{header}Content-Length: {length}\r\n\r\n"
        );
        send(listener.address, (head + &body).as_bytes())
    };
    for (method, path, status) in [
        ("GET", "/push", 200),
        ("HEAD", "/push", 200),
        ("OPTIONS", "/push", 405),
        ("PUT", "/push", 405),
        ("GET", "/", 404),
    ] {
        assert_eq!(request(method, path, ""), status, "{method} {path}");
    }
    for header in
        ["Origin: https://evil.example\r\n", "origin: null\r\n", "Sec-Fetch-Mode: no-cors\r\n"]
    {
        assert_eq!(request("POST", "/push", header), 403, "{header}");
    }
    assert!(lines(&shell.path("events.jsonl")).is_empty());
    assert!(!shell.folder.path().join("run").exists());
    assert_eq!(request("POST", "/push", ""), 200);
    assert!(shell.folder.path().join("run").exists());
}

#[test]
fn a_command_must_succeed() {
    let shell = Shell::immediate();
    let id = shell.order();
    for (program, status) in [
        (
            script(
                "cat >got; test \"$WOTRUS_ORDER_STATUS\" = issued",
                "more >got & if not %WOTRUS_ORDER_STATUS%==issued exit 1",
            ),
            200,
        ),
        (script("exit 3", "exit 3"), 503),
        (script("exec sleep 60", "ping -n 20 127.0.0.1 >nul"), 503),
    ] {
        let arguments = [&["--command-timeout", "2", "--"], &program[..]].concat();
        let listener = Listener::of(&shell, &arguments);
        assert_eq!(listener.push(&id), status, "{program:?}");
    }
    assert_eq!(lines(&shell.path("got"))[0]["order_id"], id);
    // With a file and a command, the file alone is not enough.
    let listener = Listener::of(&shell, &[&["--output", "events.jsonl", "--"], &FAIL[..]].concat());
    assert_eq!(listener.push(&id), 503);
}

#[test]
fn a_listener_takes_a_token_that_was_replaced() {
    let shell = Shell::immediate();
    let id = shell.recorded_order("1");
    fs::write(shell.path("token"), "tk_old").unwrap();
    let mut command = shell.command();
    command.args(["--json", "push", "listen", "--listen", "127.0.0.1:0", "--ledger", LEDGER]);
    command.env_remove("WOTRUS_TOKEN").env("WOTRUS_TOKEN_FILE", shell.path("token"));
    let listener = Listener::start(&mut command);
    assert_eq!(listener.push(&id), 503);
    fs::write(shell.path("token"), shell.sandbox.token()).unwrap();
    assert_eq!([listener.push(&id), listener.push(&id)], [200, 200]);
}

// The children of a process are known by their ids.
#[cfg(target_os = "linux")]
#[test]
fn a_command_that_takes_too_long_is_killed_with_its_children() {
    let shell = Shell::immediate();
    let id = shell.order();
    let program = ["sh", "-c", "sleep 300 & echo $! >pid; wait"];
    let arguments = [&["--command-timeout", "5", "--"], &program[..]].concat();
    let listener = Listener::of(&shell, &arguments);
    // A killed process may stay as a zombie until its new parent asks for it.
    let runs = |child: &str| {
        let stat = fs::read_to_string(format!("/proc/{child}/stat"));
        stat.is_ok_and(|text| !text.contains(") Z"))
    };
    let child = thread::scope(|scope| {
        let push = scope.spawn(|| listener.push(&id));
        let child = loop {
            let written = fs::read_to_string(shell.path("pid")).unwrap_or_default();
            match written.strip_suffix('\n') {
                Some(child) => break child.to_owned(),
                None => assert!(!push.is_finished(), "the command has not started"),
            }
            thread::sleep(Duration::from_millis(5));
        };
        assert!(runs(&child), "{child}");
        assert_eq!(push.join().unwrap(), 503);
        child
    });
    for _ in 0..100 {
        if !runs(&child) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("the child still runs");
}

#[test]
fn a_command_is_run_only_for_confirmed_orders_unless_told_otherwise() {
    let shell = Shell::stuck();
    let (id, run) = (shell.order(), shell.folder.path().join("run"));
    let other_kind = br#"{"dataAction":"organization"}"#;
    // The push is not kept, so the service must send it again.
    let listener = Listener::of(&shell, &[&["--"], &TOUCH[..]].concat());
    assert_eq!(listener.push(&id), 503);
    assert_eq!(post(listener.address, "/", other_kind), 503);
    let listener =
        Listener::of(&shell, &[&["--output", "events.jsonl", "--"], &TOUCH[..]].concat());
    assert_eq!(listener.push(&id), 200);
    assert_eq!(post(listener.address, "/", other_kind), 200);
    assert!(!run.exists());
    let listener = Listener::of(&shell, &[&["--run-unconfirmed", "--"], &TOUCH[..]].concat());
    assert_eq!(listener.push(&id), 200);
    assert!(run.exists());
}

#[test]
fn an_answer_about_another_order_confirms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let listen = |answered: &'static str| {
        let address = scripted_service(move |_| {
            json!({"isSuccess": true, "data": {"id": answered, "status": "issued"}}).to_string()
        });
        let mut command = calling(address);
        command.args(["--json", "push", "listen", "--listen", "127.0.0.1:0", "--output", "events"]);
        command
            .arg("--")
            .args(script("echo \"$WOTRUS_ORDER_ID\" >>run", ">>run echo %WOTRUS_ORDER_ID%"));
        Listener::start(command.current_dir(folder.path()))
    };
    let listener = listen("B2");
    assert_eq!(listener.push("a-1b"), 200);
    assert!(!folder.path().join("run").exists());
    let event = &lines(&folder.path().join("events").display().to_string())[0];
    assert_eq!((&event["confirmed"], &event["order_id"]), (&false.into(), &"a-1b".into()));
    assert_eq!((&event["answered_order_id"], &event["status"]), (&"B2".into(), &Value::Null));
    // The same order in the service's spelling, which is what the command gets.
    let listener = listen(" A1B ");
    assert_eq!(listener.push("a-1b"), 200);
    assert_eq!(fs::read_to_string(folder.path().join("run")).unwrap().trim_end(), "A1B");
    let event = &lines(&folder.path().join("events").display().to_string())[1];
    assert_eq!((&event["confirmed"], &event["order_id"]), (&true.into(), &"A1B".into()));
}

#[test]
fn a_command_does_not_get_the_token() {
    let shell = Shell::immediate();
    let id = shell.order();
    let token = shell.sandbox.token();
    fs::write(shell.path("token"), token).unwrap();
    let mut command = shell.command();
    command
        .env("WOTRUS_TOKEN_FILE", shell.path("token"))
        .env("OTHER_NAME", format!("bearer {token}"))
        .env("DATABASE", "kept")
        .env("WOTRUS_ORDER_ID", "inherited")
        .args(["--json", "push", "listen", "--listen", "127.0.0.1:0"])
        .args(["--run-unconfirmed", "--"])
        .args(script("env >environment", "set >environment"));
    let listener = Listener::start(&mut command);
    assert_eq!(listener.push(&id), 200);
    let environment = || fs::read_to_string(shell.path("environment")).unwrap();
    let variables = environment();
    assert!(!variables.contains(token) && !variables.contains("WOTRUS_TOKEN"), "{variables}");
    assert!(variables.contains("DATABASE=kept"), "{variables}");
    assert!(variables.contains(&format!("WOTRUS_ORDER_ID={id}")), "{variables}");
    assert_eq!(post(listener.address, "/", br#"{"dataAction":"organization"}"#), 200);
    assert!(!environment().contains("WOTRUS_ORDER_ID"), "{}", environment());
}

#[test]
fn the_number_of_commands_at_the_same_time_is_limited() {
    let shell = Shell::immediate();
    let id = shell.order();
    // It fails if another command runs.
    let program = script(
        "mkdir lock && sleep 0.3 && rmdir lock",
        "if exist lock (exit 1) else (mkdir lock & ping -n 2 127.0.0.1 >nul & rmdir lock)",
    );
    let listener = Listener::of(&shell, &[&["--parallel", "1", "--"], &program[..]].concat());
    let answers: Vec<u16> = thread::scope(|scope| {
        let pushes: Vec<_> = (0..4).map(|_| scope.spawn(|| listener.push(&id))).collect();
        pushes.into_iter().map(|push| push.join().unwrap()).collect()
    });
    assert_eq!(answers, [200; 4]);
    // A push whose command does not get its turn in time is sent again.
    let (timeout, program) =
        if cfg!(unix) { ("1.5", "sleep 1.2") } else { ("4", "ping -n 4 127.0.0.1 >nul") };
    let arguments = ["--parallel", "1", "--command-timeout", timeout, "--"];
    let program = script(program, program);
    let listener = Listener::of(&shell, &[&arguments[..], &program[..]].concat());
    let mut answers: Vec<u16> = thread::scope(|scope| {
        let pushes: Vec<_> = (0..3).map(|_| scope.spawn(|| listener.push(&id))).collect();
        pushes.into_iter().map(|push| push.join().unwrap()).collect()
    });
    answers.sort_unstable();
    assert_eq!((answers[0], answers[2]), (200, 503), "{answers:?}");
}

#[test]
fn the_size_of_the_file_is_limited() {
    let shell = Shell::immediate();
    let (id, file) = (shell.order(), shell.path("events.jsonl"));
    let mut listener = Listener::of(&shell, &["--output", "events.jsonl", "--max-output", "2000"]);
    // Forged pushes fill half of it.
    let forged = format!(r#"{{"dataAction":"organization","filler":"{}"}}"#, "x".repeat(300));
    let answers: Vec<u16> =
        (0..5).map(|_| post(listener.address, "/", forged.as_bytes())).collect();
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 2, "{answers:?}");
    let reports: Vec<Value> = (0..5).map(|_| listener.line()).collect();
    let message = reports[4]["error"]["message"].as_str().unwrap();
    assert!(message.contains("--max-output") && reports[4]["answered"] == 503, "{message}");
    assert_eq!(listener.push(&id), 200, "room for confirmed events is left");
    assert!(fs::metadata(&file).unwrap().len() <= 2000);
    // After a rotation there is room again.
    fs::rename(&file, shell.path("events.1")).unwrap();
    assert_eq!(post(listener.address, "/", forged.as_bytes()), 200);
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_complete_lines_and_is_answered_with_503() {
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
fn idle_connections_give_way_to_pushes() {
    let shell = Shell::immediate();
    let id = shell.order();
    let listener = Listener::of(&shell, &["--output", "events.jsonl"]);
    // More than are served at once. Some send nothing, some an incomplete request.
    let idle: Vec<TcpStream> = (0..200)
        .map(|index| {
            let mut socket = TcpStream::connect(listener.address).unwrap();
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
    // Well below the read timeout of idle connections.
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    drop(idle);
}

// Windows has no SIGTERM.
#[cfg(unix)]
#[test]
fn sigterm_completes_the_requests_that_have_begun() {
    let shell = Shell::immediate();
    let id = shell.order();
    let listener = Listener::of(&shell, &["--", "sh", "-c", "touch begun; sleep 2; cat >ended"]);
    let address = listener.address;
    let idle = TcpStream::connect(address).unwrap();
    let body = format!(r#"{{"dataAction":"order","orderID":"{id}","isIssued":true}}"#);
    let sender = thread::spawn(move || post(address, "/", body.as_bytes()));
    let begun = shell.folder.path().join("begun");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !begun.exists() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
    }
    listener.stop();
    assert_eq!(sender.join().unwrap(), 200);
    assert_eq!(lines(&shell.path("ended")).len(), 1);
    assert!(TcpStream::connect(address).is_err(), "the port is closed");
    drop(idle);
}

#[test]
fn a_ledger_gets_the_events_that_sync_would_record() {
    let shell = Shell::stuck();
    let (id, unrecorded) = (shell.recorded_order("1"), shell.order());
    let sync = || events(&shell.with_ledger(&["sync", "--output-dir", "certs"]).1);
    assert_eq!(sync(), [format!("status {id} pending")]);
    let mut listener = Listener::of(&shell, &["--ledger", LEDGER]);
    // The service does not confirm this push, but its answer is still recorded.
    assert_eq!(listener.push(&id), 503);
    assert_eq!(listener.line()["answered"], 503);
    shell.sandbox.management().act(&id, Action::Issue).unwrap();
    assert_eq!((listener.push(&id), listener.push(&id)), (200, 200));
    assert_eq!(listener.push(&unrecorded), 503, "not confirmed");
    shell.sandbox.management().act(&unrecorded, Action::Issue).unwrap();
    assert_eq!(listener.push(&unrecorded), 422, "not in the ledger");
    let sql = "SELECT type || ' ' || json_extract(data, '$.status') FROM events ORDER BY rowid";
    assert_eq!(shell.select(sql), ["status pending", "status issued"]);
    assert_eq!(sync(), [format!("certificate {id} issued")]);
    listener.stop();

    // With --output a push about another order is kept.
    let listener = Listener::of(&shell, &["--ledger", LEDGER, "--output", "events.jsonl"]);
    assert_eq!(listener.push(&unrecorded), 200);
    assert_eq!(lines(&shell.path("events.jsonl")).len(), 1);
}
