//! The WoTrus certificate service, simulated from its document: real HTTP, real TLS, real certificates,
//! no account needed.
//!
//! ```
//! use wotrus_sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::start(Config::immediate())?;
//! println!("{} wants the header WoTrusToken: {}", sandbox.http_url(), sandbox.token());
//! # assert!(sandbox.token().starts_with("tk_sandbox_"));
//! # Ok::<(), wotrus_sandbox::Error>(())
//! ```
//!
//! What the document leaves open is a named [`policy`]. Sections named in this documentation are
//! those of the service's own document, version V1.09.

mod action;
mod answer;
mod anyone;
mod ca;
mod certificate;
mod clock;
mod config;
mod csr;
mod document;
mod envelope;
mod error;
mod fault;
mod faults;
mod fields;
mod front;
mod http;
mod journal;
mod kept;
mod key;
mod listen;
mod management;
mod operation;
mod order;
mod outbox;
mod pending;
pub mod policy;
mod post;
mod product;
mod pump;
mod reply;
mod request;
mod route;
mod sandbox;
mod serve;
mod service;
mod state;
mod store;
mod time;
mod tls;
mod tracked;
mod turn;
mod wire;

/// The README's example is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use action::Action;
pub use config::Config;
pub use error::Error;
pub use fault::{Fault, FaultError};
pub use management::{
    AttemptRecord, CertificateRecord, DocumentRecord, FaultRecord, JournalRecord, Management,
    ManagementError, OrderRecord, PushRecord, PushRequest, StatusRecord, StepRecord,
};
pub use order::Status;
pub use policy::{Policies, Policy, policies};
pub use product::{Kind, Product, products};
pub use sandbox::Sandbox;
