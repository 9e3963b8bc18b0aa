//! Orders, tracks, fetches, cancels, revokes and reissues WoTrus (沃通) certificates.
//!
//! A synchronous client of the WoTrus reseller API (document version V1.09) that answers the
//! question every reseller has when something goes wrong: *may the order exist?* A call is sent
//! again only where that cannot order twice, ends within its time, follows no redirect with your
//! token, and takes nothing for success that is none. [`Error`] says what kind of failure it was,
//! whether the service got the call, and how to go on.
//!
//! Start at [`Client`]. Types bear the document's names in Rust's spelling; each field's doc has
//! the name on the wire.

mod answer;
mod base64;
mod call;
mod certificate;
mod client;
mod delivery;
mod error;
mod event;
#[cfg(feature = "capi")]
mod ffi;
mod file;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzz;
mod http;
mod json;
mod options;
mod push;
mod redact;
mod request;
mod secret;
mod session;
mod wait;

pub use answer::{
    Answer, CreatedOrder, Order, OrderOrganization, OrderStatus, PaymentStatus, Reissued, Reply,
    Revocation, Warning,
};
pub use certificate::{CertificateBundle, Certificates, ChainStatus, pki};
pub use client::Client;
pub use error::{Cause, Delivery, Error, Kind, Result};
pub use event::{Event, StopFlag};
pub use options::{CallOptions, ClientBuilder, DEFAULT_BASE_URL};
pub use push::{OrderPush, Push, PushKind};
pub use request::document::{Document, MAX_DOCUMENT_SIZE};
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
