//! The error of starting a sandbox.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a sandbox cannot start.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The sandbox cannot listen on an address.
    Listen(SocketAddr, io::Error),
    /// The server's threads cannot be started.
    Runtime(io::Error),
    /// A key or a certificate cannot be created.
    Certificate(String),
    /// The state file cannot be used: its path and the reason.
    State(PathBuf, String),
    /// The configuration is invalid.
    Config(String),
}

impl Error {
    pub(crate) fn certificate(reason: &str) -> Self {
        Self::Certificate(reason.to_owned())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Runtime(error) => write!(f, "cannot start the server's threads: {error}"),
            Self::Certificate(reason) => write!(f, "cannot create a certificate: {reason}"),
            Self::State(path, reason) => {
                write!(f, "cannot use the state file {}: {reason}", path.display())
            }
            Self::Config(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen(_, error) | Self::Runtime(error) => Some(error),
            Self::Certificate(_) | Self::State(..) | Self::Config(_) => None,
        }
    }
}

impl From<x509_cert::builder::Error> for Error {
    fn from(error: x509_cert::builder::Error) -> Self {
        Self::Certificate(error.to_string())
    }
}

impl From<x509_cert::der::Error> for Error {
    fn from(error: x509_cert::der::Error) -> Self {
        Self::Certificate(error.to_string())
    }
}

impl From<x509_cert::spki::Error> for Error {
    fn from(error: x509_cert::spki::Error) -> Self {
        Self::Certificate(error.to_string())
    }
}
