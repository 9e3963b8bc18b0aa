//! `due`: each stage before the end of a certificate is reported once.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{FAIL, LEDGER, Shell, script};

/// A shell with a ledger of one order whose certificate was fetched, and its end.
fn issued() -> (Shell, String, String) {
    let shell = Shell::immediate();
    let id = shell.recorded_order("1");
    assert_eq!(shell.with_ledger(&["sync", "--output-dir", "certs"]).0, 0);
    let end = shell.select("SELECT not_after FROM certificates").remove(0);
    (shell, id, end)
}

/// A time that many days before the end, as `--now` takes it.
fn before(shell: &Shell, end: &str, days: f64) -> String {
    let connection = shell.open_ledger();
    let seconds = format!("{} seconds", (-days * 86_400.0) as i64);
    let sql = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?1, ?2)";
    connection.query_row(sql, [end, &seconds], |row| row.get(0)).unwrap()
}

fn stages(lines: &[Value]) -> Vec<i64> {
    lines.iter().filter_map(|line| line["stage"].as_i64()).collect()
}

#[test]
fn each_stage_is_reported_once_with_its_exit_code() {
    let (shell, id, end) = issued();
    assert_eq!(shell.with_ledger(&["due"]), (0, vec![]));
    for (days, code, expected) in [
        (91.0, 0, vec![]),
        (89.5, 10, vec![90]),
        (89.4, 0, vec![]),
        (29.0, 10, vec![30]),
        (0.9, 10, vec![1]),
        (0.8, 0, vec![]),
        (1.2, 0, vec![]),
        (-1.0, 11, vec![0]),
        (-2.0, 0, vec![]),
    ] {
        let now = before(&shell, &end, days);
        let (found, lines) = shell.with_ledger(&["due", "--now", &now]);
        assert_eq!((found, stages(&lines)), (code, expected), "{days}");
        if let Some(line) = lines.first() {
            assert_eq!((&line["order_id"], &line["not_after"]), (&json!(id), &json!(end)));
            assert_eq!(line["type"], "due");
        }
    }
    // A look ahead lists everything and keeps nothing.
    let now = before(&shell, &end, 20.0);
    for _ in 0..2 {
        let (code, lines) = shell.with_ledger(&["due", "--all", "--now", &now]);
        assert_eq!((code, stages(&lines)), (10, vec![30]));
        let (code, lines) = shell.with_ledger(&["due", "--all", "--now", &now, "--within", "19d"]);
        assert_eq!((code, lines.len()), (0, 0));
    }
    assert_eq!(shell.select("SELECT count(*) || '' FROM due_notices"), ["4"]);
}

#[test]
fn revoked_and_renewed_orders_are_left_out() {
    let (shell, id, end) = issued();
    let now = before(&shell, &end, 5.0);
    let is_listed = || shell.with_ledger(&["due", "--all", "--now", &now]).0 == 10;
    assert!(is_listed());
    let execute = |sql: &str| shell.open_ledger().execute_batch(sql).unwrap();
    execute("UPDATE orders SET status = 'revoked'");
    assert!(!is_listed());
    execute("UPDATE orders SET status = 'issued'");
    shell.recorded_order("2");
    execute(
        "UPDATE orders SET renews = (SELECT id FROM orders WHERE idempotence_id = '1') WHERE idempotence_id = '2'",
    );
    assert!(is_listed(), "the renewal {id} is not issued yet");
    assert_eq!(shell.with_ledger(&["sync", "--output-dir", "certs"]).0, 0);
    execute("UPDATE certificates SET not_after = '2099-01-01T00:00:00Z' WHERE order_row <> 1");
    assert!(!is_listed());
    execute("UPDATE orders SET status = 'revoked' WHERE idempotence_id = '2'");
    assert!(is_listed(), "the renewal is revoked");
    execute("UPDATE orders SET status = 'issued' WHERE idempotence_id = '2'");
    assert!(!is_listed());
    shell.recorded_order("3");
    execute(
        "UPDATE orders SET (reissues, reissued_order_id, order_id, status) =
             (SELECT id, order_id, lower(order_id), 'revoked' FROM orders WHERE idempotence_id = '2')
         WHERE idempotence_id = '3'",
    );
    assert!(is_listed(), "the renewal is revoked, and its reissue kept its id");
}

#[test]
fn the_status_of_the_paired_order_counts_for_its_certificate() {
    let (shell, _, end) = issued();
    let now = before(&shell, &end, 5.0);
    let execute = |sql: &str| shell.open_ledger().execute_batch(sql).unwrap();
    for (status, paired, code) in [("revoked", "issued", 10), ("issued", "revoked", 0)] {
        execute(&format!(
            "UPDATE orders SET paired_order_id = 'P1', status = '{status}', paired_status = '{paired}'"
        ));
        assert_eq!(shell.with_ledger(&["due", "--all", "--now", &now]).0, code, "{paired}");
    }
}

#[test]
fn a_reissued_certificate_replaces_one_with_the_same_end() {
    let (shell, _, end) = issued();
    shell
        .open_ledger()
        .execute_batch(
            "INSERT INTO certificates (order_row, kind, sha256, serial, not_after, fetched_at)
             SELECT order_row, kind, 'other', 'new', not_after, fetched_at FROM certificates",
        )
        .unwrap();
    let now = before(&shell, &end, 5.0);
    let (_, lines) = shell.with_ledger(&["due", "--now", &now]);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["serial"], "new");
}

#[test]
fn many_renewed_orders_take_no_long_time() {
    let (shell, _, end) = issued();
    let now = before(&shell, &end, 5.0);
    shell
        .open_ledger()
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO orders (id, base_url, idempotence_id, state, recorded_at, changed_at, body,
                 body_hmac, product_id, common_name, org_name, months, order_id, status, renews)
             SELECT i, base_url, i, state, recorded_at, changed_at, body, body_hmac, product_id,
                 common_name, org_name, months, i, 'issued', nullif(i - 1, 1) FROM n, orders
             WHERE orders.id = 1;
             INSERT INTO certificates (order_row, kind, sha256, serial, not_after, fetched_at)
             SELECT id, 'rsa', id, id, '2099-01-01T00:00:00Z', recorded_at FROM orders WHERE id > 1;",
        )
        .unwrap();
    let begin = std::time::Instant::now();
    let (code, lines) = shell.with_ledger(&["due", "--now", &now]);
    assert_eq!((code, lines.len()), (10, 1));
    // A time that grows with the square of the number would be minutes.
    let limit = if cfg!(windows) { 60 } else { 10 };
    assert!(begin.elapsed().as_secs() < limit, "{:?}", begin.elapsed());
}

// Windows has no /dev/full.
#[cfg(unix)]
#[test]
fn what_could_not_be_shown_is_reported_again() {
    let (shell, _, end) = issued();
    let now = before(&shell, &end, 5.0);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let arguments = ["--json", "due", "--ledger", LEDGER, "--now", &now];
    let status = shell.command().args(arguments).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(9));
    assert_eq!(shell.with_ledger(&["due", "--now", &now]).0, 10);
    assert_eq!(shell.with_ledger(&["due", "--now", &now]).0, 0);
}

#[test]
fn the_command_does_not_get_a_variable_with_the_token() {
    let (shell, _, end) = issued();
    let now = before(&shell, &end, 5.0);
    let mut command = shell.command();
    command
        .args(["due", "--ledger", LEDGER, "--now", &now, "--"])
        .args(script("env >env", "set >env"));
    command.env("MY_TOKEN", format!("token={}", shell.sandbox.token()));
    assert_eq!(command.status().unwrap().code(), Some(10));
    let environment = fs::read_to_string(shell.path("env")).unwrap();
    assert!(environment.contains("WOTRUS_EVENT_STAGE=7"), "{environment}");
    assert!(!environment.contains(shell.sandbox.token()));
}

#[test]
fn a_command_is_told_of_each_notice_until_it_succeeds() {
    let (shell, id, end) = issued();
    let now = before(&shell, &end, 5.0);
    let program = script(
        "[ -e ready ] && echo $WOTRUS_EVENT_TYPE $WOTRUS_EVENT_STAGE $WOTRUS_EVENT_DAYS_LEFT $WOTRUS_ORDER_ID >>told",
        "if exist ready (>>told echo %WOTRUS_EVENT_TYPE% %WOTRUS_EVENT_STAGE% %WOTRUS_EVENT_DAYS_LEFT% %WOTRUS_ORDER_ID%) else exit 1",
    );
    let due = || shell.with_ledger(&[&["due", "--now", &now, "--"], &program[..]].concat());
    assert_eq!(due().0, 9);
    fs::write(shell.path("ready"), "").unwrap();
    shell
        .open_ledger()
        .execute("UPDATE events SET next_try_at = '2000' WHERE type = 'due'", [])
        .unwrap();
    // sync does not run its command for what due reports.
    let program = script("echo $WOTRUS_EVENT_TYPE >>synced", ">>synced echo %WOTRUS_EVENT_TYPE%");
    let (code, _) = shell.with_ledger(&[&["sync", "--"], &program[..]].concat());
    assert_eq!(code, 0);
    let lines = |name: &str| -> Vec<String> {
        fs::read_to_string(shell.path(name)).unwrap().lines().map(str::to_owned).collect()
    };
    assert_eq!(lines("synced"), ["status", "certificate"]);
    assert_eq!(due().0, 0, "nothing new is reported");
    assert_eq!(due().0, 0);
    assert_eq!(lines("told"), [format!("due 7 5 {id}")]);
}

#[test]
fn files_and_folders_need_no_ledger_and_every_run_reports_them() {
    let (shell, _, end) = issued();
    let now = before(&shell, &end, 20.0);
    fs::write(shell.path("certs/notes.pem"), "no certificate").unwrap();
    let run = |arguments: &[&str]| {
        let run = shell.run(&[&["--json", "due", "--now", &now], arguments].concat());
        let lines: Vec<Value> =
            run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (run.code, lines)
    };
    let (code, lines) = run(&["certs"]);
    assert_eq!(
        (code, stages(&lines)),
        (10, vec![30]),
        "leaf.pem and fullchain.pem are one: {lines:?}"
    );
    assert_eq!(run(&["certs"]).1[0]["event_id"], lines[0]["event_id"], "the id stays the same");
    assert!(lines[0]["path"].as_str().unwrap().ends_with(".pem"));
    let program = script("echo $WOTRUS_EVENT_SERIAL >>told", ">>told echo %WOTRUS_EVENT_SERIAL%");
    let (code, _) = run(&[&["certs", "--"], &program[..]].concat());
    assert_eq!((code, fs::read_to_string(shell.path("told")).unwrap().lines().count()), (10, 1));
    assert_eq!(run(&[&["certs", "--"], &FAIL[..]].concat()).0, 9);
    assert_eq!(run(&["certs/notes.pem"]).0, 2);
    assert_eq!(run(&["missing"]).0, 9);

    // With a ledger the same files are reported once.
    let once = ["certs", "--ledger", LEDGER];
    assert_eq!((run(&once).0, run(&once).0), (10, 0));
    let text = shell.run(&["due", "--now", &now, "certs"]);
    assert!(text.out.contains("20 days left"), "{}", text.out);
}

#[test]
fn a_certificate_in_any_form_is_listed_or_what_it_is_instead_is_told() {
    let (shell, _, end) = issued();
    let now = before(&shell, &end, 5.0);
    let leaf = shell.run(&["--json", "due", "--now", &now, "certs"]);
    let leaf: Value = serde_json::from_str(leaf.out.lines().next().unwrap()).unwrap();
    let leaf = leaf["path"].as_str().unwrap();
    let pem = fs::read_to_string(shell.path(leaf)).unwrap();
    let pem = &pem[..pem.find("-----END CERTIFICATE-----\n").unwrap() + 26];
    let der = wotrus::pki::blocks(pem).next().unwrap().unwrap().der().unwrap();
    assert_eq!(shell.run(&["cert", "convert", leaf, "--p7b", "p7b"]).code, 0);
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let wide: Vec<u8> =
        [0xfeff].into_iter().chain(pem.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    // An hour that does not exist: the rest of the certificate can be read.
    let at = der.windows(2).position(|two| two == [0x17, 13]).unwrap();
    let mut timeless = der.clone();
    timeless[at + 8] = b'9';
    let broken = pem.replacen("-----\nMII", "-----\nM&I", 1);
    for (content, listed, told) in [
        (pem.replace("CERTIFICATE", "TRUSTED CERTIFICATE").into_bytes(), true, ""),
        (pem.replace("CERTIFICATE", "X509 CERTIFICATE").into_bytes(), true, ""),
        ([&der[..], b"\r\n"].concat(), true, ""),
        (fs::read(shell.path("p7b")).unwrap(), true, ""),
        (base64.clone().into_bytes(), true, ""),
        (format!("\u{feff}{base64}").into_bytes(), true, ""),
        (format!("{broken}{pem}").into_bytes(), true, "PEM block 1"),
        (wide, false, "iconv -f UTF-16"),
        (pem[..pem.len() - 30].into(), false, "END line is missing"),
        (broken.into_bytes(), false, "HTML"),
        (der[..der.len() - 9].into(), false, "cut"),
        (timeless, false, "validity"),
        (b"no certificate".into(), false, "neither PEM"),
        (pem.repeat(2000).into_bytes(), false, "larger than 1 MiB"),
    ] {
        let _ = fs::remove_dir_all(shell.path("one"));
        fs::create_dir(shell.path("one")).unwrap();
        fs::write(shell.path("one/x.cer"), &content).unwrap();
        let shown = String::from_utf8_lossy(&content[..content.len().min(60)]).into_owned();
        let run = shell.run(&["due", "--now", &now, "one"]);
        assert_eq!(run.code == 10, listed, "{shown}: {}", run.err);
        assert!(run.err.contains(told), "{shown}: {}", run.err);
        assert_eq!(run.err.contains("x.cer"), !told.is_empty(), "{shown}: {}", run.err);
        if !told.is_empty() && !told.contains("MiB") {
            let run = shell.run(&["due", "--now", &now, "one/x.cer"]);
            assert!(run.err.contains(told), "{shown}: {}", run.err);
        }
    }
    // A key beside certificates is no problem.
    let new_key = ["key", "new", "one/key.pem", "--algorithm", "p256"];
    let request = ["--csr", "r.csr", "--common-name", "沃通"];
    assert_eq!(shell.run(&[&new_key[..], &request].concat()).code, 0);
    for (file, what, option) in
        [("r.csr", "it is a CSR", "--csr"), ("one/key.pem", "it is a private key", "--key")]
    {
        let run = shell.run(&["due", "--now", &now, file]);
        assert!(run.code == 2 && run.err.contains(what), "{}", run.err);
        assert!(!run.err.contains("--"), "due has no {option}: {}", run.err);
        let run = shell.run(&["cert", "inspect", file]);
        let advice = format!("{what}; give it as {option}");
        assert!(run.code == 2 && run.err.contains(&advice), "{}", run.err);
    }
    let run = shell.run(&["due", "--now", &now, "one"]);
    assert!(!run.err.contains("key.pem"), "{}", run.err);
}

// The names of Windows are limited in another way.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_searched_is_told_and_the_others_are_searched() {
    let (shell, _, end) = issued();
    let now = before(&shell, &end, 5.0);
    // The path of the innermost folder is longer than the system allows.
    let name = "n".repeat(255);
    let path = |name: &str| shell.path(name);
    fs::create_dir(path(&name)).unwrap();
    for _ in 0..17 {
        fs::create_dir(path("t")).unwrap();
        fs::rename(path(&name), path(&format!("t/{name}"))).unwrap();
        fs::rename(path("t"), path(&name)).unwrap();
    }
    fs::rename(path(&name), path(&format!("certs/{name}"))).unwrap();
    let run = shell.run(&["due", "--now", &now, "certs"]);
    assert_eq!(run.code, 10, "{}", run.err);
    assert!(run.err.contains(&format!("certs/{name}/{name}")), "{}", run.err);
    // A deeper one than is searched.
    for _ in 0..18 {
        fs::create_dir(path("t")).unwrap();
        if fs::exists(path("d")).unwrap() {
            fs::rename(path("d"), path("t/d")).unwrap();
        }
        fs::rename(path("t"), path("d")).unwrap();
    }
    let run = shell.run(&["due", "--now", &now, "d"]);
    assert!(run.err.contains("too deep"), "{}", run.err);
}

#[test]
fn wrong_times_are_refused() {
    let shell = Shell::stuck();
    shell.recorded_order("1");
    for wrong in [["--now", "tomorrow"], ["--within", "30"], ["--within", "x"]] {
        assert_eq!(shell.with_ledger(&[&["due"], &wrong[..]].concat()).0, 2, "{wrong:?}");
    }
    assert_eq!(shell.run(&["due"]).code, 2, "without a ledger and without paths");
}

/// A command that appends the stage of each notice to a file.
const TELL: [&str; 3] =
    script("echo $WOTRUS_EVENT_STAGE >>told", ">>told echo %WOTRUS_EVENT_STAGE%");

fn told(shell: &Shell) -> Vec<String> {
    let text = fs::read_to_string(shell.path("told")).unwrap_or_default();
    text.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_command_is_not_told_of_what_was_reported_without_one() {
    let (shell, _, end) = issued();
    let due = |days: f64, command: &[&str]| {
        let now = before(&shell, &end, days);
        let command = if command.is_empty() { vec![] } else { [&["--"], command].concat() };
        shell.with_ledger(&[&["due", "--now", &now], &command[..]].concat()).0
    };
    assert_eq!([due(80.0, &[]), due(24.0, &[]), due(4.0, &[])], [10, 10, 10]);
    assert_eq!(due(0.5, &TELL), 10);
    assert_eq!(told(&shell), ["1"]);
}

#[test]
fn a_command_is_not_told_of_notices_that_are_out_of_date() {
    let (shell, _, end) = issued();
    let due = |days: f64, command: &[&str]| {
        let now = before(&shell, &end, days);
        let code = shell.with_ledger(&[&["due", "--now", &now, "--"], command].concat()).0;
        let sql = "UPDATE events SET next_try_at = NULL WHERE type = 'due'";
        shell.open_ledger().execute(sql, []).unwrap();
        code
    };
    // A later stage was reported.
    assert_eq!([due(80.0, &FAIL), due(24.0, &FAIL)], [9, 9]);
    assert_eq!(due(23.0, &TELL), 0);
    assert_eq!(told(&shell), ["30"]);
    // The order was revoked.
    assert_eq!(due(5.0, &FAIL), 9);
    shell.open_ledger().execute("UPDATE orders SET status = 'revoked'", []).unwrap();
    assert_eq!(due(4.0, &TELL), 0);
    assert_eq!(told(&shell).len(), 1);
    let reasons = "SELECT last_problem FROM events WHERE type = 'due'
        AND delivered_at IS NOT NULL AND last_problem LIKE 'not delivered%'";
    assert_eq!(shell.select(reasons).len(), 2, "of stages 7 and 90");
}

#[test]
fn a_wrong_clock_does_not_silence_a_certificate() {
    let (shell, _, end) = issued();
    let due = |now: &str| {
        let (code, lines) = shell.with_ledger(&[&["due", "--now", now, "--"], &TELL[..]].concat());
        (code, stages(&lines))
    };
    let failing = ["due", "--now", "2038-01-01", "--"];
    let (code, lines) = shell.with_ledger(&[&failing[..], &FAIL].concat());
    assert_eq!((code, stages(&lines)), (9, vec![0]));
    let sql = "UPDATE events SET next_try_at = NULL WHERE type = 'due'";
    shell.open_ledger().execute(sql, []).unwrap();
    for (days, code, stage) in [(80.0, 10, 90), (24.0, 10, 30), (4.0, 10, 7), (-1.0, 11, 0)] {
        let now = before(&shell, &end, days);
        assert_eq!(due(&now), (code, vec![stage]));
        assert_eq!(due(&now), (0, vec![]));
    }
    assert_eq!(told(&shell), ["90", "30", "7", "0"]);
}

#[test]
fn a_wrong_clock_does_not_end_a_notice_that_waits_for_its_command() {
    for (wrong, of_wrong) in [("2020-01-01", vec![]), ("2038-01-01", vec!["0"])] {
        let (shell, _, end) = issued();
        let due = |now: &str, command: &[&str]| {
            let code = shell.with_ledger(&[&["due", "--now", now, "--"], command].concat()).0;
            let sql = "UPDATE events SET next_try_at = NULL WHERE type = 'due'";
            shell.open_ledger().execute(sql, []).unwrap();
            code
        };
        assert_eq!(due(&before(&shell, &end, 29.0), &FAIL), 9);
        due(wrong, &TELL);
        assert_eq!(told(&shell), of_wrong, "{wrong}");
        assert_eq!(due(&before(&shell, &end, 28.0), &TELL), 0);
        assert_eq!(told(&shell), [&of_wrong[..], &["30"]].concat(), "{wrong}");
    }
}
