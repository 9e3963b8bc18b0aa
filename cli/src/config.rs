//! The config file: TOML, a key an option, the token or where it is.

use std::env;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use wotrus::ClientBuilder;

use crate::failure::{Failure, Result};
use crate::lang::say;

/// What a config file says; nothing if there is none.
#[derive(Default)]
pub(crate) struct Config {
    path: PathBuf,
    table: toml::Table,
}

impl Config {
    /// Reads the given file, or the usual one if it is there.
    pub(crate) fn read(given: Option<&Path>) -> Result<Self> {
        let Some(path) = given.map(Path::to_owned).or_else(usual_path) else {
            return Ok(Self::default());
        };
        let text = match read(&path) {
            Err(error) if given.is_none() && error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(Failure::config("config", format!("{}: {error}", path.display())));
            }
            Ok(text) => text,
        };
        // Not the parser's own message: it quotes the line, which may be the token's.
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().map_or(0, |span| span.start);
            let line = text[..before.min(text.len())].matches('\n').count() + 1;
            let (file, problem) = (path.display(), error.message());
            Failure::config("config", format!("{file}:{line}: {problem}"))
        })?;
        let config = Self { path, table };
        let known = |key: &str| ClientBuilder::NAMES.contains(&key) || key == "token_file";
        if let Some(key) = config.table.keys().find(|key| !known(key)) {
            let (file, names) = (config.path.display(), ClientBuilder::NAMES.join(", "));
            let problem = say!(
                "is no option (in {file}); there are {names}, token_file",
                "不是有效选项（{file}）；可用的有 {names}、token_file"
            );
            return Err(Failure::config(key, problem));
        }
        Ok(config)
    }

    /// An option's value, and where it stands.
    pub(crate) fn option(&self, name: &str) -> Result<Option<(String, String)>> {
        let value = match self.table.get(name) {
            None => return Ok(None),
            Some(toml::Value::String(text)) if name == "ca_file" && !text.is_empty() => {
                self.beside(text).to_string_lossy().into_owned()
            }
            Some(toml::Value::String(text)) => text.clone(),
            Some(toml::Value::Integer(number)) => number.to_string(),
            Some(toml::Value::Float(number)) => number.to_string(),
            Some(_) => {
                let file = self.path.display();
                let problem = say!(
                    "is neither text nor number in {file}",
                    "在 {file} 中既不是文本也不是数字"
                );
                return Err(Failure::config(name, problem));
            }
        };
        Ok(Some((value, self.path.display().to_string())))
    }

    /// The file that `token_file` names.
    pub(crate) fn token_file(&self) -> Result<Option<PathBuf>> {
        Ok(self.option("token_file")?.map(|(file, _)| self.beside(&file)))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A path in a config file is meant from that file's folder.
    fn beside(&self, file: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(file)
    }
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(1024 * 1024).read_to_string(&mut text)?;
    Ok(text)
}

/// `$XDG_CONFIG_HOME/wotrus/config.toml`, or the same below `~/.config`; on Windows below `%APPDATA%`.
fn usual_path() -> Option<PathBuf> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let home = folder("XDG_CONFIG_HOME")
        .or_else(|| if cfg!(windows) { folder("APPDATA") } else { None })
        .or_else(|| folder("HOME").map(|home| home.join(".config")));
    home.map(|home| home.join("wotrus").join("config.toml"))
}
