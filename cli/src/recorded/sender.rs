//! Sends orders that are recorded in a ledger: each is on disk before it is sent, and its outcome is
//! recorded afterwards.

use std::sync::{Arc, Mutex, PoisonError};

use wotrus::{
    Answer, CallOptions, Cause, Client, CreatedOrder, Delivery, Error, Event, Kind, OrderRequest,
    ReissueRequest, Reissued, Reply, Secret,
};

use crate::context::Context;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::ledger::{
    self, AttemptEnd, Created, Ledger, NewOrder, Order, Origin, Run, State, begin_attempt, claim,
    end_attempt, set_created, set_origins, set_outcome,
};
use crate::output::warn;
use crate::progress::{self, Detail};

/// Sends the orders of one run.
pub(crate) struct Sender {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) run: Run,
    pub(crate) client: Client,
    pub(crate) base_url: String,
    token: Secret,
    /// Which events of calls are reported, if any.
    detail: Option<Detail>,
}

/// What becomes of an order that is to be sent.
pub(crate) enum Reserved {
    /// It is recorded as `sending`, and must be sent.
    Ready(Ready),
    /// The ledger says that it exists.
    Exists(Box<Order>),
}

/// An order that only this run may send now.
pub(crate) struct Ready {
    row: i64,
    /// Whether an earlier call may have created it.
    may_exist: bool,
}

impl Ready {
    /// Its row in the ledger.
    pub(crate) fn row(&self) -> i64 {
        self.row
    }
}

/// What makes an order.
pub(crate) enum Request {
    Order(Box<OrderRequest>),
    Reissue(Box<ReissueRequest>),
}

/// An order that was made.
pub(crate) struct Made {
    pub(crate) created: Created,
    pub(crate) reply: Reply,
}

impl From<Answer<CreatedOrder>> for Made {
    fn from(answer: Answer<CreatedOrder>) -> Self {
        let order_id = answer.value().id().to_owned();
        let paired = answer.value().order_id_rsa.as_ref().map(|paired| paired.trim().to_owned());
        let paired_order_id = paired.filter(|paired| !paired.eq_ignore_ascii_case(&order_id));
        Self { created: Created { order_id, paired_order_id }, reply: answer.reply().clone() }
    }
}

impl From<Answer<Reissued>> for Made {
    fn from(answer: Answer<Reissued>) -> Self {
        let order_id = answer.value().new_order_id.trim().to_owned();
        let created = Created { order_id, paired_order_id: None };
        Self { created, reply: answer.reply().clone() }
    }
}

/// The outcome of an order.
pub(crate) struct Sent {
    pub(crate) result: Result<Made>,
    /// The kind of this call's error. That of the result is another one if an earlier call may have created
    /// the order.
    pub(crate) error_kind: Option<Kind>,
    /// Whether the service may have processed this call.
    pub(crate) reached: bool,
    /// Why the outcome could not be recorded.
    pub(crate) unrecorded: Option<Failure>,
}

impl Sent {
    /// What was made, and why the ledger does not have it. If nothing was made, a problem of the ledger is
    /// reported beside the error.
    pub(crate) fn made(self) -> Result<(Made, Option<Failure>)> {
        let Self { result, unrecorded, .. } = self;
        match result {
            Ok(made) => Ok((made, unrecorded)),
            Err(failure) => {
                unrecorded.as_ref().inspect(|problem| tell_unrecorded(problem));
                Err(failure)
            }
        }
    }
}

impl Sender {
    pub(crate) fn new(context: &Context, ledger: Ledger) -> Result<Self> {
        let token = context.token()?;
        let client = context.client_for(&token)?;
        let run = Run::begin(&ledger)?;
        let (base_url, detail) = (context.base_url()?, Some(context.detail()));
        Ok(Self { ledger: Arc::new(ledger), run, client, base_url, token, detail })
    }

    /// Reports no events of calls unless the user asked for all of them: one of many calls is of no
    /// interest by itself.
    pub(crate) fn report_only_if_verbose(&mut self) {
        self.detail = self.detail.filter(|detail| matches!(detail, Detail::All | Detail::Json));
    }

    /// What is recorded of an order.
    pub(crate) fn record(&self, order: &OrderRequest) -> Result<NewOrder> {
        ledger::recorded(&self.base_url, self.token.expose(), order)
    }

    /// What is recorded of a request that makes an order.
    pub(crate) fn record_request(&self, request: &Request) -> Result<NewOrder> {
        match request {
            Request::Order(order) => self.record(order),
            Request::Reissue(reissue) => self.record_reissue(reissue),
        }
    }

    /// What is recorded of a reissue.
    pub(crate) fn record_reissue(&self, reissue: &ReissueRequest) -> Result<NewOrder> {
        let id = reissue.order_id.trim();
        let found = self.ledger.read(|it| ledger::find_by_order_id(it, &self.base_url, id))?;
        ledger::recorded_reissue(&self.base_url, self.token.expose(), reissue, found.as_ref())
    }

    /// The HMAC of other content, in hexadecimal digits.
    pub(crate) fn hmac(&self, content: &[u8]) -> String {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, self.token.expose().as_bytes());
        ledger::hex(ring::hmac::sign(&key, content).as_ref())
    }

    /// Records an order that is about to be sent.
    pub(crate) fn reserve(&self, new: &NewOrder, origins: &[Origin]) -> Result<Reserved> {
        // What another process does meanwhile comes before the transaction or after it.
        self.ledger.transaction(|it| {
            let row = match ledger::find(it, &new.base_url, &new.idempotence_id)? {
                None => ledger::insert(it, new)?,
                Some(order) if !is_same(&order, new) => return Ok(Err(other_content())),
                Some(order) if order.state == State::Created => {
                    return Ok(Ok(Reserved::Exists(Box::new(order))));
                }
                Some(order) => {
                    if !order.state.is_open() {
                        ledger::replace(it, order.row, new)?;
                    }
                    order.row
                }
            };
            let Some(ready) = self.take(it, row, &new.body_hmac)? else {
                return Ok(Err(in_progress()));
            };
            set_origins(it, row, origins)?;
            Ok(Ok(Reserved::Ready(ready)))
        })?
    }

    /// Whether the service refused an order that may exist when it was sent again. It would refuse it
    /// once more, so a person has to look for the order at the service.
    pub(crate) fn needs_decision(&self, order: &Order) -> Result<bool> {
        Ok(order.state == State::Unknown
            && self.ledger.read(|it| ledger::was_refused(it, order.row))?)
    }

    /// Makes a recorded order `sending`, unless another live process sends it, or has recorded other
    /// content.
    pub(crate) fn reserve_row(&self, row: i64, body_hmac: &str) -> Result<Option<Ready>> {
        self.ledger.transaction(|it| self.take(it, row, body_hmac))
    }

    /// The same for an order that must still be open: another process may have finished it.
    pub(crate) fn reserve_open(&self, order: &Order) -> Result<Option<Ready>> {
        let row = order.row;
        self.ledger.transaction(|it| {
            let is_open = ledger::orders(it, "id = ?1", [row])?.iter().any(|it| it.state.is_open());
            if is_open { self.take(it, row, &order.body_hmac) } else { Ok(None) }
        })
    }

    fn take(
        &self,
        connection: &rusqlite::Connection,
        row: i64,
        body_hmac: &str,
    ) -> rusqlite::Result<Option<Ready>> {
        let may_exist = ledger::may_exist(connection, row)?;
        let is_mine = claim(connection, self.ledger.path(), row, self.run.id(), body_hmac)?;
        Ok(is_mine.then_some(Ready { row, may_exist }))
    }

    /// Records why a reserved order is not sent.
    pub(crate) fn give_up(&self, ready: &Ready, reason: &str) -> Result<()> {
        let state = if ready.may_exist { State::Unknown } else { State::NotSent };
        self.ledger.transaction(|it| set_outcome(it, ready.row, state, reason))
    }

    /// Records that a reserved order exists.
    pub(crate) fn settle(&self, ready: &Ready, order_id: &str) -> Result<()> {
        let created = Created { order_id: order_id.to_owned(), paired_order_id: None };
        self.ledger.transaction(|it| set_created(it, ready.row, &created))
    }

    /// Sends a reserved order and records the outcome.
    pub(crate) fn send(&self, ready: &Ready, order: &OrderRequest) -> Sent {
        self.send_by(ready, |client| client.create_order(order).map(Made::from))
    }

    /// The same for any request that makes an order.
    pub(crate) fn send_request(&self, ready: &Ready, request: &Request) -> Sent {
        match request {
            Request::Order(order) => self.send(ready, order),
            Request::Reissue(reissue) => {
                self.send_by(ready, |client| client.reissue_certificate(reissue).map(Made::from))
            }
        }
    }

    fn send_by(&self, ready: &Ready, call: impl FnOnce(&Client) -> wotrus::Result<Made>) -> Sent {
        let recorder = Arc::new(Recorder {
            ledger: self.ledger.clone(),
            run: self.run.id().to_owned(),
            row: ready.row,
            last: Mutex::default(),
            problem: Mutex::new(None),
        });
        let (observer, detail) = (recorder.clone(), self.detail);
        let options = CallOptions::new().observer(move |event| {
            match detail {
                Some(detail) => progress::on_event(detail, event),
                None => progress::stop_if_interrupted(event),
            }
            observer.on_event(event);
        });
        let result = call(&self.client.with(options));
        let problem = recorder.problem.lock().unwrap_or_else(PoisonError::into_inner).take();
        match result {
            Ok(made) => {
                let unrecorded = recorder.created(&made.created).err().map(of_unrecorded_order);
                Sent { result: Ok(made), error_kind: None, reached: true, unrecorded }
            }
            Err(error) => self.failed(ready, &recorder, error, problem),
        }
    }

    fn failed(
        &self,
        ready: &Ready,
        recorder: &Recorder,
        error: Error,
        problem: Option<Failure>,
    ) -> Sent {
        let (state, reason) = outcome(&error, ready.may_exist);
        let unrecorded = recorder.failed(&error, state, &reason).err();
        let error_kind = Some(problem.as_ref().map_or(error.kind(), Failure::kind));
        let reached = outcome(&error, false).0 != State::NotSent;
        let failure = match (state, problem) {
            // An attempt could not be recorded, so it was not sent.
            (State::NotSent, Some(problem)) => problem,
            (State::Unknown, _) if error.kind() != Kind::UnknownOutcome => {
                Failure::from(error).of_unknown_outcome(reason)
            }
            _ => error.into(),
        };
        Sent { result: Err(failure), error_kind, reached, unrecorded }
    }
}

/// The failure to record an order that exists.
fn of_unrecorded_order(failure: Failure) -> Failure {
    let problem = failure.message();
    let message = say!(
        "the order exists, but the ledger could not record it: {problem}; wotrus order resume will find it",
        "订单已创建，但未能写入账本：{problem}；wotrus order resume 可查明结果"
    );
    Failure::new(Kind::File, Cause::FileRead, message).of_answered_order()
}

/// Tells that an outcome is not in the ledger. The order is still there as `sending`.
fn tell_unrecorded(failure: &Failure) {
    let problem = failure.message();
    warn(&say!(
        "the outcome is not recorded: {problem}\n  wotrus order resume will find it",
        "结果未能写入账本：{problem}\n  wotrus order resume 可查明结果"
    ));
}

/// Whether an order that is to be sent is the one that the ledger has under its idempotenceID, or nothing
/// exists under it.
pub(crate) fn is_same(recorded: &Order, new: &NewOrder) -> bool {
    let may_exist = recorded.state.is_open() || recorded.state == State::Created;
    !may_exist || recorded.body_hmac == new.body_hmac
}

/// Why an order that is not the [same](is_same) is refused.
pub(crate) fn other_content_text() -> String {
    say!(
        "the ledger has an order with this id, but with other content or another token; a new order needs a new id",
        "账本中已有使用此幂等值的订单，但内容或 token 不同；新订单请使用新的幂等值"
    )
}

fn other_content() -> Failure {
    Failure::argument("idempotenceID", other_content_text())
}

pub(crate) fn in_progress() -> Failure {
    Failure::argument("idempotenceID", sent_by_another()).of_possible_order()
}

fn sent_by_another() -> String {
    say!("another process is sending this order", "另一个进程正在发送此订单")
}

/// Why an order of the ledger is in its state.
pub(crate) fn reason(order: &Order) -> String {
    match (&order.reason, order.state) {
        (Some(reason), _) => reason.clone(),
        (None, State::Sending) => sent_by_another(),
        (None, _) => order.state.as_str().to_owned(),
    }
}

/// The state after an error, and its reason. Once an earlier call may have created the order, neither a
/// refusal nor a failure to send proves that it does not exist.
fn outcome(error: &Error, may_exist: bool) -> (State, String) {
    let message = error.message();
    match error.delivery() {
        _ if may_exist && error.kind() != Kind::UnknownOutcome => {
            let reason = say!(
                "an earlier call may have created the order, and sending it again failed: {message}",
                "此前的请求可能已创建订单，再次发送失败：{message}"
            );
            (State::Unknown, reason)
        }
        Delivery::Unknown => (State::Unknown, message.to_owned()),
        Delivery::Answered if is_refusal(error, Delivery::Answered) => {
            (State::Refused, message.to_owned())
        }
        // The call was not processed, for a reason that is not the order's, so another one may succeed.
        _ => (State::NotSent, message.to_owned()),
    }
}

/// Whether the service refused this order with an answer. After a lost answer to an earlier attempt, `delivery`
/// is that of the last one, and the error's own is unknown. A page with HTTP 403 or 404, also in JSON, can come from a
/// proxy on the way, and a service that is busy (429) or does not accept the token has not looked at the
/// order. Besides the documented form, an answer with a reason in JSON is the service's own if its status
/// says that the content of the request is the mistake.
fn is_refusal(error: &Error, delivery: Delivery) -> bool {
    let is_about_content = matches!(error.http_status(), Some(400 | 409 | 422))
        && error.cause() == Cause::HttpStatus
        && error.service_message().is_some();
    let is_refused = error.kind() == Kind::Refused || error.cause() == Cause::Refused;
    delivery == Delivery::Answered && (is_refused || is_about_content)
}

/// Records the attempts of one call.
struct Recorder {
    ledger: Arc<Ledger>,
    run: String,
    row: i64,
    last: Mutex<Last>,
    problem: Mutex<Option<Failure>>,
}

/// The last attempt of a call.
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    /// Its row.
    attempt: Option<i64>,
    http_status: Option<u16>,
    /// Whether it was delivered, if it has failed. Earlier ones may have been.
    delivery: Option<Delivery>,
}

impl Recorder {
    fn on_event(&self, event: &Event<'_>) {
        let recorded = match event {
            Event::Sending { request_id, attempt, .. } => self.begin(request_id, *attempt),
            Event::Answered { http_status, .. } => {
                self.change_last(|last| last.http_status = Some(*http_status));
                Ok(())
            }
            Event::Failed { cause, delivery, message, .. } => {
                self.change_last(|last| last.delivery = Some(*delivery));
                self.end(&AttemptEnd {
                    cause: Some(cause.as_str()),
                    delivery: Some(delivery.as_str()),
                    message: Some(message),
                    ..AttemptEnd::default()
                })
            }
            _ => Ok(()),
        };
        if let Err(failure) = recorded {
            // Nothing may be sent that is not recorded.
            event.stop();
            *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
        }
    }

    fn begin(&self, request_id: &str, number: u32) -> Result<()> {
        let begun = self
            .ledger
            .transaction(|it| begin_attempt(it, self.row, &self.run, request_id, number))?;
        self.change_last(|last| *last = Last { attempt: Some(begun), ..Last::default() });
        Ok(())
    }

    fn change_last(&self, change: impl FnOnce(&mut Last)) {
        change(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn last(&self) -> Last {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, end: &AttemptEnd<'_>) -> Result<()> {
        self.ledger.transaction(|it| self.end_in(it, end))
    }

    fn end_in(
        &self,
        connection: &rusqlite::Connection,
        end: &AttemptEnd<'_>,
    ) -> rusqlite::Result<()> {
        let Last { attempt: Some(attempt), http_status, .. } = self.last() else { return Ok(()) };
        let end = AttemptEnd { http_status: http_status.or(end.http_status), ..*end };
        end_attempt(connection, attempt, &end)
    }

    fn created(&self, created: &Created) -> Result<()> {
        let end = AttemptEnd {
            kind: Some("created"),
            delivery: Some(Delivery::Answered.as_str()),
            ..AttemptEnd::default()
        };
        self.ledger.transaction(|it| {
            self.end_in(it, &end)?;
            set_created(it, self.row, created)
        })
    }

    fn failed(&self, error: &Error, state: State, reason: &str) -> Result<()> {
        let delivery = self.last().delivery.unwrap_or(error.delivery());
        let kind = if is_refusal(error, delivery) { Kind::Refused } else { error.kind() };
        let end = AttemptEnd {
            kind: Some(kind.as_str()),
            cause: Some(error.cause().as_str()),
            delivery: Some(error.delivery().as_str()),
            // With several attempts it can be that of an earlier one.
            http_status: error.http_status().filter(|_| error.attempts() == 1),
            message: None,
        };
        self.ledger.transaction(|it| {
            self.end_in(it, &end)?;
            set_outcome(it, self.row, state, reason)
        })
    }
}
