//! Faults: what can be injected, what is armed, and what an injected fault does to a reply.

pub(crate) mod armed;
pub(crate) mod reply;
pub(crate) mod spec;
