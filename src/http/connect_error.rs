//! Failures before there was a connection: nothing can have been sent.

use std::fmt;
use std::io::ErrorKind;

use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport};

use crate::error::Cause;

/// Why there is no connection. It travels through ureq as [`ureq::Error::Other`].
#[derive(Debug)]
pub(super) struct ConnectError {
    pub(super) cause: Cause,
    pub(super) problem: String,
}

impl ConnectError {
    pub(super) fn new(cause: Cause, problem: impl fmt::Display) -> Self {
        Self { cause, problem: problem.to_string() }
    }

    pub(super) fn timeout(problem: &str) -> Self {
        Self::new(Cause::Timeout, problem)
    }

    pub(super) fn cancelled() -> Self {
        Self::new(Cause::Cancelled, "cancelled")
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for ConnectError {}

impl From<ConnectError> for ureq::Error {
    fn from(unconnected: ConnectError) -> Self {
        Self::Other(Box::new(unconnected))
    }
}

/// A connector of ureq's whose failures say that there was no connection, and at what it failed.
#[derive(Debug)]
pub(super) struct Step<C> {
    pub(super) connector: C,
    pub(super) cause: Cause,
}

impl<In: Transport, C: Connector<In>> Connector<In> for Step<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        self.connector.connect(details, chained).map_err(|error| match error {
            ureq::Error::Other(_) => error,
            ureq::Error::Timeout(_) => {
                ConnectError::timeout("opening the connection took too long").into()
            }
            // A handshake that broke off may succeed the next time; one that was refused will not.
            ureq::Error::Io(why)
                if self.cause == Cause::Tls && why.kind() != ErrorKind::InvalidData =>
            {
                let problem = format!("the connection was lost in the TLS handshake: {why}");
                ConnectError::new(Cause::ConnectionLost, problem).into()
            }
            other => ConnectError::new(self.cause, other).into(),
        })
    }
}
