//! The API token: from a variable or a file, never from a flag, because every user of the machine can
//! see command lines.

use std::path::Path;

use wotrus::Secret;

use crate::charset;
use crate::config::Config;
use crate::failure::{Failure, Result};
use crate::lang::{named, say};
use crate::options::{variable, variable_path};
use crate::settings_file::{self, Role, warn_if_readable};

/// The token and the name of its source: `WOTRUS_TOKEN`, or the file that `WOTRUS_TOKEN_FILE` names, or
/// `token` or `token_file` of the config file, in this order.
pub(crate) fn find(config: &Config) -> Result<(Secret, String)> {
    if let Some(token) = variable("token")?.filter(|token| !token.trim().is_empty()) {
        return Ok((token.trim().into(), "WOTRUS_TOKEN".to_owned()));
    }
    if let Some(path) = variable_path("token_file") {
        return Ok((read(&path)?, charset::display(&path)));
    }
    if let Some((token, file)) = config.option("token")? {
        warn_if_readable(config.path());
        return Ok((token.trim().into(), file));
    }
    if let Some(path) = config.token_file()? {
        return Ok((read(&path)?, charset::display(&path)));
    }
    let mut problem = say!(
        "is missing: set WOTRUS_TOKEN or WOTRUS_TOKEN_FILE, or token or token_file in the config file",
        "未设置：请设置环境变量 WOTRUS_TOKEN 或 WOTRUS_TOKEN_FILE，或在配置文件中设置 token 或 token_file"
    );
    if let Some(unreadable) = config.unreadable() {
        problem += &say!(
            " (the config file cannot be read: {unreadable})",
            "（配置文件无法读取：{unreadable}）"
        );
    }
    Err(Failure::config("token", problem))
}

/// The token, if it is in a regular file: that of a variable stays, and a pipe cannot be read again.
pub(crate) fn find_again(config: &Config) -> Option<Secret> {
    if variable("token").ok()?.is_some() {
        return None;
    }
    let is_in_config = config.option("token").ok()?.is_some();
    let file = match variable_path("token_file") {
        Some(path) => Some(path),
        None if is_in_config => None,
        None => Some(config.token_file().ok()??),
    };
    if file.is_some_and(|path| !path.is_file()) {
        return None;
    }
    find(config).ok().map(|(token, _)| token)
}

/// Reads a token file: one line; blanks and blank lines around it are ignored.
fn read(path: &Path) -> Result<Secret> {
    let text =
        settings_file::read(path, Role::Token).map_err(|problem| refused(path, &problem.text()))?;
    warn_if_readable(path);
    let token = text.trim();
    if token.is_empty() {
        return Err(refused(path, &say!("is empty", "为空")));
    }
    if token.contains(['\n', '\r']) {
        let problem = say!("has more than one line", "含有多行内容");
        return Err(refused(path, &problem));
    }
    Ok(token.into())
}

fn refused(path: &Path, problem: &str) -> Failure {
    Failure::config("token_file", named(&charset::display(path), problem))
}
