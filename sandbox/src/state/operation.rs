//! The operations of sections 2 to 9: what each does to the state, and what it refuses.

use uuid::Uuid;

use crate::order::{Certificate, Order, Status, Terms};
use crate::policy::{
    self, IdempotenceConflict, MissingCsr, NotIssued, Payment, RetrieveRevoked, Revocation,
};
use crate::refusal::Refusal;
use crate::request::body::{Create, Reissue, Revoke};
use crate::request::idempotence::{Idempotence, Namespace};
use crate::state::State;
use crate::time::Millis;

/// The outcome of an accepted request for revocation.
pub(crate) struct RevocationAccepted {
    pub(crate) status: &'static str,
    pub(crate) revoked: bool,
}

/// The outcome of a retrieve.
pub(crate) enum Retrieved<'a> {
    Certificate(&'a Certificate),
    /// Success without a certificate, if the policy says so.
    NotYet(NotIssued),
}

impl State {
    /// Section 2. Returns the id of the new order, or of the one that this idempotenceID created before.
    pub(crate) fn create(&mut self, create: Create, now: Millis) -> Result<String, Refusal> {
        if let Some(id) = self.find_duplicate(Namespace::Create, create.idempotence.as_ref())? {
            return Ok(id);
        }
        if create.csr.is_none() && self.policies.missing_csr == MissingCsr::Refuse {
            let sm2 = create.terms.product().sm2;
            return Err(Refusal::missing(if sm2 { "Csr_Sign" } else { "csR_RSA" }));
        }
        let paired = match create.paired {
            None => None,
            Some((terms, csr)) => {
                let order = Order { csr, ..self.new_order(terms, now) };
                Some(self.register(Namespace::Create, None, order, now)?)
            }
        };
        let order = Order {
            csr: create.csr,
            encryption_csr: create.encryption_csr,
            documents: create.documents,
            paired,
            ..self.new_order(create.terms, now)
        };
        self.register(Namespace::Create, create.idempotence, order, now)
    }

    /// Section 3.
    pub(crate) fn query(&self, id: &str) -> Result<&Order, Refusal> {
        self.find(id).ok_or_else(|| Refusal::new("订单不存在"))
    }

    /// Section 4. Issues the certificate if the CA is ready (revision V1.03).
    pub(crate) fn retrieve(&mut self, id: &str, now: Millis) -> Result<Retrieved<'_>, Refusal> {
        let order = self.query(id)?;
        let id = order.id.clone();
        if order.status == Status::PendingCaIssued && order.ready {
            self.issue(&id, now);
        }
        let policies = self.policies;
        let order = self.query(&id)?;
        match (order.status, &order.certificate) {
            (Status::Revoked, _) if policies.retrieve_revoked == RetrieveRevoked::Refuse => {
                Err(Refusal::new("证书已吊销"))
            }
            (_, Some(certificate)) => Ok(Retrieved::Certificate(certificate)),
            (Status::Closed, None) => Err(Refusal::new("订单已关闭")),
            (Status::Rejected, None) => Err(Refusal::new("订单已被拒绝")),
            (_, None) if policies.not_issued == NotIssued::Refuse => {
                Err(Refusal::new("证书未签发"))
            }
            (_, None) => Ok(Retrieved::NotYet(policies.not_issued)),
        }
    }

    /// Section 5. The inner error is the reason why the order can no longer be cancelled.
    pub(crate) fn cancel(
        &mut self,
        id: &str,
        now: Millis,
    ) -> Result<Result<(), &'static str>, Refusal> {
        let order = self.query(id)?;
        let id = order.id.clone();
        Ok(match order.status {
            Status::Issued | Status::PendingRevoke => Err("证书已签发"),
            Status::Revoked => Err("证书已吊销"),
            Status::Rejected => Err("订单已被拒绝"),
            Status::Closed => Err("订单已关闭"),
            _ => {
                self.set_status(&id, Status::Closed, now);
                Ok(())
            }
        })
    }

    /// Section 6. Success means that the request was accepted.
    pub(crate) fn request_revocation(
        &mut self,
        revoke: Revoke,
        now: Millis,
    ) -> Result<RevocationAccepted, Refusal> {
        let order = self.issued(&revoke.order_id)?;
        let id = order.id.clone();
        if let Some(order) = self.orders.get_mut(&id) {
            order.documents.push(revoke.proof);
        }
        if self.policies.revocation == Revocation::Immediate {
            self.revoke(&id, now);
            return Ok(RevocationAccepted { status: "revoked", revoked: true });
        }
        self.set_status(&id, Status::PendingRevoke, now);
        Ok(RevocationAccepted { status: "pendingAudit", revoked: false })
    }

    /// Section 7. Returns the id of the new order.
    pub(crate) fn reissue(&mut self, reissue: Reissue, now: Millis) -> Result<String, Refusal> {
        if let Some(id) = self.find_duplicate(Namespace::Reissue, reissue.idempotence.as_ref())? {
            return Ok(id);
        }
        let old = self.issued(&reissue.order_id)?;
        let product = old.terms.product();
        reissue.csr.check(&product)?;
        if product.sm2 && reissue.encryption_csr.is_none() {
            return Err(Refusal::missing("csR_Encrypt"));
        }
        if let Some(csr) = &reissue.encryption_csr {
            csr.check(&product)?;
        }
        if product.strict_reissue() && reissue.proof.is_none() {
            return Err(Refusal::missing("fileContent"));
        }
        let (terms, replaces) = (old.terms.clone(), old.id.clone());
        let order = Order {
            csr: Some(reissue.csr),
            encryption_csr: reissue.encryption_csr,
            documents: reissue.proof.into_iter().collect(),
            replaces: Some(replaces),
            ..self.new_order(terms, now)
        };
        self.register(Namespace::Reissue, reissue.idempotence, order, now)
    }

    /// Section 9. Whether the e-mail was sent: only an issued certificate can be collected.
    pub(crate) fn notify(&self, id: &str) -> Result<bool, Refusal> {
        let order = self.query(id)?;
        Ok(matches!(order.status, Status::Issued | Status::PendingRevoke))
    }

    /// Finds an order whose certificate is issued and not revoked.
    fn issued(&self, id: &str) -> Result<&Order, Refusal> {
        let order = self.query(id)?;
        match order.status {
            Status::Issued => Ok(order),
            Status::PendingRevoke => Err(Refusal::new("吊销申请正在审核")),
            Status::Revoked => Err(Refusal::new("证书已吊销")),
            _ => Err(Refusal::new("证书未签发")),
        }
    }

    fn new_order(&mut self, terms: Terms, now: Millis) -> Order {
        Order {
            id: Self::next_id(),
            organization_id: Uuid::new_v4(),
            link: format!("{:X}{:X}", Uuid::new_v4().simple(), Uuid::new_v4().simple()),
            number: self.next_number(now),
            created: now,
            terms,
            csr: None,
            encryption_csr: None,
            paired: None,
            documents: Vec::new(),
            payment: match self.policies.payment {
                Payment::Unpaid => 0,
                Payment::Paid => 1,
                Payment::Later => 2,
            },
            status: Status::Pending,
            due: None,
            ready: false,
            certificate: None,
            replaces: None,
            history: Vec::new(),
        }
    }

    /// The order that an earlier request with this idempotenceID created, or a refusal, as the policies say.
    fn find_duplicate(
        &self,
        namespace: Namespace,
        key: Option<&Idempotence>,
    ) -> Result<Option<String>, Refusal> {
        let Some(key) = key else { return Ok(None) };
        let Some((digest, id)) = self.idempotence.get(&(namespace, key.id.clone())) else {
            return Ok(None);
        };
        let same = *digest == key.digest;
        match (same, self.policies.idempotence, self.policies.idempotence_conflict) {
            (true, policy::Idempotence::Same, _) | (false, _, IdempotenceConflict::Same) => {
                Ok(Some(id.clone()))
            }
            (true, policy::Idempotence::Refuse, _) => Err(Refusal::new("idempotenceID 已存在")),
            (false, _, IdempotenceConflict::Refuse) => {
                Err(Refusal::new("idempotenceID 已用于其他内容的订单"))
            }
        }
    }

    /// Adds the order, and remembers its idempotenceID.
    fn register(
        &mut self,
        namespace: Namespace,
        key: Option<Idempotence>,
        order: Order,
        now: Millis,
    ) -> Result<String, Refusal> {
        let id = order.id.clone();
        self.add(order, now).map_err(|error| Refusal::new(error.to_string()))?;
        if let Some(key) = key {
            self.idempotence.insert((namespace, key.id), (key.digest, id.clone()));
        }
        Ok(id)
    }
}
