//! A document that goes along with an order: read while it is sent, never held whole.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Cause, Error, Kind, Result};
use crate::json::Value;

/// The largest document taken; the service names no limit of its own.
pub const MAX_DOCUMENT_SIZE: u64 = 64 * 1024 * 1024;

/// A file for the service: an attachment of an order, or the proof of a revocation or reissue.
///
/// It is encoded as base64 while it is being sent, so memory does not grow with it, and it can be
/// sent again on a retry. A file that changes meanwhile ends the call before its last byte, with
/// kind [`Kind::File`].
#[derive(Clone)]
pub struct Document {
    source: Source,
    size: u64,
    file_type: String,
}

#[derive(Clone)]
enum Source {
    Path(PathBuf, Option<SystemTime>),
    Bytes(Arc<[u8]>),
    Reader(Arc<Mutex<dyn ReadSeek>>),
}

trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

impl Document {
    /// A file on disk; its type is taken from its name: `.jpg`, `.jpeg`, `.gif`, `.pdf`.
    ///
    /// # Errors
    /// [`Kind::File`] if it is not there, no regular file or empty; [`Kind::Argument`] for
    /// another type of file (see [`from_path_as`](Self::from_path_as)) or one over
    /// [`MAX_DOCUMENT_SIZE`].
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::open(path, file_type_of(path)?.to_owned())
    }

    /// A file on disk whose type (`.jpg`, `.gif`, `.pdf`, or what else the service may take) is
    /// given, not taken from its name.
    ///
    /// # Errors
    /// As [`from_path`](Self::from_path).
    pub fn from_path_as(path: impl AsRef<Path>, file_type: &str) -> Result<Self> {
        Self::open(path.as_ref(), checked_file_type(file_type)?)
    }

    /// The document that an object in the service's form holds, as `fileContent` (base64) with
    /// `fileType`, or as a `path` to be read while it is sent.
    pub(crate) fn from_members(object: Value<'_>) -> Result<Option<Self>> {
        let text = |name| object.get(name)?.scalar().filter(|text| !text.is_empty());
        let (file_type, content) = (text("fileType"), text("fileContent"));
        match (text("path"), file_type, content) {
            (Some(_), _, Some(_)) => Err(Error::argument("path", "stands beside fileContent")),
            (Some(path), Some(file_type), None) => Self::from_path_as(&*path, &file_type).map(Some),
            (Some(path), None, None) => Self::from_path(&*path).map(Some),
            (None, _, None) => Ok(None),
            (None, None, Some(_)) => Err(Error::argument("fileType", "is required and empty")),
            (None, Some(file_type), Some(content)) => {
                let bytes = STANDARD
                    .decode(&*content)
                    .map_err(|_| Error::argument("fileContent", "is not base64"))?;
                Self::from_bytes(bytes, &file_type).map(Some)
            }
        }
    }

    fn open(path: &Path, file_type: String) -> Result<Self> {
        let file = open(path).map_err(|error| file_error(path, &error))?;
        let meta = file.metadata().map_err(|error| file_error(path, &error))?;
        Self::sized(Source::Path(path.to_owned(), meta.modified().ok()), meta.len(), file_type)
    }

    /// Bytes in memory; `file_type` is `.jpg`, `.gif` or `.pdf` (or what else the service may take).
    ///
    /// # Errors
    /// [`Kind::Argument`] for no bytes or too many, or a type that is none.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>, file_type: &str) -> Result<Self> {
        let bytes: Arc<[u8]> = bytes.into().into();
        let size = bytes.len() as u64;
        Self::sized(Source::Bytes(bytes), size, checked_file_type(file_type)?)
    }

    /// Anything that can be read and rewound: it is read from its start for each attempt. Clones
    /// share the reader, and take turns.
    ///
    /// # Errors
    /// [`Kind::File`] if its length cannot be found; else as [`from_bytes`](Self::from_bytes).
    pub fn from_reader(reader: impl Read + Seek + Send + 'static, file_type: &str) -> Result<Self> {
        let mut reader = reader;
        let size = reader.seek(SeekFrom::End(0)).map_err(|error| {
            Error::new(
                Kind::File,
                Cause::FileRead,
                format!("the document cannot be sized: {error}"),
            )
        })?;
        let file_type = checked_file_type(file_type)?;
        Self::sized(Source::Reader(Arc::new(Mutex::new(reader))), size, file_type)
    }

    fn sized(source: Source, size: u64, file_type: String) -> Result<Self> {
        if size == 0 {
            return Err(Error::argument("fileContent", "the document is empty"));
        }
        if size > MAX_DOCUMENT_SIZE {
            let limit = MAX_DOCUMENT_SIZE / 1024 / 1024;
            return Err(Error::argument("fileContent", format!("is larger than {limit} MiB")));
        }
        Ok(Self { source, size, file_type })
    }

    /// The service's word for the kind of file, with its dot: `.pdf`.
    pub fn file_type(&self) -> &str {
        &self.file_type
    }

    /// Its size in bytes, before base64.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Opens it for one attempt.
    pub(crate) fn reader(&self) -> Result<DocumentReader<'_>, String> {
        let content = match &self.source {
            Source::Bytes(bytes) => Content::Bytes(bytes),
            Source::Reader(reader) => Content::Shared(reader),
            Source::Path(path, _) => {
                Content::File(open(path).map_err(|e| format!("{}: {e}", path.display()))?)
            }
        };
        Ok(DocumentReader { document: self, content, read: 0 })
    }

    fn name(&self) -> String {
        match &self.source {
            Source::Path(path, _) => path.display().to_string(),
            _ => "the document".to_owned(),
        }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        write!(f, "Document({name}, {} bytes, {})", self.size, self.file_type)
    }
}

enum Content<'a> {
    Bytes(&'a [u8]),
    File(File),
    Shared(&'a Mutex<dyn ReadSeek>),
}

/// Reads a document once, and notices if it is no longer what it was.
pub(crate) struct DocumentReader<'a> {
    document: &'a Document,
    content: Content<'a>,
    read: u64,
}

impl DocumentReader<'_> {
    /// Fills `buffer` as far as the document goes; less than all of it only at the end, where the
    /// document must be as long, and as old, as it was.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, String> {
        let wanted = buffer.len().min((self.document.size - self.read) as usize);
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                format!("{} became shorter while it was being sent", self.document.name())
            }
            _ => format!("{}: {error}", self.document.name()),
        };
        let buffer = &mut buffer[..wanted];
        match &mut self.content {
            Content::Bytes(bytes) => bytes.read_exact(buffer),
            Content::File(file) => file.read_exact(buffer),
            Content::Shared(reader) => {
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                reader.seek(SeekFrom::Start(self.read)).and_then(|_| reader.read_exact(buffer))
            }
        }
        .map_err(failed)?;
        self.read += wanted as u64;
        if self.read == self.document.size {
            self.unchanged()?;
        }
        Ok(wanted)
    }

    fn unchanged(&mut self) -> Result<(), String> {
        let size = self.document.size;
        let same = match (&mut self.content, &self.document.source) {
            (Content::File(file), Source::Path(_, modified)) => {
                let meta = file.metadata().map_err(|error| error.to_string())?;
                meta.len() == size && meta.modified().ok() == *modified
            }
            (Content::Shared(reader), _) => {
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                reader.seek(SeekFrom::End(0)).is_ok_and(|end| end == size)
            }
            _ => true,
        };
        if same {
            Ok(())
        } else {
            Err(format!("{} changed while it was being sent", self.document.name()))
        }
    }
}

/// Opening a FIFO would block for ever, and reading a directory fails late. A path can become one
/// of them after the document was made, so this is asked each time.
fn open(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("is not a regular file"));
    }
    File::open(path)
}

fn file_error(path: &Path, error: &io::Error) -> Error {
    Error::new(Kind::File, Cause::FileRead, format!("{}: {error}", path.display()))
}

/// The types the document lists, by a file's name.
fn file_type_of(path: &Path) -> Result<&'static str> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("jpg" | "jpeg") => Ok(".jpg"),
        Some("gif") => Ok(".gif"),
        Some("pdf") => Ok(".pdf"),
        _ => {
            let name = path.display();
            let rule = format!(
                "{name} does not end in .jpg, .gif or .pdf; give its type if the service takes it"
            );
            Err(Error::argument("fileType", rule))
        }
    }
}

/// A type the caller names: what looks like one is passed on.
fn checked_file_type(file_type: &str) -> Result<String> {
    let ending = file_type.strip_prefix('.').unwrap_or_default();
    let plain =
        (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    match file_type {
        ".jpeg" => Ok(".jpg".to_owned()),
        _ if plain => Ok(file_type.to_owned()),
        _ => Err(Error::argument("fileType", "is not a dot and an ending, as in .pdf")),
    }
}
