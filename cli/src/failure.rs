//! Why a command failed: an error of the library, or one of the command itself.

use std::fmt::Display;
use std::io;
use std::path::Path;

use wotrus::{Cause, Delivery, Error, Kind};

use crate::charset;
use crate::io_problem::io_problem;
use crate::json::Json;
use crate::lang::{self, named, say};
use crate::text::{printable, printable_lines};

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// The failure of a command: the reason, and the results of the steps before it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    kind: Kind,
    cause: Cause,
    /// What the failure says of the order that the command makes, if it makes one.
    delivery: Delivery,
    message: String,
    field: Option<String>,
    /// The error of the library, unless it is one of the command itself.
    library: Option<Error>,
    done: Json,
}

impl Failure {
    pub(crate) fn new(kind: Kind, cause: Cause, message: impl Into<String>) -> Self {
        Self {
            kind,
            cause,
            delivery: delivery(kind),
            message: message.into(),
            field: None,
            library: None,
            done: Json::new(),
        }
    }

    /// An argument that is refused; nothing was sent.
    pub(crate) fn argument(field: &str, problem: impl Display) -> Self {
        Self::new(Kind::Argument, Cause::Invalid, of_argument(field, problem)).with_field(field)
    }

    /// An option of the client that cannot be used; nothing was sent.
    pub(crate) fn config(option: &str, problem: impl Display) -> Self {
        Self::new(Kind::Config, Cause::Invalid, named(option, problem)).with_field(option)
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Self::new(Kind::File, Cause::FileRead, named(&charset::display(path), io_problem(error)))
    }

    /// A command of the user that was run for an event and failed.
    pub(crate) fn command(problem: impl Into<String>) -> Self {
        Self::new(Kind::File, Cause::Invalid, problem)
    }

    /// The failure of a file, with the flag that named the file. Others stay as they are.
    pub(crate) fn of_flag(self, flag: &str) -> Self {
        match self.kind {
            Kind::File => Self {
                cause: Cause::FileRead,
                message: of_argument(flag, &self.message),
                field: Some(flag.to_owned()),
                library: None,
                ..self
            },
            _ => self,
        }
    }

    fn with_field(mut self, name: &str) -> Self {
        self.field = Some(name.to_owned());
        self
    }

    /// The failure of a call for an order that may exist, whatever came of this call.
    pub(crate) fn of_possible_order(mut self) -> Self {
        self.delivery = Delivery::Unknown;
        self
    }

    /// The failure of a call for an order that may exist from an earlier one: its outcome stays unknown. The
    /// facts of the call are kept.
    pub(crate) fn of_unknown_outcome(self, message: String) -> Self {
        Self { kind: Kind::UnknownOutcome, message, ..self.of_possible_order() }
    }

    /// The failure of a command whose order exists or was refused: it must not say that nothing was sent.
    pub(crate) fn of_answered_order(mut self) -> Self {
        if self.delivery == Delivery::NotSent {
            self.delivery = Delivery::Answered;
        }
        self
    }

    /// Adds the results of the steps before the failure: the id of a created order must not be lost.
    pub(crate) fn after(mut self, done: &Json) -> Self {
        self.done = self.done.and(done);
        self
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn cause(&self) -> Cause {
        self.cause
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        exit_code(self.kind())
    }

    /// `{"error":{…}}` with the member names of the library's errors, and the results before the failure.
    pub(crate) fn json(&self) -> Json {
        let library = self.library.as_ref();
        let retry_after = library.and_then(Error::retry_after).map(|time| time.as_secs());
        let error = Json::new()
            .with("kind", self.kind.as_str())
            .with("cause", self.cause.as_str())
            .with("delivery", self.delivery.as_str())
            .with("message", &self.message)
            .with("request_id", &library.and_then(Error::request_id))
            .with("attempts", &library.map_or(0, Error::attempts))
            .with("http_status", &library.and_then(Error::http_status))
            .with("retry_after", &retry_after)
            .with("idempotence_id", &library.and_then(Error::idempotence_id))
            .with("field", &self.field)
            .with("service_message", &library.and_then(Error::service_message));
        Json::new().with_raw("error", Some(&error.object())).and(&self.done)
    }

    /// The heading of the message, if it has one.
    fn title(&self) -> Option<String> {
        match (&self.library, self.kind, self.cause) {
            (None, _, Cause::Certificate) => Some(say!("certificate", "证书错误")),
            (None, Kind::File, Cause::Invalid) => Some(say!("command", "命令执行失败")),
            _ => heading(self.kind),
        }
    }

    /// The message for standard error.
    pub(crate) fn text(&self) -> String {
        let message = match &self.library {
            // The service's text must not look like lines of the command.
            Some(_) => printable(&self.message),
            None => printable_lines(&self.message),
        };
        let mut text = match self.title() {
            Some(title) => say!("wotrus: {title}: {message}", "wotrus：{title}：{message}"),
            None => say!("wotrus: {message}", "wotrus：{message}"),
        };
        if let Some(error) = &self.library {
            // The delivery of this call, unless an earlier call already left the outcome unknown.
            let delivery = match self.kind {
                Kind::UnknownOutcome => Delivery::Unknown,
                _ => error.delivery(),
            };
            if error.attempts() > 0 {
                let id = printable(error.request_id().unwrap_or("-"));
                let attempts = error.attempts();
                let delivery = delivery_text(delivery, self.kind);
                text += &say!(
                    "\n  RequestID {id}, attempts: {attempts}; {delivery}",
                    "\n  RequestID {id}，尝试次数：{attempts}；{delivery}"
                );
            }
            if let Some(id) = error.idempotence_id() {
                let id = printable(id);
                text += &match delivery {
                    Delivery::Unknown => {
                        say!("\n  idempotenceID {id}", "\n  幂等值 idempotenceID {id}")
                    }
                    // An earlier call may have created one.
                    _ => say!(
                        "\n  idempotenceID {id}: this call created no order",
                        "\n  幂等值 idempotenceID {id}：本次调用未创建订单"
                    ),
                };
            }
            if matches!(error.kind(), Kind::Network | Kind::Auth) {
                text += &say!(
                    "\n  wotrus doctor shows which step fails, and what to do",
                    "\n  可运行 wotrus doctor 查看出错的环节及解决办法"
                );
            }
        }
        text
    }
}

/// A few words for a kind of failure.
fn heading(kind: Kind) -> Option<String> {
    Some(match kind {
        Kind::Argument => say!("argument", "参数错误"),
        Kind::Config => say!("configuration", "配置错误"),
        // The message says who has refused what.
        Kind::Auth | Kind::Refused => return None,
        Kind::NotReady => say!("not ready", "证书尚未就绪"),
        Kind::UnknownOutcome => say!("OUTCOME UNKNOWN", "结果未知"),
        Kind::Network => say!("network", "网络错误"),
        Kind::Protocol => say!("unusable response", "响应无法使用"),
        Kind::File => say!("file", "文件错误"),
        Kind::Cancelled => say!("cancelled", "已取消"),
        _ => say!("internal error", "内部错误"),
    })
}

/// Whether the service got the call, in a few words. A call that reads changes nothing, even if the service
/// may have got it.
fn delivery_text(delivery: Delivery, kind: Kind) -> String {
    match (delivery, kind) {
        (Delivery::NotSent, _) => say!("nothing was sent to the service", "请求未发出"),
        (Delivery::Answered, _) => say!("the service answered", "服务端已响应"),
        (Delivery::Unknown, Kind::UnknownOutcome) => {
            say!("the service may have processed it", "服务端可能已处理")
        }
        (Delivery::Unknown, _) => say!(
            "no response was read; the call changes nothing, so it can be repeated",
            "未收到可用的响应；此操作只读取数据，可以重试"
        ),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let error = error.in_lang(lang::of_library());
        Self {
            kind: error.kind(),
            cause: error.cause(),
            delivery: error.delivery(),
            message: error.message().to_owned(),
            field: error.field().map(str::to_owned),
            library: Some(error),
            done: Json::new(),
        }
    }
}

/// A problem behind the name of the argument that has it. The placeholders of the arguments without a name
/// (`FILE`, `ID`) say nothing to a user who has written one.
fn of_argument(name: &str, problem: impl Display) -> String {
    match name.bytes().all(|byte| byte.is_ascii_uppercase()) {
        true => problem.to_string(),
        false => named(name, problem),
    }
}

/// The exit codes, which every help page lists.
pub(crate) fn exit_code(kind: Kind) -> u8 {
    match kind {
        Kind::Argument | Kind::Config => 2,
        Kind::Auth => 3,
        Kind::Refused => 4,
        Kind::NotReady => 5,
        Kind::UnknownOutcome => 6,
        Kind::Network => 7,
        Kind::Protocol => 8,
        Kind::File => 9,
        Kind::Cancelled => 130,
        _ => 70,
    }
}

/// What the kind of an error of the command itself implies.
fn delivery(kind: Kind) -> Delivery {
    if kind == Kind::UnknownOutcome { Delivery::Unknown } else { Delivery::NotSent }
}

/// What is wrong with a field or an option, without its name.
pub(crate) fn problem_of(error: &Error) -> &str {
    let message = error.message();
    let problem = error.field().and_then(|field| message.strip_prefix(field));
    problem.map_or(message, |problem| problem.trim_start_matches([':', '：', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn command_errors_have_the_members_of_library_errors() {
        let names = |json: &str| -> Vec<String> {
            let value: Value = serde_json::from_str(json).unwrap();
            value["error"].as_object().unwrap().keys().cloned().collect()
        };
        let library = wotrus::Client::builder().build().unwrap_err();
        let own = Failure::config("token", "is missing");
        assert_eq!(names(&library.to_json()), names(&own.json().object()));
        let of_library: Value = serde_json::from_str(&library.to_json()).unwrap();
        let wrapped: Value = serde_json::from_str(&Failure::from(library).json().object()).unwrap();
        assert_eq!(of_library, wrapped);
    }

    #[test]
    fn earlier_results_are_part_of_the_error() {
        let done = Json::new().with("order_id", "A1");
        let json = Failure::argument("x", "is bad").after(&done).json().object();
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&value["order_id"], &value["error"]["field"]), (&"A1".into(), &"x".into()));
    }
}
