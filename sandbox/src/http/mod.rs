//! HTTP/1.1: listeners, connections, TLS, bodies, and the stream beneath them.

pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod fault_stream;
pub(crate) mod listener;
pub(crate) mod reply;
pub(crate) mod tls;
