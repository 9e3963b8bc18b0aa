//! Files that are read whole, `-` for standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::{Failure, Result};
use crate::lang::say;

/// Enough for three documents of the largest size in base64.
const LARGEST: u64 = 256 * 1024 * 1024;

static TAKEN: AtomicBool = AtomicBool::new(false);

/// The bytes of a file; `flag` is who asks, for errors.
pub(crate) fn bytes(flag: &str, path: &Path) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    let read = if path == Path::new("-") {
        if TAKEN.swap(true, Ordering::SeqCst) {
            let problem = say!("standard input is named twice", "标准输入被指定了两次");
            return Err(Failure::argument(flag, problem));
        }
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut content)
    } else {
        File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut content))
    };
    read.map_err(|error| Failure::file(path, &error))?;
    if content.len() as u64 > LARGEST {
        let problem = say!("is larger than 256 MiB", "超过 256 MiB");
        return Err(Failure::argument(flag, problem));
    }
    Ok(content)
}

/// The text of a file.
pub(crate) fn text(flag: &str, path: &Path) -> Result<String> {
    String::from_utf8(bytes(flag, path)?).map_err(|_| {
        let path = path.display();
        Failure::argument(flag, say!("{path} is not UTF-8", "{path} 不是 UTF-8"))
    })
}
