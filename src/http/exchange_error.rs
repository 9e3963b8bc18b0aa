//! An exchange that brought no answer.

use std::sync::Arc;

use ureq::Timeout;

use super::connect_error::{ConnectError, is_tls};
use crate::error::{Cause, Error, Source};
use crate::messages::{Lang, Message, message};

/// Why an exchange brought no usable answer.
#[derive(Debug)]
pub(crate) struct ExchangeError {
    pub(super) problem: Problem,
    /// The status, if the head of an answer was read.
    pub(crate) http_status: Option<u16>,
}

#[derive(Debug)]
pub(super) enum Problem {
    /// There was no connection.
    Connect {
        host: String,
        error: Box<ConnectError>,
    },
    /// The body could not be read from its file.
    Body(Error),
    /// Sending or receiving failed, or took too long.
    Io(ureq::Error),
    /// The peer closed the connection, in an orderly way.
    Closed,
    /// The answer breaks the rules of HTTP/1.
    NotHttp(Message),
    HeadTooLarge,
    /// The body is larger than this limit in bytes.
    BodyTooLarge(u64),
    /// The head says that the body cannot be used.
    Unusable(Message),
}

impl From<ureq::Error> for Problem {
    fn from(error: ureq::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Body(error)
    }
}

impl ExchangeError {
    /// Whether no connection was opened, so that nothing can have been sent.
    pub(crate) fn is_unconnected(&self) -> bool {
        matches!(self.problem, Problem::Connect { .. })
    }

    /// Whether the next attempt would fail the same way.
    pub(crate) fn is_permanent(&self) -> bool {
        match &self.problem {
            Problem::Connect { error, .. } => error.is_permanent(),
            Problem::Body(_) => true,
            _ => false,
        }
    }

    /// The error of the file that the body is read from.
    pub(crate) fn file_error(&self) -> Option<&Error> {
        match &self.problem {
            Problem::Body(error) => Some(error),
            _ => None,
        }
    }

    pub(crate) fn cause(&self) -> Cause {
        match &self.problem {
            Problem::Connect { error, .. } => error.cause,
            Problem::Body(error) => error.cause(),
            Problem::Io(ureq::Error::Timeout(_)) => Cause::Timeout,
            Problem::Io(ureq::Error::Io(error)) if is_tls(error) => Cause::Tls,
            Problem::Io(ureq::Error::Io(_)) | Problem::Closed => Cause::ConnectionLost,
            Problem::HeadTooLarge | Problem::BodyTooLarge(_) => Cause::TooLarge,
            Problem::Io(_) | Problem::NotHttp(_) | Problem::Unusable(_) => Cause::Http,
        }
    }

    /// One sentence for a person.
    pub(crate) fn message(&self) -> Message {
        match &self.problem {
            Problem::Connect { host, error } => error.message(host),
            Problem::Body(error) => error.messages().clone(),
            Problem::Io(ureq::Error::Timeout(Timeout::SendRequest | Timeout::SendBody)) => {
                message!("sending the request took too long")
            }
            Problem::Io(ureq::Error::Timeout(_)) => {
                message!("the answer was not complete before the deadline of the call")
            }
            Problem::Io(ureq::Error::Io(error)) if is_tls(error) => {
                message!("the TLS connection failed: {}", error.to_string())
            }
            Problem::Io(ureq::Error::Io(error)) => message!(
                "the connection was lost before the whole answer was read: {}",
                Message::of_io(error)
            ),
            Problem::Io(error) => message!("the exchange failed: {}", error.to_string()),
            Problem::Closed => message!(
                "the connection was lost before the whole answer was read: the other side closed it"
            ),
            Problem::NotHttp(problem) => message!("the answer is not HTTP: {}", problem.clone()),
            Problem::HeadTooLarge => message!("the answer's header is too large"),
            Problem::BodyTooLarge(limit) => message!("the answer is larger than {} bytes", *limit),
            Problem::Unusable(problem) => problem.clone(),
        }
    }

    /// The error behind this one.
    pub(crate) fn into_source(self, lang: Lang) -> Option<Source> {
        match self.problem {
            Problem::Connect { error, .. } => Some(Arc::new(error.in_lang(lang))),
            Problem::Io(ureq::Error::Io(error)) => Some(Arc::new(error)),
            // ureq's own error type is not part of this library's interface.
            Problem::Io(error) => Some(Arc::new(std::io::Error::other(error.to_string()))),
            _ => None,
        }
    }
}
