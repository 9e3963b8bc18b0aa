//! Paths that the host gives. On Unix a path is any bytes. On Windows it is text in the charset of the client
//! that uses it, which is known only then.

use std::path::PathBuf;

use super::text::Charset;
use crate::error::{Cause, Error, Kind, Result};

/// A path as the host gave it.
#[derive(Clone)]
pub(super) struct HostPath(Box<[u8]>);

impl HostPath {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// Decodes the path for a client with this charset. `name` is the parameter's or the option's.
    #[cfg(unix)]
    pub(super) fn decode(&self, _name: &str, _charset: Charset) -> Result<PathBuf> {
        use std::os::unix::ffi::OsStrExt;
        Ok(std::ffi::OsStr::from_bytes(&self.0).into())
    }

    #[cfg(not(unix))]
    pub(super) fn decode(&self, name: &str, charset: Charset) -> Result<PathBuf> {
        self.decode_text(name, charset)
    }

    #[cfg(any(test, not(unix)))]
    fn decode_text(&self, name: &str, charset: Charset) -> Result<PathBuf> {
        let path = charset.decode(name, &self.0).map(|path| PathBuf::from(&*path));
        path.map_err(|error| {
            let problem =
                format!("{}; a path is in the charset of the option charset", error.message());
            Error::new(Kind::File, Cause::FileRead, problem)
                .with(|facts| facts.field = Some(name.to_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_on_windows_is_text_in_the_charset() {
        let (utf8, gbk) =
            (HostPath::new("沃通.pdf".as_bytes()), HostPath::new(b"\xce\xd6\xcd\xa8.pdf"));
        assert_eq!(utf8.decode_text("path", Charset::Utf8).unwrap(), PathBuf::from("沃通.pdf"));
        assert_eq!(gbk.decode_text("path", Charset::Gb18030).unwrap(), PathBuf::from("沃通.pdf"));
        let error = gbk.decode_text("path", Charset::Utf8).unwrap_err();
        assert_eq!((error.kind(), error.field()), (Kind::File, Some("path")));
        assert!(
            error.message().contains("UTF-8") && error.message().contains("charset"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_path_on_unix_is_any_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let path = HostPath::new(b"\xff/\xce").decode("path", Charset::Utf8).unwrap();
        assert_eq!(path.as_os_str().as_bytes(), b"\xff/\xce");
    }
}
