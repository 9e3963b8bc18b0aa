//! The records of the management interface, in Rust and as JSON with the same names. Times have the service's format,
//! `2026-03-31T14:27:42.286+08:00`.

use serde::Serialize;
use serde_json::Value;

use crate::fault::armed::ArmedFault;
use crate::order::{Certificate, Document, Order, Status};
use crate::policy::policies;
use crate::push::outbox::{Attempt, Outcome, Push};
use crate::service::Service;
use crate::service::journal::{Entry, TokenCheck};
use crate::state::action::{Action, allowed_actions};
use crate::time::rfc3339;

/// Addresses, clock and policies of the sandbox.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct StatusRecord {
    /// The URL of the service over plain HTTP.
    pub http_url: String,
    /// The URL of the service over HTTPS.
    pub https_url: String,
    /// Where pushes are sent.
    pub push_url: Option<String>,
    /// The time of the sandbox's clock.
    pub now: String,
    /// How far the clock is ahead of the machine's, in seconds.
    pub ahead: f64,
    /// The number of orders.
    pub orders: usize,
    /// The value of each policy, by name.
    pub policies: serde_json::Map<String, Value>,
}

/// One order.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct OrderRecord {
    /// `orderID` of the service.
    pub order_id: String,
    /// `orderNumber` of the service.
    pub order_number: String,
    /// The status.
    pub status: Status,
    /// When the next automatic step is taken.
    pub due: Option<String>,
    /// The actions that the status allows.
    pub actions: Vec<Action>,
    /// The name of the product.
    pub product: &'static str,
    /// `commonName` of the order.
    pub common_name: String,
    /// The name of the applicant.
    pub organization: String,
    /// The validity of the certificate in months.
    pub months: u32,
    /// When the order was created.
    pub created: String,
    /// Whether the order has a CSR.
    pub has_csr: bool,
    /// The order that this one reissues.
    pub replaces: Option<String>,
    /// The RSA order that was created together with this SM2 order.
    pub paired: Option<String>,
    /// The documents of the order and of its revocation.
    pub documents: Vec<DocumentRecord>,
    /// Each status with the time from which it held.
    pub history: Vec<StepRecord>,
    /// The certificate, once it is issued.
    pub certificate: Option<CertificateRecord>,
}

/// A document. Its content is not kept.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct DocumentRecord {
    /// 1 letter of authorisation, 2 business licence, 3 identity card; none for the proof of a revocation or reissue.
    pub document_type: Option<u32>,
    /// `.jpg`, `.gif` or `.pdf`.
    pub file_type: String,
    /// The size of the decoded content in bytes.
    pub size: u64,
    /// The digest of the decoded content in lower-case hexadecimal.
    pub sha256: String,
}

/// A status and the time from which it held.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct StepRecord {
    /// The status.
    pub status: Status,
    /// The time.
    pub at: String,
}

/// An issued certificate.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct CertificateRecord {
    /// The serial number in lower-case hexadecimal.
    pub serial: String,
    /// The end of its validity.
    pub not_after: String,
    /// When it was revoked.
    pub revoked: Option<String>,
    /// The certificate without its chain, in PEM. Of an SM2 order this is the signature certificate.
    pub pem: String,
    /// The encryption certificate of an SM2 order, in PEM.
    pub encryption_pem: Option<String>,
}

/// One push.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct PushRecord {
    /// The number.
    pub push_id: u64,
    /// `waiting`, `sending`, `delivered` (the receiver's status was 200) or `given_up`.
    pub state: &'static str,
    /// The JSON that is sent.
    pub body: String,
    /// When the next attempt is due.
    pub due: Option<String>,
    /// The attempts so far.
    pub attempts: Vec<AttemptRecord>,
}

/// One attempt to send a push.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct AttemptRecord {
    /// When it began.
    pub at: String,
    /// The receiver's HTTP status.
    pub status: Option<u16>,
    /// Why there is no status.
    pub error: Option<String>,
}

/// One armed fault.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct FaultRecord {
    /// The number.
    pub fault_id: u64,
    /// The fault in the notation of [`Fault`](crate::Fault).
    pub spec: String,
    /// How many requests met it.
    pub struck: u64,
    /// Whether its `count` is reached.
    pub spent: bool,
}

/// One request to the service.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct JournalRecord {
    /// The number, counted from 1.
    pub number: u64,
    /// When the request was processed.
    pub at: String,
    /// The HTTP method.
    pub method: String,
    /// Path and query, 1 KiB at most.
    pub path: String,
    /// The header `RequestID`, 1 KiB at most.
    pub request_id: Option<String>,
    /// `right`, `wrong` or `absent`. The token itself is not kept.
    pub token: &'static str,
    /// The size of the body in bytes; 0 if it was not read, as without the right token.
    pub size: usize,
    /// The body's JSON with its secrets redacted. None if it is larger than 64 KiB or not JSON.
    pub body: Option<Value>,
    /// The HTTP status of the response. None if a fault prevented it.
    pub status: Option<u16>,
    /// The fault that the request met.
    pub fault: Option<String>,
}

impl StatusRecord {
    pub(crate) fn of(service: &Service) -> Self {
        let now = service.clock.now();
        let state = service.state(now);
        let value = |name| (String::from(name), state.policies.get(name).into());
        Self {
            http_url: service.http_url.clone(),
            https_url: service.https_url.clone(),
            push_url: service.push_url.clone(),
            now: rfc3339(now),
            ahead: service.clock.offset() as f64 / 1000.0,
            orders: state.orders.len(),
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
            actions: allowed_actions(order),
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
    pub(crate) fn of(armed: &ArmedFault) -> Self {
        let spent = armed.fault.count.is_some_and(|count| armed.struck >= count);
        Self { fault_id: armed.id, spec: armed.fault.to_string(), struck: armed.struck, spent }
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
                TokenCheck::Valid => "right",
                TokenCheck::Invalid => "wrong",
                TokenCheck::Missing => "absent",
            },
            size: entry.size,
            body: entry.redacted_body(),
            status: entry.status,
            fault: entry.fault.clone(),
        }
    }
}
