//! What happens inside a call, for those who want to show or log it.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Cause, Delivery};
use crate::json::ObjectWriter;

/// Something that happens inside a call; no event holds a secret.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request is about to be sent. Whoever answers [`ControlFlow::Break`] here keeps it from
    /// being sent: the place to note down an order before it can exist.
    Sending {
        /// The operation: `create_order`, …, `call`.
        operation: &'a str,
        /// `GET` or `POST`.
        method: &'a str,
        /// The path below the base URL.
        path: &'a str,
        /// The RequestID that goes along.
        request_id: &'a str,
        /// The idempotenceID that goes along.
        idempotence_id: Option<&'a str>,
        /// 1 for the first attempt.
        attempt: u32,
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
        /// The bytes of its body.
        bytes: usize,
        /// Since the request was sent.
        elapsed: Duration,
    },
    /// An attempt brought no usable answer.
    Failed {
        /// Why.
        cause: Cause,
        /// Whether this attempt reached the service.
        delivery: Delivery,
        /// In words.
        message: &'a str,
        /// Since the request was sent.
        elapsed: Duration,
    },
    /// It will be sent again.
    Retrying {
        /// After this pause.
        pause: Duration,
    },
    /// A wait for a certificate goes on. [`ControlFlow::Break`] ends it.
    Waiting {
        /// The order.
        order_id: &'a str,
        /// Where it stands, in the service's word; empty before the first answer.
        status: &'a str,
        /// Until it is looked at again.
        pause: Duration,
        /// Since the wait began.
        elapsed: Duration,
    },
}

impl Event<'_> {
    /// `{"event":"sending",…}`; times are whole milliseconds, named `…_ms`.
    pub fn to_json(&self) -> String {
        let mut out = ObjectWriter::new();
        let ms = Duration::as_millis;
        match self {
            Self::Sending { operation, method, path, request_id, idempotence_id, attempt } => {
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
            Self::Waiting { order_id, status, pause, elapsed } => {
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

/// Hears events, always on the thread that makes the call.
#[derive(Clone)]
pub(crate) struct Observer(pub(crate) Arc<Hear>);

pub(crate) type Hear = dyn Fn(&Event<'_>) -> ControlFlow<()> + Send + Sync;

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_json() {
        let event = Event::Sending {
            operation: "create_order",
            method: "POST",
            path: "/v1/Order/Create",
            request_id: "r-1",
            idempotence_id: None,
            attempt: 1,
        };
        let json: serde_json::Value = serde_json::from_str(&event.to_json()).unwrap();
        assert_eq!(json["event"], "sending");
        assert_eq!(json["attempt"], 1);
        assert!(json["idempotence_id"].is_null());
    }
}
