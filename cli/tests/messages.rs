//! Messages say which flag is meant, what happened, and what to do, in the user's language.

mod support;

use std::fs;

use support::{CSR, LEDGER, ORDER, Run, Shell, bare, script};

const CREATE: [&str; 12] = [
    "order",
    "create",
    "--product",
    "organization",
    "--months",
    "12",
    "--common-name",
    "沃通",
    "--org-name",
    "沃通",
    "--idempotence-id",
    "order-1",
];

/// The message of a command that fails, in both languages.
fn both(shell: &Shell, arguments: &[&str]) -> (String, String) {
    let of = |lang| {
        let run = shell.run(&[&["--lang", lang], arguments].concat());
        assert_ne!(run.code, 0, "{arguments:?}");
        run.err
    };
    (of("en"), of("zh"))
}

#[test]
fn a_missing_file_is_reported_with_its_flag() {
    let shell = Shell::stuck();
    let create = |more: &[&str]| both(&shell, &[&CREATE[..], more].concat());
    let show = |more: &[&str]| both(&shell, &[more, &["order", "show", "A1"]].concat());
    for (flag, (english, chinese)) in [
        ("--csr", create(&["--csr", "none"])),
        ("--from", create(&["--from", "none"])),
        ("--document", create(&["--document", "licence=none.pdf"])),
        ("--secret-from", create(&["--secret-from", "UserMobile=none"])),
        ("--ledger", both(&shell, &["order", "list", "--ledger", "none"])),
        (
            "--proof",
            both(&shell, &["cert", "revoke", "A1", "--reason", "x", "--proof", "none.pdf"]),
        ),
        ("--key", both(&shell, &["cert", "fetch", "A1", "--key", "none"])),
        ("--password-file", both(&shell, &["cert", "convert", CSR, "--password-file", "none"])),
        ("config", show(&["--config", "none"])),
        ("ca_file", show(&["--ca-file", "none"])),
    ] {
        let name = if flag == "--ledger" { "" } else { "none" };
        assert!(english.contains(&format!(": {flag}: {name}")), "{english}");
        assert!(chinese.contains(&format!("：{flag}：{name}")), "{chinese}");
        // Windows describes an error itself, in its own language.
        let is_described = cfg!(windows) || flag == "ca_file";
        assert!(chinese.contains("不存在") || is_described, "{chinese}");
    }
}

#[test]
fn a_missing_ledger_is_reported_with_the_source_of_its_name() {
    let shell = Shell::stuck();
    fs::write(shell.path("c.toml"), "ledger = \"none\"\n").unwrap();
    for (source, variable, arguments) in [
        ("--ledger", "other", &["--ledger", "none"][..]),
        ("WOTRUS_LEDGER", "none", &[]),
        ("ledger", "", &["--config", "c.toml"]),
    ] {
        let mut command = shell.command();
        command.args(["--json", "order", "list"]).args(arguments).env("WOTRUS_LEDGER", variable);
        let run = Run::of(&mut command);
        let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!((run.code, &json["error"]["field"]), (9, &source.into()), "{json}");
        let message = json["error"]["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{source}: /")) || cfg!(windows), "{message}");
        assert!(message.contains("none: there is no such ledger"), "{message}");
    }
}

#[test]
fn a_file_that_an_order_came_from_is_reported_without_a_flag() {
    let shell = Shell::immediate();
    let csr = fs::read_to_string(CSR).unwrap();
    let order = serde_json::json!({
        "orderinfoPost": {"productID": wotrus::product::ORGANIZATION_DOCUMENT_SIGNING,
            "commonName": "沃通", "month": 12, "csR_RSA": csr, "idempotenceID": "1", "Note": "n"},
        "organizationPost": {"OrgName": "沃通"},
    });
    let (json, mobile) = (shell.path("order.json"), shell.path("mobile"));
    fs::write(&json, order.to_string()).unwrap();
    fs::write(&mobile, "13800000000").unwrap();
    let secret = format!("UserMobile={mobile}");
    let create = ["order", "create", "--from", &json, "--secret-from", &secret];
    let run = shell.run(&[&create[..], &["--ledger", LEDGER]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    fs::remove_file(&mobile).unwrap();
    // Unreadable JSON, then no file.
    for content in [Some("{"), None] {
        match content {
            None => fs::remove_file(&json).unwrap(),
            Some(content) => fs::write(&json, content).unwrap(),
        }
        let renew = ["order", "renew", "1", "--csr", CSR, "--ledger", LEDGER];
        let resume = ["order", "resume", "1", "--ledger", LEDGER];
        let renewed = shell.json(&renew).1;
        shell.open_ledger().execute("UPDATE orders SET state = 'unknown'", []).unwrap();
        let resumed = shell.json(&resume).1;
        shell.open_ledger().execute("UPDATE orders SET state = 'created'", []).unwrap();
        let missing = renewed["missing"].as_array().unwrap().iter();
        let renewed = missing.map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join("; ");
        let resumed = resumed["orders"][0]["reason"].as_str().unwrap();
        for message in [&*renewed, resumed] {
            assert!(message.contains(&format!("orderinfoPost.Note: {json}: ")), "{message}");
            assert!(
                message.contains(&format!("organizationPost.UserMobile: {mobile}: ")),
                "{message}"
            );
            assert!(!message.contains("from:"), "{message}");
        }
    }
}

#[test]
fn an_empty_csr_is_refused() {
    let shell = Shell::stuck();
    fs::write(shell.path("empty.csr"), "\n").unwrap();
    let (english, chinese) = both(&shell, &[&CREATE[..], &["--csr", "empty.csr"]].concat());
    assert!(english.contains("--csr: empty.csr: is empty"), "{english}");
    assert!(chinese.contains("--csr：empty.csr：为空"), "{chinese}");
    assert!(shell.sandbox.management().orders().is_empty());
}

#[test]
fn files_without_a_flag_are_named_alone() {
    let shell = Shell::stuck();
    fs::write(shell.path("broken.json"), "{\n\"a\": 1,\n}").unwrap();
    let (english, chinese) = both(&shell, &["push", "parse", "broken.json"]);
    assert!(english.contains("argument: broken.json: is not a JSON object (line 3"), "{english}");
    assert!(chinese.contains("：broken.json：不是 JSON 对象（第 3 行"), "{chinese}");
    let create = ["api", "POST", "/v1/Order/Create", "--data", "broken.json"];
    let (english, chinese) = both(&shell, &create);
    assert!(english.contains("--data: broken.json: is not JSON (line 3"), "{english}");
    assert!(chinese.contains("--data：broken.json：不是 JSON（第 3 行"), "{chinese}");
    let (english, _) = both(&shell, &["order", "create", "--from", "-"]);
    assert!(english.contains("--from: standard input: is not a JSON object"), "{english}");
    let (english, _) = both(&shell, &["cert", "convert", "none"]);
    let problem = if cfg!(windows) { "" } else { "No such file" };
    assert!(english.starts_with(&format!("wotrus: file: none: {problem}")), "{english}");
}

#[test]
fn chinese_messages_have_chinese_colons() {
    let shell = Shell::stuck();
    fs::write(shell.path("gbk.json"), b"{\"a\": \"\xce\xd6\"}").unwrap();
    for arguments in [
        &["order", "show", ""][..],
        &["order", "create", "--document", "licence"],
        &["order", "create", "--from", "gbk.json"],
        &["order", "create", "--set", "UserMobile=1"],
        &["order", "create", "--csr", CSR, "--months", "36", "--product", "pdf"],
        &["cert", "fetch", "A1", "--pfx", "a.pfx"],
        &["cert", "inspect", "none"],
        &["--timeout", "x", "order", "show", "A1"],
        &["due", "none"],
    ] {
        let run = shell.run(&[&["--lang", "zh"], arguments].concat());
        assert_eq!((run.code == 0, run.err.contains(": ")), (false, false), "{}", run.err);
    }
}

#[test]
fn a_number_that_is_none_is_called_so() {
    let shell = Shell::stuck();
    for (arguments, english, chinese) in [
        (&["order", "create", "--months", "13x"][..], "not a whole number", "不是整数"),
        (&["order", "create", "--months", ""], "not a whole number", "不是整数"),
        (
            &["order", "create", "--months", "99999999999"],
            "is not in 0..",
            "不在 0..=4294967295 范围内",
        ),
        (&["order", "resume", "--jobs", "x"], "not a whole number", "不是整数"),
        (&["order", "resume", "--jobs", "33"], "33 is not in 1..=32", "不在 1..=32 范围内"),
    ] {
        let (en, zh) = both(&shell, arguments);
        assert!(en.contains(english) && zh.contains(chinese), "{en}{zh}");
    }
}

#[test]
fn a_refused_order_is_said_not_to_exist() {
    let shell = Shell::stuck();
    let refused = |lang: &str| {
        let mut command = shell.command();
        command.env("WOTRUS_TOKEN", "tk_wrong").args(["--lang", lang]).args(CREATE);
        let run = Run::of(command.args(["--csr", CSR]));
        assert_eq!(run.code, 3, "{}", run.err);
        run.err
    };
    let english = refused("en");
    assert!(english.contains("order-1: this call created no order"), "{english}");
    assert_eq!(english.matches("401 Unauthorized").count(), 1, "{english}");
    assert!(refused("zh").contains("order-1：本次调用未创建订单"));
    // The reason is said once.
    let run = shell.run(&["order", "show", ORDER]);
    assert!(run.err.starts_with("wotrus: the service refused: 订单不存在\n"), "{}", run.err);
}

#[test]
fn refusals_are_told_once_and_due_says_what_it_can_look_at() {
    let shell = Shell::stuck();
    let run = Run::of(shell.command().env("WOTRUS_TOKEN", "tk_wrong").arg("doctor"));
    assert!(run.err.starts_with("wotrus: the service does not accept the token"), "{}", run.err);
    let (english, chinese) = both(&shell, &["due"]);
    assert!(english.contains("name files or folders with certificates, or a ledger"), "{english}");
    assert!(chinese.contains("请指定证书文件或目录"), "{chinese}");
}

#[test]
fn only_a_new_idempotence_id_is_announced() {
    let shell = Shell::stuck();
    let given = shell.run(&[&CREATE[..], &["--csr", CSR]].concat());
    assert_eq!((given.code, given.err.contains("--idempotence-id")), (0, false), "{}", given.err);
    let made = shell.run(&[&CREATE[..10], &["--csr", CSR]].concat());
    assert_eq!((made.code, made.err.contains("--idempotence-id")), (0, true), "{}", made.err);
}

#[test]
fn a_misspelt_product_is_refused() {
    let shell = Shell::stuck();
    let order = ["order", "create", "--product", "organisation", "--months", "12", "--csr", CSR];
    let (english, chinese) = both(&shell, &order);
    assert!(english.contains("--product: is neither pdf, organization or personal"), "{english}");
    assert!(chinese.contains("--product：既不是 pdf"), "{chinese}");
}

#[test]
fn an_import_that_is_repeated_says_what_was_there() {
    let shell = Shell::immediate();
    fs::copy(CSR, shell.path("a.csr")).unwrap();
    let row = |id: &str| format!("{id},organization,沃通,沃通,12,a.csr\n");
    let header = "idempotenceID,productID,commonName,OrgName,month,csr\n".to_owned();
    let import = |rows: &str| {
        fs::write(shell.path("o.csv"), header.clone() + rows).unwrap();
        let run = shell.run(&["order", "import", "o.csv", "--ledger", LEDGER]);
        assert_eq!(run.code, 0, "{}", run.err);
        run.out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(import(&row("1")), "rows 1 created 1 results o.results.csv");
    let both = row("1") + &row("2");
    assert_eq!(import(&both), "rows 2 created earlier 1 created 1 results o.results.csv");
    assert_eq!(import(&both), "rows 2 created earlier 2 results o.results.csv");
    let arguments = ["order", "import", "o.csv", "--ledger", LEDGER];
    let (code, json) = shell.json(&arguments);
    assert_eq!((code, &json["created"], &json["created_earlier"]), (0, &2.into(), &2.into()));
}

#[test]
fn a_command_of_the_user_that_fails_is_not_a_file_error() {
    let shell = Shell::immediate();
    let csr = ["--csr", CSR, "--ledger", LEDGER];
    shell.created("organization", &csr);
    let command = script("exit 3", "exit 3");
    let run = shell.run(&[&["sync", "--ledger", LEDGER, "--"][..], &command].concat());
    assert_eq!(run.code, 9, "{}", run.err);
    let last = run.err.lines().last().unwrap();
    assert_eq!(last, format!("wotrus: command: {} ended with exit code 3", command[0]));
}

#[test]
fn an_existing_renewal_needs_no_csr() {
    let shell = Shell::immediate();
    let csr = ["--csr", CSR, "--ledger", LEDGER, "--idempotence-id", "order-1"];
    shell.created("organization", &csr);
    let renew = |more: &[&str]| {
        let arguments = ["order", "renew", "order-1", "--ledger", LEDGER];
        shell.run(&[&arguments[..], more].concat())
    };
    assert_eq!(renew(&["--new-key", "new.pem"]).code, 0);
    let again = renew(&["--dry-run"]);
    assert_eq!((again.code, again.err.contains("has this renewal already")), (0, true));
    let refused = renew(&["--again", "--csr", CSR]);
    assert!(refused.err.contains("order-1-renewal-1 exists, and its status is not known"));
}

#[test]
fn the_sandbox_explains_itself_in_chinese() {
    let zh = |arguments: &[&str]| {
        let run = Run::of(
            bare().args(["--lang", "zh", "sandbox"]).args(arguments).env("LC_ALL", "zh_CN.UTF-8"),
        );
        run.out + &run.err
    };
    let policies = zh(&["--policies"]);
    assert!(
        policies.contains("重复的 idempotenceID") && !policies.contains("A create"),
        "{policies}"
    );
    assert!(
        zh(&["--policy", "nix=1"]).contains("--policy：没有策略 nix；可用的策略有：idempotence")
    );
    assert!(zh(&["--policy", "review=x"]).contains("策略 review 没有取值 x；可选：auto, manual"));
    assert!(zh(&["--http", "x"]).contains("应为地址和端口"));
}

#[test]
fn help_has_no_ascii_colon_before_a_chinese_default() {
    for page in [&["sync", "--help"][..], &["order", "import", "--help"]] {
        let run = Run::of(bare().args(["--lang", "zh"]).args(page).env("LC_ALL", "zh_CN.UTF-8"));
        assert!(run.out.contains("[默认：") && !run.out.contains("默认: "), "{}", run.out);
    }
}
