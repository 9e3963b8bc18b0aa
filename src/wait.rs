//! Waiting until an order is issued.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::answer::{Answer, OrderStatus};
use crate::call::retry::{self, Backoff, Decision, Repeat, RetryInput, StopReason};
use crate::certificate::Certificates;
use crate::client::Client;
use crate::delivery::AttemptOutcome;
use crate::error::{Cause, Error, Kind, Result};
use crate::event::{Event, StopFlag};
use crate::messages::message;
use crate::options::check_timeout;
use crate::validation;

/// The time that the last pause leaves for the last query; a quarter of the wait if that is less.
const LAST_QUERY: Duration = Duration::from_secs(2);

/// How long, and how often, [`Client::wait_for_certificate`] queries the order.
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
    /// Ten minutes, with pauses of 2 s that grow by half up to 60 s.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time for the whole wait. No query begins in its last 2 s (in the last quarter, if that is less), so
    /// it may end then. A review by people takes days: for that, use the push instead.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The first pause between two queries, and the longest that it grows to.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first_pause = first;
        self.longest_pause = longest;
        self
    }
}

impl Client {
    /// Waits until the order is issued, and retrieves its certificate.
    ///
    /// Queries the order at growing intervals, all under one RequestID. While the order is
    /// `pendingCAIssued` it also tries to retrieve the certificate, because by the document's flow
    /// (V1.03) that is what makes the order issued. A query that fails, but may succeed later, does not
    /// end the wait. Each pause is an [`Event::Waiting`] for the observer, who can end the wait.
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// use std::time::Duration;
    /// use wotrus::WaitOptions;
    ///
    /// let wait = WaitOptions::new().timeout(Duration::from_secs(3600));
    /// let certificates = client.wait_for_certificate("644A3E60", &wait)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Kind::NotReady`] when the time is over; [`Kind::Refused`] with [`Cause::Ended`] for an order
    /// that ends `rejected`, `closed` or `revoked`; [`Kind::Refused`] for an order that the service
    /// does not know; [`Kind::Cancelled`]; [`Kind::Argument`], also for a timeout of 0 or of more than a year; [`Kind::Config`], [`Kind::Auth`],
    /// [`Kind::Protocol`]; [`Kind::Network`] if the service could not be reached in all the time, or
    /// its certificate is not trusted.
    pub fn wait_for_certificate(
        &self,
        order_id: &str,
        wait: &WaitOptions,
    ) -> Result<Answer<Certificates>> {
        self.localized(|| self.wait(order_id, wait))
    }

    fn wait(&self, order_id: &str, wait: &WaitOptions) -> Result<Answer<Certificates>> {
        check_timeout("timeout", Some(wait.timeout)).map_err(Error::of_argument)?;
        let id = validation::order_id(order_id)?;
        let context = &self.0;
        let state = context.state();
        let scope = context.begin(state);
        let request_id = context.request_id(state)?;
        let first = wait.first_pause.max(Duration::from_millis(1));
        let reserve = LAST_QUERY.min(wait.timeout / 4);
        let backoff = Backoff::Wait { first, longest: wait.longest_pause, reserve };
        let started = Instant::now();
        let deadline = started + wait.timeout;
        let mut seen = Seen::default();
        let mut queries = 0;
        loop {
            queries += 1;
            let part = || context.part(scope, Some(&request_id), deadline).map(Self);
            let failure = match issued(id, &part, &mut seen) {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => None,
                Err(error) => {
                    seen.record(error.http_status(), error.attempts());
                    Some(error)
                }
            };
            let cancelled = failure.as_ref().is_some_and(|error| error.kind() == Kind::Cancelled);
            let decision = retry::decide(RetryInput {
                repeat: Repeat::Harmless,
                outcome: failure.as_ref().map_or(AttemptOutcome::NotYet, Error::outcome),
                cancelled: cancelled || state.is_cancelled(scope),
                attempts: queries,
                retries: u32::MAX,
                retry_after: failure.as_ref().and_then(Error::retry_after),
                remaining: deadline.saturating_duration_since(Instant::now()),
                backoff,
            });
            let error = match decision {
                Decision::SendAgain { pause } => {
                    let stop = Cell::new(false);
                    context.notify(&Event::Waiting {
                        order_id: &context.shown(id),
                        status: &context.shown(seen.status()),
                        pause,
                        elapsed: started.elapsed(),
                        stop: StopFlag(&stop),
                    });
                    if !stop.get() && state.pause(scope, pause) {
                        continue;
                    }
                    seen.cancelled()
                }
                Decision::Stop(StopReason::Cancelled) => seen.cancelled(),
                Decision::Stop(reason) => match failure {
                    Some(failure) if reason == StopReason::NotAllowed => failure,
                    // The service was never reached: that is what the caller must know.
                    Some(failure) if seen.status.is_none() => failure,
                    failure => {
                        // The end of the wait has cut the query short, which says nothing of the service.
                        let is_cut = |error: &Error| {
                            error.cause() == Cause::Timeout && Instant::now() >= deadline
                        };
                        seen.timed_out(failure.filter(|error| !is_cut(error)))
                    }
                },
            };
            return Err(error.with(|facts| {
                facts.request_id = Some(request_id);
                facts.http_status = seen.http_status;
                facts.attempts = seen.attempts;
            }));
        }
    }
}

/// What the answers so far said.
#[derive(Default)]
struct Seen {
    status: Option<OrderStatus>,
    /// Why the certificate could not be retrieved the last time, unless the order is pending again.
    refusal: Option<Error>,
    /// Of the last answer.
    http_status: Option<u16>,
    /// Of the last query.
    attempts: u32,
}

/// Queries the order once, and retrieves the certificate where it may be there; `None` if it is not
/// there yet. The status is kept also if the retrieval fails.
fn issued(
    order_id: &str,
    part: &dyn Fn() -> Result<Client>,
    seen: &mut Seen,
) -> Result<Option<Answer<Certificates>>> {
    let order = part()?.query_order(order_id)?;
    seen.record(Some(order.reply().http_status()), order.reply().attempts());
    match seen.status.insert(order.value().status.clone()) {
        // A certificate whose revocation is under review was issued, and is valid.
        OrderStatus::Issued | OrderStatus::PendingCaIssued | OrderStatus::PendingRevoke => {
            match part()?.fetch(order_id) {
                Ok(answer) => return Ok(Some(answer)),
                Err(error) if matches!(error.kind(), Kind::Refused | Kind::NotReady) => {
                    seen.record(error.http_status(), error.attempts());
                    seen.refusal = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        status if status.is_final_without_certificate() => {
            let message =
                message!("the order is {}: no certificate will be issued", status.as_str());
            return Err(Error::answer(Kind::Refused, Cause::Ended, message));
        }
        _ => seen.refusal = None,
    }
    Ok(None)
}

impl Seen {
    fn record(&mut self, http_status: Option<u16>, attempts: u32) {
        self.http_status = http_status.or(self.http_status);
        // An error of the wait itself has none.
        if attempts > 0 {
            self.attempts = attempts;
        }
    }

    fn status(&self) -> &str {
        self.status.as_ref().map_or("", OrderStatus::as_str)
    }

    /// The outcome of a wait that ends before the certificate is there: the service answered, if the
    /// order's status is known.
    fn outcome(&self) -> AttemptOutcome {
        self.status.as_ref().map_or(AttemptOutcome::NotSent, |_| AttemptOutcome::NotYet)
    }

    fn cancelled(&self) -> Error {
        Error::cancelled(self.outcome()).with(|facts| {
            facts.message = message!("the wait was cancelled; the order is not affected");
        })
    }

    /// The error for the end of the time; `failure` is that of the last query.
    fn timed_out(&self, failure: Option<Error>) -> Error {
        let problem = failure.as_ref().or(self.refusal.as_ref());
        let last = problem.map(|error| match failure {
            Some(_) => message!("; the last query failed: {}", error.messages().clone()),
            None => {
                message!("; the certificate could not be retrieved: {}", error.messages().clone())
            }
        });
        let status = self.status();
        let message =
            message!("the wait ended without the certificate: the order is {}{}", status, last);
        Error::new(Kind::NotReady, Cause::Timeout, message).with(|facts| {
            facts.outcome = self.outcome();
            facts.service_message = problem.and_then(Error::service_message).map(str::to_owned);
        })
    }
}
