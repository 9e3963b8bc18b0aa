//! Requests that make orders and are recorded in a ledger: they are on disk before they are sent, and are
//! finished after a kill.

pub(crate) mod raw_json;
pub(crate) mod reissue;
pub(crate) mod sender;
