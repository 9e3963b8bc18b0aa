//! Opening a local file that must be a regular one. No other module of the library opens files.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use crate::messages::message;

/// Opens a regular file. Anything else (a directory, a FIFO, a device) is refused after opening, so
/// that the file cannot be replaced between a check and the opening.
pub(crate) fn open_regular(path: &Path) -> io::Result<(File, Metadata)> {
    let irregular = || message!("is not a regular file").into_io(io::ErrorKind::InvalidInput);
    // Windows opens no folders, and says that access is denied.
    let file = options().open(path).map_err(|error| match path.is_dir() {
        true => irregular(),
        false => error,
    })?;
    let metadata = file.metadata()?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(irregular()) }
}

/// Reads the whole of a regular file.
pub(crate) fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let (mut file, _) = open_regular(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Opening a FIFO would block until another process writes to it, hence O_NONBLOCK. It has no effect on
/// reading a regular file.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NONBLOCK | libc::O_NOCTTY,
    );
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_opened_and_nothing_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let regular = folder.path().join("regular");
        std::fs::write(&regular, "text").unwrap();
        assert_eq!(open_regular(&regular).unwrap().1.len(), 4);
        assert_eq!(read_regular(&regular).unwrap(), b"text");

        let is_refused = |special: &Path| {
            let error = open_regular(special).unwrap_err();
            assert_eq!(error.to_string(), "is not a regular file", "{}", special.display());
        };
        is_refused(folder.path());
        #[cfg(unix)]
        {
            let fifo = folder.path().join("fifo");
            assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
            is_refused(&fifo);
            is_refused(Path::new("/dev/null"));
        }
        // The system itself may refuse a device, with its own error.
        #[cfg(windows)]
        for device in ["NUL", r"\\.\NUL"] {
            assert!(open_regular(Path::new(device)).is_err(), "{device}");
        }
        let missing = open_regular(&folder.path().join("missing")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
