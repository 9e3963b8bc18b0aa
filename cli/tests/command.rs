//! Orders and certificates from the command line, against a sandbox.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{CSR, LICENCE, ORDER, Run, Shell, bare};
use wotrus_sandbox::Config;

/// Products that only the sandbox has.
const OV: &str = "B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F01";
const SM2: &str = "B0C0A6F2-0D5B-4C39-9E0B-6A1C5D3E7F03";

#[test]
fn an_order_is_created_from_flags_and_its_certificate_written() {
    let shell = Shell::immediate();
    let document = format!("licence={LICENCE}");
    let run = shell.run(&[
        "order",
        "create",
        "--product",
        "organization",
        "--common-name",
        "沃通",
        "--org-name",
        "沃通电子认证服务有限公司",
        "--months",
        "12",
        "--csr",
        CSR,
        "--document",
        &document,
        "--set",
        "UserFirstName=大强",
        "--wait",
        "--output-dir",
        "certs",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.err.contains("idempotenceID"),
        "the id is printed before the order is sent: {}",
        run.err
    );
    let file =
        |name: &str| fs::read_to_string(shell.folder.path().join("certs").join(name)).unwrap();
    assert_eq!(file("root.pem"), shell.sandbox.root_pem());
    assert_eq!(file("fullchain.pem"), file("leaf.pem") + &file("chain.pem"));
}

#[test]
fn an_order_is_created_from_the_services_json_form() {
    let shell = Shell::stuck();
    let json = include_str!("../../tests/fixtures/create_request.json");
    fs::write(shell.path("order.json"), json).unwrap();
    let (code, answer) =
        shell.json(&["order", "create", "--from", "order.json", "--idempotence-id", "db-42"]);
    assert_eq!((code, answer["idempotence_id"].as_str()), (0, Some("db-42")), "{answer}");
    let id = answer["order_id"].as_str().unwrap();
    let again =
        shell.json(&["order", "create", "--from", "order.json", "--idempotence-id", "db-42"]).1;
    assert_eq!(again["order_id"], id, "the same idempotenceID is the same order");

    let shown = shell.run(&["order", "show", id]);
    assert!(shown.out.contains("刘大强") && !shown.out.contains("18610077459"), "{}", shown.out);
    let open = shell.run(&["order", "show", id, "--show-secrets"]);
    assert!(open.out.contains("18610077459"), "{}", open.out);
}

/// The CSR belongs to the paired RSA order, but the certificates to the SM2 order.
#[test]
fn an_sm2_order_is_not_checked_against_the_csr_of_its_paired_rsa_order() {
    let shell = Shell::immediate();
    let mut json: Value =
        serde_json::from_str(include_str!("../../tests/fixtures/create_request.json")).unwrap();
    let info = &mut json["orderinfoPost"];
    info["productID"] = SM2.into();
    info["commonName"] = "www.example.com".into();
    info["Csr_Sign"] = include_str!("../../sandbox/tests/fixtures/sm2_sign.csr").into();
    info["BindRSAProductID"] = OV.into();
    fs::write(shell.path("order.json"), json.to_string()).unwrap();
    let (code, answer) =
        shell.json(&["order", "create", "--from", "order.json", "--wait", "--output-dir", "certs"]);
    assert_eq!(code, 0, "{answer}");
    for name in ["sign-leaf.pem", "encrypt-leaf.pem"] {
        assert!(shell.folder.path().join("certs").join(name).exists(), "{name}: {answer}");
    }
}

#[test]
fn a_dry_run_masks_secrets_and_sends_nothing() {
    let shell = Shell::stuck();
    fs::write(shell.path("mobile.txt"), "18610077459\n").unwrap();
    let run = shell.run(&[
        "order",
        "create",
        "--product",
        "pdf",
        "--common-name",
        "沃通",
        "--org-name",
        "沃通",
        "--months",
        "24",
        "--secret-from",
        "UserMobile=mobile.txt",
        "--dry-run",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let sent: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(sent["orderinfoPost"]["month"], 24);
    assert_eq!(sent["organizationPost"]["UserMobile"], "***");
    let run = shell.run(&["order", "create", "--product", "pdf", "--set", "UserMobile=1861"]);
    assert_eq!(run.code, 2, "a secret on the command line is refused: {}", run.err);
}

#[test]
fn files_are_overwritten_only_with_force() {
    let shell = Shell::immediate();
    let id = shell.order();
    let fetch = |more: &[&str]| {
        shell.run(&[&["cert", "fetch", &id, "--csr", CSR, "--output-dir", "c"], more].concat())
    };
    assert_eq!(fetch(&[]).code, 0);
    assert_eq!(fetch(&[]).code, 0, "files with the same content are accepted");
    let leaf = shell.path("c/leaf.pem");
    fs::write(&leaf, "mine").unwrap();
    let run = fetch(&[]);
    assert_eq!(run.code, 9, "{}", run.err);
    assert_eq!(fs::read_to_string(&leaf).unwrap(), "mine");
    assert_eq!(fetch(&["--force"]).code, 0);
    assert!(fs::read_to_string(&leaf).unwrap().starts_with("-----BEGIN"));
    assert_eq!(fs::read_dir(shell.path("c")).unwrap().count(), 4, "no temporary file is left");

    let other = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/ecc.csr");
    let run = shell.run(&["cert", "fetch", &id, "--csr", other, "--output-dir", "d"]);
    assert_eq!(run.code, 8, "another key: {}", run.err);
    assert!(!Path::new(&shell.path("d/leaf.pem")).exists());
    assert!(shell.run(&["cert", "fetch", &id]).out.starts_with("-----BEGIN CERTIFICATE"));
}

#[test]
fn cancelling_requires_a_confirmation() {
    let shell = Shell::stuck();
    let id = shell.order();
    let cancel = ["order", "cancel", id.as_str(), "--reason", "域名填写错误"];
    assert_eq!(shell.run(&cancel).code, 2, "there is no terminal to ask on");
    let (code, json) = shell.json(&[&cancel[..], &["--yes"]].concat());
    assert_eq!(code, 0, "{json}");
    let (_, order) = shell.json(&["order", "show", &id]);
    assert_eq!(order["data"]["status"], "closed");

    let shell = Shell::immediate();
    let id = shell.order();
    assert_eq!(shell.run(&["cert", "wait", &id, "--output-dir", "c"]).code, 0);
    let (code, json) =
        shell.json(&[&["order", "cancel", &id, "--reason", "x"][..], &["--yes"]].concat());
    assert_eq!((code, &json["error"]["kind"]), (4, &"refused".into()), "{json}");
    assert_eq!(json["error"]["service_message"], "证书已签发");
}

#[test]
fn errors_have_the_documented_exit_codes_and_members() {
    let shell = Shell::stuck();
    let id = shell.order();
    for (arguments, code, kind) in [
        (vec!["order", "show", ""], 2, "argument"),
        (vec!["--timeout", "0", "order", "show", "A1"], 2, "config"),
        (vec!["order", "show", ORDER], 4, "refused"),
        (vec!["cert", "fetch", &id], 5, "not_ready"),
        (vec!["order", "wait", &id, "--wait-timeout", "2"], 5, "not_ready"),
        (
            vec!["--base-url", "http://127.0.0.1:1", "--retries", "0", "order", "show", "A1"],
            7,
            "network",
        ),
        (vec!["api", "GET", "/no/such/path"], 8, "protocol"),
        (vec!["order", "show"], 2, "argument"),
    ] {
        let (exit, json) = shell.json(&arguments);
        assert_eq!(
            (exit, json["error"]["kind"].as_str()),
            (code, Some(kind)),
            "{arguments:?} {json}"
        );
        for name in ["cause", "delivery", "message", "attempts", "request_id", "http_status"] {
            assert!(json["error"].get(name).is_some(), "{name} is missing: {json}");
        }
    }
    let run =
        Run::of(shell.command().env("WOTRUS_TOKEN", "tk_wrong").args(["order", "show", ORDER]));
    assert_eq!(run.code, 3, "{}", run.err);
    let run = Run::of(bare().args(["order", "show", ORDER]));
    assert_eq!(run.code, 2, "no token: {}", run.err);
    assert!(run.err.contains("WOTRUS_TOKEN"), "{}", run.err);
    let run = Run::of(shell.command().args(["--lang", "zh", "order", "show", ORDER]));
    assert!(run.err.contains("服务端拒绝"), "{}", run.err);
}

#[test]
fn a_lost_response_is_explained_in_both_languages() {
    let mut config = Config::immediate();
    for operation in ["create_order", "cancel_order", "query_order"] {
        config.faults.push(format!("reset,when=after,on={operation}").parse().unwrap());
    }
    let shell = Shell::new(config);
    let create = [
        &["--retries", "0", "order", "create", "--product", "organization", "--months", "12"][..],
        &["--common-name", "沃通", "--org-name", "沃通", "--csr", CSR],
        &["--idempotence-id", "order-4711"],
    ]
    .concat();
    let cancel = ["order", "cancel", ORDER, "--reason", "x", "--yes"];
    let show = ["--retries", "0", "order", "show", ORDER];
    for (arguments, code, english, chinese) in [
        (&create[..], 6, "\"order-4711\" is safe", "\"order-4711\" 重发是安全的"),
        (&cancel, 6, "do not send it again before you have checked", "查明之前请勿重发"),
        (&show, 7, "it can be repeated", "可以重试"),
    ] {
        let run = shell.run(arguments);
        assert_eq!((run.code, run.err.contains(english)), (code, true), "{}", run.err);
        let run = shell.run(&[&["--lang", "zh"], arguments].concat());
        assert_eq!((run.code, run.err.contains(chinese)), (code, true), "{}", run.err);
    }
}

#[test]
fn the_token_is_read_from_a_file() {
    let shell = Shell::stuck();
    fs::write(shell.path("token"), format!("{}\n", shell.sandbox.token())).unwrap();
    let config = format!(
        "token_file = \"token\"\nbase_url = \"{}\"\nca_file = \"ca.pem\"\ntimeout = 20\n",
        shell.sandbox.https_url()
    );
    fs::write(shell.path("config.toml"), config).unwrap();
    let run =
        Run::of(bare().args(["--config", &shell.path("config.toml"), "order", "show", ORDER]));
    assert_eq!(run.code, 4, "{}", run.err);
    let mut command = shell.command();
    command.env_remove("WOTRUS_TOKEN").env("WOTRUS_TOKEN_FILE", shell.path("token"));
    assert_eq!(Run::of(command.args(["order", "show", ORDER])).code, 4);
    assert_eq!(Run::of(shell.command().args(["--token", "x", "order", "show", "A1"])).code, 2);
}

#[test]
fn the_demo_orders_and_verifies_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let run = Run::of(bare().args(["demo", "--output-dir", "out"]).current_dir(&folder));
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.err.contains("POST /v1/Order/Create → 200"), "{}", run.err);
        assert!(run.out.contains("openssl verify"), "{}", run.out);
    }
    let order = fs::read_to_string(folder.path().join("out/order.json")).unwrap();
    let order: Value = serde_json::from_str(&order).unwrap();
    assert_eq!(order["data"]["status"], "issued");
    assert_eq!(order["data"]["org"]["orgName"], "刘大强");
}

#[test]
fn pushes_are_parsed_and_help_pages_end_with_exit_codes() {
    let shell = Shell::stuck();
    let push = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/push_order.json");
    assert!(
        shell.run(&["push", "parse", push]).out.contains("30B3F256-9D2D-43C5-ABCB-017AA9D3CB6D")
    );
    for page in [&["--help"][..], &["order", "create", "--help"], &["cert", "fetch", "--help"]] {
        let run = shell.run(page);
        assert!(run.code == 0 && run.out.contains("Examples:") && run.out.contains("Exit codes:"));
    }
    let (code, json) = shell.json(&["sandbox", "--policies"]);
    assert!(code == 0 && json["policies"].as_array().unwrap().len() > 5);
}

#[test]
fn a_large_upload_is_reported_in_a_few_lines() {
    let shell = Shell::stuck();
    let document = [b"%PDF-1.4\n".to_vec(), vec![b' '; 4 * 1024 * 1024]].concat();
    fs::write(shell.path("large.pdf"), document).unwrap();
    let run = shell.run(&[
        "order",
        "create",
        "--product",
        "pdf",
        "--common-name",
        "x",
        "--org-name",
        "x",
        "--months",
        "12",
        "--document",
        "licence=large.pdf",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines = run.err.matches("> uploading").count();
    assert!((3..=4).contains(&lines) && run.err.contains("100 % of"), "{}", run.err);
    assert!(!run.err.contains(['\r', '\x1b']), "{:?}", run.err);
}

#[test]
fn standard_input_can_replace_a_file() {
    let shell = Shell::stuck();
    let with_input = |arguments: &[&str], input: &str| {
        fs::write(shell.path("input"), input).unwrap();
        let input = fs::File::open(shell.path("input")).unwrap();
        Run::of(shell.command().args(arguments).stdin(input))
    };
    let json = include_str!("../../tests/fixtures/create_request.json");
    let create = ["order", "create", "--idempotence-id", "1", "--dry-run", "--from"];
    let run = with_input(&[&create[..], &["-"]].concat(), json);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains(shell.sandbox.https_url()), "the URL is printed: {}", run.err);
    assert_eq!(run.out, shell.run(&[&create[..], &["input"]].concat()).out);
    // The printed request creates the order when it is sent as it is.
    let sent = run.out.replace("\"***\"", "\"18610077459\"");
    let run = with_input(&["--json", "api", "POST", "/v1/Order/Create", "--data", "-"], &sent);
    assert_eq!(run.code, 0, "{}", run.out);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    let id = answer["data"]["orderID"].as_str().unwrap();
    let cancel = format!(r#"{{"orderID":"{id}","reason":"test"}}"#);
    let run = with_input(&["api", "post", "/v1/Order/Cancel", "--data", "-"], &cancel);
    assert_eq!(run.code, 0, "{}", run.err);
    let (_, order) = shell.json(&["api", "GET", &format!("/v1/Order/{id}")]);
    assert_eq!(order["data"]["status"], "closed");
}

#[cfg(unix)]
#[test]
fn sigterm_cancels_a_wait_like_ctrl_c() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    let shell = Shell::stuck();
    let id = shell.order();
    for signal in ["TERM", "INT", "HUP"] {
        let mut command = shell.command();
        command.args(["--json", "order", "wait", &id]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(500));
        let began = Instant::now();
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert!(began.elapsed() < Duration::from_secs(10), "{signal}");
        assert_eq!(output.status.code(), Some(130), "{signal}");
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(json["error"]["kind"], "cancelled", "{signal}: {json}");
        assert_eq!(json["order_id"], id.as_str(), "{signal}: {json}");
    }
}
