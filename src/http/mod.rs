//! One HTTP/1.1 exchange over a pooled connection. ureq's connectors (TCP, TLS, proxies) open the
//! connections; the exchange itself is ours, because the caller must know exactly what was sent.
//! This is the only module that uses ureq.

mod cancel_scope;
mod cancellation;
mod config;
mod connect_error;
mod connection;
mod connector;
mod deadline;
mod dns;
mod exchange;
mod exchange_error;
mod head;
mod peek;
mod pool;
mod race;
mod retry_after;
mod socket_wait;
mod tcp;
mod url;

pub(crate) use cancel_scope::CancelScope;
pub(crate) use exchange::{Exchange, HttpAnswer, HttpClient};
pub(crate) use exchange_error::ExchangeError;
pub(crate) use pool::ConnectionPool;
