//! Answers: the bytes as they came, and a type for each operation that is read from them.

mod envelope;
mod id;
mod order;
pub(crate) mod plain_text;
mod reason;
mod reply;
mod results;
mod warning;

pub(crate) use envelope::Envelope;
pub(crate) use id::usable;
pub use order::{Order, OrderOrganization, OrderStatus, PaymentStatus};
pub(crate) use reason::{plain, reason_in};
pub use reply::{Answer, Reply};
pub use results::{CreatedOrder, Reissued, Revocation};
pub use warning::Warning;
