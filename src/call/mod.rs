//! A logical call: what it sends, its attempts, and the error it ends with.

mod attempt;
mod conclude;
mod context;
mod description;
mod excerpt;
mod read;
pub(crate) mod retry;
mod run;

pub(crate) use context::Context;
pub(crate) use description::Call;
