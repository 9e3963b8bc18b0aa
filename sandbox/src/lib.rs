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

mod answer;
mod ca;
mod certificate;
mod clock;
mod config;
mod csr;
mod document;
mod envelope;
mod error;
mod fields;
mod http;
mod key;
mod listen;
mod operation;
mod order;
pub mod policy;
mod product;
mod request;
mod route;
mod sandbox;
mod service;
mod state;
mod time;
mod tls;

pub use config::Config;
pub use error::Error;
pub use policy::{Policies, Policy, policies};
pub use product::{Kind, Product, products};
pub use sandbox::Sandbox;
