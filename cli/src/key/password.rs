//! Passwords of keys and keystores: from a file, never from a flag, because every user of the machine can see
//! command lines.

use std::path::Path;

use zeroize::Zeroizing;

use crate::charset;
use crate::failure::{Failure, Result};
use crate::input;
use crate::lang::say;

/// A password. It has no `Debug`, and is overwritten when it is dropped.
pub(crate) struct Password(Zeroizing<String>);

impl Password {
    /// Reads a file with one line (`-`: standard input). The line break at its end does not count.
    pub(crate) fn read(flag: &str, path: &Path) -> Result<Self> {
        let text = Zeroizing::new(input::text(flag, path)?);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.contains(['\n', '\r', '\0']) {
            let path = charset::display(path);
            let problem = say!("{path} has more than one line", "{path} 含有多行内容");
            return Err(Failure::argument(flag, problem));
        }
        Ok(Self(Zeroizing::new(line.to_owned())))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// A password for something new, which must not be empty.
    pub(crate) fn for_new(&self, flag: &str) -> Result<&str> {
        match self.0.is_empty() {
            true => Err(Failure::argument(flag, say!("the password is empty", "密码为空"))),
            false => Ok(&self.0),
        }
    }
}
