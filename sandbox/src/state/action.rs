//! The steps of an order that WoTrus staff take, and no operation of the document.

use serde::{Deserialize, Serialize};

use crate::order::{Order, Status};
use crate::state::State;
use crate::time::Millis;

/// A step of an order that WoTrus staff take in the real service, and the management interface in the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// The review at WoTrus passes.
    Approve,
    /// WoTrus rejects the order.
    Reject,
    /// The domain is validated (RSADCV of revision V1.03).
    Validate,
    /// The CA issues the certificate at once, and the steps before it are skipped.
    Issue,
    /// The audit of a revocation passes.
    ApproveRevocation,
    /// The audit of a revocation does not pass: the certificate stays valid.
    DenyRevocation,
}

impl Action {
    /// Every action with its name in the paths of the management API.
    pub const ALL: [(&'static str, Self); 6] = [
        ("approve", Self::Approve),
        ("reject", Self::Reject),
        ("validate", Self::Validate),
        ("issue", Self::Issue),
        ("approve_revocation", Self::ApproveRevocation),
        ("deny_revocation", Self::DenyRevocation),
    ];

    /// Finds an action by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, action)| *action)
    }
}

/// The actions that the order's status allows.
pub(crate) fn allowed_actions(order: &Order) -> Vec<Action> {
    Action::ALL.iter().map(|(_, action)| *action).filter(|it| allows(order, *it)).collect()
}

fn allows(order: &Order, action: Action) -> bool {
    use Status::*;
    let (status, has_csr) = (order.status, order.csr.is_some());
    match action {
        Action::Approve => has_csr && matches!(status, Pending | PendingSubmitOrderToCa),
        Action::Validate => has_csr && matches!(status, PendingDcv | PendingAutoIssue),
        Action::Reject => order.open(),
        Action::Issue => has_csr && order.open(),
        Action::ApproveRevocation | Action::DenyRevocation => status == PendingRevoke,
    }
}

/// Why an action is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    NoSuchOrder,
    /// The order's status does not allow it.
    Status(Status),
    /// The order waits for its CSR.
    NoCsr,
}

impl State {
    /// Takes the action and returns the order's new status.
    pub(crate) fn act(&mut self, id: &str, action: Action, now: Millis) -> Result<Status, Denied> {
        let order = self.find(id).ok_or(Denied::NoSuchOrder)?;
        if !allows(order, action) {
            let no_csr = order.csr.is_none() && order.open();
            return Err(if no_csr { Denied::NoCsr } else { Denied::Status(order.status) });
        }
        let (id, status) = (order.id.clone(), order.status);
        match action {
            Action::Approve if status == Status::Pending => {
                self.set_status(&id, Status::PendingCaIssued, now);
            }
            Action::Approve => self.set_status(&id, Status::PendingDcv, now),
            Action::Validate if status == Status::PendingDcv => {
                self.set_status(&id, Status::PendingCaIssued, now);
            }
            Action::Validate | Action::Issue => self.issue(&id, now),
            Action::Reject => self.set_status(&id, Status::Rejected, now),
            Action::ApproveRevocation => self.revoke(&id, now),
            Action::DenyRevocation => self.set_status(&id, Status::Issued, now),
        }
        self.advance(now);
        Ok(self.orders[&id].status)
    }
}
