//! What happens inside a call, for logs and progress displays.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Cause, Delivery};
use crate::json::ObjectWriter;

/// Something that happens inside a call. No event contains a secret.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request is about to be sent. [`stop`](Event::stop) keeps it from being sent and ends the call
    /// with [`Kind::Cancelled`](crate::Kind::Cancelled). This is the place to record an order before
    /// it can exist.
    Sending {
        /// The operation: `create_order`, …, `call`.
        operation: &'a str,
        /// `GET` or `POST`.
        method: &'a str,
        /// The path below the base URL.
        path: &'a str,
        /// The RequestID of the call.
        request_id: &'a str,
        /// The idempotenceID of the call.
        idempotence_id: Option<&'a str>,
        /// 1 for the first attempt.
        attempt: u32,
        /// Ends the call: see [`stop`](Event::stop).
        stop: StopFlag<'a>,
    },
    /// Part of a large body was handed to the connection.
    Uploading {
        /// Bytes so far.
        sent: u64,
        /// Bytes in all.
        total: u64,
    },
    /// An HTTP answer was read whole.
    Answered {
        /// Its status.
        http_status: u16,
        /// The size of its body in bytes.
        bytes: usize,
        /// The time since the request was sent.
        elapsed: Duration,
    },
    /// An attempt brought no usable answer.
    Failed {
        /// The reason.
        cause: Cause,
        /// Whether the service got this attempt.
        delivery: Delivery,
        /// One sentence for a person.
        message: &'a str,
        /// The time since the request was sent.
        elapsed: Duration,
    },
    /// The call will be sent again.
    Retrying {
        /// The pause before that.
        pause: Duration,
    },
    /// A wait for a certificate pauses until the next query. [`stop`](Event::stop) ends the wait with
    /// [`Kind::Cancelled`](crate::Kind::Cancelled).
    Waiting {
        /// The order's id.
        order_id: &'a str,
        /// The order's status as the service names it; empty before the first answer.
        status: &'a str,
        /// The time until the next query.
        pause: Duration,
        /// The time since the wait began.
        elapsed: Duration,
        /// Ends the wait: see [`stop`](Event::stop).
        stop: StopFlag<'a>,
    },
}

/// Ends the call or the wait that an [`Event`] reports; see [`Event::stop`].
#[derive(Debug, Clone)]
pub struct StopFlag<'a>(pub(crate) &'a Cell<bool>);

impl Event<'_> {
    /// Ends the call ([`Sending`](Event::Sending)) or the wait ([`Waiting`](Event::Waiting)) that this
    /// event reports, once the observer returns. It has no effect on other events, which report what
    /// has happened already, and returns false for them.
    pub fn stop(&self) -> bool {
        match self {
            Self::Sending { stop, .. } | Self::Waiting { stop, .. } => {
                stop.0.set(true);
                true
            }
            _ => false,
        }
    }

    /// `{"event":"sending",…}`; times are whole milliseconds, named `…_ms`.
    pub fn to_json(&self) -> String {
        let mut out = ObjectWriter::new();
        let ms = |time: &Duration| time.as_millis() as u64;
        match self {
            Self::Sending {
                operation, method, path, request_id, idempotence_id, attempt, ..
            } => {
                out.text("event", "sending");
                out.text("operation", operation);
                out.text("method", method);
                out.text("path", path);
                out.text("request_id", request_id);
                out.optional("idempotence_id", *idempotence_id);
                out.raw("attempt", attempt);
            }
            Self::Uploading { sent, total } => {
                out.text("event", "uploading");
                out.raw("sent", sent);
                out.raw("total", total);
            }
            Self::Answered { http_status, bytes, elapsed } => {
                out.text("event", "answered");
                out.raw("http_status", http_status);
                out.raw("bytes", bytes);
                out.raw("elapsed_ms", ms(elapsed));
            }
            Self::Failed { cause, delivery, message, elapsed } => {
                out.text("event", "failed");
                out.text("cause", cause.as_str());
                out.text("delivery", delivery.as_str());
                out.text("message", message);
                out.raw("elapsed_ms", ms(elapsed));
            }
            Self::Retrying { pause } => {
                out.text("event", "retrying");
                out.raw("pause_ms", ms(pause));
            }
            Self::Waiting { order_id, status, pause, elapsed, .. } => {
                out.text("event", "waiting");
                out.text("order_id", order_id);
                out.text("status", status);
                out.raw("pause_ms", ms(pause));
                out.raw("elapsed_ms", ms(elapsed));
            }
        }
        out.finish()
    }
}

/// The function that receives events, always on the thread that makes the call.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&Event<'_>) + Send + Sync>);

impl Observer {
    pub(crate) fn new(observe: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }

    pub(crate) fn notify(&self, event: &Event<'_>) {
        (self.0)(event);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_as_json() {
        let flag = Cell::new(false);
        let event = Event::Sending {
            operation: "create_order",
            method: "POST",
            path: "/v1/Order/Create",
            request_id: "r-1",
            idempotence_id: None,
            attempt: 1,
            stop: StopFlag(&flag),
        };
        let json: serde_json::Value = serde_json::from_str(&event.to_json()).unwrap();
        assert_eq!(json["event"], "sending");
        assert_eq!(json["attempt"], 1);
        assert!(json["idempotence_id"].is_null());
        assert!(json["stop"].is_null());
    }

    #[test]
    fn only_what_is_about_to_happen_can_be_stopped() {
        let flag = Cell::new(false);
        let waiting = Event::Waiting {
            order_id: "A1",
            status: "pending",
            pause: Duration::ZERO,
            elapsed: Duration::ZERO,
            stop: StopFlag(&flag),
        };
        Observer::new(|_| {}).notify(&waiting);
        assert!(!flag.get());
        Observer::new(|event| assert!(event.stop())).notify(&waiting);
        assert!(flag.get());
        assert!(!Event::Retrying { pause: Duration::ZERO }.stop());
    }
}
