//! The token step: a query that changes nothing.

use wotrus::{Cause, Client, Error, Kind};

use super::check::{Problem, StepResult};
use crate::failure::Result;
use crate::lang::say;
use crate::text::printable;

/// An id that no order has.
const UNKNOWN_ORDER: &str = "00000000-0000-0000-0000-000000000000";

/// Queries an order that does not exist. Only with a valid token the service says so.
pub(super) fn check_token(client: Result<Client>) -> StepResult<()> {
    let client = client.map_err(|failure| Problem {
        kind: failure.kind(),
        cause: Cause::Invalid,
        message: failure.message().to_owned(),
        advice: say!(
            "resellers create their token at partner.wosign.com; wotrus sandbox has a token for tests",
            "代理商 token 在 partner.wosign.com 生成；试用可运行 wotrus sandbox"
        ),
    })?;
    let error = match client.query_order(UNKNOWN_ORDER) {
        Ok(_) => return Ok(((), accepted(None))),
        Err(error) if error.kind() == Kind::Refused => {
            return Ok(((), accepted(error.service_message())));
        }
        Err(error) => error,
    };
    let advice = match error.kind() {
        Kind::Auth => say!(
            "compare the token with the one at partner.wosign.com; creating a new one there invalidates the old one",
            "请与 partner.wosign.com 上的 token 核对；在那里重新生成后旧 token 即失效"
        ),
        Kind::Protocol => say!(
            "something other than the service answers: check base_url, and proxies or gateways on the way",
            "响应并非来自该服务：请检查 base_url 以及中间的代理或网关"
        ),
        _ => say!(
            "the connection works, but there was no response: try again later, or ask the service with the RequestID",
            "连接正常但没有响应：请稍后重试，或凭 RequestID 联系服务方"
        ),
    };
    Err(problem(&error, advice))
}

fn accepted(message: Option<&str>) -> String {
    match message.map(printable) {
        Some(message) => say!(
            "accepted (the service says about an unknown order: {message})",
            "有效（查询不存在的订单，服务端消息：{message}）"
        ),
        None => say!("accepted", "有效"),
    }
}

fn problem(error: &Error, advice: String) -> Problem {
    let id = error.request_id().unwrap_or("-");
    let message = error.message();
    let message = say!("{message} (RequestID {id})", "{message}（RequestID {id}）");
    Problem { kind: error.kind(), cause: error.cause(), message, advice }
}
