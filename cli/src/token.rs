//! The token: from the environment or a file, never from a flag, which every user of the machine sees.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

use wotrus::Secret;

use crate::config::Config;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::options::variable;
use crate::output::tell;

/// `WOTRUS_TOKEN`, or else the file that `WOTRUS_TOKEN_FILE` names, or else what the config file says.
/// Beside it stands where it was found.
pub(crate) fn find(config: &Config) -> Result<(Secret, String)> {
    if let Some(token) = variable("token")? {
        return Ok((token.into(), "WOTRUS_TOKEN".to_owned()));
    }
    if let Some(path) = variable("token_file")? {
        return Ok((read(&PathBuf::from(&path))?, path));
    }
    if let Some((token, file)) = config.option("token")? {
        warn_if_open(config.path());
        return Ok((token.into(), file));
    }
    match config.token_file()? {
        Some(path) => Ok((read(&path)?, path.display().to_string())),
        None => {
            let problem = say!(
                "is missing: set WOTRUS_TOKEN or WOTRUS_TOKEN_FILE, or token or token_file in the config file",
                "未设置：请设置 WOTRUS_TOKEN 或 WOTRUS_TOKEN_FILE，或在配置文件中写 token 或 token_file"
            );
            Err(Failure::config("token", problem))
        }
    }
}

/// A token in a file of its own; editors end it with a line break.
fn read(path: &Path) -> Result<Secret> {
    const LONGEST: u64 = 64 * 1024;
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    read.map_err(|error| Failure::config("token_file", format!("{}: {error}", path.display())))?;
    warn_if_open(path);
    let token = text.strip_suffix('\n').unwrap_or(&text);
    Ok(token.strip_suffix('\r').unwrap_or(token).into())
}

#[cfg(unix)]
fn warn_if_open(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    static TOLD: AtomicBool = AtomicBool::new(false);
    let Ok(meta) = path.metadata() else { return };
    if meta.is_file()
        && meta.permissions().mode() & 0o044 != 0
        && !TOLD.swap(true, Ordering::Relaxed)
    {
        let path = path.display();
        tell(&say!(
            "wotrus: warning: {path} holds the token and others can read it: chmod 600 {path}",
            "wotrus：警告：{path} 含有令牌且他人可读，请执行 chmod 600 {path}"
        ));
    }
}

#[cfg(not(unix))]
fn warn_if_open(_: &Path) {}
