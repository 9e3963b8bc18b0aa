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
        self.connector.connect(details, chained).map_err(|error| match error {
            ureq::Error::Other(_) => error,
            ureq::Error::Timeout(_) if self.cause == Cause::Proxy => {
                let problem = message!("the proxy did not answer in time");
                ConnectError::new(Cause::Timeout, problem).into()
            }
            ureq::Error::Timeout(_) => ConnectError::timeout().into(),
            ureq::Error::ConnectProxyFailed(reason) => {
                ConnectError::new(self.cause, proxy_problem(&reason)).into()
            }
            // A handshake that broke off may succeed next time; one that was refused will not.
            ureq::Error::Io(error) if self.cause == Cause::Tls && !is_tls(&error) => {
                let problem =
                    message!("the connection was lost in the TLS handshake: {}", error.to_string());
                ConnectError::new(Cause::ConnectionLost, problem).caused_by(error).into()
            }
            other => ConnectError::of(self.cause, other).into(),
        })
    }
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
