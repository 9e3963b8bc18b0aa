//! Reads input files as a whole; `-` is standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::charset;
use crate::failure::{Failure, Result};
use crate::lang::say;
use crate::text_file;

/// Enough for three documents of the largest size in base64.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

static STDIN_USED: AtomicBool = AtomicBool::new(false);

/// The bytes of a file; `flag` is named in errors.
pub(crate) fn bytes(flag: &str, path: &Path) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    let read = if path == Path::new("-") {
        if STDIN_USED.swap(true, Ordering::SeqCst) {
            let problem = say!("standard input can be used only once", "标准输入只能使用一次");
            return Err(Failure::argument(flag, problem));
        }
        io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut content)
    } else {
        File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut content))
    };
    read.map_err(|error| Failure::file(path, &error))?;
    if content.len() as u64 > MAX_BYTES {
        let problem = say!("is larger than 256 MiB", "超过 256 MiB");
        return Err(Failure::argument(flag, problem));
    }
    Ok(content)
}

/// The text of a file in UTF-8, without a byte order mark.
pub(crate) fn text(flag: &str, path: &Path) -> Result<String> {
    text_file::decode(bytes(flag, path)?).map_err(|problem| {
        let path = charset::display(path);
        Failure::argument(flag, format!("{path}: {problem}"))
    })
}
