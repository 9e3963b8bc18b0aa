//! Tells of events: a line of JSON on standard output, and a command that is run for each.

mod command;
mod deliver;
mod facts;

pub(crate) use command::{Command, ended};
pub(crate) use deliver::{Deliveries, deliver};
pub(crate) use facts::line;
