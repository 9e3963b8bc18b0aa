//! The client: every operation of the service as a method.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::answer::{Answer, CreatedOrder, Order, Reissued, Reply, Revocation, usable};
use crate::call::Call;
use crate::certificate::Certificates;
use crate::error::{Cause, Error, Kind, Result};
use crate::event::Event;
use crate::http::Transport;
use crate::http::url::BaseUrl;
use crate::json::Json;
use crate::json::fields::Fields;
use crate::options::{CallOptions, ClientBuilder};
use crate::request::body::Body;
use crate::request::validation;
use crate::request::{OrderRequest, ReissueRequest, RevokeRequest, plain};
use crate::session::{Pool, Pools};

const SHOW_IT: &str = "query the order: its status tells";

/// A client of the service: cheap to clone, for any number of threads at once. Clones and copies
/// made by [`with`](Self::with) share their connections, which are opened by the first call.
///
/// Every call blocks until there is an answer, an error, or its time is over. A call that fails is
/// sent again only where that cannot do anything twice; [`Error::delivery`] tells whether the
/// service may have processed it.
///
/// ```no_run
/// use wotrus::{Client, OrderRequest, WaitOptions, product};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder().token("tk_…").build()?;
///
/// let mut order = OrderRequest::new(product::PDF_SIGNING, "沃通电子认证服务有限公司", 12, "沃通电子认证服务有限公司");
/// order.info.csr_rsa = Some(std::fs::read_to_string("example.csr")?);
/// order.info.idempotence_id = Some("order-4711".into());
/// let created = client.create_order(&order)?;
///
/// let certificates = client.wait_for_certificate(created.value().id(), &WaitOptions::new())?;
/// if let Some(rsa) = &certificates.value().rsa {
///     std::fs::write("fullchain.pem", rsa.full_chain()?)?;
/// }
/// # Ok(()) }
/// ```
///
/// After a fork, parent and child may both use a client they had before: each gets connections of
/// its own.
#[derive(Clone)]
pub struct Client {
    core: Arc<Core>,
    options: CallOptions,
}

struct Core {
    transport: Transport,
    pools: Pools,
}

impl Client {
    /// Options, of which only the token is required.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    pub(crate) fn new(options: ClientBuilder, base_url: BaseUrl) -> Result<Self> {
        let transport = Transport::new(&options, base_url)?;
        let pools = Pools::new(transport.connections());
        Ok(Self { core: Arc::new(Core { transport, pools }), options: options.call })
    }

    /// A copy of this client whose calls have these options; it shares the connections.
    pub fn with(&self, options: CallOptions) -> Self {
        Self { core: self.core.clone(), options: options.or(&self.options) }
    }

    /// Ends every call, pause and wait that goes on now on any handle that shares the connections,
    /// with [`Kind::Cancelled`], or with [`Kind::UnknownOutcome`] where a writing call may have
    /// been processed. Later calls work. For another thread; it does not wait.
    pub fn cancel(&self) {
        self.pool().cancel(self.core.transport.connections());
    }

    /// Creates an order (section 2).
    ///
    /// With an idempotenceID a lost answer does no harm: the order is sent again under it. Without
    /// one it is never sent again once the service may have it.
    ///
    /// # Errors
    /// [`Kind::UnknownOutcome`] if an order may exist that no answer names;
    /// [`Kind::Argument`], naming the field, before anything is sent; [`Kind::File`] for a
    /// document; [`Kind::Refused`] with the service's words; and the others.
    pub fn create_order(&self, order: &OrderRequest) -> Result<Answer<CreatedOrder>> {
        let (body, idempotence_id) = order.body()?;
        let mut call = Call::post(
            "create_order",
            "/v1/Order/Create",
            body,
            "look for the order at the service",
        );
        call.idempotence_id = idempotence_id;
        let reply = call.run(self)?;
        match CreatedOrder::read(reply.envelope.data_members()) {
            Ok(value) => Ok(Answer { value, reply }),
            Err(problem) => Err(call.incomplete(&reply, &problem)),
        }
    }

    /// Queries an order (section 3).
    ///
    /// # Errors
    /// [`Kind::Refused`] for an order that the service does not know; [`Kind::Network`],
    /// [`Kind::Protocol`].
    pub fn query_order(&self, order_id: &str) -> Result<Answer<Order>> {
        let reply = self.query(order_id)?;
        Ok(Answer { value: Order::read(reply.envelope.data_members()), reply })
    }

    /// The answer as it came, for those who read it by field names; it names an order.
    pub(crate) fn query(&self, order_id: &str) -> Result<Reply> {
        let path = validation::with_encoded("/v1/Order/", validation::order_id(order_id)?);
        let call = Call::get("query_order", path);
        let mut reply = call.run(self)?;
        match usable(&reply.order_id().unwrap_or_default()) {
            Ok(_) => reply.compare_order_id(order_id, &["id"]),
            Err(problem) => return Err(call.incomplete(&reply, &format!("its id {problem}"))),
        }
        Ok(reply)
    }

    /// Retrieves an issued certificate (section 4).
    ///
    /// # Errors
    /// [`Kind::NotReady`] while the order is not issued. The document does not say how the service
    /// refuses then, so after a refusal the order is queried once: if it stands where a
    /// certificate may still come, it is not ready; otherwise the refusal itself is returned.
    pub fn retrieve_certificate(&self, order_id: &str) -> Result<Answer<Certificates>> {
        let refusal = match self.fetch(order_id) {
            Err(error) if error.kind() == Kind::Refused => error,
            other => return other,
        };
        use crate::answer::OrderStatus::*;
        match self.query_order(order_id).map(|order| order.into_inner().status) {
            Ok(
                status @ (PendingAutoIssue
                | Pending
                | PendingSubmitOrderToCa
                | PendingDcv
                | PendingCaIssued),
            ) => Err(refusal.with(|facts| {
                facts.kind = Kind::NotReady;
                facts.cause = Cause::NotIssued;
                facts.message = format!(
                    "the certificate is not issued yet: the order is {status} ({})",
                    facts.message
                );
            })),
            _ => Err(refusal),
        }
    }

    /// One attempt to retrieve, without asking why it was refused.
    pub(crate) fn fetch(&self, order_id: &str) -> Result<Answer<Certificates>> {
        let path = "/v1/Certificate/RetrievePem?orderID=";
        let path = validation::with_encoded(path, validation::order_id(order_id)?);
        let call = Call::get("retrieve_certificate", path);
        let mut reply = call.run(self)?;
        reply.compare_order_id(order_id, &["orderID", "id"]);
        let envelope = &reply.envelope;
        let value = Certificates::read(envelope.data_members());
        // The table lists a `result` that the example does not show.
        if value.is_empty() || envelope.flag("result") == Some(false) {
            let message = "the certificate is not there yet: the answer holds none".to_owned();
            return Err(call.refusal(&reply, Kind::NotReady, Cause::NotIssued, message, None));
        }
        Ok(Answer { value, reply })
    }

    /// Cancels an order (section 5): not possible once it is issued or revoked.
    ///
    /// # Errors
    /// [`Kind::Refused`] also where the service took the call but did not cancel
    /// (`cancelResult:false`), with its `cancelFailedReason`; [`Kind::UnknownOutcome`] if it may
    /// be cancelled: it is never sent again by itself.
    pub fn cancel_order(&self, order_id: &str, reason: &str) -> Result<Reply> {
        validation::required("reason", reason)?;
        let body = plain(&[("orderID", validation::order_id(order_id)?), ("reason", reason)]);
        let call = Call::post("cancel_order", "/v1/Order/Cancel", body, SHOW_IT);
        self.decided(&call, "cancelResult", "cancelFailedReason", "the order was not cancelled")
    }

    /// Requests a revocation (section 6). Success means that the request was taken: with
    /// `pendingAudit` the certificate is revoked after a review, or not at all.
    ///
    /// # Errors
    /// As [`cancel_order`](Self::cancel_order), and [`Kind::File`] for the proof.
    pub fn revoke_certificate(&self, revocation: &RevokeRequest) -> Result<Answer<Revocation>> {
        let call = Call::post(
            "revoke_certificate",
            "/v1/Certificate/RevokeRequest",
            revocation.body()?,
            SHOW_IT,
        );
        let reply = call.run(self)?;
        Ok(Answer { value: read_data(&reply), reply })
    }

    /// Requests a reissue (section 7). See [`ReissueRequest`] for what becomes of the old
    /// certificate.
    ///
    /// # Errors
    /// As [`create_order`](Self::create_order).
    pub fn reissue_certificate(&self, reissue: &ReissueRequest) -> Result<Answer<Reissued>> {
        let (body, idempotence_id) = reissue.body()?;
        let mut call = Call::post(
            "reissue_certificate",
            "/v1/Certificate/ReissueRequest",
            body,
            "look for the new order at the service",
        );
        call.idempotence_id = idempotence_id;
        let reply = call.run(self)?;
        match Reissued::read(reply.envelope.data_members()) {
            Ok(value) => Ok(Answer { value, reply }),
            Err(problem) => Err(call.incomplete(&reply, &problem)),
        }
    }

    /// Has the service tell the customer by e-mail that the order is issued (section 9);
    /// `collect_url` is where the certificate can be downloaded.
    ///
    /// # Errors
    /// [`Kind::Refused`] also where nothing was sent (`sentResult:false`).
    pub fn notify_by_email(&self, order_id: &str, collect_url: &str) -> Result<Reply> {
        validation::required("collectUrl", collect_url)?;
        let body =
            plain(&[("orderID", validation::order_id(order_id)?), ("collectUrl", collect_url)]);
        let call = Call::post(
            "notify_by_email",
            "/v1/Notification/email",
            body,
            "ask the customer whether the e-mail came",
        );
        self.decided(&call, "sentResult", "sentFailedReason", "the e-mail was not sent")
    }

    /// Calls any endpoint: `"GET /v1/…"`, or `"POST /v1/…"` with a JSON body, which goes out byte
    /// for byte. A POST is never sent again once the service may have it.
    ///
    /// # Errors
    /// [`Kind::Argument`] for another method, a path that cannot be one, a body that is no JSON;
    /// else as the operations.
    pub fn call(&self, endpoint: &str, body: Option<&str>) -> Result<Reply> {
        let (method, path) = endpoint
            .split_once(' ')
            .ok_or_else(|| Error::argument("endpoint", "is not a method and a path: POST /v1/…"))?;
        validation::path(path)?;
        match (method, body) {
            ("GET", None) => Call::get("call", path.to_owned()).run(self),
            ("GET", Some(_)) => Err(Error::argument("body", "does not go with GET")),
            ("POST", body) => {
                let json = body.unwrap_or("{}");
                Json::parse(json).map_err(|error| Error::argument("body", error.problem))?;
                let body = Body::default().text(json);
                Call::post("call", path, body, "look at the service what became of it").run(self)
            }
            _ => Err(Error::argument("endpoint", "is neither GET nor POST")),
        }
    }

    /// A call whose answer has a second-level yes or no.
    fn decided(&self, call: &Call, flag: &str, reason: &str, no: &str) -> Result<Reply> {
        let reply = call.run(self)?;
        let envelope = &reply.envelope;
        match envelope.flag(flag) {
            Some(true) => Ok(reply),
            None => Err(call.incomplete(&reply, &format!("has no {flag}"))),
            Some(false) => {
                let said = envelope.text(reason).map(|said| call.redact(self, said));
                let message = match &said {
                    Some(said) => format!("{no}: {said}"),
                    None => format!("{no}, and the service gives no reason"),
                };
                Err(call.refusal(&reply, Kind::Refused, Cause::Refused, message, said))
            }
        }
    }

    /// The connections of this process: a call asks once, since asking takes a system call.
    pub(crate) fn pool(&self) -> &Pool {
        self.core.pools.get(|| self.core.transport.connections())
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.core.transport
    }

    pub(crate) fn call_options(&self) -> &CallOptions {
        &self.options
    }

    /// The RequestID of the next call: the caller's, or a new one.
    pub(crate) fn request_id(&self, pool: &Pool) -> Result<String> {
        match &self.options.request_id {
            None => Ok(pool.request_id()),
            Some(id) => validation::request_id(id).map(|()| id.clone()),
        }
    }

    pub(crate) fn tell(&self, event: &Event<'_>) -> ControlFlow<()> {
        self.options.observer.as_ref().map_or(ControlFlow::Continue(()), |hear| hear.0(event))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = &self.core.transport.base_url.text;
        f.debug_struct("Client").field("base_url", base_url).finish_non_exhaustive()
    }
}

fn read_data<T: Fields + Default>(reply: &Reply) -> T {
    T::read_answer(reply.envelope.data_members())
}
