//! Certificates: the authorities, what they issue, and the requests and names that they issue for.

pub(crate) mod authority;
pub(crate) mod csr;
pub(crate) mod host_name;
pub(crate) mod key;
pub(crate) mod profile;
