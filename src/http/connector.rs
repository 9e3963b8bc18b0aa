//! The errors of ureq's connectors.

use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport};

use super::connect_error::{ConnectError, is_tls};
use crate::error::Cause;
use crate::messages::{Message, message};

/// A connector of ureq's whose errors become [`ConnectError`]s with this cause.
#[derive(Debug)]
pub(super) struct WithCause<C> {
    pub(super) connector: C,
    pub(super) cause: Cause,
}

impl<In: Transport, C: Connector<In>> Connector<In> for WithCause<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        self.connector.connect(details, chained).map_err(|error| of_step(self.cause, error))
    }
}

/// The error of the step that has this cause. In one copy for all connectors.
#[cold]
#[inline(never)]
fn of_step(cause: Cause, error: ureq::Error) -> ureq::Error {
    let error = match error {
        ureq::Error::Other(_) => return error,
        ureq::Error::Timeout(_) if cause == Cause::Proxy => {
            ConnectError::new(Cause::Timeout, message!("the proxy did not answer in time"))
        }
        ureq::Error::Timeout(_) => ConnectError::timeout(),
        ureq::Error::ConnectProxyFailed(reason) => ConnectError::new(cause, proxy_problem(&reason)),
        // A handshake that broke off may succeed next time; one that was refused will not.
        ureq::Error::Io(error) if cause == Cause::Tls && !is_tls(&error) => {
            let problem =
                message!("the connection was lost in the TLS handshake: {}", error.to_string());
            ConnectError::new(Cause::ConnectionLost, problem).caused_by(error)
        }
        other => ConnectError::of(cause, other),
    };
    error.into()
}

/// What a proxy did instead of connecting. ureq has the status only in a text: "proxy server responded 407/407".
fn proxy_problem(reason: &str) -> Message {
    match reason.rsplit_once('/') {
        Some((_, "407")) => message!(
            "it does not accept the user and password in option proxy, or there are none (HTTP 407)"
        ),
        Some((_, status)) => message!("it answered HTTP {}", status),
        None => message!("it sent no answer"),
    }
}
