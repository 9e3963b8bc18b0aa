//! What the management side shows, in Rust and as JSON under the same names. Instants are written as the
//! service writes them, `2026-03-31T14:27:42.286+08:00`.

use serde::Serialize;
use serde_json::Value;

use crate::action::{Action, possible};
use crate::faults::One;
use crate::journal::{Entry, Token};
use crate::order::{Certificate, Document, Order, Status};
use crate::outbox::{Attempt, Outcome, Push};
use crate::policy::policies;
use crate::service::Service;
use crate::time::rfc3339;

/// The sandbox as it stands.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct StatusRecord {
    /// The service over plain HTTP.
    pub http_url: String,
    /// The service over HTTPS.
    pub https_url: String,
    /// Where pushes go.
    pub push_url: Option<String>,
    /// The sandbox's clock.
    pub now: String,
    /// How far it is ahead of the machine's, in seconds.
    pub ahead: f64,
    /// How many orders there are.
    pub orders: usize,
    /// The policies in force, by name.
    pub policies: serde_json::Map<String, Value>,
}

/// One order.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct OrderRecord {
    /// The wire's `orderID`.
    pub order_id: String,
    /// The wire's `orderNumber`.
    pub order_number: String,
    /// Its state.
    pub status: Status,
    /// When it leaves that state by itself.
    pub due: Option<String>,
    /// What a person could do to it now.
    pub actions: Vec<Action>,
    /// The product's name.
    pub product: &'static str,
    /// The subject's CN.
    pub common_name: String,
    /// The applicant's name.
    pub organization: String,
    /// The certificate's life.
    pub months: u32,
    /// When it was created.
    pub created: String,
    /// Whether its CSR is there.
    pub has_csr: bool,
    /// The order that this one reissues.
    pub replaces: Option<String>,
    /// The RSA order that goes with an SM2 order.
    pub paired: Option<String>,
    /// Each document that came with it, or with its revocation.
    pub documents: Vec<DocumentRecord>,
    /// Each state and when it was entered.
    pub history: Vec<StepRecord>,
    /// Once it is issued.
    pub certificate: Option<CertificateRecord>,
}

/// A document as it arrived; its content is not kept.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct DocumentRecord {
    /// 1 letter of authorisation, 2 business licence, 3 identity card; none for a proof.
    pub document_type: Option<u32>,
    /// `.jpg`, `.gif` or `.pdf`.
    pub file_type: String,
    /// In bytes, decoded.
    pub size: u64,
    /// In lower-case hexadecimal.
    pub sha256: String,
}

/// A state and when it was entered.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct StepRecord {
    /// The state.
    pub status: Status,
    /// When.
    pub at: String,
}

/// An issued certificate.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct CertificateRecord {
    /// In lower-case hexadecimal.
    pub serial: String,
    /// The end of its life.
    pub not_after: String,
    /// When it was revoked.
    pub revoked: Option<String>,
    /// The leaf alone; of an SM2 order the one to sign with.
    pub pem: String,
    /// Of an SM2 order the one to encrypt with.
    pub encryption_pem: Option<String>,
}

/// One push.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct PushRecord {
    /// Its number.
    pub push_id: u64,
    /// `waiting`, `sending`, `delivered` (answered with exactly 200) or `given_up`.
    pub state: &'static str,
    /// What is sent.
    pub body: String,
    /// When it is sent next.
    pub due: Option<String>,
    /// Each time it was sent.
    pub attempts: Vec<AttemptRecord>,
}

/// One time that a push was sent.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct AttemptRecord {
    /// When.
    pub at: String,
    /// The receiver's HTTP status.
    pub status: Option<u16>,
    /// Why there is none.
    pub error: Option<String>,
}

/// One armed fault.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FaultRecord {
    /// Its number.
    pub fault_id: u64,
    /// As it was written.
    pub spec: String,
    /// How often it struck.
    pub struck: u64,
    /// Whether it has struck as often as it was to.
    pub spent: bool,
}

/// One request to the service.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct JournalRecord {
    /// Counted from 1.
    pub number: u64,
    /// When it was answered.
    pub at: String,
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The header `RequestID`.
    pub request_id: Option<String>,
    /// `right`, `wrong` or `absent`: nothing of the token itself.
    pub token: &'static str,
    /// The body's size in bytes.
    pub size: usize,
    /// The body's JSON with its secrets masked; none beyond 64 KiB, and where it is no JSON.
    pub body: Option<Value>,
    /// The status answered; none where a fault kept the answer back.
    pub status: Option<u16>,
    /// The fault that struck.
    pub fault: Option<String>,
}

impl StatusRecord {
    pub(crate) fn of(service: &Service) -> Self {
        let now = service.clock.now();
        let turn = service.state(now);
        let value = |name| (String::from(name), turn.policies.get(name).into());
        Self {
            http_url: service.http_url.clone(),
            https_url: service.https_url.clone(),
            push_url: service.push_url.clone(),
            now: rfc3339(now),
            ahead: service.clock.ahead() as f64 / 1000.0,
            orders: turn.orders.len(),
            policies: policies().iter().map(|policy| value(policy.name)).collect(),
        }
    }
}

impl OrderRecord {
    pub(crate) fn of(order: &Order) -> Self {
        let terms = &order.terms;
        let step = |&(at, status): &_| StepRecord { status, at: rfc3339(at) };
        Self {
            order_id: order.id.clone(),
            order_number: format!("{:015}", order.number),
            status: order.status,
            due: order.due.map(rfc3339),
            actions: possible(order),
            product: terms.product().name,
            common_name: terms.common_name.clone(),
            organization: terms.organization.name.clone(),
            months: terms.months,
            created: rfc3339(order.created),
            has_csr: order.csr.is_some(),
            replaces: order.replaces.clone(),
            paired: order.paired.clone(),
            documents: order.documents.iter().map(DocumentRecord::of).collect(),
            history: order.history.iter().map(step).collect(),
            certificate: order.certificate.as_ref().map(CertificateRecord::of),
        }
    }
}

impl DocumentRecord {
    fn of(document: &Document) -> Self {
        let Document { kind, extension, size, sha256 } = document.clone();
        Self { document_type: kind, file_type: extension, size, sha256 }
    }
}

impl CertificateRecord {
    fn of(certificate: &Certificate) -> Self {
        Self {
            serial: certificate.serial.iter().map(|byte| format!("{byte:02x}")).collect(),
            not_after: rfc3339(certificate.until),
            revoked: certificate.revoked.map(rfc3339),
            pem: certificate.pem.clone(),
            encryption_pem: certificate.encryption.as_ref().map(|it| it.pem.clone()),
        }
    }
}

impl PushRecord {
    pub(crate) fn of(push: &Push) -> Self {
        let last = push.attempts.last().map(|attempt| &attempt.outcome);
        let state = match (push.due, last) {
            (Some(_), _) | (None, None) => "waiting",
            (None, Some(None)) => "sending",
            (None, Some(Some(Outcome::Status(200)))) => "delivered",
            (None, Some(Some(_))) => "given_up",
        };
        Self {
            push_id: push.id,
            state,
            body: push.body.clone(),
            due: push.due.map(rfc3339),
            attempts: push.attempts.iter().map(AttemptRecord::of).collect(),
        }
    }
}

impl AttemptRecord {
    fn of(attempt: &Attempt) -> Self {
        let (status, error) = match &attempt.outcome {
            Some(Outcome::Status(status)) => (Some(*status), None),
            Some(Outcome::Failed(error)) => (None, Some(error.clone())),
            None => (None, None),
        };
        Self { at: rfc3339(attempt.at), status, error }
    }
}

impl FaultRecord {
    pub(crate) fn of(one: &One) -> Self {
        let spent = one.fault.count.is_some_and(|count| one.struck >= count);
        Self { fault_id: one.id, spec: one.fault.to_string(), struck: one.struck, spent }
    }
}

impl JournalRecord {
    pub(crate) fn of(entry: &Entry) -> Self {
        Self {
            number: entry.number,
            at: rfc3339(entry.at),
            method: entry.method.clone(),
            path: entry.path.clone(),
            request_id: entry.request_id.clone(),
            token: match entry.token {
                Token::Right => "right",
                Token::Wrong => "wrong",
                Token::Absent => "absent",
            },
            size: entry.size,
            body: entry.masked_body(),
            status: entry.status,
            fault: entry.fault.clone(),
        }
    }
}
