//! What differs between Windows and other systems, besides files and signals.

use std::path::{Path, PathBuf};

/// The language of the user; on other systems than Windows the locale's variables have it.
#[cfg(windows)]
pub(crate) fn language() -> Option<String> {
    sys_locale::get_locale()
}

#[cfg(not(windows))]
pub(crate) fn language() -> Option<String> {
    None
}

/// The path of an existing folder in a form that may be longer than 260 characters on Windows. std accepts any
/// path, but tempfile, which renames files, does not.
#[cfg(windows)]
pub(crate) fn long_path(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
}

#[cfg(not(windows))]
pub(crate) fn long_path(folder: &Path) -> PathBuf {
    folder.to_owned()
}

/// CREATE_NEW_PROCESS_GROUP: a program that is started with it does not get the console's Ctrl-C.
#[cfg(windows)]
pub(crate) const NEW_PROCESS_GROUP: u32 = 0x200;

/// Whether a terminal that `TERM` says nothing about can move its cursor, as the consoles of Windows can.
pub(crate) const TERMINALS_NEED_TERM: bool = cfg!(not(windows));

/// The command lines that set variables in the shells of this system, indented.
#[cfg(not(windows))]
pub(crate) fn set_variables(variables: &[(&str, &str)]) -> String {
    use crate::text::shell_quoted;
    let assignments =
        variables.iter().map(|(name, value)| format!(" {name}={}", shell_quoted(value)));
    format!("  export{}", assignments.collect::<String>())
}

#[cfg(windows)]
pub(crate) fn set_variables(variables: &[(&str, &str)]) -> String {
    let lines = |line: fn(&str, &str) -> String| {
        variables.iter().map(|(name, value)| line(name, value)).collect::<Vec<_>>().join("\n")
    };
    format!(
        "{}\nPowerShell:\n{}",
        lines(|name, value| format!("  set \"{name}={value}\"")),
        lines(|name, value| format!("  $env:{name} = '{}'", value.replace('\'', "''"))),
    )
}
