//! What ends a command early: the library's errors, and those of the command itself, in one form.

use std::fmt::Display;
use std::io;
use std::path::Path;

use wotrus::{Cause, Delivery, Error, Kind};

use crate::json::Json;
use crate::lang::{self, Lang, say};
use crate::text::printable;

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// A failed command: why, and what had been done by then.
#[derive(Debug)]
pub(crate) struct Failure {
    reason: Reason,
    done: Json,
}

#[derive(Debug)]
enum Reason {
    Library(Error),
    Own { kind: Kind, cause: Cause, message: String, field: Option<String> },
}

impl Failure {
    pub(crate) fn new(kind: Kind, cause: Cause, message: impl Into<String>) -> Self {
        Self {
            reason: Reason::Own { kind, cause, message: message.into(), field: None },
            done: Json::new(),
        }
    }

    /// A value refused before anything was sent.
    pub(crate) fn argument(field: &str, problem: impl Display) -> Self {
        Self::new(Kind::Argument, Cause::Invalid, format!("{field}: {problem}")).with_field(field)
    }

    /// An option that cannot be used.
    pub(crate) fn config(option: &str, problem: impl Display) -> Self {
        Self::new(Kind::Config, Cause::Invalid, format!("{option}: {problem}")).with_field(option)
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &Path, error: &io::Error) -> Self {
        Self::new(Kind::File, Cause::FileRead, format!("{}: {error}", path.display()))
    }

    fn with_field(mut self, name: &str) -> Self {
        if let Reason::Own { field, .. } = &mut self.reason {
            *field = Some(name.to_owned());
        }
        self
    }

    /// What had been done when it failed: an order that exists must not be lost with the error.
    pub(crate) fn after(mut self, done: &Json) -> Self {
        self.done = self.done.and(done);
        self
    }

    pub(crate) fn kind(&self) -> Kind {
        match &self.reason {
            Reason::Library(error) => error.kind(),
            Reason::Own { kind, .. } => *kind,
        }
    }

    pub(crate) fn message(&self) -> &str {
        match &self.reason {
            Reason::Library(error) => error.message(),
            Reason::Own { message, .. } => message,
        }
    }

    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        exit_code(self.kind())
    }

    /// `{"error":{…}}` with the names every language shares, and what had been done.
    pub(crate) fn json(&self) -> Json {
        let error = match &self.reason {
            Reason::Library(error) => {
                let whole = error.to_json();
                let inner = whole.strip_prefix(r#"{"error":"#).and_then(|s| s.strip_suffix('}'));
                return Json::new().with_raw("error", inner).and(&self.done);
            }
            Reason::Own { kind, cause, message, field } => Json::new()
                .with("kind", kind.as_str())
                .with("cause", cause.as_str())
                .with("delivery", Delivery::NotSent.as_str())
                .with("message", message)
                .with("request_id", &None::<&str>)
                .with("attempts", &0)
                .with("http_status", &None::<u16>)
                .with("retry_after", &None::<u64>)
                .with("idempotence_id", &None::<&str>)
                .with("field", field)
                .with("service_message", &None::<&str>),
        };
        Json::new().with_raw("error", Some(&error.object())).and(&self.done)
    }

    /// What a person calls it.
    fn title(&self) -> String {
        match &self.reason {
            Reason::Own { cause: Cause::Certificate, .. } => say!("certificate", "证书错误"),
            // The library's messages are English, so the cause is told in Chinese too.
            Reason::Library(error) if lang::current() == Lang::Zh => {
                let kind = kind_text(self.kind());
                match cause_in_chinese(error.cause()) {
                    Some(cause) if error.kind() != Kind::Auth => format!("{kind}（{cause}）"),
                    _ => kind,
                }
            }
            _ => kind_text(self.kind()),
        }
    }

    /// For a person, on standard error.
    pub(crate) fn text(&self) -> String {
        let (kind, message) = (self.title(), printable(self.message()));
        let mut text = say!("wotrus: {kind}: {message}", "wotrus：{kind}：{message}");
        if let Reason::Library(error) = &self.reason {
            if error.attempts() > 0 {
                let id = printable(error.request_id().unwrap_or("-"));
                let attempts = error.attempts();
                let delivery = delivery_text(error);
                text += &say!(
                    "\n  RequestID {id}, attempts: {attempts}; {delivery}",
                    "\n  RequestID {id}，尝试次数：{attempts}；{delivery}"
                );
            }
            if let Some(id) = error.idempotence_id() {
                let id = printable(id);
                text += &say!("\n  idempotenceID {id}", "\n  幂等值 idempotenceID {id}");
            }
            if matches!(error.kind(), Kind::Network | Kind::Auth) {
                text += &say!(
                    "\n  wotrus doctor tells where it breaks, and what to do",
                    "\n  可运行 wotrus doctor 查看哪一步出错及解决办法"
                );
            }
        }
        text
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { reason: Reason::Library(error), done: Json::new() }
    }
}

/// The exit codes, as every help page lists them.
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

fn kind_text(kind: Kind) -> String {
    match kind {
        Kind::Argument => say!("argument", "参数错误"),
        Kind::Config => say!("configuration", "配置错误"),
        Kind::Auth => say!("token not accepted", "令牌未被接受"),
        Kind::Refused => say!("refused by the service", "服务端拒绝"),
        Kind::NotReady => say!("not ready", "证书尚未就绪"),
        Kind::UnknownOutcome => say!("OUTCOME UNKNOWN", "结果未知"),
        Kind::Network => say!("network", "网络错误"),
        Kind::Protocol => say!("unusable answer", "应答无法使用"),
        Kind::File => say!("file", "文件错误"),
        Kind::Cancelled => say!("cancelled", "已取消"),
        _ => say!("internal defect", "内部错误"),
    }
}

/// What its kind does not say yet.
fn cause_in_chinese(cause: Cause) -> Option<&'static str> {
    Some(match cause {
        Cause::Dns => "无法解析域名",
        Cause::Connect => "无法建立连接",
        Cause::Proxy => "代理失败",
        Cause::Tls => "TLS 失败，证书不受信任或协议不符",
        Cause::Timeout => "超时",
        Cause::ConnectionLost => "连接中断，未收到完整应答",
        Cause::HttpStatus => "HTTP 状态码表示失败",
        Cause::Redirect => "服务端要求重定向，不予跟随",
        Cause::Http => "应答不是合法的 HTTP",
        Cause::NotJson => "应答不是 JSON",
        Cause::Envelope => "应答缺少必要内容",
        Cause::TooLarge => "应答过大",
        Cause::NotIssued => "订单尚未签发",
        Cause::Ended => "订单已终止，不会有证书",
        Cause::Certificate => "证书无法读取",
        Cause::FileRead => "文件无法读取",
        Cause::FileChanged => "文件在发送时被修改",
        _ => return None,
    })
}

/// What became of the call at the service. Of a reading call nothing can have become; what to do
/// after a writing one, the library's message says in English alone.
fn delivery_text(error: &Error) -> String {
    match (error.delivery(), error.kind(), error.idempotence_id()) {
        (Delivery::NotSent, ..) => say!("nothing reached the service", "请求未到达服务端"),
        (Delivery::Answered, ..) => say!("the service answered", "服务端已答复"),
        (_, Kind::UnknownOutcome, Some(_)) => {
            say!("the service may have processed it", "服务端可能已处理，用同一幂等值重发是安全的")
        }
        (_, Kind::UnknownOutcome, None) => say!(
            "the service may have processed it",
            "服务端可能已处理，请先查明订单的实际状态，之前不要重发"
        ),
        _ => say!(
            "no answer was read; it only reads, so it can be run again",
            "未收到可用的应答；此操作只读取，可以重试"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn own_errors_have_the_librarys_names() {
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
    fn what_was_done_stands_beside_the_error() {
        let done = Json::new().with("order_id", "A1");
        let json = Failure::argument("x", "is bad").after(&done).json().object();
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&value["order_id"], &value["error"]["field"]), (&"A1".into(), &"x".into()));
    }
}
