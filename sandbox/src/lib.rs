//! A simulated WoTrus certificate service, written from the service's document: real HTTP, TLS and certificates, and
//! no account is needed.
//!
//! ```
//! use wotrus_sandbox::{Config, Sandbox};
//!
//! let sandbox = Sandbox::start(Config::immediate())?;
//! println!("{}, with the header WoTrusToken: {}", sandbox.http_url(), sandbox.token());
//! # assert!(sandbox.token().starts_with("tk_sandbox_"));
//! # Ok::<(), wotrus_sandbox::Error>(())
//! ```
//!
//! What the document leaves open is a named [`policy`]. The sections in this documentation are those of the service's
//! document, version V1.09.

mod certificate;
mod clock;
mod config;
mod connections;
mod error;
mod fault;
#[doc(hidden)]
pub mod fuzz;
mod http;
mod listeners;
mod management;
mod order;
pub mod policy;
mod product;
mod push;
mod refusal;
mod request;
mod sandbox;
mod service;
mod state;
mod storage;
mod time;
mod tracked_map;

/// The example of the README is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use config::Config;
pub use error::Error;
pub use fault::spec::{Fault, FaultError};
pub use management::{
    AttemptRecord, CertificateRecord, DocumentRecord, FaultRecord, JournalRecord, Management,
    ManagementError, OrderRecord, PushRecord, PushRequest, StatusRecord, StepRecord,
};
pub use order::Status;
pub use policy::{Policies, Policy, policies};
pub use product::{Kind, Product, products};
pub use sandbox::Sandbox;
pub use state::action::Action;
