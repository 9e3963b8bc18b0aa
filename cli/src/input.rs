//! Reads input files as a whole; `-` is standard input.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use wotrus::Document;

use crate::charset;
use crate::failure::{Failure, Result};
use crate::lang::{named, say};
use crate::{open, text_file};

/// Enough for three documents of the largest size in base64.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

static STDIN_USED: AtomicBool = AtomicBool::new(false);

/// How messages name a file.
pub(crate) fn name(path: &Path) -> String {
    match path == Path::new("-") {
        true => say!("standard input", "标准输入"),
        false => charset::display(path),
    }
}

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
    read.map_err(|error| Failure::file(path, &error).of_flag(flag))?;
    if content.len() as u64 > MAX_BYTES {
        let problem = say!("is larger than 256 MiB", "超过 256 MiB");
        return Err(Failure::argument(flag, named(&name(path), problem)));
    }
    Ok(content)
}

/// The text of a file in UTF-8, without a byte order mark.
pub(crate) fn text(flag: &str, path: &Path) -> Result<String> {
    text_file::decode(bytes(flag, path)?)
        .map_err(|problem| Failure::argument(flag, named(&name(path), problem)))
}

/// The text of a CSR. The service would take an order with an empty one as an order without a CSR.
pub(crate) fn csr(flag: &str, path: &Path) -> Result<String> {
    let csr = text(flag, path)?;
    match csr.trim().is_empty() {
        true => Err(Failure::argument(flag, named(&name(path), say!("is empty", "为空")))),
        false => Ok(csr),
    }
}

/// A document that is read when it is sent.
pub(crate) fn document(flag: &str, path: &Path) -> Result<Document> {
    check_document(path).map_err(|failure| failure.of_flag(flag))?;
    Document::from_path(path).map_err(|error| Failure::from(error).of_flag(flag))
}

/// Checks that the file of a document can be opened. The library does so too, but has the system's text of the
/// error, which is English.
pub(crate) fn check_document(path: &Path) -> Result<()> {
    let opened = match path.is_dir() {
        true => Err(open::not_regular()),
        false => open::regular(path, OpenOptions::new().read(true)),
    };
    opened.map(drop).map_err(|error| Failure::file(path, &error))
}
