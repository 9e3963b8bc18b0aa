//! `wotrus sandbox` as a process: its first line, its flags, and its state after it was killed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wotrus::Client;

/// Long enough for a busy machine; reached only when a test fails.
const PATIENCE: Duration = Duration::from_secs(60);
/// Orders that are answered before the kill.
const ORDERS: usize = 60;

fn wotrus(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wotrus"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// A running `wotrus sandbox`, killed with SIGKILL when dropped.
struct Process {
    child: Child,
    ready: Value,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut command = wotrus(&[&["sandbox"], arguments].concat());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the command");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line:?}"));
        Self { child, ready }
    }

    fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap_or_else(|| panic!("{name} in {}", self.ready))
    }

    fn client(&self) -> Client {
        let builder = Client::builder().base_url(self.text("http_url")).token(self.text("token"));
        builder.retries(0).timeout(PATIENCE).build().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn order(key: &str) -> String {
    json!({
        "orderinfoPost": {
            "productID": "2C17C336-A772-42F8-B3DD-4F2591A5B116",
            "commonName": "沃通",
            "csR_RSA": include_str!("../assets/example.csr"),
            "month": 12,
            "idempotenceID": key,
        },
        "organizationPost": {"OrgName": "沃通"},
        "documentsPost": [],
    })
    .to_string()
}

fn create(client: &Client, key: &str) -> Option<String> {
    let reply = client.call("POST /v1/Order/Create", Some(&order(key))).ok()?;
    let answer: Value = serde_json::from_str(reply.json()).unwrap();
    Some(answer["data"]["orderID"].as_str().expect("an id").to_owned())
}

fn pem(client: &Client, id: &str) -> Option<String> {
    let path = format!("GET /v1/Certificate/RetrievePem?orderID={id}");
    let reply = client.call(&path, None).ok()?;
    let answer: Value = serde_json::from_str(reply.json()).unwrap();
    Some(answer["data"]["pem_RSA"].as_str().expect("a certificate").to_owned())
}

#[test]
fn a_kill_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let arguments = ["--delay", "0", "--state", file.to_str().unwrap()];
    let mut process = Process::start(&arguments);
    let client = process.client();
    let answered = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for worker in 0..3 {
            let (client, answered) = (&client, &answered);
            scope.spawn(move || {
                for turn in 0.. {
                    let key = format!("{worker}-{turn}");
                    // An error is the kill's, in the middle of the work.
                    let Some(id) = create(client, &key) else { return };
                    let Some(pem) = pem(client, &id) else { return };
                    answered.lock().unwrap().insert(key, (id, pem));
                }
            });
        }
        let deadline = Instant::now() + PATIENCE;
        while answered.lock().unwrap().len() < ORDERS && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        process.child.kill().unwrap();
        process.child.wait().unwrap();
    });
    let answered = answered.into_inner().unwrap();
    assert!(answered.len() >= ORDERS, "{} orders in {PATIENCE:?}", answered.len());

    let again = Process::start(&arguments);
    assert_eq!(again.text("token"), process.text("token"));
    let client = again.client();
    for (key, (id, certificate)) in &answered {
        assert_eq!(pem(&client, id).as_ref(), Some(certificate), "{key}");
        assert_eq!(create(&client, key).as_ref(), Some(id), "{key}");
    }
}

#[test]
fn its_first_line_tells_where_it_is() {
    let process = Process::start(&["--token", "tk_test"]);
    assert_eq!(process.text("token"), "tk_test");
    assert!(process.text("management_url").starts_with("http://127.0.0.1:"));
    assert!(Path::new(process.text("tls_ca_file")).is_file());
    let off = Process::start(&["--management", "off"]);
    assert_eq!(off.ready.get("management_url"), None);
}

#[test]
fn a_client_meets_the_faults() {
    let process = Process::start(&["--fault", "status=503,on=query_order,count=1", "--seed", "7"]);
    let client = process.client();
    let query = || client.call("GET /v1/Order/00000000-0000-4000-8000-000000000000", None);
    assert_eq!(query().unwrap_err().http_status(), Some(503));
    assert_eq!(query().unwrap_err().http_status(), Some(200));
}

#[test]
fn an_invalid_argument_is_explained_in_one_line() {
    for (arguments, expected) in [
        (["--fault", "explode"], "there are status=CODE"),
        (["--push-url", "localhost:8000"], "must begin with http://"),
        (["--management", "0.0.0.0:0"], "loopback"),
        (["--management", "on"], "or off"),
        (["--state", "/no/such/folder/state"], "cannot use the state file"),
        (["--policy", "idempotence=maybe"], "same, refuse"),
    ] {
        let output = wotrus(&[&["sandbox"], &arguments[..]].concat()).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn everybody_reads_the_ca_file_and_only_the_owner_the_state_file() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let (ca, state) = (folder.path().join("ca.pem"), folder.path().join("state"));
    let arguments = ["--tls-ca-file", ca.to_str().unwrap(), "--state", state.to_str().unwrap()];
    for _ in 0..2 {
        let process = Process::start(&arguments);
        assert_eq!((mode(&ca), mode(&state)), (0o644, 0o600));
        assert!(!std::fs::read_to_string(&ca).unwrap().contains("PRIVATE KEY"));
        drop(process);
        // As a strict and a careless user left them.
        set_permissions(&ca, Permissions::from_mode(0o600)).unwrap();
        set_permissions(&state, Permissions::from_mode(0o664)).unwrap();
    }
    let process = Process::start(&[]);
    assert_eq!(mode(Path::new(process.text("tls_ca_file"))), 0o644);
}

#[test]
fn an_address_beyond_loopback_is_warned_of() {
    let said = |arguments: &[&str]| {
        let mut child = wotrus(&[&["sandbox"], arguments].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The line with the exports comes after the warnings.
        let lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let said: Vec<String> = lines.take_while(|line| !line.contains("WOTRUS_TOKEN=")).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        said.join("\n")
    };
    assert!(!said(&[]).contains("warning"));
    let http = said(&["--http", "0.0.0.0:0"]);
    assert!(http.contains("warning: http://0.0.0.0:") && http.contains("token"), "{http}");
    let https = said(&["--https", "0.0.0.0:0"]);
    assert!(https.contains("warning: https://0.0.0.0:") && !https.contains("http://"), "{https}");
}
