//! What a person at WoTrus, or a customer, does to an order: the steps that no call of the document makes.

use serde::{Deserialize, Serialize};

use crate::order::{Order, Status};
use crate::state::State;
use crate::time::Millis;

/// A step that the management side takes for the people of the real service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// WoTrus's review passes.
    Approve,
    /// WoTrus turns the order down.
    Reject,
    /// The domain is validated (RSADCV of revision V1.03).
    Validate,
    /// The CA issues at once, whatever would have come before.
    Issue,
    /// The audit of a revocation passes.
    ApproveRevocation,
    /// The audit of a revocation does not pass: the certificate stands.
    DenyRevocation,
}

impl Action {
    /// Every action with its name in addresses, as `wotrus sandbox`'s management API has it.
    pub const ALL: [(&'static str, Self); 6] = [
        ("approve", Self::Approve),
        ("reject", Self::Reject),
        ("validate", Self::Validate),
        ("issue", Self::Issue),
        ("approve_revocation", Self::ApproveRevocation),
        ("deny_revocation", Self::DenyRevocation),
    ];

    /// The action of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, action)| *action)
    }
}

/// What can be done to the order as it stands.
pub(crate) fn possible(order: &Order) -> Vec<Action> {
    Action::ALL.iter().map(|(_, action)| *action).filter(|it| allows(order, *it)).collect()
}

/// Whether the order's state knows this action.
fn allows(order: &Order, action: Action) -> bool {
    use Status::*;
    let (status, keyed) = (order.status, order.csr.is_some());
    match action {
        Action::Approve => keyed && matches!(status, Pending | PendingSubmitOrderToCa),
        Action::Validate => keyed && matches!(status, PendingDcv | PendingAutoIssue),
        Action::Reject => order.open(),
        Action::Issue => keyed && order.open(),
        Action::ApproveRevocation | Action::DenyRevocation => status == PendingRevoke,
    }
}

/// Why an action is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    NoSuchOrder,
    /// The order is in this state.
    State(Status),
    /// The order waits for its CSR.
    NoCsr,
}

impl State {
    /// Takes the action; gives the order's new state.
    pub(crate) fn act(&mut self, id: &str, action: Action, now: Millis) -> Result<Status, Denied> {
        let order = self.find(id).ok_or(Denied::NoSuchOrder)?;
        if !allows(order, action) {
            let keyless = order.csr.is_none() && order.open();
            return Err(if keyless { Denied::NoCsr } else { Denied::State(order.status) });
        }
        let (id, status) = (order.id.clone(), order.status);
        match action {
            Action::Approve if status == Status::Pending => {
                self.enter(&id, Status::PendingCaIssued, now);
            }
            Action::Approve => self.enter(&id, Status::PendingDcv, now),
            Action::Validate if status == Status::PendingDcv => {
                self.enter(&id, Status::PendingCaIssued, now);
            }
            Action::Validate | Action::Issue => self.issue(&id, now),
            Action::Reject => self.enter(&id, Status::Rejected, now),
            Action::ApproveRevocation => self.revoke(&id, now),
            Action::DenyRevocation => self.enter(&id, Status::Issued, now),
        }
        self.advance(now);
        Ok(self.orders[&id].status)
    }
}
