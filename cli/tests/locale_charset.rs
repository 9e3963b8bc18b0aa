//! A locale whose charset is not UTF-8: text goes out in it and comes in in it, JSON is ASCII.
#![cfg(unix)]

mod support;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::Output;

use encoding_rs::{GB18030, GBK};
use serde_json::Value;
use support::{CSR, ORDER, Shell, bare, scripted_service};

fn gbk(text: &str) -> Vec<u8> {
    let (bytes, _, has_unmappable) = GBK.encode(text);
    assert!(!has_unmappable);
    bytes.into_owned()
}

fn from_gb18030(bytes: &[u8]) -> String {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.unwrap_or_else(|| panic!("not GB18030: {bytes:?}")).into_owned()
}

#[test]
fn help_and_errors_are_in_the_charset_of_the_locale() {
    for locale in ["zh_CN.GBK", "zh_CN.GB2312", "zh_CN.gb18030"] {
        let run =
            |arguments: &[&str]| bare().env("LC_ALL", locale).args(arguments).output().unwrap();
        let help = run(&["--help"]);
        assert!(from_gb18030(&help.stdout).contains("沃通（WoTrus）"), "{locale}");
        assert!(std::str::from_utf8(&help.stdout).is_err(), "{locale}");
        let usage = run(&["order", "show"]);
        assert!(from_gb18030(&usage.stderr).contains("缺少必需的参数"), "{locale}");
        let error = run(&["order", "show", ORDER]);
        assert!(from_gb18030(&error.stderr).contains("配置错误"), "{locale}");
        // English help has the Chinese name too.
        let help = run(&["--lang", "en", "--help"]);
        assert!(from_gb18030(&help.stdout).contains("沃通"), "{locale}");
    }
    let utf8 = bare().env("LC_ALL", "zh_CN.UTF-8").arg("--help").output().unwrap();
    assert!(String::from_utf8(utf8.stdout).unwrap().contains("沃通（WoTrus）"));
}

#[test]
fn arguments_and_variables_are_read_in_the_charset_of_the_locale() {
    let shell = Shell::stuck();
    let create = |name: &[u8], locale: &str| -> Output {
        let mut command = shell.command();
        command.env("LC_ALL", locale).env("WOTRUS_USER_AGENT", "agent");
        command.args(["--json", "order", "create", "--product", "pdf", "--months", "12"]);
        command
            .args(["--dry-run", "--org-name", "x", "--common-name"])
            .arg(OsStr::from_bytes(name));
        command.arg("--set").arg(OsStr::from_bytes(&gbk("UserFirstName=大强")));
        command.output().unwrap()
    };
    let output = create(&gbk("沃通"), "zh_CN.GBK");
    assert!(output.status.success(), "{}", from_gb18030(&output.stdout));
    assert!(output.stdout.is_ascii(), "{:?}", output.stdout);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["would_send"]["orderinfoPost"]["commonName"], "沃通");
    assert_eq!(json["would_send"]["organizationPost"]["UserFirstName"], "大强");
    for (name, locale) in [(&b"\xff\xff"[..], "zh_CN.GBK"), (&gbk("沃通"), "zh_CN.UTF-8")] {
        let output = create(name, locale);
        assert_eq!(output.status.code(), Some(2), "{locale}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap();
    }
}

#[test]
fn file_names_keep_their_bytes() {
    let shell = Shell::immediate();
    let folder = shell.folder.path();
    let name = gbk("证书请求.csr");
    fs::copy(CSR, folder.join(OsStr::from_bytes(&name))).unwrap();
    fs::write(folder.join(OsStr::from_bytes(&gbk("执照.pdf"))), b"%PDF-1.4\n").unwrap();
    let mut command = shell.command();
    command.env("LC_ALL", "zh_CN.GBK");
    command.args(["order", "create", "--product", "organization", "--months", "12"]);
    command.args(["--common-name", "x", "--org-name", "x", "--wait", "--csr"]);
    command.arg(OsStr::from_bytes(&name));
    command.arg("--document").arg(OsStr::from_bytes(&gbk("licence=执照.pdf")));
    command.arg("--output-dir").arg(OsStr::from_bytes(&gbk("证书")));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", from_gb18030(&output.stderr));
    assert!(folder.join(OsStr::from_bytes(&gbk("证书/leaf.pem"))).is_file());
    assert!(from_gb18030(&output.stdout).contains("证书/leaf.pem"));
}

#[test]
fn json_is_ascii_in_such_a_locale_and_utf8_elsewhere() {
    let address = scripted_service(|_| {
        r#"{"isSuccess":true,"data":{"id":"A1","status":"issued","cn":"沃通😀"}}"#.to_owned()
    });
    for (locale, is_ascii) in [("zh_CN.GBK", true), ("zh_CN.UTF-8", false), ("C", false)] {
        for arguments in [&["--json", "order", "show", "A1"][..], &["api", "GET", "/v1/Order/A1"]] {
            let mut command = support::calling(address);
            let output = command.env("LC_ALL", locale).args(arguments).output().unwrap();
            assert_eq!(output.stdout.is_ascii(), is_ascii, "{locale} {arguments:?}");
            let json: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(json["data"]["cn"], "沃通😀", "{locale} {arguments:?}");
        }
    }
    // Text has an escape for a character that the charset lacks.
    let mut command = support::calling(address);
    let output = command.env("LC_ALL", "zh_CN.GBK").args(["order", "show", "A1"]).output().unwrap();
    assert!(from_gb18030(&output.stdout).contains("沃通\\u{1f600}"));
}
