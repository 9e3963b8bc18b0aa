//! A document of an order, a revocation or a reissue: read while it is sent, never held as a whole.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::base64;
use crate::error::{Cause, Error, Kind, Result};
use crate::file;
use crate::json::{Value, wrong_type};
use crate::messages::{Message, message};

/// The maximum size of a document in bytes. The service document names no limit.
pub const MAX_DOCUMENT_SIZE: u64 = 64 * 1024 * 1024;

/// A file for the service: an attachment of an order, or the proof of a revocation or reissue.
///
/// It is encoded in base64 while it is sent, so memory does not grow with it, and it is read again for
/// each retry. A file that changes meanwhile ends the call before its last byte, with
/// [`Kind::File`](crate::Kind::File), so the service cannot process it.
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
    /// [`Kind::File`](crate::Kind::File) if it cannot be opened or is not a regular file;
    /// [`Kind::Argument`](crate::Kind::Argument) if it is empty, larger than [`MAX_DOCUMENT_SIZE`], or
    /// of another type (see [`from_path_as`](Self::from_path_as)).
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::open(path, file_type_of(path)?.to_owned())
    }

    /// A file on disk with the given type: `.jpg`, `.gif`, `.pdf`, or another that the service
    /// accepts.
    ///
    /// # Errors
    /// As [`from_path`](Self::from_path).
    pub fn from_path_as(path: impl AsRef<Path>, file_type: &str) -> Result<Self> {
        Self::open(path.as_ref(), checked_file_type(file_type)?)
    }

    /// The members that [`from_members`](Self::from_members) reads.
    pub(crate) const NAMES: [&str; 3] = ["fileType", "fileContent", "path"];

    /// The document in an object of the service's form: `fileContent` (base64) with `fileType`, or
    /// `path`, a file that is read while it is sent. Nothing if it has neither.
    pub(crate) fn from_members(object: Value<'_>) -> Result<Option<Self>> {
        // A number is no path: a file of this name would be sent, or an object be ignored.
        let text = |name| match object.get(name).filter(|value| !value.is_null()) {
            None => Ok(None),
            Some(value) => match value.scalar().filter(|_| value.is_text()) {
                Some(text) => Ok(Some(text).filter(|text| !text.is_empty())),
                None => Err(Error::argument(name, wrong_type(message!("a text"), value))),
            },
        };
        match (text("path")?, text("fileType")?, text("fileContent")?) {
            (Some(_), _, Some(_)) => {
                Err(Error::argument("path", message!("cannot be combined with fileContent")))
            }
            (Some(path), Some(file_type), None) => Self::from_path_as(&*path, &file_type).map(Some),
            (Some(path), None, None) => Self::from_path(&*path).map(Some),
            (None, _, None) => Ok(None),
            (None, None, Some(_)) => {
                Err(Error::argument("fileType", message!("is required, but empty")))
            }
            (None, Some(file_type), Some(content)) => {
                let bytes = base64::decode(content.as_bytes())
                    .ok_or_else(|| Error::argument("fileContent", message!("is not base64")))?;
                Self::from_bytes(bytes, &file_type).map(Some)
            }
        }
    }

    fn open(path: &Path, file_type: String) -> Result<Self> {
        let (_, metadata) = file::open_regular(path).map_err(|error| file_error(path, error))?;
        let source = Source::Path(path.to_owned(), metadata.modified().ok());
        Self::sized(source, metadata.len(), file_type)
    }

    /// Bytes in memory; `file_type` is `.jpg`, `.gif`, `.pdf`, or another that the service accepts.
    ///
    /// # Errors
    /// [`Kind::Argument`](crate::Kind::Argument) if there are no bytes, or more than
    /// [`MAX_DOCUMENT_SIZE`], or if `file_type` is not a dot and up to eight letters and digits.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>, file_type: &str) -> Result<Self> {
        let bytes: Arc<[u8]> = bytes.into().into();
        let size = bytes.len() as u64;
        Self::sized(Source::Bytes(bytes), size, checked_file_type(file_type)?)
    }

    /// A reader that can seek. It is read from its start for each attempt. Clones share it and take
    /// turns.
    ///
    /// # Errors
    /// [`Kind::File`](crate::Kind::File) if its length cannot be found; otherwise as
    /// [`from_bytes`](Self::from_bytes).
    pub fn from_reader(reader: impl Read + Seek + Send + 'static, file_type: &str) -> Result<Self> {
        let mut reader = reader;
        let size = reader.seek(SeekFrom::End(0)).map_err(|error| {
            let reason = Message::of_io(&error);
            let message = message!("the length of the document cannot be found: {}", reason);
            Error::new(Kind::File, Cause::FileRead, message).caused_by(error)
        })?;
        let file_type = checked_file_type(file_type)?;
        Self::sized(Source::Reader(Arc::new(Mutex::new(reader))), size, file_type)
    }

    fn sized(source: Source, size: u64, file_type: String) -> Result<Self> {
        Self::check_size(size)?;
        Ok(Self { source, size, file_type })
    }

    pub(crate) fn check_size(size: u64) -> Result<()> {
        if size == 0 {
            return Err(Error::argument("fileContent", message!("the document is empty")));
        }
        if size > MAX_DOCUMENT_SIZE {
            let limit = MAX_DOCUMENT_SIZE / 1024 / 1024;
            return Err(Error::argument("fileContent", message!("is larger than {} MiB", limit)));
        }
        Ok(())
    }

    /// The type of the file as the service names it, with its dot: `.pdf`.
    pub fn file_type(&self) -> &str {
        &self.file_type
    }

    /// Its size in bytes, before base64 encoding.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Opens it for one attempt.
    pub(crate) fn reader(&self) -> Result<DocumentReader<'_>> {
        let content = match &self.source {
            Source::Bytes(bytes) => Content::Bytes(bytes),
            Source::Reader(reader) => Content::Shared(reader),
            Source::Path(path, _) => {
                let opened = file::open_regular(path);
                Content::File(opened.map_err(|error| file_error(path, error))?.0)
            }
        };
        Ok(DocumentReader { document: self, content, position: 0 })
    }

    fn name(&self) -> Message {
        match &self.source {
            Source::Path(path, _) => Message::verbatim(path.display().to_string()),
            _ => message!("the document"),
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

/// Reads a document once, and checks that it has not changed.
pub(crate) struct DocumentReader<'a> {
    document: &'a Document,
    content: Content<'a>,
    /// Bytes read so far.
    position: u64,
}

impl DocumentReader<'_> {
    /// Fills `buffer`, except at the end of the document. With the last byte the document must be as
    /// long as it was, and its file not modified since.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let wanted = buffer.len().min((self.document.size - self.position) as usize);
        let buffer = &mut buffer[..wanted];
        match &mut self.content {
            Content::Bytes(bytes) => bytes.read_exact(buffer),
            Content::File(file) => file.read_exact(buffer),
            Content::Shared(reader) => {
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                let at = SeekFrom::Start(self.position);
                reader.seek(at).and_then(|_| reader.read_exact(buffer))
            }
        }
        .map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                let name = self.document.name();
                changed(message!("{} became shorter while it was being sent", name))
            }
            _ => unreadable(self.document.name(), error),
        })?;
        self.position += wanted as u64;
        if self.position == self.document.size && !self.is_unchanged()? {
            let name = self.document.name();
            return Err(changed(message!("{} changed while it was being sent", name)));
        }
        Ok(wanted)
    }

    fn is_unchanged(&mut self) -> Result<bool> {
        let size = self.document.size;
        Ok(match (&mut self.content, &self.document.source) {
            (Content::File(file), Source::Path(path, modified)) => {
                let metadata = file.metadata().map_err(|error| file_error(path, error))?;
                metadata.len() == size && metadata.modified().ok() == *modified
            }
            (Content::Shared(reader), _) => {
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                reader.seek(SeekFrom::End(0)).is_ok_and(|end| end == size)
            }
            _ => true,
        })
    }
}

fn changed(message: Message) -> Error {
    Error::new(Kind::File, Cause::FileChanged, message)
}

fn file_error(path: &Path, error: io::Error) -> Error {
    unreadable(Message::verbatim(path.display().to_string()), error)
}

fn unreadable(name: Message, error: io::Error) -> Error {
    let message = message!("{}: {}", name, Message::of_io(&error));
    Error::new(Kind::File, Cause::FileRead, message).caused_by(error)
}

/// The type of a file by its name; the service document lists these three.
fn file_type_of(path: &Path) -> Result<&'static str> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("jpg" | "jpeg") => Ok(".jpg"),
        Some("gif") => Ok(".gif"),
        Some("pdf") => Ok(".pdf"),
        _ => {
            let name = path.display().to_string();
            let rule = message!(
                "{} does not end in .jpg, .gif or .pdf; give its type if the service takes it",
                name
            );
            Err(Error::argument("fileType", rule))
        }
    }
}

/// A type that the caller names. Any that has the form of one is passed on.
fn checked_file_type(file_type: &str) -> Result<String> {
    let ending = file_type.strip_prefix('.').unwrap_or_default();
    let plain =
        (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    match file_type {
        ".jpeg" => Ok(".jpg".to_owned()),
        _ if plain => Ok(file_type.to_owned()),
        _ => Err(Error::argument(
            "fileType",
            message!("should be a file extension with its dot, such as .pdf"),
        )),
    }
}
