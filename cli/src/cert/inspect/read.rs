//! Reads certificates from files.

use std::path::Path;

use crate::cert::contents::Contents;
use crate::charset;
use crate::failure::{Failure, Result};
use crate::input;
use crate::lang::say;

/// Adds the contents of a file.
///
/// # Errors
/// If there is no certificate in it that can be read.
pub(super) fn add(all: &mut Contents, path: &Path) -> Result<()> {
    let bytes = input::bytes("FILE", path)?;
    let mut contents = Contents::of(&bytes);
    if let Some(reason) = contents.problem(&bytes) {
        let reason = match contents.option(&bytes) {
            Some(option) => say!("{reason}; give it as {option}", "{reason}，请用 {option} 指定"),
            None => reason,
        };
        let problem = say!("contains no certificate: {reason}", "没有证书：{reason}");
        return Err(Failure::argument(&charset::display(path), problem));
    }
    all.certificates.append(&mut contents.certificates);
    all.others.append(&mut contents.others);
    Ok(())
}
