//! The config file: TOML with the options by name, and `token` or `token_file`.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use wotrus::ClientBuilder;

use crate::charset;
use crate::failure::{Failure, Result};
use crate::io_problem::io_problem;
use crate::lang::{named, say};
use crate::output::warn;
use crate::settings_file::{self, Problem, Role};

/// The content of the config file; empty if there is none.
#[derive(Default)]
pub(crate) struct Config {
    path: PathBuf,
    table: toml::Table,
    /// Why the file at the default location was not read.
    unreadable: Option<String>,
}

/// The options that the file may have. The language is that of `--lang` or of the locale.
fn keys() -> impl Iterator<Item = &'static str> {
    let of_library = ClientBuilder::NAMES.iter().copied().filter(|name| *name != "lang");
    of_library.chain(["token_file", "ledger"])
}

impl Config {
    /// The given file, or the one at the default location. It is read once, because it may be a pipe.
    pub(crate) fn get(given: Option<&Path>) -> Result<&'static Self> {
        static CONFIG: OnceLock<Config> = OnceLock::new();
        if let Some(config) = CONFIG.get() {
            return Ok(config);
        }
        let config = Self::read(given)?;
        Ok(CONFIG.get_or_init(|| config))
    }

    /// The file as it is now. A pipe cannot be read again.
    pub(crate) fn again(given: Option<&Path>) -> Option<Self> {
        match given.map(Path::to_owned).or_else(default_path).filter(|path| path.exists()) {
            Some(path) if path.is_file() => Self::read(given).ok(),
            Some(_) => None,
            None => Some(Self::default()),
        }
    }

    /// The default file may be missing or unreadable. An unreadable one is reported with a warning, and
    /// again if the token is missing.
    fn read(given: Option<&Path>) -> Result<Self> {
        let role = if given.is_some() { Role::NamedConfig } else { Role::DefaultConfig };
        let Some(path) = given.map(Path::to_owned).or_else(default_path) else {
            return Ok(Self::default());
        };
        let name = charset::display(&path);
        match settings_file::read(&path, role) {
            Ok(text) => Self::parse(path, &text),
            Err(Problem::Access(error)) if role == Role::DefaultConfig => {
                Ok(Self { unreadable: unreadable(&path, &error), ..Self::default() })
            }
            Err(problem) => Err(Failure::config("config", named(&name, problem.text()))),
        }
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self> {
        let file = charset::display(&path);
        // The parser's complete message quotes the line, which may contain the token.
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().map_or(0, |span| span.start);
            let line = text[..before.min(text.len())].matches('\n').count() + 1;
            let problem = error.message();
            Failure::config("config", format!("{file}:{line}: {problem}"))
        })?;
        let is_known = |key: &str| keys().any(|known| known == key);
        if let Some(key) = table.keys().find(|key| !is_known(key)) {
            let names = keys().collect::<Vec<_>>().join(", ");
            let problem = say!(
                "unknown option in {file}; the options are {names}",
                "{file} 中的未知选项；可用的选项有 {names}"
            );
            return Err(Failure::config(key, problem));
        }
        Ok(Self { path, table, unreadable: None })
    }

    /// An option's value, and the name of the file it is from.
    pub(crate) fn option(&self, name: &str) -> Result<Option<(String, String)>> {
        let file = charset::display(&self.path);
        let value = match self.table.get(name) {
            None => return Ok(None),
            // `system` is not a path: it stands for the system's CAs.
            Some(toml::Value::String(text))
                if name == "ca_file" && !["", "system"].contains(&text.as_str()) =>
            {
                charset::display(&self.beside(text))
            }
            Some(toml::Value::String(text)) => text.clone(),
            Some(toml::Value::Integer(number)) => number.to_string(),
            Some(toml::Value::Float(number)) => number.to_string(),
            Some(_) => {
                let problem =
                    say!("must be a string or a number in {file}", "在 {file} 中须为字符串或数字");
                return Err(Failure::config(name, problem));
            }
        };
        Ok(Some((value, file)))
    }

    /// The file that `token_file` names.
    pub(crate) fn token_file(&self) -> Result<Option<PathBuf>> {
        Ok(self.option("token_file")?.map(|(file, _)| self.beside(&file)))
    }

    /// The file that `ledger` names.
    pub(crate) fn ledger(&self) -> Result<Option<PathBuf>> {
        Ok(self.option("ledger")?.map(|(file, _)| self.beside(&file)))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Why the file at the default location was not read, if it is not simply missing.
    pub(crate) fn unreadable(&self) -> Option<&str> {
        self.unreadable.as_deref()
    }

    /// A path in the config file is relative to the file's folder.
    fn beside(&self, file: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(charset::path(file))
    }
}

/// The problem with the file at the default location; `None` if there is no such file. The user is warned
/// about an existing file, because its settings do not apply.
fn unreadable(path: &Path, error: &io::Error) -> Option<String> {
    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
        return None;
    }
    let problem = named(&charset::display(path), io_problem(error));
    if path.symlink_metadata().is_ok() {
        warn(&say!("the config file is ignored: {problem}", "已忽略配置文件：{problem}"));
    }
    Some(problem)
}

/// `$XDG_CONFIG_HOME/wotrus/config.toml`, or the same below `~/.config`; on Windows below `%APPDATA%`.
fn default_path() -> Option<PathBuf> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let home = folder("XDG_CONFIG_HOME")
        .or_else(|| if cfg!(windows) { folder("APPDATA") } else { None })
        .or_else(|| folder("HOME").map(|home| home.join(".config")));
    home.map(|home| home.join("wotrus").join("config.toml"))
}
