//! Pushes (section 8).

mod insecure_verifier;
pub(crate) mod outbox;
pub(crate) mod sender;
