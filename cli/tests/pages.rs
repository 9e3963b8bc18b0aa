//! Help pages, manual pages, completions and usage errors, in both languages.

mod support;

use std::fs;

use support::{Run, Shell, bare};

/// The subcommands that a command's help page lists.
fn subcommands(path: &[String]) -> Vec<String> {
    let run = Run::of(bare().args(path).arg("--help"));
    let list = run.out.split("Commands:\n").nth(1).unwrap_or_default();
    let lines = list.lines().take_while(|line| !line.is_empty());
    // Continuation lines are indented further.
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_has_a_help_page_and_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    let run = Run::of(bare().args(["man", "--output-dir"]).arg(&pages));
    assert_eq!(run.code, 0, "{}", run.err);
    let (mut paths, mut seen) = (vec![Vec::new()], 0);
    while let Some(path) = paths.pop() {
        seen += 1;
        for (lang, end) in [("en", "Exit codes: 0"), ("zh", "退出码：0")] {
            let run = Run::of(bare().args(["--lang", lang]).args(&path).arg("--help"));
            assert!(run.code == 0 && run.out.contains(end), "{path:?}: {}", run.out);
        }
        let name = [&["wotrus".to_owned()], &path[..]].concat().join("-");
        let page = fs::read_to_string(pages.join(format!("{name}.1"))).unwrap();
        let printed = Run::of(bare().arg("man").args(&path)).out;
        assert_eq!(page, printed);
        assert!(
            page.contains(".SH EXAMPLES\n") && page.contains(".SH \"EXIT STATUS\"\n"),
            "{page}"
        );
        for name in subcommands(&path) {
            paths.push([&path[..], &[name]].concat());
        }
    }
    assert!(seen > 20);
    assert_eq!(fs::read_dir(&pages).unwrap().count(), seen, "every page belongs to a command");
}

#[test]
fn commands_that_call_no_service_have_no_connection_options() {
    let listed = |path: &str| {
        let run = Run::of(bare().args(path.split_whitespace()).arg("--help"));
        run.out.contains("--base-url <")
    };
    for path in ["sandbox", "demo", "completions", "man", "cert inspect", "push parse"] {
        assert!(!listed(path), "{path}");
    }
    for path in ["", "order show", "cert fetch", "push listen", "doctor", "api"] {
        assert!(listed(path), "{path}");
    }
    // They are refused and not ignored.
    for path in ["sandbox", "demo", "cert inspect x", "push parse x"] {
        let run = Run::of(bare().args(path.split_whitespace()).args(["--timeout", "5"]));
        assert_eq!(
            (run.code, run.err.contains("does not call the service")),
            (2, true),
            "{}",
            run.err
        );
    }
}

#[test]
fn usage_errors_are_in_the_language_of_the_user() {
    let run = Run::of(bare().args(["--lang=zh", "order", "shwo"]));
    assert!(run.code == 2 && run.err.starts_with("错误：未知命令 shwo"), "{}", run.err);
    let run = Run::of(bare().env("LC_ALL", "zh_CN.UTF-8").args(["order", "show"]));
    assert!(run.code == 2 && run.err.contains("缺少必需的参数：<ORDER>"), "{}", run.err);
    let run = Run::of(bare().args(["--json", "push", "listen"]));
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let message = json["error"]["message"].as_str().unwrap();
    assert!(run.code == 2 && message.contains("--output <FILE>"), "{message}");
}

#[test]
fn the_chinese_help_of_inspect_says_when_the_exit_code_is_8() {
    let run = Run::of(bare().args(["--lang", "zh", "cert", "inspect", "--help"]));
    let text: String = run.out.split_whitespace().collect();
    assert!(text.contains("有证书无法读取时，退出码为8"), "{}", run.out);
}

#[test]
fn causes_are_translated_to_chinese() {
    let shell = Shell::stuck();
    let run = shell.run(&[
        "--lang",
        "zh",
        "--base-url",
        "http://127.0.0.1:1",
        "--retries",
        "0",
        "order",
        "show",
        "A1",
    ]);
    assert!(run.err.contains("网络错误：无法连接"), "{}", run.err);
    assert!(run.err.contains("请求未发出"), "{}", run.err);
}

#[test]
fn a_failed_call_is_reported_once() {
    let shell = Shell::stuck();
    let run = shell.run(&["order", "show", support::ORDER]);
    assert_eq!(run.err.matches("订单不存在").count(), 1, "{}", run.err);
    // A failed attempt is reported with the pause before the next one.
    let run =
        shell.run(&["--base-url", "http://127.0.0.1:1", "--retries", "1", "order", "show", "A1"]);
    assert_eq!(run.err.matches("sending again in").count(), 1, "{}", run.err);
    assert_eq!(run.err.matches("attempt failed").count(), 1, "{}", run.err);
}

#[test]
fn completions_are_printed_for_each_shell() {
    for (shell, sign) in [
        ("bash", "complete -F _wotrus"),
        ("zsh", "#compdef wotrus"),
        ("fish", "complete -c wotrus"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let run = Run::of(bare().args(["completions", shell]));
        assert!(run.code == 0 && run.out.contains(sign) && run.out.contains("inspect"), "{shell}");
    }
}
