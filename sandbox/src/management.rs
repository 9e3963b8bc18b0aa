//! The management side: what the people of the real service, and its clock, would do.

mod api;
mod error;
mod guard;
mod record;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::action::Action;
use crate::csr::Csr;
use crate::fault::{Fault, FaultError};
use crate::kept::Change;
use crate::order::Status;
use crate::outbox::{News, body};
use crate::policy::UnknownPolicy;
use crate::reply::Reply;
use crate::service::Service;
use crate::time::millis;

pub(crate) use api::{Door, answer};
pub use error::ManagementError;
pub use record::{
    AttemptRecord, CertificateRecord, DocumentRecord, FaultRecord, JournalRecord, OrderRecord,
    PushRecord, StatusRecord, StepRecord,
};

/// The most pushes that one request makes.
const COPIES_MAX: u32 = 100;

/// The management side of a running sandbox, in the same process. Cheap to clone. It holds no thread and
/// no socket, and may outlive the sandbox, but then nothing listens to what it does.
///
/// ```
/// use std::time::Duration;
/// use wotrus_sandbox::{Action, Config, Sandbox, policy};
///
/// let mut config = Config::immediate();
/// config.policies.review = policy::Review::Manual;
/// let sandbox = Sandbox::start(config)?;
/// let management = sandbox.management();
/// for order in management.orders() {
///     management.act(&order.order_id, Action::Approve)?;
/// }
/// management.forward(Duration::from_secs(24 * 3600));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Management {
    service: Arc<Service>,
}

/// A push made by hand: an order's again, one of an unknown kind, or any JSON.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushRequest {
    /// The order it is about; its flags are the order's as it stands.
    pub order_id: Option<String>,
    /// The kind, `order` unless another is given (section 8 names an organisation's, and describes none).
    pub data_action: Option<String>,
    /// The whole body, to send any JSON instead.
    pub body: Option<Value>,
    /// How many of it; none means one.
    pub copies: Option<u32>,
}

impl Management {
    pub(crate) fn new(service: Arc<Service>) -> Self {
        Self { service }
    }

    async fn settled(&self) -> Result<(), Reply> {
        self.service.settled().await
    }

    /// The sandbox as it stands.
    #[must_use]
    pub fn status(&self) -> StatusRecord {
        StatusRecord::of(&self.service)
    }

    /// Every order, newest first.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderRecord> {
        self.some_orders(Part::ALL).items
    }

    fn some_orders(&self, part: Part) -> Listed<OrderRecord> {
        let turn = self.service.state(self.service.clock.now());
        let mut orders: Vec<_> = turn.orders.values().collect();
        orders.sort_by_key(|order| std::cmp::Reverse(order.number));
        part.of(&orders, |order| OrderRecord::of(order))
    }

    /// One order.
    ///
    /// # Errors
    /// When there is none of that id.
    pub fn order(&self, id: &str) -> Result<OrderRecord, ManagementError> {
        let turn = self.service.state(self.service.clock.now());
        turn.find(id).map(OrderRecord::of).ok_or_else(|| ManagementError::no_order(id))
    }

    /// Does to an order what a person would; gives its new state.
    ///
    /// # Errors
    /// When there is no such order, or its state does not allow it: [`OrderRecord::actions`] says what is
    /// possible.
    pub fn act(&self, id: &str, action: Action) -> Result<Status, ManagementError> {
        let now = self.service.clock.now();
        let turn = &mut self.service.state(now);
        turn.act(id, action, now).map_err(|denied| ManagementError::denied(id, denied))
    }

    /// Hands in the CSR that an order waits for, PEM, as its customer would at `pendingLink`.
    ///
    /// # Errors
    /// When there is no such order, it waits for no CSR, or this is none.
    pub fn hand_in_csr(&self, id: &str, pem: &str) -> Result<(), ManagementError> {
        let now = self.service.clock.now();
        let mut turn = self.service.state(now);
        turn.find(id).ok_or_else(|| ManagementError::no_order(id))?;
        Ok(turn.hand_in(id, Csr::read(pem)?, now)?)
    }

    /// Sets the clock forward: everything that would have happened by then happens.
    pub fn forward(&self, by: Duration) {
        let clock = &self.service.clock;
        let ahead = clock.ahead().saturating_add(millis(by));
        clock.set_ahead(ahead);
        self.service.state(clock.now()).keep(Change::clock(ahead));
        // Nothing may be due sooner by count, and yet be due sooner by the hour.
        self.service.wake.notify_one();
    }

    /// Every push, newest first.
    #[must_use]
    pub fn pushes(&self) -> Vec<PushRecord> {
        self.some_pushes(Part::ALL).items
    }

    fn some_pushes(&self, part: Part) -> Listed<PushRecord> {
        let turn = self.service.state(self.service.clock.now());
        let mut pushes: Vec<_> = turn.outbox.pushes.values().collect();
        pushes.sort_by_key(|push| std::cmp::Reverse(push.id));
        part.of(&pushes, |push| PushRecord::of(push))
    }

    /// Sends a push at once, as often as is asked; gives the pushes' numbers.
    ///
    /// # Errors
    /// When the sandbox has no push URL, there is no such order, or nothing is said of what to send.
    pub fn push(&self, request: &PushRequest) -> Result<Vec<u64>, ManagementError> {
        let invalid = |why: &str| ManagementError::Invalid(why.to_owned());
        let copies = request.copies.unwrap_or(1);
        if copies > COPIES_MAX {
            return Err(invalid("copies: at most 100"));
        }
        let now = self.service.clock.now();
        let mut turn = self.service.state(now);
        if !turn.outbox.enabled() {
            return Err(invalid("the sandbox has no push URL: nobody is to be told"));
        }
        let kind = request.data_action.as_deref();
        let body = match (&request.body, &request.order_id) {
            (Some(body), _) => body.to_string(),
            (None, Some(id)) => {
                let order = turn.find(id).ok_or_else(|| ManagementError::no_order(id))?;
                let news = match order.status {
                    Status::Revoked => News::revoked(turn.policies.revoked_push),
                    Status::Issued | Status::PendingRevoke => News::ISSUED,
                    _ => News { issued: false, revoked: false },
                };
                body(kind.unwrap_or("order"), &order.id, news)
            }
            (None, None) => {
                let kind = kind.ok_or_else(|| invalid("one of order_id, data_action, body"))?;
                json!({ "dataAction": kind }).to_string()
            }
        };
        let queue = |_| turn.outbox.queue(body.clone(), now);
        Ok((0..copies).filter_map(queue).collect())
    }

    /// Arms a fault, written as [`Fault`] describes; gives its number.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn arm(&self, spec: &str) -> Result<u64, FaultError> {
        Ok(self.service.faults.arm(spec.parse::<Fault>()?))
    }

    /// The armed faults, oldest first: of several that mean a request, the first strikes.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultRecord> {
        self.service.faults.read(FaultRecord::of)
    }

    /// Disarms one fault.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn disarm(&self, fault_id: u64) -> Result<(), ManagementError> {
        let no_fault = || ManagementError::NotFound(format!("no fault {fault_id}"));
        self.service.faults.disarm(Some(fault_id)).then_some(()).ok_or_else(no_fault)
    }

    /// Disarms every fault.
    pub fn disarm_all(&self) {
        self.service.faults.disarm(None);
    }

    /// The last thousand requests to the service, newest first, secrets masked.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalRecord> {
        self.some_journal(Part::ALL).items
    }

    fn some_journal(&self, part: Part) -> Listed<JournalRecord> {
        self.service.journal.read(|entries| part.of(entries, |entry| JournalRecord::of(entry)))
    }

    /// Decides what the document leaves open, from now on.
    ///
    /// # Errors
    /// When there is no such policy, or it has no such value.
    pub fn set_policy(&self, name: &str, value: &str) -> Result<(), UnknownPolicy> {
        self.service.state(self.service.clock.now()).policies.set(name, value)
    }

    /// The roots and the intermediates of the certificates that are ordered here, PEM: those for RSA and ECC keys, then
    /// those for SM2.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        let turn = self.service.state(self.service.clock.now());
        [turn.ca.general.chain(), turn.ca.sm2.chain()].concat().concat()
    }

    /// The list of the revoked certificates for RSA and ECC keys, DER.
    #[must_use]
    pub fn crl_der(&self) -> Vec<u8> {
        self.crl(false)
    }

    /// The list of the revoked certificates for SM2 keys, DER.
    #[must_use]
    pub fn sm2_crl_der(&self) -> Vec<u8> {
        self.crl(true)
    }

    /// Both lists, PEM.
    #[must_use]
    pub fn crl_pem(&self) -> String {
        use x509_cert::der::pem::{LineEnding, encode_string};
        let pem = |der: Vec<u8>| encode_string("X509 CRL", LineEnding::LF, &der);
        let pem = |der| pem(der).expect("a list fits into PEM");
        pem(self.crl_der()) + &pem(self.sm2_crl_der())
    }

    fn crl(&self, sm2: bool) -> Vec<u8> {
        let now = self.service.clock.now();
        let turn = self.service.state(now);
        let orders = turn.orders.values().filter(|order| order.terms.product().sm2 == sm2);
        let mut revoked: Vec<(&[u8], u64)> = Vec::new();
        for certificate in orders.filter_map(|order| order.certificate.as_ref()) {
            let Some(at) = certificate.revoked else { continue };
            revoked.push((&certificate.serial, at));
            revoked.extend(certificate.encryption.iter().map(|it| (it.serial.as_slice(), at)));
        }
        revoked.sort_unstable_by_key(|&(serial, at)| (at, serial));
        let crl = turn.ca.of(sm2).intermediate.crl(&revoked, now);
        crl.expect("serial numbers and times of our own making")
    }

    /// Forgets orders, pushes and journal, sets the clock back to the machine's, and arms the configuration's faults
    /// alone. The CA, the token and the policies stay.
    pub fn reset(&self) {
        let mut turn = self.service.state(self.service.clock.now());
        turn.clear();
        turn.keep(Change::Clear);
        turn.keep(Change::clock(0));
        self.service.clock.set_ahead(0);
        self.service.journal.clear();
        self.service.faults.reset();
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Copy)]
struct Part {
    skip: usize,
    limit: usize,
}

/// A part of a list, and the length of the whole.
struct Listed<T> {
    total: usize,
    items: Vec<T>,
}

impl Part {
    const ALL: Self = Self { skip: 0, limit: usize::MAX };

    fn of<T, R>(self, whole: &[T], view: impl FnMut(&T) -> R) -> Listed<R> {
        let items = whole.iter().skip(self.skip).take(self.limit).map(view).collect();
        Listed { total: whole.len(), items }
    }
}

impl fmt::Debug for Management {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Management").finish_non_exhaustive()
    }
}
