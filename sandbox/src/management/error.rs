//! The error of the management interface.

use std::fmt;

use crate::fault::spec::FaultError;
use crate::policy::UnknownPolicy;
use crate::refusal::Refusal;
use crate::state::action::Denied;

/// Why the management interface refuses a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManagementError {
    /// There is no such order, or no such fault.
    NotFound(String),
    /// The order's status does not allow it.
    Conflict(String),
    /// The request is invalid.
    Invalid(String),
}

impl ManagementError {
    pub(super) fn no_order(id: &str) -> Self {
        Self::NotFound(format!("no order {id:?}"))
    }

    pub(super) fn denied(id: &str, denied: Denied) -> Self {
        match denied {
            Denied::NoSuchOrder => Self::no_order(id),
            Denied::NoCsr => Self::Conflict("the order waits for its CSR".to_owned()),
            Denied::Status(status) => {
                let status = status.name();
                Self::Conflict(format!("the order's status is {status}, which does not allow this"))
            }
        }
    }
}

impl fmt::Display for ManagementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::NotFound(why) | Self::Conflict(why) | Self::Invalid(why)) = self;
        f.write_str(why)
    }
}

impl std::error::Error for ManagementError {}

impl From<FaultError> for ManagementError {
    fn from(error: FaultError) -> Self {
        Self::Invalid(error.to_string())
    }
}

impl From<UnknownPolicy> for ManagementError {
    fn from(error: UnknownPolicy) -> Self {
        Self::Invalid(error.to_string())
    }
}

/// The message is that of the service.
impl From<Refusal> for ManagementError {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(refusal.message().to_owned())
    }
}
