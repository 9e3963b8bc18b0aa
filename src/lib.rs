//! Orders, tracks, retrieves, cancels, revokes and reissues WoTrus (沃通) certificates.
//!
//! A synchronous client of the WoTrus reseller API (document version V1.09). It answers the question
//! that every reseller has when a call fails: *may the order exist?* A call is sent again only where
//! that cannot create a second order; it ends within its timeout; it never follows a redirect, which
//! would carry the token to another host; and only an answer that is complete and says success counts
//! as one.
//!
//! # Where to start
//!
//! [`Client`] has a method for each operation, with an example each. [`ClientBuilder`] lists the
//! options. Every error is an [`Error`]: its [`kind`](Error::kind) asks for a reaction, and its
//! [`delivery`](Error::delivery) says whether the service got the call; [`Error`] has an example that
//! acts on it. Types have the document's names in Rust's spelling, and the documentation of each field
//! has its name on the wire.
//!
//! ```no_run
//! use wotrus::{Client, OrderRequest, WaitOptions, product};
//!
//! # fn main() -> wotrus::Result<()> {
//! let client = Client::builder().token("tk_…").build()?;
//! let mut order = OrderRequest::new(product::PDF_SIGNING, "沃通", 12, "沃通");
//! // The key of the order in your database: with it, the order can be sent again safely.
//! order.info.idempotence_id = Some("order-4711".into());
//! let created = client.create_order(&order)?;
//! let certificates = client.wait_for_certificate(created.value().id(), &WaitOptions::new())?;
//! # Ok(()) }
//! ```
//!
//! # When a call is sent again
//!
//! By default a call is sent again up to two times, within its timeout, after pauses of 0.5 s, 1 s, …,
//! or as long as `Retry-After` asks.
//!
//! | outcome of an attempt | query, retrieve, order with idempotenceID | other writing calls |
//! | --- | --- | --- |
//! | nothing was sent: no connection, an incomplete request | sent again | sent again |
//! | HTTP 429, or 5xx before the whole request was sent | sent again | sent again |
//! | HTTP 417 to the `Expect` header of a large request | sent again without it | sent again without it |
//! | HTTP 5xx after the request; no answer, or an unusable one | sent again | **not** sent again: [`Kind::UnknownOutcome`] |
//! | another 4xx, a redirect, `isSuccess: false` | not sent again | not sent again |
//!
//! # Threads, processes, async
//!
//! [`Client`] is `Send`, `Sync` and cheap to clone. Calls block; in async code, make them in
//! `spawn_blocking`. [`Client::cancel`] ends them from another thread. After a fork, parent and child
//! may both use a client that was made before. The library starts a thread only to resolve a name and
//! to open a connection.
//!
//! # Cargo features
//!
//! - `capi`: the C interface, for building `libwotrus.so` and `libwotrus.a`; off by default. Rust
//!   programs do not need it.
//! - `system-ca`: the CAs of the operating system as [`ca_file`](ClientBuilder::ca_file); off by default,
//!   part of `capi`.
//!
//! # Minimum supported Rust version
//!
//! Rust 1.85. A new minor version of this library may need a later Rust.
//!
//! # Logging
//!
//! The library logs nothing itself: [`ClientBuilder::observer`] receives the events of each call. The
//! TLS and connection layers (`rustls`, `ureq`) log through the `log` crate. No record contains the
//! token or another secret, at any level.
//!
//! # Semantic versioning
//!
//! Before 1.0, a new minor version (0.x) may change the Rust interface, and CHANGELOG.md says how to
//! follow; a patch version only adds. [`Delivery`] is complete; [`Kind`], [`Cause`] and [`Event`] may
//! gain variants. The C interface has its own version (`WOTRUS_ABI`), to which minor versions only
//! add.

mod answer;
mod any_endpoint;
mod base64;
mod body;
mod calendar;
mod call;
mod certificate;
mod client;
mod delivery;
mod digits;
mod document;
mod error;
mod event;
#[cfg(feature = "capi")]
mod ffi;
mod fields;
mod file;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzz;
mod http;
mod json;
mod messages;
mod named;
mod options;
mod percent;
mod push;
mod redact;
mod request;
mod secret;
mod session;
mod text_encoding;
mod validation;
mod wait;

pub use answer::{
    Answer, CreatedOrder, Order, OrderOrganization, OrderStatus, PaymentStatus, Reissued, Reply,
    Revocation, Warning,
};
pub use certificate::{CertificateBundle, Certificates, ChainStatus, pki};
pub use client::Client;
pub use document::{Document, MAX_DOCUMENT_SIZE};
pub use error::{Cause, Delivery, Error, Kind, Result};
pub use event::{Event, StopFlag};
pub use messages::{Lang, Message};
pub use options::{CallOptions, ClientBuilder, DEFAULT_BASE_URL};
pub use push::{OrderPush, Push, PushKind};
pub use request::{
    DocumentType, OrderDocument, OrderInfo, OrderRequest, Organization, ReissueRequest,
    RevokeRequest, product,
};
pub use secret::Secret;
pub use wait::WaitOptions;

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
