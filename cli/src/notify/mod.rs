//! Tells of events: a line of JSON on standard output, and a command that is run for each.

mod command;
mod deliver;
mod facts;
mod kill;

pub(crate) use command::{Command, ended, killed};
pub(crate) use deliver::{Deliveries, deliver};
pub(crate) use facts::line;
pub(crate) use kill::kill_with_children;
