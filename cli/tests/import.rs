//! `order import`: files as spreadsheets save them, mistakes by row and column, and repeated imports.

mod support;

use std::fs;

use rusqlite::Connection;
use serde_json::{Value, json};
use support::{CSR, LICENCE, Run, Shell};

const HEADER: &str = "idempotenceID,productID,commonName,csr,month,OrgName,UserMobile,licence";

fn shell() -> Shell {
    let shell = Shell::immediate();
    fs::create_dir(shell.path("in")).unwrap();
    fs::copy(CSR, shell.path("in/a.csr")).unwrap();
    fs::copy(LICENCE, shell.path("in/licence.pdf")).unwrap();
    shell
}

fn row(number: usize) -> String {
    format!("order-{number},organization,沃通{number},a.csr,12,沃通,13800000000,licence.pdf")
}

fn file(rows: impl IntoIterator<Item = String>) -> String {
    let rows: Vec<String> = rows.into_iter().collect();
    format!("{HEADER}\r\n{}\r\n", rows.join("\r\n"))
}

fn import(shell: &Shell, name: &str, more: &[&str]) -> (i32, Value) {
    shell.json(&[&["order", "import", name, "--ledger", "l.db"], more].concat())
}

fn orders_at_the_service(shell: &Shell) -> usize {
    shell.sandbox.management().orders().len()
}

fn problems(json: &Value) -> Vec<String> {
    let text = |mistake: &Value| {
        let part = |name: &str| mistake[name].to_string().replace('"', "");
        format!("{} {} {}", part("row"), part("column"), part("problem"))
    };
    json["mistakes"].as_array().unwrap_or_else(|| panic!("{json}")).iter().map(text).collect()
}

#[test]
fn a_repeated_import_sends_only_what_has_no_order() {
    let shell = shell();
    fs::write(shell.path("in/o.csv"), file((1..=5).map(row))).unwrap();
    let (code, json) = import(&shell, "in/o.csv", &[]);
    assert_eq!((code, &json["created"], &json["rows"]), (0, &json!(5), &json!(5)), "{json}");
    assert_eq!(orders_at_the_service(&shell), 5);
    let results = fs::read_to_string(shell.path("in/o.results.csv")).unwrap();
    assert_eq!(results.lines().count(), 6, "{results}");
    assert!(
        results.starts_with("\u{feff}row,") && results.contains("\n2,order-1,created,"),
        "{results}"
    );

    let posts = || shell.sandbox.management().journal().len();
    let before = posts();
    assert_eq!(import(&shell, "in/o.csv", &[]).0, 0);
    assert_eq!(posts(), before, "nothing was sent");
    fs::write(shell.path("in/o.csv"), file((1..=6).map(row))).unwrap();
    assert_eq!(import(&shell, "in/o.csv", &["--results", "r.csv"]).0, 0);
    assert_eq!(orders_at_the_service(&shell), 6);
    assert!(fs::read_to_string(shell.path("r.csv")).unwrap().contains("7,order-6,created"));
    let connection = Connection::open(shell.path("l.db")).unwrap();
    let sql =
        "SELECT group_concat(row_count || charset || (finished_at IS NOT NULL), ' ') FROM imports";
    let imports: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(imports, "5utf-81 5utf-81 6utf-81");
}

#[cfg(unix)]
#[test]
fn a_fifo_in_a_column_of_files_is_a_mistake_and_does_not_block() {
    let shell = shell();
    let made = std::process::Command::new("mkfifo").arg(shell.path("in/fifo.pdf")).status();
    assert!(made.unwrap().success());
    for name in ["a.csr", "licence.pdf"] {
        fs::write(shell.path("in/o.csv"), file([row(1).replace(name, "fifo.pdf")])).unwrap();
        let (code, json) = import(&shell, "in/o.csv", &[]);
        assert_eq!(code, 2, "{json}");
        let found = problems(&json).join("\n");
        assert!(found.contains("is not a regular file"), "{found}");
    }
}

#[test]
fn all_mistakes_are_listed_and_nothing_is_sent() {
    let shell = shell();
    let rows = [
        row(1),
        "order-1,organization,a,a.csr,twelve,沃通,1.38E+10,none.pdf".to_owned(),
        ",organization,,missing.csr,12,,,".to_owned(),
        String::new() + "order-9,organization,a,licence.pdf,12,沃通,,a.csr",
    ];
    fs::write(shell.path("in/o.csv"), file(rows)).unwrap();
    let (code, json) = import(&shell, "in/o.csv", &[]);
    assert_eq!(code, 2);
    let found = problems(&json).join("\n");
    for (row, column) in [
        (3, "month"),
        (3, "UserMobile"),
        (3, "licence"),
        (4, "idempotenceID"),
        (4, "commonName"),
        (4, "OrgName"),
        (4, "csr"),
        (5, "csr"),
        (5, "licence"),
    ] {
        assert!(found.contains(&format!("{row} {column} ")), "{row} {column} is not in\n{found}");
    }
    assert!(!found.contains("1.38E"), "a value may be a secret: {found}");
    fs::write(shell.path("in/o.csv"), file([row(1), row(2), row(1)])).unwrap();
    let (_, json) = import(&shell, "in/o.csv", &[]);
    assert_eq!(problems(&json), ["4 idempotenceID is the same as in row 2"]);
    fs::write(shell.path("in/o.csv"), format!("{HEADER},Hosts\n{},x\n", row(1))).unwrap();
    let (_, json) = import(&shell, "in/o.csv", &[]);
    assert!(problems(&json)[0].starts_with("1 Hosts "), "{json}");
    // A wrong name of a column is one mistake, not one of each row.
    let wrong = file((1..=3).map(row)).replace("commonName", "common_name");
    fs::write(shell.path("in/o.csv"), wrong.replace(",12,", ",36,")).unwrap();
    let (_, json) = import(&shell, "in/o.csv", &[]);
    let columns: Vec<&str> = json["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["column"].as_str().unwrap())
        .collect();
    assert_eq!(columns, ["commonName", "common_name", "month", "month", "month"], "{json}");
    // A person reads one line for each mistake, in the chosen language.
    fs::write(shell.path("in/o.csv"), file([row(1).replace(",12,", ",36.5,"), ",x,,,,,,".into()]))
        .unwrap();
    let run = shell.run(&["--lang", "zh", "order", "import", "--ledger", "l.db", "in/o.csv"]);
    let lines = run.err.lines().filter(|line| line.starts_with("  第 ")).count();
    // The system's texts are not Chinese.
    let json = json!({
        "orderinfoPost": {"productID": "76ECE651-B59E-48F2-A47B-135614AADAD9", "commonName": "c",
            "month": 12, "idempotenceID": "j-1"},
        "organizationPost": {"OrgName": "o"},
        "documentsPost": [{"documentType": 2, "path": "none.pdf"}],
    });
    fs::write(shell.path("in/o.jsonl"), json.to_string()).unwrap();
    fs::write(shell.path("in/d.csv"), file([row(1).replace("licence.pdf", "none.pdf")])).unwrap();
    for command in [
        &["order", "import", "--ledger", "l.db", "in/d.csv"][..],
        &["order", "import", "--ledger", "l.db", "in/o.jsonl"],
        &["order", "create", "--from", "in/o.jsonl"],
    ] {
        let run = shell.run(&[&["--lang", "zh"], command].concat());
        let is_chinese = run.err.contains("none.pdf：文件或目录不存在");
        assert!(run.code != 0 && (is_chinese || cfg!(windows)), "{}", run.err);
        assert!(cfg!(windows) || !run.err.contains("os error"), "{}", run.err);
    }
    assert!(lines > 3 && !run.err.contains("should be"), "{}", run.err);
    assert_eq!(orders_at_the_service(&shell), 0);
    // An id that the ledger has with other content is a mistake too.
    fs::write(shell.path("in/o.csv"), file([row(1)])).unwrap();
    assert_eq!(import(&shell, "in/o.csv", &["--dry-run"]).0, 0);
    assert_eq!(orders_at_the_service(&shell), 0);
    assert_eq!(import(&shell, "in/o.csv", &[]).0, 0);
    fs::write(shell.path("in/o.csv"), file([row(1).replace("沃通1", "其他")])).unwrap();
    let (code, json) = import(&shell, "in/o.csv", &[]);
    assert_eq!(code, 2);
    assert!(problems(&json)[0].starts_with("2 idempotenceID the ledger has"), "{json}");
}

#[test]
fn an_import_goes_on_after_a_change_of_the_token() {
    let shell = shell();
    fs::write(shell.path("in/o.csv"), file([row(1), row(2)])).unwrap();
    let management = shell.sandbox.management();
    management.arm("delay=0,on=create_order,count=1").unwrap();
    management.arm("status=401,on=create_order").unwrap();
    assert_eq!(import(&shell, "in/o.csv", &["--jobs", "1"]).0, 3);
    let states = || support::column(&shell, "SELECT state FROM orders ORDER BY id");
    assert_eq!(states(), [Some("created".into()), Some("not_sent".into())]);
    management.disarm_all();
    // As another token does, another mobile number changes the HMAC, but not what is recorded.
    let origins = "SELECT group_concat(path || row || part) FROM origins WHERE order_row = 1";
    let before = support::column(&shell, origins);
    fs::write(shell.path("in/p.csv"), file([row(2), row(1).replace("13800000000", "13900000000")]))
        .unwrap();
    let run = shell.run(&["order", "import", "in/p.csv", "--ledger", "l.db"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("is another one now: 1"), "{}", run.err);
    assert_eq!(states(), [Some("created".into()), Some("created".into())]);
    assert_eq!(support::column(&shell, origins), before);
    assert_eq!(orders_at_the_service(&shell), 2);
}

#[test]
fn what_a_spreadsheet_has_changed_or_repeated_is_not_sent() {
    let shell = shell();
    let mistakes = |text: String| {
        fs::write(shell.path("in/o.csv"), text).unwrap();
        let (code, json) = import(&shell, "in/o.csv", &[]);
        assert_eq!(code, 2, "{json}");
        problems(&json)
    };
    // Two columns for one field.
    for (column, other, value) in [
        ("organizationPost.UserMobile", "UserMobile", "13900000000"),
        ("usermobile", "", "13900000000"),
        ("csR_RSA", "csr", "x"),
    ] {
        let found = mistakes(format!("{HEADER},{column}\r\n{},{value}\r\n", row(1)));
        let problem = if other.is_empty() { "occurs twice" } else { "names the same field as" };
        assert!(found[0].starts_with(&format!("1 {column} ")), "{found:?}");
        assert!(found[0].contains(problem) && found[0].contains(other), "{found:?}");
    }
    // Ids and telephone numbers that were rounded.
    let rounded = row(1).replace("order-1", "2.02611E+11");
    let found = mistakes(format!("{HEADER},OrgPhone\r\n{rounded},7.55E+11\r\n"));
    let columns: Vec<_> = found.iter().map(|it| it.split(' ').nth(1).unwrap()).collect();
    assert_eq!(columns, ["idempotenceID", "OrgPhone"], "{found:?}");
    assert_eq!(orders_at_the_service(&shell), 0);
    // Numbers that were written as text, and blank lines.
    let text = format!("{HEADER}\r\n\r\n{}\r\n", row(1).replace("order-1", "=\"000001\""));
    fs::write(shell.path("in/o.csv"), text).unwrap();
    assert_eq!(import(&shell, "in/o.csv", &[]).0, 0);
    let results = fs::read_to_string(shell.path("in/o.results.csv")).unwrap();
    assert!(results.contains("\n3,000001,created,"), "{results}");
}

#[test]
fn files_of_chinese_spreadsheets_are_read() {
    let shell = shell();
    let text = file([row(1)]);
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    fs::write(shell.path("in/gb.csv"), gb).unwrap();
    let (code, json) = import(&shell, "in/gb.csv", &[]);
    assert!(code == 2 && problems(&json)[0].contains("--charset gb18030"), "{json}");
    assert_eq!(import(&shell, "in/gb.csv", &["--charset", "gb18030"]).0, 0);
    let text = file([row(2)]).replace(',', ";");
    fs::write(shell.path("in/bom.csv"), format!("\u{feff}{text}")).unwrap();
    assert_eq!(import(&shell, "in/bom.csv", &[]).0, 0);
    let utf16: Vec<u8> = format!("\u{feff}{}", file([row(3)]).replace(',', "\t"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(shell.path("in/utf16.txt"), utf16).unwrap();
    assert_eq!(import(&shell, "in/utf16.txt", &[]).0, 0);
    let names: Vec<String> =
        shell.sandbox.management().orders().into_iter().map(|order| order.common_name).collect();
    assert_eq!(names.len(), 3);
    assert!((1..=3).all(|number| names.contains(&format!("沃通{number}"))), "{names:?}");
}

#[test]
fn json_lines_and_the_template_can_be_imported() {
    let shell = shell();
    let line = |id: &str| {
        json!({
            "orderinfoPost": {"productID": "2C17C336-A772-42F8-B3DD-4F2591A5B116", "commonName": "沃通",
                "csR_RSA": fs::read_to_string(CSR).unwrap(), "month": 12, "idempotenceID": id},
            "organizationPost": {"OrgName": "沃通"},
            "documentsPost": [{"documentType": 2, "path": "licence.pdf"}]
        })
    };
    let broken = line("").to_string();
    fs::write(shell.path("in/o.jsonl"), format!("{}\n\n{broken}\n", line("j-1"))).unwrap();
    let (code, json) = import(&shell, "in/o.jsonl", &[]);
    assert_eq!(
        (code, problems(&json)),
        (2, vec!["3 idempotenceID is required, but missing".to_owned()])
    );
    fs::write(shell.path("in/o.jsonl"), format!("{}\n\n{}\n", line("j-1"), line("j-2"))).unwrap();
    assert_eq!(import(&shell, "in/o.jsonl", &["--jobs", "1"]).0, 0);

    for (charset, name) in [("utf-8", "t.csv"), ("gb18030", "g.csv")] {
        let mut command = shell.command();
        let output =
            command.args(["order", "import", "--template", "--charset", charset]).output().unwrap();
        let text = if charset == "utf-8" {
            String::from_utf8(output.stdout).unwrap()
        } else {
            encoding_rs::GB18030.decode(&output.stdout).0.into_owned()
        };
        let text = text.replace("example.csr", "a.csr").replace("order-4713", name);
        fs::write(shell.path("in").clone() + "/" + name, text).unwrap();
        let (code, json) = import(&shell, &format!("in/{name}"), &[]);
        assert_eq!(code, 0, "{json}");
    }
    assert_eq!(orders_at_the_service(&shell), 4);
}

#[test]
fn an_import_ends_when_the_service_cannot_be_reached() {
    let shell = shell();
    fs::write(shell.path("in/o.csv"), file((1..=30).map(row))).unwrap();
    let mut command = shell.command();
    command.env("WOTRUS_BASE_URL", "http://127.0.0.1:1").env("WOTRUS_RETRIES", "0");
    let run = Run::of(command.args(["--json", "order", "import", "in/o.csv", "--ledger", "l.db"]));
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(run.code, 7, "{json}");
    assert!(json["not_sent"].as_u64().unwrap() < 20, "{json}");
    assert!(json["prepared"].as_u64().unwrap() >= 10, "{json}");
    // Refused rows can be sent again, too.
    shell.sandbox.management().arm("error_msg=list,on=create_order,count=3").unwrap();
    let (code, json) = import(&shell, "in/o.csv", &[]);
    assert_eq!((code, &json["refused"], &json["created"]), (4, &json!(3), &json!(27)));
    assert_eq!(import(&shell, "in/o.csv", &[]).0, 0);
    assert_eq!(orders_at_the_service(&shell), 30);
}

#[test]
fn results_replace_no_other_file() {
    let shell = shell();
    let text = file([row(1)]);
    fs::write(shell.path("in/o.csv"), &text).unwrap();
    fs::write(shell.path("in/key.pem"), "a key").unwrap();
    // What cannot be read again is not imported.
    #[cfg(unix)]
    for content in ["/dev/zero", &shell.path("in/o.csv")] {
        let import = ["order", "import", "/dev/stdin", "--ledger", "l.db", "--results", "r.csv"];
        let mut command = shell.command();
        let run = Run::of(command.args(import).stdin(fs::File::open(content).unwrap()));
        assert!(run.code == 2 && run.err.contains("cannot be read again"), "{}", run.err);
    }
    for other in ["in/o.csv", "in/key.pem", "in", "/dev/null"] {
        let (code, json) = import(&shell, "in/o.csv", &["--results", other]);
        assert_eq!(code, 9, "{other}: {json}");
    }
    assert_eq!(orders_at_the_service(&shell), 0);
    assert_eq!(fs::read_to_string(shell.path("in/o.csv")).unwrap(), text);
    assert_eq!(fs::read_to_string(shell.path("in/key.pem")).unwrap(), "a key");
}

#[test]
fn a_busy_service_refuses_no_order() {
    let shell = shell();
    shell.sandbox.management().arm("status=429,on=create_order").unwrap();
    fs::write(shell.path("in/o.csv"), file((1..=20).map(row))).unwrap();
    let (code, json) = import(&shell, "in/o.csv", &["--retries", "0", "--jobs", "1"]);
    assert_eq!((code, &json["refused"], &json["not_sent"]), (7, &json!(0), &json!(10)), "{json}");
    shell.sandbox.management().disarm_all();
    let (code, json) = import(&shell, "in/o.csv", &[]);
    assert_eq!((code, &json["created"]), (0, &json!(20)), "{json}");
}

#[test]
fn an_import_that_stops_reports_the_orders_that_exist_or_may_exist() {
    let shell = shell();
    fs::write(shell.path("in/one.csv"), file([row(1)])).unwrap();
    assert_eq!(import(&shell, "in/one.csv", &[]).0, 0);
    fs::write(shell.path("in/o.csv"), file((1..=20).map(row))).unwrap();
    let management = shell.sandbox.management();
    management.arm("status=429,on=create_order").unwrap();
    let arguments = ["--retries", "0", "--jobs", "1"];
    let (code, json) = import(&shell, "in/o.csv", &arguments);
    assert_eq!((code, &json["error"]["delivery"]), (7, &json!("answered")), "{json}");
    management.disarm_all();
    management.arm("reset,when=after,on=create_order,count=1").unwrap();
    management.arm("status=429,on=create_order").unwrap();
    let (code, json) = import(&shell, "in/o.csv", &arguments);
    assert_eq!((code, &json["unknown"], &json["not_sent"]), (6, &json!(1), &json!(10)), "{json}");
    let error = &json["error"];
    assert_eq!(
        (&error["kind"], &error["delivery"]),
        (&"unknown_outcome".into(), &"unknown".into())
    );
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("in row 3") && message.contains("calls in a row"), "{message}");
}

/// A ledger with orders that may exist.
fn open_orders(count: usize) -> Shell {
    let shell = shell();
    shell.sandbox.management().arm("reset,when=after,on=create_order").unwrap();
    fs::write(shell.path("in/o.csv"), file((1..=count).map(row))).unwrap();
    let (code, json) = import(&shell, "in/o.csv", &["--retries", "0"]);
    assert_eq!((code, &json["unknown"]), (6, &json!(count)), "{json}");
    shell.sandbox.management().disarm_all();
    shell
}

#[test]
fn a_rejected_token_or_an_unreachable_service_stops_the_repetition_of_open_orders() {
    let shell = open_orders(15);
    let commands: [&[&str]; 2] = [&["order", "import", "in/o.csv"], &["order", "resume"]];
    let run = |command: &[&str]| {
        let before = shell.sandbox.management().journal().len();
        let mut shell_command = shell.command();
        shell_command.env("WOTRUS_RETRIES", "0").arg("--json").args(command);
        let run = Run::of(shell_command.args(["--ledger", "l.db", "--jobs", "1"]));
        let json: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!((run.code, &json["error"]["delivery"]), (6, &json!("unknown")), "{json}");
        let message = json["error"]["message"].as_str().unwrap().to_owned();
        (shell.sandbox.management().journal().len() - before, message)
    };
    for command in commands {
        shell.sandbox.management().arm("status=401,on=create_order").unwrap();
        let (posts, message) = run(command);
        assert_eq!(posts, 1, "{command:?} {message}");
        assert!(message.contains("401"), "{message}");
        shell.sandbox.management().disarm_all();
        shell.sandbox.management().arm("status=429,on=create_order").unwrap();
        let (posts, message) = run(command);
        assert_eq!(posts, 10, "{command:?} {message}");
        assert!(message.contains("10 calls in a row"), "{message}");
        shell.sandbox.management().disarm_all();
    }
    assert_eq!(import(&shell, "in/o.csv", &[]).0, 0);
    assert_eq!(orders_at_the_service(&shell), 15);
}

#[test]
fn a_page_of_a_proxy_refuses_no_order() {
    for status in [403, 404, 405, 407, 413] {
        let shell = shell();
        fs::write(shell.path("in/o.csv"), file([row(1), row(2)])).unwrap();
        shell
            .sandbox
            .management()
            .arm(&format!("status={status},on=create_order,count=1"))
            .unwrap();
        let (code, json) = import(&shell, "in/o.csv", &["--jobs", "1"]);
        assert_eq!((&json["refused"], &json["not_sent"]), (&json!(0), &json!(1)), "{json}");
        // A token that is not accepted ends the import.
        let (expected, created) = if status == 403 { (3, 0) } else { (7, 1) };
        assert_eq!((code, &json["created"]), (expected, &json!(created)), "{status}: {json}");
        let (code, json) = import(&shell, "in/o.csv", &[]);
        assert_eq!((code, &json["created"]), (0, &json!(2)), "{status}: {json}");
        assert_eq!(orders_at_the_service(&shell), 2);
    }
}

#[test]
fn a_reason_in_json_refuses_an_order_if_it_is_about_its_content() {
    for (status, refused) in [(400, 1), (404, 0)] {
        let shell = shell();
        fs::write(shell.path("in/o.csv"), file([row(1)])).unwrap();
        let fault = format!("problem={status},on=create_order,count=1");
        shell.sandbox.management().arm(&fault).unwrap();
        let (code, json) = import(&shell, "in/o.csv", &[]);
        assert_eq!(json["refused"], json!(refused), "{json}");
        assert_eq!(code, if refused == 1 { 4 } else { 7 }, "{json}");
    }
}

#[test]
fn a_page_of_a_proxy_decides_nothing_about_an_order_that_may_exist() {
    let shell = shell();
    fs::write(shell.path("in/o.csv"), file([row(1)])).unwrap();
    let management = shell.sandbox.management();
    management.arm("reset,when=after,on=create_order,count=1").unwrap();
    let (code, json) = import(&shell, "in/o.csv", &["--retries", "0"]);
    assert_eq!(code, 6, "{json}");
    management.arm("status=404,on=create_order,count=1").unwrap();
    let (code, json) = import(&shell, "in/o.csv", &[]);
    assert_eq!((code, &json["unknown"]), (6, &json!(1)), "{json}");
    // No person has to decide: it is sent again.
    let (code, json) = import(&shell, "in/o.csv", &[]);
    assert_eq!((code, &json["created"]), (0, &json!(1)), "{json}");
    assert_eq!(orders_at_the_service(&shell), 1);
}

#[test]
fn rows_of_existing_orders_with_other_secrets_are_told_in_the_terms_of_the_guide() {
    let shell = shell();
    fs::write(shell.path("in/o.csv"), file([row(1)])).unwrap();
    assert_eq!(import(&shell, "in/o.csv", &[]).0, 0);
    fs::write(shell.path("in/o.csv"), file([row(1).replace("138", "139")])).unwrap();
    let run = shell.run(&["--lang", "zh", "order", "import", "--ledger", "l.db", "in/o.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("敏感字段") && !run.err.contains("个人信息"), "{}", run.err);
    assert_eq!(orders_at_the_service(&shell), 1);
}
