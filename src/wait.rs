//! Waiting until an order is issued.

use std::time::{Duration, Instant};

use crate::answer::{Answer, OrderStatus};
use crate::certificate::Certificates;
use crate::client::Client;
use crate::error::{Cause, Delivery, Error, Kind, Result};
use crate::event::Event;
use crate::options::{CallOptions, check_time};

/// How long, and how often, [`Client::wait_for_certificate`] looks.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct WaitOptions {
    timeout: Duration,
    first_pause: Duration,
    longest_pause: Duration,
}

impl Default for WaitOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(600),
            first_pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(60),
        }
    }
}

impl WaitOptions {
    /// Ten minutes; pauses of 2 s that grow by half up to 60 s.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time for the whole wait. A review by people takes days: rather wait for the push.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The first pause between two looks, and the longest that it grows to.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first_pause = first;
        self.longest_pause = longest;
        self
    }
}

/// What one look at the order brought.
enum Look {
    Certificate(Box<Answer<Certificates>>),
    Pending(OrderStatus),
    /// The service could not be asked this time.
    Unreachable(Error),
}

impl Client {
    /// Waits until the order is issued, and retrieves its certificate.
    ///
    /// Looks at growing intervals, all under one RequestID. While the order is `pendingCAIssued` it
    /// also tries to retrieve, because by the document's flow (V1.03) that is what makes it issued.
    /// A look that fails for want of a network does not end the wait. Each pause is an
    /// [`Event::Waiting`] for the observer, who may end it.
    ///
    /// # Errors
    /// [`Kind::NotReady`] when the time is over; [`Kind::Refused`] with [`Cause::Ended`] for an order
    /// that ends `rejected`, `closed` or `revoked`; [`Kind::Cancelled`]; and those of the
    /// operations.
    pub fn wait_for_certificate(
        &self,
        order_id: &str,
        wait: &WaitOptions,
    ) -> Result<Answer<Certificates>> {
        check_time("timeout", Some(wait.timeout))?;
        let id = crate::request::validation::order_id(order_id)?;
        let pool = self.pool();
        let request_id = self.request_id(pool)?;
        let started = Instant::now();
        let deadline = started + wait.timeout;
        let (_, epoch) = pool.begin();
        let mut pause = wait.first_pause.max(Duration::from_millis(1));
        let mut status = None;
        let ended = |kind, cause, message: String, delivery| {
            Error::new(kind, cause, message).with(|facts| {
                facts.delivery = delivery;
                facts.request_id = Some(request_id.clone());
            })
        };
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let time = self.call_options().time_for(0)?.min(left.max(Duration::from_millis(1)));
            let options = CallOptions::new().request_id(&*request_id).timeout(time);
            let failure = match self.with(options).look(id)? {
                Look::Certificate(answer) => return Ok(*answer),
                Look::Pending(now) => {
                    status = Some(now);
                    None
                }
                Look::Unreachable(error) => Some(error),
            };
            let now = status.as_ref().map_or("", OrderStatus::as_str);
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(match (failure, &status) {
                    // The service was never reached: that is the news.
                    (Some(failure), None) => failure,
                    (failure, _) => {
                        let last = failure.map(|f| format!("; the last look failed: {f}"));
                        let last = last.unwrap_or_default();
                        let message = format!(
                            "waiting ended before the certificate was there: the order is {now}{last}"
                        );
                        ended(Kind::NotReady, Cause::Timeout, message, Delivery::Answered)
                    }
                });
            }
            let next = pause.min(left);
            let elapsed = started.elapsed();
            let event = Event::Waiting { order_id: id, status: now, pause: next, elapsed };
            if self.tell(&event).is_break() || !pool.pause(epoch, next) {
                let delivery =
                    if status.is_some() { Delivery::Answered } else { Delivery::NotSent };
                let message = "the wait was cancelled; the order goes on".to_owned();
                return Err(ended(Kind::Cancelled, Cause::Cancelled, message, delivery));
            }
            pause = pause.mul_f64(1.5).min(wait.longest_pause.max(wait.first_pause));
        }
    }

    /// One look; an error ends the wait.
    fn look(&self, order_id: &str) -> Result<Look> {
        let order = match self.query_order(order_id) {
            Ok(order) => order,
            Err(error) => return passing(error),
        };
        match &order.value().status {
            OrderStatus::Issued | OrderStatus::PendingCaIssued => match self.fetch(order_id) {
                Ok(answer) => Ok(Look::Certificate(Box::new(answer))),
                Err(error) if matches!(error.kind(), Kind::Refused | Kind::NotReady) => {
                    Ok(Look::Pending(order.into_inner().status))
                }
                Err(error) => passing(error),
            },
            status if status.is_final_without_certificate() => {
                let message = format!("the order is {status}: no certificate will come of it");
                Err(Error::answer(Kind::Refused, Cause::Ended, message).with(|facts| {
                    facts.request_id = Some(order.reply().request_id().to_owned());
                    facts.http_status = Some(order.reply().http_status());
                    facts.attempts = order.reply().attempts();
                }))
            }
            _ => Ok(Look::Pending(order.into_inner().status)),
        }
    }
}

/// Whether a failed look may succeed the next time.
fn passing(error: Error) -> Result<Look> {
    let refused = error.http_status().is_some_and(|s| (300..500).contains(&s) && s != 429);
    let trust = error.cause() == Cause::Tls;
    match error.kind() {
        Kind::Network | Kind::Protocol if !refused && !trust => Ok(Look::Unreachable(error)),
        _ => Err(error),
    }
}
