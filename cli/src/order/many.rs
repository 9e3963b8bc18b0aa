//! When a command that sends many orders stops, and how it fails.

use std::sync::atomic::{AtomicU64, Ordering};

use wotrus::{Cause, Kind};

use crate::failure::Failure;
use crate::lang::say;
use crate::ledger::{Order, State};
use crate::recorded::sender;

/// How many calls in a row may fail to reach the service before a command stops.
const MAX_UNREACHED: u64 = 10;

/// Counts the calls in a row that did not reach the service.
#[derive(Default)]
pub(super) struct Unreached(AtomicU64);

impl Unreached {
    /// Counts a call. The result is why no further one should begin.
    pub(super) fn count(&self, reached: bool) -> Option<Failure> {
        if reached {
            self.0.store(0, Ordering::SeqCst);
            return None;
        }
        let in_a_row = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        (in_a_row >= MAX_UNREACHED).then(|| {
            let message = say!(
                "{in_a_row} calls in a row did not reach the service, or it did not process them; the other orders were not sent",
                "连续 {in_a_row} 次请求未能到达服务端，或未被处理；其余订单未发送"
            );
            Failure::new(Kind::Network, Cause::Connect, message)
        })
    }
}

/// The failure of a command after which the orders are in these states, each with the words that say which
/// one it is. `stopped` is why the command did not come to the end. An order that may exist counts more: the
/// caller must learn of it first.
pub(super) fn failure(orders: &[(String, &Order)], stopped: Option<Failure>) -> Option<Failure> {
    let worst = [State::Unknown, State::Sending, State::Refused, State::NotSent, State::Prepared];
    let left = worst.into_iter().find_map(|state| left(orders, state));
    let failure = match (left, stopped) {
        (Some(left), Some(stopped)) if left.kind() == Kind::UnknownOutcome => {
            let (left, why) = (left.message(), stopped.message());
            let message =
                say!("{left}; the command has stopped: {why}", "{left}；命令已停止：{why}");
            Failure::new(Kind::UnknownOutcome, stopped.cause(), message)
        }
        (_, Some(stopped)) => stopped,
        (left, None) => left?,
    };
    let was_answered =
        orders.iter().any(|(_, it)| matches!(it.state, State::Created | State::Refused));
    Some(if was_answered { failure.of_answered_order() } else { failure })
}

/// The failure because of the orders in one state, if there are any.
fn left(orders: &[(String, &Order)], state: State) -> Option<Failure> {
    let kind = match state {
        State::Unknown | State::Sending => Kind::UnknownOutcome,
        State::Refused => Kind::Refused,
        _ => Kind::Network,
    };
    let mut found = orders.iter().filter(|(_, order)| order.state == state);
    let (first, order) = found.next()?;
    let (count, name, reason) = (found.count() + 1, state.as_str(), sender::reason(order));
    let mut message = say!(
        "orders that are {name}: {count}; the first is {first}: {reason}",
        "{count} 个订单的状态为 {name}，第一个{first}：{reason}"
    );
    if !state.is_open() {
        let command = command(order);
        message += &say!(
            "; it does not exist: to order it, repeat {command}",
            "；该订单不存在，如需下单请重新运行 {command}"
        );
    }
    Some(Failure::new(kind, Cause::Invalid, message))
}

/// The command that has recorded an order.
fn command(order: &Order) -> &'static str {
    match order {
        Order { reissued_order_id: Some(_), .. } => "wotrus cert reissue",
        Order { renews: Some(_), .. } => "wotrus order renew",
        Order { import_id: Some(_), .. } => "wotrus order import",
        _ => "wotrus order create",
    }
}
