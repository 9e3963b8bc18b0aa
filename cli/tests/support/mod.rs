//! The built command, against a real sandbox over real sockets.
#![allow(dead_code, reason = "every test uses a part of it")]

use std::fs;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use wotrus_sandbox::{Config, Sandbox};

pub(crate) const CSR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/example.csr");
pub(crate) const LICENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/licence.pdf");
pub(crate) const ORDER: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) struct Shell {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: tempfile::TempDir,
}

impl Shell {
    pub(crate) fn new(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::start(config).unwrap();
        fs::write(folder.path().join("ca.pem"), sandbox.tls_ca_pem()).unwrap();
        Self { sandbox, folder }
    }

    pub(crate) fn immediate() -> Self {
        Self::new(Config::immediate())
    }

    pub(crate) fn stuck() -> Self {
        Self::new(Config::default().with_delays(Duration::from_secs(3600)))
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = bare();
        command
            .env("WOTRUS_TOKEN", self.sandbox.token())
            .env("WOTRUS_BASE_URL", self.sandbox.https_url())
            .env("WOTRUS_CA_FILE", self.path("ca.pem"))
            .current_dir(self.folder.path());
        command
    }

    /// Runs it, and checks that the token is nowhere in what it says.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let run = Run::of(self.command().args(arguments));
        let said = format!("{}{}", run.out, run.err);
        assert!(!said.contains(self.sandbox.token()), "the token is printed: {said}");
        run
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let run = self.run(&[&["--json"], arguments].concat());
        let json = serde_json::from_str(&run.out);
        (run.code, json.unwrap_or_else(|error| panic!("{error}: {} {}", run.out, run.err)))
    }

    pub(crate) fn order(&self) -> String {
        let (code, json) = self.json(&[
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
        ]);
        assert_eq!(code, 0, "{json}");
        json["order_id"].as_str().unwrap().to_owned()
    }
}

/// The command without a setting of this machine.
pub(crate) fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wotrus"));
    let empty = std::env::temp_dir().join("wotrus-no-such-folder");
    command.env_clear().env("HOME", &empty).env("LC_ALL", "C").stdin(Stdio::null());
    command
}

pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) }
    }
}
