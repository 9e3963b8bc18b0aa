//! A sandbox that is started again with its state file.

mod support;

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use support::{Client, PATIENCE, PDF, connect, order, revocation};
use wotrus_sandbox::{Action, Config, Sandbox, policy};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn config(file: &Path) -> Config {
    Config { state_file: Some(file.to_owned()), ..Config::default().with_delays(DAY) }
}

#[test]
fn a_restart_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let sandbox = Sandbox::start(config(&file)).unwrap();
    let mut client = Client::new(&sandbox);
    let mut body = order(PDF);
    body["orderinfoPost"]["idempotenceID"] = "42".into();
    let issued = client.create(&body);
    sandbox.management().act(&issued, Action::Issue).unwrap();
    let revoked = client.create(&order(PDF));
    sandbox.management().act(&revoked, Action::Issue).unwrap();
    client.post_json("/v1/Certificate/RevokeRequest", &revocation(&revoked));
    sandbox.management().forward(2 * DAY);
    let waiting = client.create(&order(PDF));
    let seen = |client: &mut Client| {
        [&issued, &revoked, &waiting].map(|id| (client.query(id), client.retrieve(id)))
    };
    let before = seen(&mut client);
    assert_eq!(before[1].0["status"], "revoked");
    let (token, root, tls_ca) = (
        sandbox.token().to_owned(),
        sandbox.root_pem().to_owned(),
        sandbox.tls_ca_pem().to_owned(),
    );
    drop(sandbox);

    let sandbox = Sandbox::start(config(&file)).unwrap();
    assert_eq!(sandbox.token(), token);
    assert_eq!((sandbox.root_pem(), sandbox.tls_ca_pem()), (root.as_str(), tls_ca.as_str()));
    let mut client = Client::tls(&sandbox, connect(sandbox.https_url()), "localhost");
    let unlinked = |mut seen: [(serde_json::Value, serde_json::Value); 3]| {
        // The link has the address of the sandbox, whose port has changed.
        seen.iter_mut().for_each(|(order, _)| order["pendingLink"] = json!(null));
        seen
    };
    assert_eq!(unlinked(seen(&mut client)), unlinked(before));
    assert_eq!(client.create(&body), issued);
    assert_eq!(sandbox.management().status().ahead, 2.0 * DAY.as_secs_f64());
    assert_eq!(client.query(&waiting)["status"], "pending");
    sandbox.management().forward(2 * DAY);
    assert_eq!(client.query(&waiting)["status"], "issued");
    let numbers: Vec<_> =
        sandbox.management().orders().into_iter().map(|order| order.order_number).collect();
    client.create(&order(PDF));
    assert!(!numbers.contains(&sandbox.management().orders()[0].order_number));
}

#[test]
fn a_reset_is_saved_and_a_configured_token_replaces_the_saved_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let sandbox = Sandbox::start(config(&file)).unwrap();
    Client::new(&sandbox).create(&order(PDF));
    sandbox.management().forward(DAY);
    sandbox.management().reset();
    let id = Client::new(&sandbox).create(&order(PDF));
    drop(sandbox);
    let token = Some("tk_given".to_owned());
    let sandbox = Sandbox::start(Config { token, ..config(&file) }).unwrap();
    let orders = sandbox.management().orders();
    assert_eq!((orders.len(), &orders[0].order_id), (1, &id));
    assert_eq!(sandbox.management().status().ahead, 0.0);
    assert_eq!(sandbox.token(), "tk_given");
    drop(sandbox);
    assert_eq!(Sandbox::start(config(&file)).unwrap().token(), "tk_given");
}

#[test]
fn a_push_continues_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let hook = TcpListener::bind("127.0.0.1:0").unwrap();
    let start = || {
        let mut config = config(&file);
        config.push_url = Some(format!("http://{}/", hook.local_addr().unwrap()));
        config.push_delays = [Duration::ZERO, DAY, DAY].to_vec();
        config.policies.review = policy::Review::Manual;
        Sandbox::start(config).unwrap()
    };
    let sandbox = start();
    let id = Client::new(&sandbox).create(&order(PDF));
    sandbox.management().act(&id, Action::Issue).unwrap();
    // The sandbox ends while the first attempt waits for its response.
    let first = hook.accept().unwrap();
    drop(sandbox);
    drop(first);
    let sandbox = start();
    let push = sandbox.management().pushes().remove(0);
    assert_eq!((push.state, push.attempts.len()), ("waiting", 1));
    assert_eq!(push.attempts[0].error.as_deref(), Some("the sandbox ended"));
    for attempts in [2, 3] {
        sandbox.management().forward(DAY);
        drop(hook.accept().unwrap());
        let deadline = Instant::now() + PATIENCE;
        while sandbox.management().pushes()[0].attempts.len() < attempts
            || sandbox.management().pushes()[0].state == "sending"
        {
            assert!(Instant::now() < deadline);
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    assert_eq!(sandbox.management().pushes()[0].state, "given_up");
}

#[test]
fn a_file_that_is_not_a_state_file_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let error = |file: &Path| Sandbox::start(config(file)).unwrap_err().to_string();
    std::fs::write(&file, b"{\"orders\": []}").unwrap();
    let said = error(&file);
    assert!(said.contains("cannot use the state file") && said.contains("state"), "{said}");
    assert_eq!(std::fs::read(&file).unwrap(), b"{\"orders\": []}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        error(&file);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    }
    let missing = folder.path().join("no/such/folder");
    let reason = std::fs::File::open(&missing).unwrap_err().to_string();
    assert!(error(&missing).contains(&reason), "{}", error(&missing));
    let shared = folder.path().join("shared");
    let _first = Sandbox::start(config(&shared)).unwrap();
    assert!(error(&shared).contains("already open"), "{}", error(&shared));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_new_or_an_existing_file() {
    use std::fs::{Permissions, metadata, set_permissions, write};
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mode = |file: &Path| metadata(file).unwrap().permissions().mode() & 0o777;
    let new = folder.path().join("new");
    drop(Sandbox::start(config(&new)).unwrap());
    assert_eq!(mode(&new), 0o600);
    let empty = folder.path().join("empty");
    write(&empty, b"").unwrap();
    for (file, before) in [(&new, 0o644), (&new, 0o660), (&empty, 0o666), (&new, 0o604)] {
        set_permissions(file, Permissions::from_mode(before)).unwrap();
        let sandbox = Sandbox::start(config(file)).unwrap();
        assert_eq!(mode(file), 0o600, "{before:o}");
        drop(sandbox);
    }
    // A mode that is stricter already stays.
    set_permissions(&new, Permissions::from_mode(0o700)).unwrap();
    drop(Sandbox::start(config(&new)).unwrap());
    assert_eq!(mode(&new), 0o700);
}
