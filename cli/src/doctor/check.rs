//! The steps of the doctor, with their results.

use std::time::Instant;

use wotrus::{Cause, Kind};

use crate::failure::{Failure, Result};
use crate::json::Json;
use crate::lang::say;
use crate::output::Table;
use crate::status_line;
use crate::text::printable;

/// A completed step.
pub(super) struct Check {
    name: &'static str,
    milliseconds: f64,
    /// The details, or the problem and what to do about it.
    result: Result<String, (String, String)>,
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

/// A step's value for the next step, and its details for the user.
pub(super) type StepResult<T> = Result<(T, String), Problem>;

/// The completed steps.
#[derive(Default)]
pub(super) struct Checks(Vec<Check>);

impl Checks {
    /// Runs a step and records its result.
    pub(super) fn step<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> StepResult<T>,
    ) -> Result<T> {
        status_line::spin_if_empty(|| title(name));
        let began = Instant::now();
        let result = work();
        status_line::clear();
        let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
        let mut record = |result| self.0.push(Check { name, milliseconds, result });
        match result {
            Ok((value, detail)) => {
                record(Ok(detail));
                Ok(value)
            }
            Err(Problem { kind, cause, message, advice }) => {
                record(Err((message.clone(), advice)));
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
        for Check { name, milliseconds, result } in &self.0 {
            let time = format!("{milliseconds:>7.1} ms");
            let (mark, text) = match result {
                Ok(detail) => (say!("ok", "正常"), detail),
                Err((message, _)) => (say!("FAILED", "失败"), message),
            };
            table.row([&mark, &title(name), &time, text]);
        }
        let mut text = table.render();
        if let Some(Check { result: Err((_, advice)), .. }) = self.0.last() {
            let mut table = Table::new();
            table.row([say!("what to do:", "解决办法："), printable(advice)]);
            text = text + "\n" + &table.render();
        }
        text
    }
}

impl Check {
    fn json(&self) -> Json {
        let result = self.result.as_ref();
        Json::new()
            .with("name", self.name)
            .with("ok", &result.is_ok())
            .with("milliseconds", &((self.milliseconds * 10.0).round() / 10.0))
            .with("detail", result.unwrap_or_else(|(message, _)| message))
            .with("advice", &result.err().map(|(_, advice)| advice))
    }
}

fn title(name: &str) -> String {
    match name {
        "config" => say!("configuration", "配置"),
        "dns" => say!("DNS", "域名解析"),
        "tcp" => say!("TCP", "TCP 连接"),
        "proxy" => say!("proxy", "代理"),
        "tls" => say!("TLS", "TLS 握手"),
        _ => "token".to_owned(),
    }
}
