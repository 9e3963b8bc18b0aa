//! The `wotrus` command.
fn main() {}
