//! The management interface: orders, pushes, faults, policies, the clock and the journal of a running sandbox.

mod access;
mod api;
mod error;
mod range;
mod record;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::certificate::csr::Csr;
use crate::fault::spec::{Fault, FaultError};
use crate::order::Status;
use crate::policy::UnknownPolicy;
use crate::push::outbox::{OrderFlags, body};
use crate::service::Service;
use crate::state::action::Action;
use crate::storage::snapshot::Change;
use crate::time::millis;

pub(crate) use api::{ManagementServer, answer};
pub use error::ManagementError;
use range::{Part, Range};
pub use record::{
    AttemptRecord, CertificateRecord, DocumentRecord, FaultRecord, JournalRecord, OrderRecord,
    PushRecord, StatusRecord, StepRecord,
};

/// How many copies of a push one request may send.
const COPIES_MAX: u32 = 100;

/// The management interface of a sandbox in the same process. It is cheap to clone and holds neither threads nor sockets.
/// It may outlive the sandbox, but then its changes have no effect on any client.
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

/// A push to send on request: that of an order, one of another kind, or any JSON.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushRequest {
    /// The order that it is about. The flags follow from the order's status.
    pub order_id: Option<String>,
    /// `dataAction`, by default `order`. Section 8 also names a push about organisations, without describing it.
    pub data_action: Option<String>,
    /// A body to send instead: any JSON.
    pub body: Option<Value>,
    /// How many copies to send, 100 at most. The default is one.
    pub copies: Option<u32>,
}

impl Management {
    pub(crate) fn new(service: Arc<Service>) -> Self {
        Self { service }
    }

    /// Addresses, clock and policies.
    #[must_use]
    pub fn status(&self) -> StatusRecord {
        StatusRecord::of(&self.service)
    }

    /// Every order, newest first.
    #[must_use]
    pub fn orders(&self) -> Vec<OrderRecord> {
        self.orders_in(Range::ALL).items
    }

    fn orders_in(&self, range: Range) -> Part<OrderRecord> {
        let state = self.service.state(self.service.clock.now());
        let mut orders: Vec<_> = state.orders.values().collect();
        orders.sort_by_key(|order| std::cmp::Reverse(order.number));
        range.of(&orders, |order| OrderRecord::of(order))
    }

    /// One order.
    ///
    /// # Errors
    /// If there is no order with this id.
    pub fn order(&self, id: &str) -> Result<OrderRecord, ManagementError> {
        let state = self.service.state(self.service.clock.now());
        state.find(id).map(OrderRecord::of).ok_or_else(|| ManagementError::no_order(id))
    }

    /// Takes a step that WoTrus staff take in the real service. Returns the order's new status.
    ///
    /// # Errors
    /// If there is no such order, or its status does not allow the action; [`OrderRecord::actions`] lists those that it
    /// allows.
    pub fn act(&self, id: &str, action: Action) -> Result<Status, ManagementError> {
        let now = self.service.clock.now();
        let state = &mut self.service.state(now);
        state.act(id, action, now).map_err(|denied| ManagementError::denied(id, denied))
    }

    /// Submits the CSR that an order waits for, in PEM, as its customer does at `pendingLink`.
    ///
    /// # Errors
    /// If there is no such order, it does not wait for a CSR, or the CSR cannot be used.
    pub fn hand_in_csr(&self, id: &str, pem: &str) -> Result<(), ManagementError> {
        let now = self.service.clock.now();
        let mut state = self.service.state(now);
        state.find(id).ok_or_else(|| ManagementError::no_order(id))?;
        Ok(state.submit_csr(id, Csr::read(pem)?, now)?)
    }

    /// Sets the clock forward and takes every automatic step that is due by then.
    pub fn forward(&self, by: Duration) {
        let clock = &self.service.clock;
        let offset = clock.offset().saturating_add(millis(by));
        clock.set_offset(offset);
        self.service.state(clock.now()).save(Change::clock(offset));
        // The next step may be the same and still be due sooner, because the clock has changed.
        self.service.wake.notify_one();
    }

    /// Every push, newest first.
    #[must_use]
    pub fn pushes(&self) -> Vec<PushRecord> {
        self.pushes_in(Range::ALL).items
    }

    fn pushes_in(&self, range: Range) -> Part<PushRecord> {
        let state = self.service.state(self.service.clock.now());
        let mut pushes: Vec<_> = state.outbox.pushes.values().collect();
        pushes.sort_by_key(|push| std::cmp::Reverse(push.id));
        range.of(&pushes, |push| PushRecord::of(push))
    }

    /// Sends one or more copies of a push at once. Returns their numbers.
    ///
    /// # Errors
    /// If the sandbox has no push URL, there is no such order, or the request does not say what to send.
    pub fn push(&self, request: &PushRequest) -> Result<Vec<u64>, ManagementError> {
        let invalid = |why: &str| ManagementError::Invalid(why.to_owned());
        let copies = request.copies.unwrap_or(1);
        if copies > COPIES_MAX {
            return Err(invalid("copies: 100 at most"));
        }
        let now = self.service.clock.now();
        let mut state = self.service.state(now);
        if !state.outbox.enabled() {
            return Err(invalid("the sandbox has no push URL"));
        }
        let kind = request.data_action.as_deref();
        let body = match (&request.body, &request.order_id) {
            (Some(body), _) => body.to_string(),
            (None, Some(id)) => {
                let order = state.find(id).ok_or_else(|| ManagementError::no_order(id))?;
                let flags = match order.status {
                    Status::Revoked => OrderFlags::revoked(state.policies.revoked_push),
                    Status::Issued | Status::PendingRevoke => OrderFlags::ISSUED,
                    _ => OrderFlags { issued: false, revoked: false },
                };
                body(kind.unwrap_or("order"), &order.id, flags)
            }
            (None, None) => {
                let kind = kind
                    .ok_or_else(|| invalid("one of order_id, data_action and body is required"))?;
                json!({ "dataAction": kind }).to_string()
            }
        };
        let queue = |_| state.outbox.queue(body.clone(), now);
        Ok((0..copies).filter_map(queue).collect())
    }

    /// Arms a fault, written as [`Fault`] describes. Returns its number.
    ///
    /// # Errors
    /// If it cannot be parsed.
    pub fn arm(&self, spec: &str) -> Result<u64, FaultError> {
        Ok(self.service.faults.arm(spec.parse::<Fault>()?))
    }

    /// The armed faults, oldest first. A request meets the first one that applies to it.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultRecord> {
        self.service.faults.read(FaultRecord::of)
    }

    /// Disarms one fault.
    ///
    /// # Errors
    /// If there is no fault with this number.
    pub fn disarm(&self, fault_id: u64) -> Result<(), ManagementError> {
        let no_fault = || ManagementError::NotFound(format!("no fault {fault_id}"));
        self.service.faults.disarm(Some(fault_id)).then_some(()).ok_or_else(no_fault)
    }

    /// Disarms every fault.
    pub fn disarm_all(&self) {
        self.service.faults.disarm(None);
    }

    /// The last thousand requests to the service, newest first, without their secrets.
    #[must_use]
    pub fn journal(&self) -> Vec<JournalRecord> {
        self.journal_in(Range::ALL).items
    }

    fn journal_in(&self, range: Range) -> Part<JournalRecord> {
        self.service.journal.read(|entries| range.of(entries, |entry| JournalRecord::of(entry)))
    }

    /// Chooses the value of a policy for later requests.
    ///
    /// # Errors
    /// If the policy or the value does not exist.
    pub fn set_policy(&self, name: &str, value: &str) -> Result<(), UnknownPolicy> {
        self.service.state(self.service.clock.now()).policies.set(name, value)
    }

    /// The roots and the intermediates of the ordered certificates, in PEM: those for RSA and ECC keys, then those for
    /// SM2 keys.
    #[must_use]
    pub fn ca_pem(&self) -> String {
        let state = self.service.state(self.service.clock.now());
        [state.ca.general.chain(), state.ca.sm2.chain()].concat().concat()
    }

    /// The revocation list for RSA and ECC keys, in DER.
    #[must_use]
    pub fn crl_der(&self) -> Vec<u8> {
        self.crl(false)
    }

    /// The revocation list for SM2 keys, in DER.
    #[must_use]
    pub fn sm2_crl_der(&self) -> Vec<u8> {
        self.crl(true)
    }

    /// Both revocation lists, in PEM.
    #[must_use]
    pub fn crl_pem(&self) -> String {
        use x509_cert::der::pem::{LineEnding, encode_string};
        let pem = |der: Vec<u8>| {
            encode_string("X509 CRL", LineEnding::LF, &der).expect("any DER has a PEM form")
        };
        pem(self.crl_der()) + &pem(self.sm2_crl_der())
    }

    fn crl(&self, sm2: bool) -> Vec<u8> {
        let now = self.service.clock.now();
        let state = self.service.state(now);
        let orders = state.orders.values().filter(|order| order.terms.product().sm2 == sm2);
        let mut revoked: Vec<(&[u8], u64)> = Vec::new();
        for certificate in orders.filter_map(|order| order.certificate.as_ref()) {
            let Some(at) = certificate.revoked else { continue };
            revoked.push((&certificate.serial, at));
            revoked.extend(certificate.encryption.iter().map(|it| (it.serial.as_slice(), at)));
        }
        revoked.sort_unstable_by_key(|&(serial, at)| (at, serial));
        let crl = state.ca.of(sm2).intermediate.crl(&revoked, now);
        crl.expect("the sandbox issued these serial numbers itself")
    }

    /// Removes orders, pushes and journal, sets the clock back to the machine's, and arms only the faults of the
    /// configuration. The CAs, the token and the policies stay.
    pub fn reset(&self) {
        let mut state = self.service.state(self.service.clock.now());
        state.clear();
        state.save(Change::Clear);
        state.save(Change::clock(0));
        self.service.clock.set_offset(0);
        self.service.journal.clear();
        self.service.faults.reset();
    }
}

impl fmt::Debug for Management {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Management").finish_non_exhaustive()
    }
}
