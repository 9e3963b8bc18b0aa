//! Fields that this library does not know: they are sent as they are.

use std::fmt;

use crate::error::{Error, Result};
use crate::json::{Member, ObjectWriter, Value, quoted};
use crate::messages::{Message, message};

pub(super) const IDEMPOTENCE_ID: &str = "idempotenceID";

/// The unknown fields of one object, with their values as JSON.
#[derive(Clone, Default)]
pub(crate) struct Further(Vec<(String, String)>);

impl Further {
    /// Sets a field; `json` is a valid value.
    pub(super) fn set(&mut self, name: &str, json: impl Into<String>) {
        self.0.retain(|(other, _)| other != name);
        self.0.push((name.to_owned(), json.into()));
    }

    /// Keeps the members that are not among the `known` ones. `place` says where an idempotenceID belongs.
    ///
    /// # Errors
    /// For a name that looks like a misspelt or misplaced idempotenceID.
    pub(super) fn keep<'a>(
        &mut self,
        members: impl IntoIterator<Item = Member<'a>>,
        known: &[&str],
        place: &Message,
    ) -> Result<()> {
        for member in members {
            let name = member.name();
            if !known.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                refuse_idempotence_id(&name, place)?;
                refuse_within(member.value, place)?;
                self.set(&name, member.value.raw());
            }
        }
        Ok(())
    }

    pub(super) fn write(&self, out: &mut ObjectWriter) {
        for (name, json) in &self.0 {
            let quoted = quoted(name);
            out.raw(&quoted[1..quoted.len() - 1], json);
        }
    }
}

impl fmt::Debug for Further {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The values may be secrets.
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Refuses an unknown field that looks like a misspelt or misplaced idempotenceID: the service would
/// ignore it, and a repeated call would not be recognised. `place` says where the right one belongs.
pub(crate) fn refuse_idempotence_id(name: &str, place: &Message) -> Result<()> {
    const BEGINNING: &str = "idempot";
    let trimmed = name.trim();
    let beginning = trimmed.get(..BEGINNING.len());
    if beginning.is_none_or(|beginning| !beginning.eq_ignore_ascii_case(BEGINNING)) {
        return Ok(());
    }
    let shown: String = name.chars().take(64).flat_map(char::escape_debug).collect();
    let problem = match trimmed.eq_ignore_ascii_case(IDEMPOTENCE_ID) {
        true => message!("is in the wrong place: {}", *place),
        false => message!("looks like a misspelt {}: {}", IDEMPOTENCE_ID, *place),
    };
    Err(Error::argument(&shown, problem))
}

/// The same for the names inside a value.
pub(super) fn refuse_within(value: Value<'_>, place: &Message) -> Result<()> {
    for member in value.members() {
        refuse_idempotence_id(&member.name(), place)?;
        refuse_within(member.value, place)?;
    }
    value.items().into_iter().flatten().try_for_each(|item| refuse_within(item, place))
}
