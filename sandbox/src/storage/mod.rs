//! The state file.

pub(crate) mod snapshot;
pub(crate) mod state_file;
