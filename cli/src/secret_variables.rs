//! The environment of commands that this command runs.

use std::env;
use std::ffi::OsString;

/// The variables that contain the token, or name its file, or may contain a proxy password. A command
/// that is run for an event does not get them.
pub(crate) fn secret_variables(token: &str) -> Vec<OsString> {
    env::vars_os()
        .filter(|(name, value)| {
            let name = name.to_string_lossy().to_ascii_uppercase();
            let value = value.to_string_lossy();
            name.starts_with("WOTRUS_TOKEN")
                || name == "WOTRUS_PROXY"
                || !token.is_empty() && value.contains(token)
        })
        .map(|(name, _)| name)
        .collect()
}
