//! All orders and the rules by which their status changes. Time is passed in; nothing here waits or uses HTTP.

pub(crate) mod action;
pub(crate) mod operation;

use std::collections::BTreeSet;

use uuid::Uuid;
use x509_cert::der::{Decode, Encode};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::Error;
use crate::certificate::authority::{Ca, Issued};
use crate::certificate::csr::Csr;
use crate::certificate::key::{Curve, Key};
use crate::certificate::profile::{KeyRole, Purpose, Subject};
use crate::order::{Certificate, EncryptionCertificate, Order, Status};
use crate::policy::{
    DomainValidation, DvFlow, MissingCsr, Policies, Reissue, Review, Revocation, SigningIssue,
    SslIssue,
};
use crate::product::Kind;
use crate::push::outbox::{OrderFlags, Outbox, body};
use crate::refusal::Refusal;
use crate::request::idempotence::{IdempotenceKey, IdempotenceRecord};
use crate::storage::snapshot::{Change, Snapshot};
use crate::time::{Millis, add_months};
use crate::tracked_map::TrackedMap;

/// How long each automatic step takes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Delays {
    pub(crate) review: Millis,
    pub(crate) validation: Millis,
    pub(crate) issue: Millis,
    pub(crate) revocation: Millis,
}

/// All orders, and what is needed to process them.
pub(crate) struct State {
    pub(crate) delays: Delays,
    pub(crate) policies: Policies,
    pub(crate) ca: Ca,
    pub(crate) orders: TrackedMap<String, Order>,
    /// The order that each idempotenceID created.
    pub(crate) idempotence: TrackedMap<IdempotenceKey, IdempotenceRecord>,
    /// Pushes to send.
    pub(crate) outbox: Outbox,
    pub(crate) last_number: u64,
    /// When each order takes its next automatic step.
    timers: BTreeSet<(Millis, String)>,
}
impl State {
    pub(crate) fn new(delays: Delays, policies: Policies, ca: Ca) -> Self {
        Self {
            delays,
            policies,
            ca,
            orders: TrackedMap::default(),
            idempotence: TrackedMap::default(),
            outbox: Outbox::default(),
            last_number: 0,
            timers: BTreeSet::new(),
        }
    }

    /// Restores the contents of a state file.
    pub(crate) fn restore(&mut self, saved: Snapshot, now: Millis) {
        self.last_number = saved.orders.iter().map(|order| order.number).max().unwrap_or(0);
        let due = |order: &Order| Some((order.due?, order.id.clone()));
        self.timers = saved.orders.iter().filter_map(due).collect();
        let by_id = |order: Order| (order.id.clone(), order);
        self.orders = TrackedMap::unchanged(saved.orders.into_iter().map(by_id));
        self.idempotence = TrackedMap::unchanged(saved.idempotence);
        self.outbox.restore(saved.pushes, now);
    }

    /// Takes what changed since the last call, as rows of the state file.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = self.orders.take_changed(|_, order| Change::order(order));
        changes.extend(self.idempotence.take_changed(Change::idempotence));
        changes.extend(self.outbox.pushes.take_changed(|_, push| Change::push(push)));
        changes
    }

    /// Clears the record of changes, where no state file is written.
    pub(crate) fn clear_changes(&mut self) {
        self.orders.clear_changed();
        self.idempotence.clear_changed();
        self.outbox.pushes.clear_changed();
    }

    /// Takes every automatic step that is due by `now`, in order, each with its own time.
    pub(crate) fn advance(&mut self, now: Millis) {
        while self.timers.first().is_some_and(|(due, _)| *due <= now) {
            if let Some((due, id)) = self.timers.pop_first() {
                self.take_step(&id, due);
            }
        }
    }

    /// Finds an order by its id, in any case and with blanks around it.
    pub(crate) fn find(&self, id: &str) -> Option<&Order> {
        let id = id.trim();
        self.orders.get(id).or_else(|| self.orders.get(&id.to_ascii_uppercase()))
    }

    /// Adds a new order, with the first status of its product.
    pub(crate) fn add(&mut self, mut order: Order, now: Millis) -> Result<(), Error> {
        let product = order.terms.product();
        if order.csr.is_none() && !product.is_ssl() && self.policies.missing_csr == MissingCsr::Ukey
        {
            // The private key would stay on the USB key, so it is not kept here.
            order.csr = Some(generate_public_key(Curve::P256)?);
        }
        let first = match (product.kind, self.policies.dv_flow) {
            (Kind::Pdf | Kind::Signing, _) => Status::Pending,
            (Kind::DvSsl, DvFlow::AutoIssue) => Status::PendingAutoIssue,
            (Kind::DvSsl | Kind::OvSsl, _) => Status::PendingSubmitOrderToCa,
        };
        if product.sm2 && order.csr.is_some() && order.encryption_csr.is_none() {
            // The CA generates the encryption key of an SM2 order that brings none.
            order.encryption_csr = Some(generate_public_key(Curve::Sm2)?);
        }
        let id = order.id.clone();
        self.orders.insert(id.clone(), order);
        self.set_status(&id, first, now);
        self.advance(now);
        Ok(())
    }

    /// Adds the CSR that an order waits for, and lets the order continue.
    pub(crate) fn submit_csr(&mut self, id: &str, csr: Csr, now: Millis) -> Result<(), Refusal> {
        let order = self.query(id)?;
        if order.csr.is_some() || !order.open() {
            return Err(Refusal::new("订单不需要提交 CSR"));
        }
        csr.check(&order.terms.product())?;
        let id = order.id.clone();
        if let Some(order) = self.orders.get_mut(&id) {
            order.csr = Some(csr);
        }
        self.schedule_next(&id, now);
        self.advance(now);
        Ok(())
    }

    /// Sets an order's status, and schedules the step that follows.
    pub(crate) fn set_status(&mut self, id: &str, status: Status, at: Millis) {
        let Some(order) = self.orders.get_mut(id) else { return };
        order.status = status;
        order.history.push((at, status));
        self.schedule_next(id, at);
    }

    /// Schedules the automatic step that ends an order's current status, if there is one.
    fn schedule_next(&mut self, id: &str, at: Millis) {
        let Some(order) = self.orders.get(id) else { return };
        let (delays, policies) = (self.delays, self.policies);
        let manual_review =
            policies.review == Review::Manual && order.terms.product().kind != Kind::DvSsl;
        let manual_validation = policies.domain_validation == DomainValidation::Manual;
        let delay = match order.status {
            Status::Pending | Status::PendingSubmitOrderToCa => {
                (order.csr.is_some() && !manual_review).then_some(delays.review)
            }
            Status::PendingDcv => (!manual_validation).then_some(delays.validation),
            Status::PendingAutoIssue => {
                (order.csr.is_some() && !manual_validation).then_some(delays.validation)
            }
            Status::PendingCaIssued => Some(delays.issue),
            Status::PendingRevoke => {
                (policies.revocation != Revocation::Manual).then_some(delays.revocation)
            }
            Status::Issued | Status::Revoked | Status::Rejected | Status::Closed => None,
        };
        self.schedule(id, delay.map(|delay| at.saturating_add(delay)));
    }

    fn schedule(&mut self, id: &str, due: Option<Millis>) {
        let Some(order) = self.orders.get_mut(id) else { return };
        if let Some(old) = std::mem::replace(&mut order.due, due) {
            self.timers.remove(&(old, id.to_owned()));
        }
        if let Some(due) = due {
            self.timers.insert((due, id.to_owned()));
        }
    }

    /// Takes an order's next step in the flows of revision V1.03.
    fn take_step(&mut self, id: &str, at: Millis) {
        self.schedule(id, None);
        let Some(order) = self.orders.get(id) else { return };
        let ssl = order.terms.product().is_ssl();
        match order.status {
            Status::PendingSubmitOrderToCa => self.set_status(id, Status::PendingDcv, at),
            Status::Pending | Status::PendingDcv => {
                self.set_status(id, Status::PendingCaIssued, at);
            }
            Status::PendingAutoIssue => self.issue(id, at),
            Status::PendingCaIssued => {
                let automatic = match ssl {
                    true => self.policies.ssl_issue == SslIssue::Auto,
                    false => self.policies.signing_issue == SigningIssue::Auto,
                };
                match automatic {
                    true => self.issue(id, at),
                    false => self.change_order(id, |order| order.ready = true),
                }
            }
            Status::PendingRevoke => self.revoke(id, at),
            Status::Issued | Status::Revoked | Status::Rejected | Status::Closed => {}
        }
    }

    fn change_order(&mut self, id: &str, change: impl FnOnce(&mut Order)) {
        if let Some(order) = self.orders.get_mut(id) {
            change(order);
        }
    }

    /// Issues the certificate. An order for which none can be issued is rejected.
    pub(crate) fn issue(&mut self, id: &str, at: Millis) {
        let Some(order) = self.orders.get(id) else { return };
        let Ok(certificate) = self.certificate(order, at) else {
            return self.set_status(id, Status::Rejected, at);
        };
        let replaced = order.replaces.clone();
        let by_product = order.terms.product().strict_reissue();
        self.change_order(id, |order| order.certificate = Some(certificate));
        self.set_status(id, Status::Issued, at);
        self.outbox.queue(body("order", id, OrderFlags::ISSUED), at);
        let revoked = match self.policies.reissue {
            Reissue::ByProduct => by_product,
            Reissue::Revoke => true,
            Reissue::Keep => false,
        };
        if let Some(old) = replaced.filter(|_| revoked) {
            self.revoke(&old, at);
        }
    }

    fn certificate(&self, order: &Order, at: Millis) -> Result<Certificate, Error> {
        let Some(csr) = &order.csr else {
            return Err(Error::certificate("an order without a public key"));
        };
        let terms = &order.terms;
        let (kind, organization) = (terms.product().kind, &terms.organization);
        let common_name = terms.subject_common_name();
        let subject = match kind {
            Kind::DvSsl => Subject { common_name: &common_name, ..Subject::default() },
            Kind::Pdf | Kind::Signing | Kind::OvSsl => Subject {
                country: &organization.country,
                state: &organization.state,
                city: &organization.city,
                organization: organization.name.trim(),
                common_name: &common_name,
            },
        };
        let old = order.replaces.as_ref().and_then(|id| self.orders.get(id)?.certificate.as_ref());
        let until = old.map_or_else(|| add_months(at, terms.months), |old| old.until);
        let ca = self.ca.of(terms.product().sm2);
        let issue = |csr: &Csr, role| {
            let purpose = Purpose::Leaf(kind, role, terms.host_names());
            let key = SubjectPublicKeyInfoOwned::from_der(&csr.public_key)?;
            ca.intermediate.issue(purpose, subject.name()?, key, at, until)
        };
        let (role, encryption) = match &order.encryption_csr {
            None => (KeyRole::Single, None),
            Some(csr) => {
                let Issued { pem, serial, .. } = issue(csr, KeyRole::Encryption)?;
                (KeyRole::Signature, Some(EncryptionCertificate { pem, serial }))
            }
        };
        let Issued { pem, serial, .. } = issue(csr, role)?;
        Ok(Certificate { pem, serial, encryption, until, revoked: None })
    }

    /// Revokes an issued certificate.
    pub(crate) fn revoke(&mut self, id: &str, at: Millis) {
        let Some(order) = self.orders.get_mut(id) else { return };
        if !matches!(order.status, Status::Issued | Status::PendingRevoke) {
            return;
        }
        if let Some(certificate) = &mut order.certificate {
            certificate.revoked = Some(at);
        }
        self.set_status(id, Status::Revoked, at);
        let flags = OrderFlags::revoked(self.policies.revoked_push);
        self.outbox.queue(body("order", id, flags), at);
    }

    /// When the next automatic step or push is due.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        let order = self.timers.first().map(|(due, _)| *due);
        order.into_iter().chain(self.outbox.next_due()).min()
    }

    /// Removes every order and every push.
    pub(crate) fn clear(&mut self) {
        self.orders.clear();
        self.idempotence.clear();
        self.outbox.clear();
        self.timers.clear();
    }

    /// A new order number, larger than every earlier one.
    pub(crate) fn next_number(&mut self, now: Millis) -> u64 {
        self.last_number = crate::time::order_number(now).max(self.last_number + 1);
        self.last_number
    }

    /// A new order id.
    pub(crate) fn next_id() -> String {
        format!("{:X}", Uuid::new_v4().hyphenated())
    }
}

/// Generates a key pair and keeps the public key only.
fn generate_public_key(curve: Curve) -> Result<Csr, Error> {
    Ok(Csr { public_key: Key::generate(curve)?.public()?.to_der()? })
}

#[cfg(test)]
mod tests;
