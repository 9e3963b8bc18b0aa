//! The service's memory and its moves. Time is passed in; nothing here waits, listens or speaks HTTP.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use x509_cert::der::{Decode, Encode};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::Error;
use crate::ca::{Ca, Issued};
use crate::certificate::{Part, Purpose, Subject};
use crate::csr::Csr;
use crate::kept::{Change, Kept};
use crate::key::{Curve, Key};
use crate::order::{Certificate, EncryptionCertificate, Order, Status};
use crate::outbox::{News, Outbox, body};
use crate::policy::{
    DomainValidation, DvFlow, MissingCsr, Policies, Reissue, Review, Revocation, SigningIssue,
    SslIssue,
};
use crate::product::Kind;
use crate::time::{Millis, add_months};
use crate::tracked::Tracked;

/// How long each step takes by itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Delays {
    pub(crate) review: Millis,
    pub(crate) validation: Millis,
    pub(crate) issue: Millis,
    pub(crate) revocation: Millis,
}

/// All orders, and the rules by which they move.
pub(crate) struct State {
    pub(crate) delays: Delays,
    pub(crate) policies: Policies,
    pub(crate) ca: Ca,
    pub(crate) orders: Tracked<String, Order>,
    /// What came of each idempotenceID.
    pub(crate) seen: Tracked<SeenId, SeenOrder>,
    /// Who is to be told what.
    pub(crate) outbox: Outbox,
    pub(crate) last_number: u64,
    timers: BTreeSet<(Millis, String)>,
}

/// Creates and reissues count their idempotenceIDs apart: a reissue may repeat its order's (revision V1.05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Namespace {
    Create,
    Reissue,
}

/// An idempotenceID of an operation.
pub(crate) type SeenId = (Namespace, String);
/// The fingerprint of what it came with, and the order that came of it.
pub(crate) type SeenOrder = ([u8; 32], String);

impl State {
    pub(crate) fn new(delays: Delays, policies: Policies, ca: Ca) -> Self {
        Self {
            delays,
            policies,
            ca,
            orders: Tracked::default(),
            seen: Tracked::default(),
            outbox: Outbox::default(),
            last_number: 0,
            timers: BTreeSet::new(),
        }
    }

    /// Takes up what was kept.
    pub(crate) fn restore(&mut self, kept: Kept, now: Millis) {
        self.last_number = kept.orders.iter().map(|order| order.number).max().unwrap_or(0);
        let due = |order: &Order| Some((order.due?, order.id.clone()));
        self.timers = kept.orders.iter().filter_map(due).collect();
        let by_id = |order: Order| (order.id.clone(), order);
        self.orders = Tracked::kept(kept.orders.into_iter().map(by_id));
        self.seen = Tracked::kept(kept.seen);
        self.outbox.restore(kept.pushes, now);
    }

    /// What was written since the last time, as rows to keep.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = self.orders.take_written(|_, order| Change::order(order));
        changes.extend(self.seen.take_written(Change::seen));
        changes.extend(self.outbox.pushes.take_written(|_, push| Change::push(push)));
        changes
    }

    /// Forgets what was written: nobody keeps it.
    pub(crate) fn forget_changes(&mut self) {
        self.orders.forget_written();
        self.seen.forget_written();
        self.outbox.pushes.forget_written();
    }

    /// Lets everything happen that is due by now, each at its own instant and in order.
    pub(crate) fn advance(&mut self, now: Millis) {
        while self.timers.first().is_some_and(|(due, _)| *due <= now) {
            if let Some((due, id)) = self.timers.pop_first() {
                self.step(&id, due);
            }
        }
    }

    /// An order by its id, in any case and with blanks around it.
    pub(crate) fn find(&self, id: &str) -> Option<&Order> {
        let id = id.trim();
        self.orders.get(id).or_else(|| self.orders.get(&id.to_ascii_uppercase()))
    }

    /// Takes a new order in: it begins in its product's first state.
    pub(crate) fn open(&mut self, mut order: Order, now: Millis) -> Result<(), Error> {
        let product = order.terms.product();
        if order.csr.is_none() && !product.is_ssl() && self.policies.missing_csr == MissingCsr::Ukey
        {
            // The private half would stay on the USB key; here nobody keeps it.
            order.csr = Some(made_up(Curve::P256)?);
        }
        let first = match (product.kind, self.policies.dv_flow) {
            (Kind::Pdf | Kind::Signing, _) => Status::Pending,
            (Kind::DvSsl, DvFlow::AutoIssue) => Status::PendingAutoIssue,
            (Kind::DvSsl | Kind::OvSsl, _) => Status::PendingSubmitOrderToCa,
        };
        if product.sm2 && order.csr.is_some() && order.encryption_csr.is_none() {
            // Of an SM2 pair, the CA makes the key to encrypt with where it is not given one.
            order.encryption_csr = Some(made_up(Curve::Sm2)?);
        }
        let id = order.id.clone();
        self.orders.insert(id.clone(), order);
        self.enter(&id, first, now);
        self.advance(now);
        Ok(())
    }

    /// Puts an order into a state, and sets the timer by which it leaves it.
    pub(crate) fn enter(&mut self, id: &str, status: Status, at: Millis) {
        let Some(order) = self.orders.get_mut(id) else { return };
        order.status = status;
        order.history.push((at, status));
        self.plan(id, at);
    }

    /// Sets the timer by which an order leaves the state that it is in.
    pub(crate) fn plan(&mut self, id: &str, at: Millis) {
        let Some(order) = self.orders.get(id) else { return };
        let (delays, policies) = (self.delays, self.policies);
        let reviewed_by_hand =
            policies.review == Review::Manual && order.terms.product().kind != Kind::DvSsl;
        let validated_by_hand = policies.domain_validation == DomainValidation::Manual;
        let delay = match order.status {
            Status::Pending | Status::PendingSubmitOrderToCa => {
                (order.csr.is_some() && !reviewed_by_hand).then_some(delays.review)
            }
            Status::PendingDcv => (!validated_by_hand).then_some(delays.validation),
            Status::PendingAutoIssue => {
                (order.csr.is_some() && !validated_by_hand).then_some(delays.validation)
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

    /// The next step of an order, as the flows of revision V1.03 have it.
    fn step(&mut self, id: &str, at: Millis) {
        self.schedule(id, None);
        let Some(order) = self.orders.get(id) else { return };
        let ssl = order.terms.product().is_ssl();
        match order.status {
            Status::PendingSubmitOrderToCa => self.enter(id, Status::PendingDcv, at),
            Status::Pending | Status::PendingDcv => self.enter(id, Status::PendingCaIssued, at),
            Status::PendingAutoIssue => self.issue(id, at),
            Status::PendingCaIssued => {
                let by_itself = match ssl {
                    true => self.policies.ssl_issue == SslIssue::Auto,
                    false => self.policies.signing_issue == SigningIssue::Auto,
                };
                match by_itself {
                    true => self.issue(id, at),
                    false => self.order_mut(id, |order| order.ready = true),
                }
            }
            Status::PendingRevoke => self.revoke(id, at),
            Status::Issued | Status::Revoked | Status::Rejected | Status::Closed => {}
        }
    }

    fn order_mut(&mut self, id: &str, change: impl FnOnce(&mut Order)) {
        if let Some(order) = self.orders.get_mut(id) {
            change(order);
        }
    }

    /// Issues the certificate. An order that no certificate can be made of is rejected.
    pub(crate) fn issue(&mut self, id: &str, at: Millis) {
        let Some(order) = self.orders.get(id) else { return };
        let Ok(certificate) = self.certificate(order, at) else {
            return self.enter(id, Status::Rejected, at);
        };
        let replaced = order.replaces.clone();
        let by_product = order.terms.product().strict_reissue();
        self.order_mut(id, |order| order.certificate = Some(certificate));
        self.enter(id, Status::Issued, at);
        self.outbox.queue(body("order", id, News::ISSUED), at);
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
        let subject = match kind {
            Kind::DvSsl => Subject { common_name: &terms.common_name, ..Subject::default() },
            Kind::Pdf | Kind::Signing | Kind::OvSsl => Subject {
                country: &organization.country,
                state: &organization.state,
                city: &organization.city,
                organization: organization.name.trim(),
                common_name: &terms.common_name,
            },
        };
        let old = order.replaces.as_ref().and_then(|id| self.orders.get(id)?.certificate.as_ref());
        let until = old.map_or_else(|| add_months(at, terms.months), |old| old.until);
        let ca = self.ca.of(terms.product().sm2);
        let issue = |csr: &Csr, part| {
            let purpose = Purpose::Leaf(kind, part, terms.all_hosts());
            let key = SubjectPublicKeyInfoOwned::from_der(&csr.public_key)?;
            ca.intermediate.issue(purpose, subject.name()?, key, at, until)
        };
        let (part, encryption) = match &order.encryption_csr {
            None => (Part::Whole, None),
            Some(csr) => {
                let Issued { pem, serial, .. } = issue(csr, Part::Encryption)?;
                (Part::Signature, Some(EncryptionCertificate { pem, serial }))
            }
        };
        let Issued { pem, serial, .. } = issue(csr, part)?;
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
        self.enter(id, Status::Revoked, at);
        let news = News::revoked(self.policies.revoked_push);
        self.outbox.queue(body("order", id, news), at);
    }

    /// When something happens by itself next.
    pub(crate) fn next_due(&self) -> Option<Millis> {
        let order = self.timers.first().map(|(due, _)| *due);
        order.into_iter().chain(self.outbox.next_due()).min()
    }

    /// Forgets every order and every push.
    pub(crate) fn clear(&mut self) {
        self.orders.clear();
        self.seen.clear();
        self.outbox.clear();
        self.timers.clear();
    }

    /// A number of the order that no other has.
    pub(crate) fn next_number(&mut self, now: Millis) -> u64 {
        self.last_number = crate::time::order_number(now).max(self.last_number + 1);
        self.last_number
    }

    /// An id that no other order has.
    pub(crate) fn next_id() -> String {
        format!("{:X}", Uuid::new_v4().hyphenated())
    }
}

/// A public key whose private half nobody keeps.
fn made_up(curve: Curve) -> Result<Csr, Error> {
    Ok(Csr { public_key: Key::generate(curve)?.public()?.to_der()? })
}

#[cfg(test)]
mod tests;
