//! One step of the way, and how it went.

use std::time::Instant;

use wotrus::{Cause, Kind};

use crate::failure::{Failure, Result};
use crate::json::Json;
use crate::lang::say;
use crate::output::Table;
use crate::status_line;
use crate::text::printable;

/// A step that was taken.
pub(super) struct Check {
    name: &'static str,
    milliseconds: f64,
    /// What was found, or else what is wrong.
    found: Result<String, (String, String)>,
}

/// Why a step failed, and what to do about it.
pub(super) struct Problem {
    pub(super) kind: Kind,
    pub(super) cause: Cause,
    pub(super) message: String,
    pub(super) advice: String,
}

impl Problem {
    pub(super) fn network(cause: Cause, message: impl Into<String>, advice: String) -> Self {
        Self { kind: Kind::Network, cause, message: message.into(), advice }
    }
}

/// A step's result for the next one, and what to tell of it.
pub(super) type Found<T> = Result<(T, String), Problem>;

/// All steps so far.
#[derive(Default)]
pub(super) struct Checks(Vec<Check>);

impl Checks {
    /// Takes a step and notes how it went.
    pub(super) fn step<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Found<T>,
    ) -> Result<T> {
        status_line::spin_if_empty(|| title(name));
        let began = Instant::now();
        let result = work();
        status_line::clear();
        let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
        let mut note = |found| self.0.push(Check { name, milliseconds, found });
        match result {
            Ok((value, detail)) => {
                note(Ok(detail));
                Ok(value)
            }
            Err(Problem { kind, cause, message, advice }) => {
                note(Err((message.clone(), advice)));
                Err(Failure::new(kind, cause, message))
            }
        }
    }

    pub(super) fn json(&self) -> Json {
        let list: Vec<String> = self.0.iter().map(|check| check.json().object()).collect();
        Json::new().with_raw("checks", Some(&format!("[{}]", list.join(","))))
    }

    pub(super) fn text(&self) -> String {
        let mut table = Table::new();
        for Check { name, milliseconds, found } in &self.0 {
            let time = format!("{milliseconds:>7.1} ms");
            let (mark, text) = match found {
                Ok(detail) => (say!("ok", "正常"), detail),
                Err((message, _)) => (say!("FAILED", "失败"), message),
            };
            table.row([&mark, &title(name), &time, text]);
        }
        let mut text = table.render();
        if let Some(Check { found: Err((_, advice)), .. }) = self.0.last() {
            let mut table = Table::new();
            table.row([say!("what to do:", "解决办法："), printable(advice)]);
            text = text + "\n" + &table.render();
        }
        text
    }
}

impl Check {
    fn json(&self) -> Json {
        let found = self.found.as_ref();
        Json::new()
            .with("name", self.name)
            .with("ok", &found.is_ok())
            .with("milliseconds", &((self.milliseconds * 10.0).round() / 10.0))
            .with("detail", found.unwrap_or_else(|(message, _)| message))
            .with("advice", &found.err().map(|(_, advice)| advice))
    }
}

fn title(name: &str) -> String {
    match name {
        "config" => say!("configuration", "配置"),
        "dns" => say!("name", "域名解析"),
        "tcp" => say!("TCP", "TCP 连接"),
        "proxy" => say!("proxy", "代理"),
        "tls" => say!("TLS", "TLS 握手"),
        _ => say!("token", "令牌"),
    }
}
