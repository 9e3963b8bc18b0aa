//! docs/reliability.md: what is promised, what holds it, and what was tried.
use crate::behaviour::Behaviour;
pub(crate) fn check(_: &[(&'static str, Vec<Behaviour>)]) -> Result<(), String> {
    Ok(())
}
