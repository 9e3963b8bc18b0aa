//! Paths that the host gives. On Unix a path is any bytes. On Windows it is text in the charset of the client
//! that uses it, which is known only then.

use std::path::PathBuf;

use super::text::Charset;
use crate::messages::Message;
#[cfg(any(test, not(unix)))]
use crate::messages::message;

/// A path as the host gave it.
#[derive(Clone)]
pub(super) struct HostPath(Box<[u8]>);

impl HostPath {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// Decodes the path for a client with this charset, or says what is wrong with it.
    #[cfg(unix)]
    pub(super) fn decode(&self, _: Charset) -> Result<PathBuf, Message> {
        use std::os::unix::ffi::OsStrExt;
        Ok(std::ffi::OsStr::from_bytes(&self.0).into())
    }

    #[cfg(not(unix))]
    pub(super) fn decode(&self, charset: Charset) -> Result<PathBuf, Message> {
        self.decode_text(charset)
    }

    #[cfg(any(test, not(unix)))]
    fn decode_text(&self, charset: Charset) -> Result<PathBuf, Message> {
        match charset.decode("path", &self.0) {
            Ok(path) => Ok(PathBuf::from(&*path)),
            Err(_) => Err(message!(
                "the path is not {}, which the option charset names",
                charset.as_str()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_on_windows_is_text_in_the_charset() {
        let (utf8, gbk) =
            (HostPath::new("沃通.pdf".as_bytes()), HostPath::new(b"\xce\xd6\xcd\xa8.pdf"));
        assert_eq!(utf8.decode_text(Charset::Utf8).unwrap(), PathBuf::from("沃通.pdf"));
        assert_eq!(gbk.decode_text(Charset::Gb18030).unwrap(), PathBuf::from("沃通.pdf"));
        let problem = gbk.decode_text(Charset::Utf8).unwrap_err().to_string();
        assert!(problem.contains("UTF-8") && problem.contains("option charset"), "{problem}");
    }

    #[cfg(unix)]
    #[test]
    fn a_path_on_unix_is_any_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let path = HostPath::new(b"\xff/\xce").decode(Charset::Utf8).unwrap();
        assert_eq!(path.as_os_str().as_bytes(), b"\xff/\xce");
    }
}
