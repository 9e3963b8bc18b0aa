//! The config file and token files: which are optional, which are refused, and what editors write.

mod support;

use std::fs;
use std::process::Command;

use support::{ORDER, Run, Shell, bare};

/// The exit code for an order that does not exist: the settings were good.
const REFUSED: i32 = 4;

fn show(command: &mut Command) -> Run {
    Run::of(command.args(["order", "show", ORDER]))
}

/// Writes a file that only its owner can access.
fn write_private(path: &str, content: &[u8]) {
    fs::write(path, content).unwrap();
    set_mode(path, 0o600);
}

#[cfg(unix)]
fn set_mode(path: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &str, _: u32) {}

#[test]
fn an_unusable_default_config_file_is_not_an_error_with_a_token_in_the_environment() {
    let shell = Shell::stuck();
    let home = |name: &str| shell.path(name);
    fs::create_dir_all(home("file")).unwrap();
    fs::write(home("file/.config"), "").unwrap();
    fs::create_dir_all(home("folder/.config/wotrus/config.toml")).unwrap();
    for home in ["/nonexistent", "/dev/null", "relative", "", &home("file"), &home("folder")] {
        let run = show(shell.command().env("HOME", home));
        assert_eq!(run.code, REFUSED, "{home}: {}", run.err);
        let is_there = home.ends_with("folder");
        assert_eq!(run.err.contains("the config file is ignored"), is_there, "{home}: {}", run.err);
    }
    assert_eq!(show(shell.command().env_remove("HOME")).code, REFUSED);
    // Without a token the file's problem is part of the error.
    let run = show(shell.command().env_remove("WOTRUS_TOKEN").env("HOME", home("folder")));
    assert_eq!((run.code, run.err.contains("cannot be read")), (2, true), "{}", run.err);
    // A file that the user names must be there.
    for named in ["nowhere.toml", "folder"] {
        let run = show(shell.command().args(["--config", named]));
        assert_eq!((run.code, run.err.contains(named)), (2, true), "{}", run.err);
    }
}

#[cfg(unix)]
#[test]
fn a_fifo_as_default_config_file_does_not_block() {
    let shell = Shell::stuck();
    let folder = shell.path("home/.config/wotrus");
    fs::create_dir_all(&folder).unwrap();
    let fifo = format!("{folder}/config.toml");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    assert_eq!(show(shell.command().env("HOME", shell.path("home"))).code, REFUSED);
}

#[test]
fn token_files_may_have_a_bom_crlf_and_blank_lines() {
    let shell = Shell::stuck();
    let token = shell.sandbox.token();
    let with_token_file = |content: &[u8]| {
        write_private(&shell.path("token"), content);
        let mut command = shell.command();
        show(command.env_remove("WOTRUS_TOKEN").env("WOTRUS_TOKEN_FILE", shell.path("token")))
    };
    for (before, after) in
        [("\u{feff}", "\r\n"), ("", "\n\n"), ("", " \r\n"), ("\r\n\n", ""), ("\u{feff}\n", "\t\n")]
    {
        let run = with_token_file(format!("{before}{token}{after}").as_bytes());
        assert_eq!(run.code, REFUSED, "{before:?} {after:?}: {}", run.err);
    }
    let utf16: Vec<u8> =
        format!("\u{feff}{token}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (content, problem) in [
        (&utf16[..], "UTF-16"),
        (b"tk_\xce\xd6", "not UTF-8"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"tk_1\ntk_2\n", "more than one line"),
    ] {
        let run = with_token_file(content);
        assert_eq!((run.code, run.err.contains(problem)), (2, true), "{problem}: {}", run.err);
        assert!(!run.err.contains("tk_"), "the content is quoted: {}", run.err);
    }
    let run = show(shell.command().env("WOTRUS_TOKEN", format!("{token}\r\n")));
    assert_eq!(run.code, REFUSED, "{}", run.err);
}

#[test]
fn config_files_may_have_a_bom_and_crlf() {
    let shell = Shell::stuck();
    let (token, url) = (shell.sandbox.token(), shell.sandbox.https_url());
    let lines = format!("token = \"{token}\"\r\nbase_url = \"{url}\"\r\nca_file = \"ca.pem\"\r\n");
    let with_config = |content: &[u8]| {
        write_private(&shell.path("config.toml"), content);
        show(bare().arg("--config").arg(shell.path("config.toml")))
    };
    for before in ["", "\u{feff}", "\r\n\r\n", "\u{feff}\n# comment\n"] {
        let run = with_config(format!("{before}{lines}\n\n").as_bytes());
        assert_eq!(run.code, REFUSED, "{before:?}: {}", run.err);
    }
    let utf16: Vec<u8> = lines.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let run = with_config(&utf16);
    assert_eq!((run.code, run.err.contains("UTF-16")), (2, true), "{}", run.err);
    let run = with_config(format!("{lines}token = {token}\n").as_bytes());
    assert!(run.code == 2 && run.err.contains("config.toml:4: "), "{}", run.err);
    assert!(!run.err.contains(token), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn settings_files_that_others_can_write_to_are_refused() {
    let shell = Shell::stuck();
    let (token, url) = (shell.sandbox.token(), shell.sandbox.https_url());
    let folder = shell.path("home/.config/wotrus");
    let (config, token_file) = (format!("{folder}/config.toml"), format!("{folder}/token"));
    fs::create_dir_all(&folder).unwrap();
    write_private(&config, format!("base_url = \"{url}\"\n").as_bytes());
    write_private(&token_file, token.as_bytes());
    let with_default = || show(shell.command().env("HOME", shell.path("home")));
    let with_named = || show(shell.command().arg("--config").arg(&config));
    let with_token_file = || {
        let mut command = shell.command();
        show(command.env_remove("WOTRUS_TOKEN").env("WOTRUS_TOKEN_FILE", &token_file))
    };
    let all = || [with_default(), with_named(), with_token_file()];
    assert!(all().iter().all(|run| run.code == REFUSED));
    for mode in [0o602, 0o620, 0o666] {
        set_mode(&config, mode);
        set_mode(&token_file, mode);
        for run in all() {
            assert_eq!(run.code, 2, "{mode:o}: {}", run.err);
            assert!(run.err.contains("chmod go-w"), "{mode:o}: {}", run.err);
        }
    }
    set_mode(&config, 0o600);
    set_mode(&token_file, 0o600);
    // In such a folder others can replace the config file.
    set_mode(&folder, 0o777);
    let run = with_default();
    assert!(run.code == 2 && run.err.contains("chmod o-w"), "{}", run.err);
    // With the sticky bit others cannot replace the file.
    set_mode(&folder, 0o1777);
    assert_eq!(with_default().code, REFUSED);
}

#[cfg(unix)]
#[test]
fn a_named_settings_file_may_be_a_pipe() {
    let shell = Shell::stuck();
    let script = r#"printf '%s\n' "$TOKEN" | WOTRUS_TOKEN_FILE=/dev/stdin "$0" order show "$1""#;
    let mut command = Command::new("sh");
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_wotrus"), ORDER])
        .envs(shell.command().get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env_remove("WOTRUS_TOKEN")
        .env("TOKEN", shell.sandbox.token());
    let run = Run::of(&mut command);
    assert_eq!(run.code, REFUSED, "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_config_file_that_is_a_pipe_is_read_once() {
    let shell = Shell::stuck();
    fs::write(
        shell.path("config"),
        format!(
            "base_url = \"{}\"\nca_file = \"{}\"\n",
            shell.sandbox.https_url(),
            shell.path("ca.pem")
        ),
    )
    .unwrap();
    let script = r#"cat config | "$0" --json --config /dev/stdin doctor"#;
    let mut command = Command::new("sh");
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_wotrus")])
        .env("HOME", "/nonexistent")
        .env("WOTRUS_TOKEN", shell.sandbox.token())
        .current_dir(shell.folder.path());
    let run = Run::of(&mut command);
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
}
