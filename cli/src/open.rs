//! Opening files that must be regular files.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use crate::lang::say;

/// Opens a file and makes sure that it is a regular one. A FIFO or a device is an error and does not
/// block.
pub(crate) fn regular(path: &Path, options: &OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    let options = {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = options.clone();
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        options
    };
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

/// Whether a file can be read again by another process. The names of descriptors are those of other files there,
/// and what a pipe has given is gone. The file is not opened, which could block.
pub(crate) fn is_repeatable(path: &Path) -> bool {
    const DESCRIPTORS: [&str; 3] = ["/dev/stdin", "/dev/fd", "/proc"];
    let is_descriptor = cfg!(unix) && DESCRIPTORS.iter().any(|it| path.starts_with(it));
    !is_descriptor && std::fs::metadata(path).map_or(true, |found| found.is_file())
}

/// Reads the whole of a regular file.
pub(crate) fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    regular(path, OpenOptions::new().read(true))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn not_regular() -> io::Error {
    io::Error::other(say!("is not a regular file", "不是普通文件"))
}
