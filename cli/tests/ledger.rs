//! Orders with a ledger: recorded before they are sent, and finished after a kill.

mod support;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};
use support::{
    CREATE, CSR, Run, Shell, calling, column, order_json, order_shell as shell,
    orders_at_the_service, scripted_service, states,
};

/// Starts the command, and kills it once the service, which does not answer, has made the order.
fn kill_while_sending(shell: &Shell, arguments: &[&str]) {
    let mut child = shell
        .command()
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while orders_at_the_service(shell) == 0 {
        assert!(Instant::now() < end, "nothing was sent");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A service that creates the order and never answers the first request.
fn hanging_once() -> Shell {
    faulty("hang,when=after,on=create_order,count=1")
}

fn faulty(fault: &str) -> Shell {
    let shell = shell();
    shell.sandbox.management().arm(fault).unwrap();
    shell
}

#[test]
fn an_order_is_in_the_ledger_without_its_secrets() {
    let shell = shell();
    let (code, json) = shell.json(&CREATE);
    assert_eq!(code, 0, "{json}");
    let id = json["order_id"].as_str().unwrap();
    assert_eq!(column(&shell, "SELECT order_id FROM orders"), [Some(id.to_owned())]);
    assert_eq!(states(&shell), ["created"]);
    assert_eq!(
        column(&shell, "SELECT kind || delivery || http_status FROM attempts"),
        [Some("createdanswered200".into())]
    );
    for name in ["l.db", "l.db-wal"] {
        let Ok(bytes) = fs::read(shell.path(name)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["13800000001", "a remark", shell.sandbox.token(), "JVBERi"] {
            assert!(!text.contains(secret), "{secret} is in {name}");
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(shell.path("l.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let lock_files = fs::read_dir(shell.folder.path()).unwrap().flatten();
    assert!(!lock_files.into_iter().any(|it| it.file_name().to_string_lossy().contains("-run-")));

    // The same order again is answered by the ledger; another one under its id is refused.
    let (code, again) = shell.json(&CREATE);
    assert_eq!((code, &again["order_id"]), (0, &json["order_id"]));
    let (code, other) = shell.json(&[&CREATE[..], &["--common-name", "其他"]].concat());
    assert_eq!((code, &other["error"]["field"]), (2, &json!("idempotenceID")));
    assert_eq!(column(&shell, "SELECT count(*) || '' FROM attempts"), [Some("1".into())]);
    assert_eq!(orders_at_the_service(&shell), 1);
}

#[test]
fn what_a_kill_left_open_is_finished_under_the_same_id() {
    let shell = hanging_once();
    kill_while_sending(&shell, &CREATE);
    assert_eq!(states(&shell), ["sending"]);
    assert_eq!(orders_at_the_service(&shell), 1);

    // From another folder, as a timer runs it: the document's name was relative.
    let elsewhere = tempfile::tempdir().unwrap();
    let resume = |arguments: &[&str]| {
        let ledger = shell.path("l.db");
        let mut command = shell.command();
        Run::of(
            command
                .current_dir(elsewhere.path())
                .args(["order", "resume", "--ledger", &ledger])
                .args(arguments),
        )
    };
    let run = resume(&[]);
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
    assert_eq!(states(&shell), ["created"]);
    assert_eq!(orders_at_the_service(&shell), 1);
    let run = resume(&[]);
    assert_eq!((run.code, run.out.trim()), (0, ""), "cron would send it as mail");
    assert_eq!(resume(&["order-1"]).code, 2);
}

#[test]
fn an_order_is_not_sent_again_with_other_content() {
    let shell = hanging_once();
    kill_while_sending(&shell, &CREATE);
    let original = fs::read(shell.path("licence.pdf")).unwrap();
    fs::write(shell.path("licence.pdf"), [&original[..], b"%"].concat()).unwrap();
    let resume = ["order", "resume", "--ledger", "l.db"];
    let (code, json) = shell.json(&resume);
    assert_eq!((code, &json["error"]["delivery"]), (6, &json!("unknown")), "{json}");
    assert_eq!(json["orders"][0]["state"], "unknown");
    assert!(
        json["orders"][0]["reason"].as_str().unwrap().contains("files, or the token"),
        "{json}"
    );
    fs::remove_file(shell.path("licence.pdf")).unwrap();
    let (code, json) = shell.json(&resume);
    assert_eq!(code, 6);
    assert!(json["orders"][0]["reason"].as_str().unwrap().contains("licence.pdf"), "{json}");
    assert_eq!(column(&shell, "SELECT count(*) || '' FROM attempts"), [Some("1".into())]);

    fs::write(shell.path("licence.pdf"), original).unwrap();
    let (code, json) = shell.json(&resume);
    assert_eq!((code, &json["orders"][0]["state"]), (0, &json!("created")), "{json}");
    assert_eq!(orders_at_the_service(&shell), 1);
}

#[test]
fn an_empty_path_beside_the_content_of_a_document_is_no_file() {
    let shell = hanging_once();
    let json = order_json("order-1", "").replace(
        "\"path\":\"\"",
        "\"path\":\"\",\"fileType\":\".pdf\",\"fileContent\":\"JVBERi0xLjQK\"",
    );
    assert!(json.contains("fileContent"), "{json}");
    fs::write(shell.path("order.json"), &json).unwrap();
    kill_while_sending(&shell, &CREATE);
    let kinds = "SELECT kind FROM origins WHERE part = 'documentsPost.0'";
    assert_eq!(column(&shell, kinds), [Some("json".into())]);
    let (code, resumed) = shell.json(&["order", "resume", "--ledger", "l.db"]);
    assert_eq!((code, &resumed["orders"][0]["state"]), (0, &json!("created")), "{resumed}");
    fs::write(shell.path("o.jsonl"), json.replace("order-1", "order-2")).unwrap();
    let (code, imported) = shell.json(&["order", "import", "--ledger", "l.db", "o.jsonl"]);
    assert_eq!((code, orders_at_the_service(&shell)), (0, 2), "{imported}");
}

#[test]
fn an_attempt_without_an_answer_has_no_http_status() {
    let shell = faulty("status=503,on=create_order,count=1");
    shell.sandbox.management().arm("reset,on=create_order,count=2").unwrap();
    let (code, json) = shell.json(&[&["--retries", "2"], &CREATE[..]].concat());
    assert_eq!((code, &json["error"]["attempts"]), (6, &json!(3)), "{json}");
    assert_eq!(json["error"]["http_status"], 503, "of the whole call: {json}");
    let sql = "SELECT cause || coalesce(' ' || http_status, '') FROM attempts ORDER BY id";
    let lost = || Some("connection_lost".to_owned());
    assert_eq!(column(&shell, sql), [Some("http_status 503".into()), lost(), lost()]);
}

#[test]
fn parts_that_cannot_be_read_again_are_named() {
    let shell = hanging_once();
    fs::write(shell.path("mobile"), "13800000002\n").unwrap();
    let arguments =
        [&CREATE[..], &["--secret-from", "UserMobile=mobile", "--set", "orderinfoPost.Note=n"]];
    kill_while_sending(&shell, &arguments.concat());
    let (code, json) = shell.json(&["order", "resume", "--ledger", "l.db"]);
    assert_eq!(code, 6);
    let reason = json["orders"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("orderinfoPost.Note: came from the command line"), "{reason}");
    assert!(!reason.contains("UserMobile") && !json.to_string().contains("13800000002"), "{json}");
}

// Windows has no /dev/stdin.
#[cfg(unix)]
#[test]
fn a_file_that_is_not_regular_cannot_be_read_again() {
    let shell = faulty("reset,when=after,on=create_order,count=1");
    let secret = ["--secret-from", "UserMobile=/dev/stdin", "--retries", "0"];
    let mut command = shell.command();
    let mut child = command.args(CREATE).args(secret).stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"13800000003\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(6));
    let kinds = "SELECT kind FROM origins WHERE part = 'organizationPost.UserMobile'";
    assert_eq!(column(&shell, kinds), [Some("standard_input".into())]);
    let (code, json) = shell.json(&["order", "resume", "--ledger", "l.db"]);
    let reason = json["orders"][0]["reason"].as_str().unwrap();
    assert!(code == 6 && reason.contains("UserMobile: came from standard input"), "{json}");
}

#[test]
fn a_service_that_refuses_a_repeated_id_makes_nothing_twice() {
    let shell = hanging_once();
    shell.sandbox.management().set_policy("idempotence", "refuse").unwrap();
    kill_while_sending(&shell, &CREATE);
    let resume = ["order", "resume", "--ledger", "l.db"];
    for attempts in ["2", "2"] {
        let (code, json) = shell.json(&resume);
        assert_eq!((code, &json["orders"][0]["state"]), (6, &json!("unknown")), "{json}");
        // A refusal is not asked for again and again.
        assert_eq!(column(&shell, "SELECT count(*) || '' FROM attempts"), [Some(attempts.into())]);
    }
    let (code, _) = shell.json(&[&resume[..], &["order-1"]].concat());
    assert_eq!(code, 6);
    assert_eq!(column(&shell, "SELECT count(*) || '' FROM attempts"), [Some("3".into())]);
    assert_eq!(orders_at_the_service(&shell), 1);

    // A person looks for it.
    let found = |id: &str| shell.json(&[&resume[..], &["order-1", "--found", id]].concat());
    let (code, json) = found(support::ORDER);
    assert_eq!((code, &json["error"]["delivery"]), (4, &json!("unknown")), "it is open: {json}");
    assert_eq!(states(&shell), ["unknown"]);
    let id = shell.sandbox.management().orders()[0].order_id.clone();
    // It is not another order of the ledger.
    let (_, other) = shell.json(&[&CREATE[..], &["--idempotence-id", "order-2"]].concat());
    assert_eq!(found(other["order_id"].as_str().unwrap()).0, 2, "{other}");
    assert_eq!(states(&shell), ["unknown", "created"]);
    let (code, json) = found(&id);
    assert_eq!((code, &json["orders"][0]["order_id"]), (0, &json!(id)), "{json}");
}

#[test]
fn a_refusal_after_a_lost_answer_is_not_asked_for_again_and_again() {
    for refusal in ["error_msg=list", "problem=400"] {
        let shell = faulty("status=502,when=after,on=create_order,count=1");
        let management = shell.sandbox.management();
        management.arm(&format!("{refusal},on=create_order,count=1")).unwrap();
        let (code, json) = shell.json(&CREATE);
        assert_eq!((code, &json["error"]["attempts"]), (6, &json!(2)), "{json}");
        let attempts = "SELECT coalesce(kind, '-') || ' ' || cause || ' ' || delivery || ' ' || http_status FROM attempts";
        let attempts = || column(&shell, attempts);
        let recorded = attempts();
        assert_eq!(recorded[0].as_deref(), Some("- http_status unknown 502"));
        assert!(recorded[1].as_deref().unwrap().starts_with("refused "), "{recorded:?}");
        let resume = ["order", "resume", "--ledger", "l.db"];
        assert_eq!(shell.json(&resume).0, 6);
        assert_eq!(attempts().len(), 2, "nothing was sent");
        assert_eq!(shell.json(&[&resume[..], &["order-1"]].concat()).0, 0);
        assert_eq!(attempts()[2].as_deref(), None, "created: no cause");
        assert_eq!(orders_at_the_service(&shell), 1);
    }
}

#[test]
fn an_answer_about_another_order_is_not_the_one_that_was_found() {
    let shell = faulty("reset,when=after,on=create_order");
    assert_eq!(shell.json(&[&["--retries", "0"], &CREATE[..]].concat()).0, 6);
    for (answered, code, state) in [("OTHER-9", 8, "unknown"), ("a1", 0, "created")] {
        let address = scripted_service(move |_| {
            format!(r#"{{"isSuccess":true,"data":{{"id":"{answered}","status":"issued"}}}}"#)
        });
        let sql = "UPDATE orders SET base_url = ?1";
        let connection = Connection::open(shell.path("l.db")).unwrap();
        connection.execute(sql, [format!("http://{address}")]).unwrap();
        let found = ["--json", "order", "resume", "--ledger", "l.db", "order-1", "--found", "A1"];
        let run = Run::of(calling(address).current_dir(shell.folder.path()).args(found));
        assert_eq!(run.code, code, "{} {}", run.out, run.err);
        assert_eq!(states(&shell), [state]);
    }
    assert_eq!(column(&shell, "SELECT order_id FROM orders"), [Some("a1".into())]);
}

#[test]
fn a_failed_repetition_of_an_order_that_may_exist_keeps_the_facts_of_its_call() {
    let shell = faulty("reset,when=after,on=create_order,count=1");
    assert_eq!(shell.json(&[&["--retries", "0"], &CREATE[..]].concat()).0, 6);
    shell.sandbox.management().arm("status=401,on=create_order").unwrap();
    let (code, json) = shell.json(&CREATE);
    let error = &json["error"];
    assert_eq!((code, &error["kind"]), (6, &json!("unknown_outcome")), "{json}");
    assert_eq!((&error["delivery"], &error["http_status"]), (&"unknown".into(), &401.into()));
    assert_eq!((&error["idempotence_id"], &error["attempts"]), (&"order-1".into(), &1.into()));
    assert!(error["request_id"].is_string() && error["message"].to_string().contains("earlier"));
    let err = shell.run(&CREATE).err;
    assert!(err.contains("attempts: 1; the service may have processed it"), "{err}");
}

#[test]
fn resume_fails_for_orders_that_turn_out_not_to_exist() {
    let shell = shell();
    let unreachable = |arguments: &[&str]| {
        let mut command = shell.command();
        command.env("WOTRUS_BASE_URL", "http://127.0.0.1:1").env("WOTRUS_RETRIES", "0");
        let run = Run::of(command.arg("--json").args(arguments));
        (run.code, serde_json::from_str::<Value>(&run.out).unwrap())
    };
    // As a kill before the first attempt leaves them.
    let open = |id: &str| {
        let connection = Connection::open(shell.path("l.db")).unwrap();
        let sql = "UPDATE orders SET state = 'sending', run = NULL WHERE idempotence_id = ?1";
        assert_eq!(connection.execute(sql, [id]).unwrap(), 1);
    };
    let resume = ["order", "resume", "--ledger", "l.db"];
    let reissue = ["cert", "reissue", support::ORDER, "--csr", CSR, "--reason", "lost"];
    let reissue = [&reissue[..], &["--ledger", "l.db", "--idempotence-id", "re-1"]].concat();
    for (id, arguments, command) in
        [("order-1", &CREATE[..], "wotrus order create"), ("re-1", &reissue, "wotrus cert reissue")]
    {
        assert_eq!(unreachable(arguments).0, 7);
        open(id);
        let (code, json) = unreachable(&resume);
        assert_eq!((code, &json["orders"][0]["state"]), (7, &json!("not_sent")), "{json}");
        let message = json["error"]["message"].as_str().unwrap();
        assert!(message.contains(id) && message.ends_with(command), "{message}");
    }
    let management = shell.sandbox.management();
    management.arm("error_msg=list,on=create_order").unwrap();
    fs::write(shell.path("order.json"), order_json("order-2", "licence.pdf")).unwrap();
    assert_eq!(shell.json(&CREATE).0, 4);
    open("order-2");
    let (code, json) = shell.json(&resume);
    assert_eq!((code, &json["orders"][0]["state"]), (4, &json!("refused")), "{json}");
    assert_eq!(json["error"]["delivery"], "answered");
}

#[test]
fn an_order_that_is_named_twice_is_sent_once() {
    let shell = hanging_once();
    kill_while_sending(&shell, &CREATE);
    let resume = ["order", "resume", "--ledger", "l.db", "order-1", "order-1", "order-1"];
    let (code, json) = shell.json(&resume);
    assert_eq!((code, json["orders"].as_array().unwrap().len()), (0, 1), "{json}");
    assert_eq!(column(&shell, "SELECT count(*) || '' FROM attempts"), [Some("2".into())]);
}

#[test]
fn an_order_that_a_person_has_not_found_can_be_sent_again() {
    let shell = shell();
    shell.sandbox.management().arm("reset,on=create_order").unwrap();
    assert_eq!(shell.json(&CREATE).0, 6);
    assert_eq!(states(&shell), ["unknown"]);
    let resume = ["order", "resume", "--ledger", "l.db", "order-1", "--not-found"];
    let (code, json) = shell.json(&resume);
    assert_eq!((code, &json["orders"][0]["state"]), (0, &json!("not_sent")), "{json}");
    shell.sandbox.management().disarm_all();
    assert_eq!(shell.json(&CREATE).0, 0);
    assert_eq!(states(&shell), ["created"]);
}

#[test]
fn another_process_that_still_sends_is_left_alone() {
    let shell = hanging_once();
    let mut child =
        shell.command().args(CREATE).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while orders_at_the_service(&shell) == 0 {
        assert!(Instant::now() < end);
        std::thread::sleep(Duration::from_millis(20));
    }
    let (code, json) = shell.json(&["order", "resume", "--ledger", "l.db"]);
    assert_eq!((code, &json["orders"][0]["state"]), (6, &json!("sending")));
    let message = json["error"]["message"].as_str().unwrap();
    assert!(message.ends_with("order-1: another process is sending this order"), "{message}");
    let (code, json) = shell.json(&CREATE);
    assert_eq!((code, &json["error"]["delivery"]), (2, &json!("unknown")), "it may exist: {json}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(shell.json(&["order", "resume", "--ledger", "l.db"]).0, 0);
    assert_eq!(orders_at_the_service(&shell), 1);
}

// Only administrators may create symbolic links on Windows.
#[cfg(unix)]
#[test]
fn another_process_is_left_alone_by_every_name_of_the_ledger() {
    let shell = hanging_once();
    std::os::unix::fs::symlink("l.db", shell.path("link.db")).unwrap();
    let mut child = shell.command().args(CREATE).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while orders_at_the_service(&shell) == 0 {
        assert!(Instant::now() < end, "nothing was sent");
        std::thread::sleep(Duration::from_millis(5));
    }
    shell.json(&["order", "resume", "--ledger", "link.db"]);
    assert_eq!(states(&shell), ["sending"]);
    assert_eq!(column(&shell, "SELECT count(*) || '' FROM attempts"), [Some("1".into())]);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn processes_with_the_same_order_agree_that_it_exists() {
    let shell = shell();
    for round in 0..6 {
        let id = format!("r-{round}");
        let start = || {
            let mut command = shell.command();
            let create = command.arg("--json").args(CREATE).args(["--idempotence-id", &id]);
            create.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let children: Vec<_> = (0..8).map(|_| start()).collect();
        let mut created = 0;
        for child in children {
            let output = child.wait_with_output().unwrap();
            let json: Value = serde_json::from_slice(&output.stdout).unwrap();
            match output.status.code() {
                Some(0) => created += 1,
                // Another one is sending it, so it may exist.
                Some(2) => assert_eq!(json["error"]["delivery"], "unknown", "{json}"),
                code => panic!("{code:?} {json}"),
            }
        }
        assert!(created > 0);
    }
    assert_eq!(orders_at_the_service(&shell), 6);
}

#[test]
fn refused_and_unsent_orders_can_be_corrected() {
    let shell = faulty("error_msg=list,on=create_order,count=1");
    assert_eq!(shell.json(&CREATE).0, 4);
    assert_eq!(states(&shell), ["refused"]);
    let run = Run::of(shell.command().args(CREATE).env("WOTRUS_BASE_URL", "http://127.0.0.1:1"));
    assert_eq!(run.code, 7, "{}", run.err);
    assert_eq!(states(&shell), ["refused", "not_sent"], "one for each service");
    assert_eq!(shell.json(&[&CREATE[..], &["--common-name", "其他"]].concat()).0, 0);
    assert_eq!(states(&shell), ["created", "not_sent"]);
}

#[test]
fn the_ledger_comes_from_the_variable_and_the_config_file() {
    let shell = shell();
    let create = &CREATE[..4];
    let list = |command: &mut Command| Run::of(command.args(["--json", "order", "list"])).out;
    assert_eq!(Run::of(shell.command().args(create).env("WOTRUS_LEDGER", "l.db")).code, 0);
    assert!(list(shell.command().env("WOTRUS_LEDGER", "l.db")).contains("order-1"));
    fs::create_dir(shell.path("etc")).unwrap();
    fs::write(shell.path("etc/c.toml"), "ledger = \"../l.db\"\n").unwrap();
    assert!(list(shell.command().args(["--config", "etc/c.toml"])).contains("order-1"));
    let (code, json) = shell.json(&["order", "list"]);
    assert_eq!((code, &json["error"]["field"]), (2, &json!("--ledger")));
}

#[test]
fn orders_are_listed_and_filtered() {
    let shell = shell();
    assert_eq!(shell.json(&CREATE).0, 0);
    fs::write(shell.path("order.json"), order_json("order-2", "licence.pdf")).unwrap();
    let run = Run::of(shell.command().args(CREATE).env("WOTRUS_BASE_URL", "http://127.0.0.1:1"));
    assert_eq!(run.code, 7);
    let ids = |filter: &[&str]| -> Vec<String> {
        let run = shell.run(&[&["--json", "order", "list", "--ledger", "l.db"], filter].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let id = |line| serde_json::from_str::<Value>(line).unwrap()["idempotence_id"].clone();
        run.out.lines().map(|line| id(line).as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&[]), ["order-1", "order-2"]);
    assert_eq!(ids(&["--state", "not_sent"]), ["order-2"]);
    assert_eq!(ids(&["--state", "not_sent", "--state", "created"]).len(), 2);
    assert_eq!(ids(&["--name", "ORDER-2"]), ["order-2"]);
    assert_eq!(ids(&["--name", "沃通"]).len(), 2);
    assert_eq!(ids(&["--limit", "1"]), ["order-2"]);
    assert!(ids(&["--since", "2999-01-01"]).is_empty());
    assert!(ids(&["--status", "issued"]).is_empty());
    let text = shell.run(&["order", "list", "--ledger", "l.db"]).out;
    assert!(text.lines().next().unwrap().starts_with("idempotenceID"), "{text}");
    assert_eq!(text.lines().count(), 3);
}
