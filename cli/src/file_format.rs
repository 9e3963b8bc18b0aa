//! Names the format of a file.

use wotrus::pki::Format;

use crate::lang::{self, say};

/// The name of a format and the command that converts it.
pub(crate) fn described(format: Format) -> String {
    let name = lang::text(&format.message());
    say!("it is {name}", "{name}")
}
