//! Which renewal of an order comes next.

use wotrus::{Cause, Kind, OrderStatus};

use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::ledger::{Order, State};
use crate::text::shell_argument;

/// The renewal that a call makes.
#[derive(Debug)]
pub(super) enum Next {
    /// It exists already.
    Exists(Box<Order>),
    /// It may exist already: it can be sent again, but only unchanged.
    Open(Box<Order>),
    /// It has this idempotenceID. Nothing exists under it.
    New(String),
}

/// The idempotenceID of a renewal. It depends on the renewed order alone, so that two calls, also on two
/// machines, make one order.
fn idempotence_id(renewed: &Order, number: usize) -> String {
    format!("{}-renewal-{number}", renewed.idempotence_id)
}

/// The next renewal of an order that has these renewals; `reissues` are those of the last one. With `again` a
/// renewal that came to nothing is followed by another one.
pub(super) fn next(
    renewed: &Order,
    renewals: &[Order],
    reissues: &[Order],
    again: bool,
) -> Result<Next> {
    let Some(last) = renewals.last() else { return Ok(Next::New(idempotence_id(renewed, 1))) };
    let status = status(last, reissues);
    let id = &last.idempotence_id;
    match last.state {
        State::Sending | State::Unknown => Ok(Next::Open(Box::new(last.clone()))),
        State::Prepared | State::Refused | State::NotSent => Ok(Next::New(id.clone())),
        State::Created if status.is_final_without_certificate() && again => {
            Ok(Next::New(idempotence_id(renewed, renewals.len() + 1)))
        }
        State::Created if status.is_final_without_certificate() => {
            let status = status.as_str();
            let problem = say!(
                "the renewal {id} is {status}; --again orders another one",
                "续期订单 {id} 的状态为 {status}；可用 --again 重新下单"
            );
            Err(Failure::argument("ID", problem))
        }
        State::Created if again => {
            let problem = match Some(status.as_str()).filter(|status| !status.is_empty()) {
                Some(status) => say!(
                    "the renewal {id} is {status}, not rejected, closed or revoked, as far as the ledger knows; wotrus sync asks the service",
                    "账本中续期订单 {id} 的状态为 {status}，并非 rejected、closed 或 revoked；wotrus sync 可查询最新状态"
                ),
                None => say!(
                    "the renewal {id} exists, and its status is not known; wotrus sync asks the service",
                    "续期订单 {id} 已存在，状态未知；wotrus sync 可查询其状态"
                ),
            };
            Err(Failure::argument("--again", problem))
        }
        State::Created => Ok(Next::Exists(Box::new(last.clone()))),
    }
}

/// What the service says of a renewal. One that was reissued is revoked with its old certificate, and then its
/// reissue counts. If the reissue kept the renewal's id, answers are recorded in the row of the reissue.
fn status(renewal: &Order, reissues: &[Order]) -> OrderStatus {
    let status = |order: &Order| order.status.as_deref().map(OrderStatus::from).unwrap_or_default();
    let has_its_id = |it: &&Order| {
        let ids = it.order_id.as_deref().zip(renewal.order_id.as_deref());
        ids.is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
    };
    let reissues = reissues.iter().rev().filter(|it| it.state == State::Created);
    let own = status(reissues.clone().find(has_its_id).unwrap_or(renewal));
    match own.is_final_without_certificate() {
        true => reissues
            .clone()
            .map(status)
            .find(|it| !it.is_final_without_certificate())
            .unwrap_or(own),
        false => own,
    }
}

/// The failure of a call that would change a renewal that may exist.
pub(super) fn may_exist(order: &Order) -> Failure {
    let (id, argument) = (&order.idempotence_id, shell_argument(&order.idempotence_id));
    let message = say!(
        "the renewal {id} may exist already, with other content; wotrus order resume {argument} finishes it",
        "续期订单 {id} 可能已存在，且内容不同；请运行 wotrus order resume {argument} 完成该订单"
    );
    Failure::new(Kind::UnknownOutcome, Cause::Invalid, message)
}
