//! Requests: from a method, a path and a body to an operation with its parameters.

pub(crate) mod body;
pub(crate) mod document;
pub(crate) mod fields;
pub(crate) mod idempotence;
pub(crate) mod operation;
pub(crate) mod route;
