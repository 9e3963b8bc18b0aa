//! `sync`: changes of orders are events in the ledger, certificates are fetched, and a command is run.

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{FAIL, LEDGER, ORDER, SUCCEED, Shell, calling, events, script, scripted_service};
use wotrus_sandbox::Action;

/// `sync` with further arguments and a command.
fn sync(shell: &Shell, arguments: &[&str], program: &[&str]) -> (i32, Vec<Value>) {
    shell.with_ledger(&[&["sync"], arguments, &["--"], program].concat())
}

/// The last line, which is the summary or the error.
fn last(lines: &[Value]) -> &Value {
    lines.last().unwrap()
}

#[test]
fn each_change_is_one_event_and_certificates_are_fetched_once() {
    let shell = Shell::stuck();
    let (first, second) = (shell.recorded_order("1"), shell.recorded_order("2"));
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!(code, 0, "{lines:?}");
    assert_eq!(
        events(&lines),
        [format!("status {first} pending"), format!("status {second} pending")]
    );
    assert_eq!(
        (&lines[0]["previous_status"], &lines[0]["idempotence_id"]),
        (&Value::Null, &json!("1"))
    );
    assert_eq!(last(&lines)["asked"], 2);
    let (_, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert!(events(&lines).is_empty(), "{lines:?}");

    shell.sandbox.management().act(&first, Action::Issue).unwrap();
    shell.sandbox.management().act(&second, Action::Reject).unwrap();
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!(code, 0, "{lines:?}");
    assert_eq!(
        events(&lines),
        [
            format!("status {first} issued"),
            format!("certificate {first} issued"),
            format!("status {second} rejected"),
        ]
    );
    for name in ["leaf.pem", "chain.pem", "fullchain.pem", "root.pem"] {
        assert!(fs::metadata(shell.path(&format!("certs/{first}/{name}"))).unwrap().len() > 0);
    }
    let inspected = shell.json(&["cert", "inspect", &format!("certs/{first}/leaf.pem")]).1;
    let certificate = &inspected["certificates"][0];
    let found = shell.select("SELECT kind || ' ' || serial || ' ' || not_after FROM certificates");
    let expected = |name: &str| certificate[name].as_str().unwrap();
    assert_eq!(found, [format!("rsa {} {}", expected("serial"), expected("not_after"))]);
    assert_eq!(lines[1]["serial"], certificate["serial"]);

    // Nothing is final or due for the issued order within 12 hours, and the rejected one is final.
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!((code, &last(&lines)["asked"]), (0, &json!(0)), "{lines:?}");
    shell
        .open_ledger()
        .execute("UPDATE orders SET queried_at = '2000-01-01T00:00:00Z'", [])
        .unwrap();
    let (_, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!((&last(&lines)["asked"], &last(&lines)["fetched"]), (&json!(1), &json!(0)));
}

#[test]
fn a_certificate_is_known_without_files_and_written_when_a_folder_is_given() {
    let shell = Shell::immediate();
    let id = shell.recorded_order("1");
    let (code, lines) = shell.with_ledger(&["sync"]);
    assert_eq!(code, 0, "{lines:?}");
    assert_eq!(events(&lines).last().unwrap(), &format!("certificate {id} issued"));
    assert_eq!(shell.select("SELECT count(*) || '' FROM certificates WHERE path IS NULL"), ["1"]);
    let (_, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!(events(&lines), [format!("certificate {id} issued")]);
    assert!(lines[0]["folder"].as_str().unwrap().ends_with(&id));
    assert_eq!(
        shell.select("SELECT count(*) || '' FROM certificates WHERE path IS NOT NULL"),
        ["1"]
    );
}

#[test]
fn a_retrievable_certificate_of_a_waiting_order_is_fetched() {
    let shell = Shell::immediate();
    shell.sandbox.management().set_policy("signing_issue", "retrieve").unwrap();
    let id = shell.recorded_order("1");
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!(code, 0, "{lines:?}");
    assert!(events(&lines).contains(&format!("status {id} issued")), "{lines:?}");
    assert!(fs::exists(shell.path(&format!("certs/{id}/fullchain.pem"))).unwrap());
}

// The command is a shell script.
#[cfg(unix)]
#[test]
fn the_command_gets_each_event_and_no_token_until_it_succeeds() {
    use std::os::unix::fs::PermissionsExt;
    let shell = Shell::immediate();
    let id = shell.recorded_order("1");
    let told = |shell: &Shell| fs::read_to_string(shell.path("told")).unwrap_or_default();
    let program = shell.path("on-event");
    fs::write(
        &program,
        "#!/bin/sh\nenv | grep -q '^WOTRUS_TOKEN' && exit 9\n[ -e ready ] || exit 3\n\
         echo \"$1 $WOTRUS_EVENT_ID $WOTRUS_EVENT_TYPE $WOTRUS_ORDER_ID $WOTRUS_ORDER_STATUS\" >>told\n\
         cat >>lines\n",
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let (code, lines) = sync(&shell, &[], &[&program, "a b; c"]);
    assert_eq!(code, 9, "{lines:?}");
    assert_eq!((last(&lines)["postponed"].clone(), told(&shell)), (json!(2), String::new()));
    let ids: Vec<&str> = lines.iter().filter_map(|line| line["event_id"].as_str()).collect();
    fs::write(shell.path("ready"), "").unwrap();
    // The next try is a minute later.
    let (code, lines) = sync(&shell, &[], &[&program, "a b; c"]);
    assert_eq!((code, &last(&lines)["delivered"]), (0, &json!(0)));
    shell.open_ledger().execute("UPDATE events SET next_try_at = '2000'", []).unwrap();
    let (code, lines) = sync(&shell, &[], &[&program, "a b; c"]);
    assert_eq!((code, &last(&lines)["delivered"]), (0, &json!(2)));
    assert_eq!(
        told(&shell),
        format!(
            "a b; c {} status {id} issued\na b; c {} certificate {id} issued\n",
            ids[0], ids[1]
        )
    );
    let lines: Vec<Value> = fs::read_to_string(shell.path("lines"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((&lines[0]["event_id"], &lines[1]["type"]), (&json!(ids[0]), &json!("certificate")));
    let (_, lines) = sync(&shell, &[], &[&program, "a b; c"]);
    assert_eq!(last(&lines)["delivered"], 0);
}

#[test]
fn an_event_is_given_up_after_ten_failures_and_can_be_tried_again() {
    let shell = Shell::stuck();
    let id = shell.recorded_order("1");
    for number in 1..=10 {
        let (code, lines) = sync(&shell, &[], &FAIL);
        assert_eq!(code, 9, "{number}: {lines:?}");
        let given_up = last(&lines)["given_up"].as_array().unwrap();
        assert_eq!(given_up.len(), usize::from(number == 10), "{number}");
        shell
            .open_ledger()
            .execute("UPDATE events SET next_try_at = '2000' WHERE failed_at IS NULL", [])
            .unwrap();
    }
    let (code, lines) = sync(&shell, &[], &SUCCEED);
    assert_eq!((code, &last(&lines)["delivered"]), (0, &json!(0)), "{id}");
    let (code, lines) = sync(&shell, &["--retry-failed"], &SUCCEED);
    assert_eq!((code, &last(&lines)["delivered"]), (0, &json!(1)));
}

#[test]
fn a_broken_command_does_not_hold_sync_up() {
    let shell = Shell::stuck();
    (1..=5).for_each(|number| drop(shell.recorded_order(&number.to_string())));
    let (code, lines) = sync(&shell, &["--rate", "1000"], &FAIL);
    assert_eq!((code, &last(&lines)["postponed"]), (9, &json!(3)), "{lines:?}");
    let (code, lines) = sync(&shell, &[], &SUCCEED);
    assert_eq!((code, &last(&lines)["delivered"]), (0, &json!(2)), "{lines:?}");
}

#[test]
fn orders_at_another_service_are_mentioned() {
    let shell = Shell::stuck();
    shell.recorded_order("1");
    let mut command = shell.command();
    command.args(["sync", "--ledger", LEDGER]).env("WOTRUS_BASE_URL", "https://127.0.0.1:1");
    let run = support::Run::of(&mut command);
    assert_eq!(run.code, 0);
    assert!(run.err.contains(shell.sandbox.https_url()), "{}", run.err);
}

#[test]
fn a_second_sync_ends_at_once() {
    let shell = Shell::stuck();
    shell.recorded_order("1");
    let program = script("touch started; sleep 5", "type nul >started & ping -n 6 127.0.0.1 >nul");
    let mut first = shell.command();
    let mut first = first.args(["sync", "--ledger", LEDGER, "--"]).args(program).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while !fs::exists(shell.path("started")).unwrap() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    let begin = Instant::now();
    let (code, lines) = shell.with_ledger(&["sync"]);
    assert_eq!(code, 5, "{lines:?}");
    assert!(last(&lines)["error"]["message"].as_str().unwrap().contains("another wotrus sync"));
    assert!(begin.elapsed() < Duration::from_secs(4));
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(shell.with_ledger(&["sync"]).0, 0, "the lock ends with the process");
}

#[test]
fn a_busy_service_is_left_alone_until_the_time_it_names() {
    let shell = Shell::stuck();
    (1..=3).for_each(|number| drop(shell.recorded_order(&number.to_string())));
    let fault =
        shell.sandbox.management().arm("status=429,retry_after=900,on=query_order").unwrap();
    let calls = || shell.sandbox.management().journal().len();
    let before = calls();
    let (code, lines) = shell.with_ledger(&["sync"]);
    assert_eq!(code, 7, "{lines:?}");
    assert!(last(&lines)["paused_until"].is_string() && calls() - before == 1, "{lines:?}");
    shell.sandbox.management().disarm(fault).unwrap();
    let (code, lines) = shell.with_ledger(&["sync"]);
    assert_eq!((code, calls() - before), (7, 1), "{lines:?}");
    shell.open_ledger().execute("UPDATE service_pauses SET until = '2000'", []).unwrap();
    let (code, lines) = shell.with_ledger(&["sync"]);
    assert_eq!((code, &last(&lines)["asked"]), (0, &json!(3)), "{lines:?}");

    // A short pause is waited for.
    shell.sandbox.management().arm("status=503,retry_after=1,on=query_order,count=3").unwrap();
    let (code, lines) = shell.with_ledger(&["sync"]);
    assert_eq!((code, &last(&lines)["asked"]), (0, &json!(3)), "{lines:?}");
}

#[test]
fn an_answer_about_another_order_changes_nothing() {
    let shell = Shell::stuck();
    let id = shell.recorded_order("1");
    shell.recorded_order("2");
    assert_eq!(shell.with_ledger(&["sync"]).0, 0);
    shell.sandbox.management().act(&id, Action::Issue).unwrap();
    shell.sandbox.management().arm("ids=other,on=query_order").unwrap();
    let run = shell.run(&["sync", "--ledger", LEDGER, "--output-dir", "certs"]);
    assert_eq!(run.code, 8, "{} {}", run.out, run.err);
    assert!(run.out.is_empty() && run.err.contains("another order"), "{} {}", run.out, run.err);
    assert_eq!(shell.select("SELECT DISTINCT status FROM orders"), ["pending"]);
    let problems = shell.select("SELECT query_problem FROM orders WHERE query_failures = 1");
    assert_eq!(problems.len(), 2);
    shell.sandbox.management().disarm_all();
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!((code, events(&lines).len()), (0, 2), "{lines:?}");
    assert!(
        shell.select("SELECT query_problem FROM orders WHERE query_problem IS NOT NULL").is_empty()
    );
}

#[test]
fn one_order_that_fails_does_not_keep_the_others_back() {
    let shell = Shell::stuck();
    let (first, second) = (shell.recorded_order("1"), shell.recorded_order("2"));
    shell
        .open_ledger()
        .execute("UPDATE orders SET order_id = 'no-such-order' WHERE order_id = ?1", [&first])
        .unwrap();
    let (code, lines) = shell.with_ledger(&["sync"]);
    assert_eq!(code, 4, "{lines:?}");
    assert_eq!(events(&lines), [format!("status {second} pending")]);
    let problems = last(&lines)["problems"].as_array().unwrap();
    assert_eq!((problems.len(), &problems[0]["order_id"]), (1, &json!("no-such-order")));

    // Without a service, or with a wrong token, the run ends early.
    let run = |variable: &str, value: &str| {
        let mut command = shell.command();
        command.args(["--json", "--retries", "0", "sync", "--ledger", LEDGER]).env(variable, value);
        support::Run::of(&mut command)
    };
    let wrong = run("WOTRUS_TOKEN", "tk_wrong");
    assert_eq!(wrong.code, 3, "{}", wrong.out);
    let Shell { sandbox, folder } = shell;
    let (url, token) = (sandbox.https_url().to_owned(), sandbox.token().to_owned());
    drop(sandbox);
    let mut command = support::bare();
    command.current_dir(folder.path()).env("WOTRUS_BASE_URL", url).env("WOTRUS_TOKEN", token);
    command.args(["--json", "--retries", "0", "sync", "--ledger", LEDGER]);
    assert_eq!(support::Run::of(&mut command).code, 7);
}

#[test]
fn files_with_other_content_stay_and_are_a_problem() {
    let shell = Shell::immediate();
    let id = shell.recorded_order("1");
    fs::create_dir_all(shell.path(&format!("certs/{id}"))).unwrap();
    fs::write(shell.path(&format!("certs/{id}/leaf.pem")), "mine").unwrap();
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!((code, events(&lines).len()), (9, 1), "{lines:?}");
    assert_eq!(fs::read_to_string(shell.path(&format!("certs/{id}/leaf.pem"))).unwrap(), "mine");
    // The ledger knows the certificate, but no file of it.
    let paths = "SELECT coalesce(path, 'none') FROM certificates";
    assert_eq!(shell.select(paths), ["none"]);
    fs::remove_file(shell.path(&format!("certs/{id}/leaf.pem"))).unwrap();
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!((code, events(&lines)), (0, vec![format!("certificate {id} issued")]));
    let leaf = Path::new(&shell.path("certs")).join(&id).join("leaf.pem");
    let leaf = leaf.to_str().unwrap();
    assert_eq!(shell.select(paths), [leaf]);
    // Another file of the order is missing, and cannot be written; this one is there.
    fs::write(shell.path(&format!("certs/{id}/chain.pem")), "mine").unwrap();
    let again = "UPDATE orders SET fetched_at = NULL, status = 'pending'";
    shell.open_ledger().execute(again, []).unwrap();
    assert_eq!(shell.with_ledger(&["sync", "--output-dir", "certs"]).0, 9);
    assert_eq!(shell.select(paths), [leaf]);
}

#[test]
fn a_ledger_is_required_and_must_exist() {
    let shell = Shell::stuck();
    let run = shell.run(&["sync"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--ledger"), "{}", run.err);
    assert_eq!(shell.with_ledger(&["sync"]).0, 9);
}

#[test]
fn a_paired_rsa_order_is_followed_too() {
    let shell = Shell::immediate();
    let first = shell.recorded_order("1");
    let second = shell.order();
    shell.open_ledger().execute("UPDATE orders SET paired_order_id = ?1", [&second]).unwrap();
    let (code, lines) = shell.with_ledger(&["sync", "--output-dir", "certs"]);
    assert_eq!(code, 0, "{lines:?}");
    let expected = [&first, &second]
        .map(|id| [format!("status {id} issued"), format!("certificate {id} issued")])
        .concat();
    assert_eq!(events(&lines), expected);
    assert!(fs::exists(shell.path(&format!("certs/{second}/fullchain.pem"))).unwrap());
    assert_eq!(last(&shell.with_ledger(&["sync", "--output-dir", "certs"]).1)["asked"], 0);
}

#[test]
fn an_unknown_status_is_kept_as_it_comes() {
    let address = scripted_service(|line| {
        let status = if line.contains("/v1/Order/") { "awaitingMoon" } else { "" };
        format!(r#"{{"isSuccess":true,"data":{{"id":"{ORDER}","status":"{status}","isPay":1}}}}"#)
    });
    let shell = Shell::stuck();
    shell.recorded_order("1");
    let sql = "UPDATE orders SET order_id = ?1, base_url = ?2";
    shell.open_ledger().execute(sql, [ORDER, &format!("http://{address}")]).unwrap();
    let mut command = calling(address);
    command.args(["--json", "sync", "--ledger", LEDGER]).current_dir(shell.folder.path());
    let run = support::Run::of(&mut command);
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
    assert!(run.out.contains(r#""status":"awaitingMoon""#), "{}", run.out);
}

#[test]
fn a_clock_that_goes_backwards_stops_neither_queries_nor_deliveries() {
    let shell = Shell::immediate();
    let id = shell.recorded_order("1");
    assert_eq!(shell.with_ledger(&["sync"]).0, 0);
    shell
        .open_ledger()
        .execute_batch(
            "UPDATE orders SET status = 'pending', queried_at = '2099-01-01T00:00:00Z';
             UPDATE events SET next_try_at = '2099-01-01T00:00:00Z';
             INSERT INTO service_pauses SELECT base_url, '2099-01-01T00:00:00Z' FROM orders;",
        )
        .unwrap();
    let (code, lines) = sync(&shell, &[], &SUCCEED);
    assert_eq!((code, &last(&lines)["delivered"]), (0, &3.into()), "{lines:?}");
    assert_eq!(events(&lines), [format!("status {id} issued")]);
}

#[test]
fn an_order_whose_query_ends_a_run_does_not_hold_the_others_back() {
    let shell = Shell::immediate();
    let ids = [shell.recorded_order("1"), shell.recorded_order("2")];
    for id in &ids {
        shell.sandbox.management().arm("status=401,on=query_order,count=1").unwrap();
        let (code, lines) = shell.with_ledger(&["sync"]);
        assert_eq!(code, 3, "{lines:?}");
        let asked = format!(
            "SELECT order_id FROM orders WHERE queried_at IS NOT NULL AND order_id = '{id}'"
        );
        assert_eq!(shell.select(&asked).len(), 1, "{id} was asked for");
    }
}

#[test]
fn a_sync_that_runs_for_long_takes_a_token_that_was_replaced() {
    for in_config in [false, true] {
        let shell = Shell::immediate();
        let id = shell.recorded_order("1");
        let write = |token: &str| {
            fs::write(shell.path("token"), format!("{token}\n")).unwrap();
            fs::write(shell.path("c.toml"), format!("token = \"{token}\"\n")).unwrap();
        };
        write("tk_old");
        let mut command = shell.command();
        command.env_remove("WOTRUS_TOKEN").stdout(Stdio::piped()).stderr(Stdio::null());
        match in_config {
            true => command.args(["--config", "c.toml"]),
            false => command.env("WOTRUS_TOKEN_FILE", shell.path("token")),
        };
        let every = ["--json", "sync", "--ledger", LEDGER, "--every", "1s"];
        let mut child = command.args(every).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line =
            || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
        assert_eq!(line()["error"]["kind"], "auth");
        write(shell.sandbox.token());
        let status = loop {
            let line = line();
            match line["error"]["kind"].as_str() {
                // It was asked before the file was written.
                Some(kind) => assert_eq!(kind, "auth", "{line}"),
                None => break line,
            }
        };
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!((&status["order_id"], &status["status"]), (&json!(id), &json!("issued")));
    }
}
