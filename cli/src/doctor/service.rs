//! The token, tried on a query that changes nothing.

use wotrus::{Cause, Client, Error, Kind};

use super::check::{Found, Problem};
use crate::failure::Result;
use crate::lang::say;
use crate::text::printable;

/// No order has it.
const NO_ORDER: &str = "00000000-0000-0000-0000-000000000000";

/// Queries an order that does not exist: that it does not exist is what the service says to a token
/// that it knows.
pub(super) fn try_token(client: Result<Client>) -> Found<()> {
    let client = client.map_err(|failure| Problem {
        kind: failure.kind(),
        cause: Cause::Invalid,
        message: failure.message().to_owned(),
        advice: say!(
            "a reseller's token is made at partner.wosign.com; wotrus sandbox has one to play with",
            "代理商令牌在 partner.wosign.com 生成；试用可运行 wotrus sandbox"
        ),
    })?;
    let error = match client.query_order(NO_ORDER) {
        Ok(_) => return Ok(((), accepted(None))),
        Err(error) if error.kind() == Kind::Refused => {
            return Ok(((), accepted(error.service_message())));
        }
        Err(error) => error,
    };
    let advice = match error.kind() {
        Kind::Auth => say!(
            "compare the token with the one at partner.wosign.com; a new one there ends the old one",
            "请与 partner.wosign.com 上的令牌核对；在那里重新生成后旧令牌即失效"
        ),
        Kind::Protocol => say!(
            "something else than the service answers: check base_url, and what stands between",
            "应答的不是该服务：请检查 base_url 以及中间设备"
        ),
        _ => say!(
            "the way is open, but no answer came: try again later, then ask the service with the RequestID",
            "网络已通但没有应答：请稍后重试，或凭 RequestID 咨询服务方"
        ),
    };
    Err(problem(&error, advice))
}

fn accepted(said: Option<&str>) -> String {
    match said.map(printable) {
        Some(said) => say!(
            "accepted (asked for no order, the service says: {said})",
            "已接受（查询不存在的订单，服务端答：{said}）"
        ),
        None => say!("accepted", "已接受"),
    }
}

fn problem(error: &Error, advice: String) -> Problem {
    let id = error.request_id().unwrap_or("-");
    let message = format!("{} (RequestID {id})", error.message());
    Problem { kind: error.kind(), cause: error.cause(), message, advice }
}
