//! The client: a method for each operation of the service.

use std::fmt;
use std::time::Instant;

use crate::answer::{Answer, CreatedOrder, Envelope, Order, Reissued, Reply, Revocation, plain};
use crate::call::{Call, Context};
use crate::certificate::Certificates;
use crate::delivery::AttemptOutcome;
use crate::error::{Cause, Error, Kind, Result};
use crate::fields::Fields;
use crate::http::HttpClient;
use crate::messages::{Message, message};
use crate::options::{CallOptions, ClientBuilder, check_timeout};
use crate::percent::with_encoded;
use crate::redact::without;
use crate::request::{OrderRequest, ReissueRequest, RevokeRequest, plain_body};
use crate::session::Session;
use crate::validation;

const QUERY_THE_ORDER: Message = message!("query the order: its status shows the outcome");

/// A client of the service: cheap to clone, and usable by any number of threads at once. Clones, and
/// handles made by [`with`](Self::with), share their connections. The first call opens one.
///
/// Every call blocks until there is an answer, an error, or its time is over. A call that fails is
/// sent again only where that cannot take effect twice. [`Error::delivery`] tells whether the service
/// may have processed it.
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
/// After a fork, parent and child may both use a client that was made before: each gets connections of
/// its own.
#[derive(Clone)]
pub struct Client(pub(crate) Context);

/// Does not compile if callers could not share these types between threads.
const _: () = {
    const fn is_shared_between_threads<T: Send + Sync + Clone>() {}
    is_shared_between_threads::<Client>();
    is_shared_between_threads::<ClientBuilder>();
    is_shared_between_threads::<CallOptions>();
    is_shared_between_threads::<Error>();
    is_shared_between_threads::<Answer<Order>>();
};

impl ClientBuilder {
    /// Checks the options, reads the CA file, and makes the client. No connection is opened yet.
    ///
    /// # Errors
    /// [`Kind::Config`], naming the option.
    pub fn build(self) -> Result<Client> {
        let lang = self.call.lang.unwrap_or_default();
        self.try_build().map_err(|error| error.in_lang(lang))
    }

    fn try_build(mut self) -> Result<Client> {
        validation::token(self.token.expose())?;
        validation::user_agent(&self.user_agent)?;
        check_timeout("connect_timeout", Some(self.connect_timeout))?;
        self.call.check()?;
        if self.max_answer_size == 0 {
            return Err(Error::config("max_answer_size", message!("is 0")));
        }
        let call = std::mem::take(&mut self.call);
        Ok(Client(Context::new(Session::new(HttpClient::new(self)?), call)))
    }
}

impl Client {
    /// A builder with default options. Only the token must be set.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Another handle of this client whose calls have these options. It shares the connections.
    pub fn with(&self, options: CallOptions) -> Self {
        Self(self.0.with(options))
    }

    /// Ends every call, pause and wait that runs now on any handle that shares the connections, with
    /// [`Kind::Cancelled`], or with [`Kind::UnknownOutcome`] where a writing call may have been
    /// processed. Later calls work. On a handle made with [`CallOptions::cancel_own`], it ends the
    /// calls of that handle alone, later ones too.
    ///
    /// It is for another thread, and returns at once. It takes locks, so it must not be called in a
    /// signal handler: set a flag there, and cancel from a thread, or from an observer with
    /// [`Event::stop`](crate::Event::stop).
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Creates an order (section 2).
    ///
    /// With an idempotenceID a lost answer does no harm: the order is sent again under it. Without
    /// one, the order is never sent again once the service may have processed it.
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// use wotrus::{OrderRequest, product};
    ///
    /// let mut order = OrderRequest::new(product::PDF_SIGNING, "沃通", 12, "沃通");
    /// order.info.idempotence_id = Some("order-4711".into());
    /// let created = client.create_order(&order)?;
    /// println!("{}", created.value().id());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// - [`Kind::UnknownOutcome`] if an order may exist.
    /// - [`Kind::Refused`] with the service's message; [`Kind::Auth`]; [`Kind::Protocol`] for a
    ///   redirect or another 4xx.
    /// - [`Kind::Network`] or [`Kind::File`] if nothing was sent that could be processed.
    /// - [`Kind::Argument`], naming the field, or [`Kind::Config`], before anything is sent.
    /// - [`Kind::Cancelled`].
    pub fn create_order(&self, order: &OrderRequest) -> Result<Answer<CreatedOrder>> {
        self.localized(|| {
            let (body, idempotence_id) = order.body()?;
            let look_up = message!("look for the order at the service");
            let call = Call::post("create_order", "/v1/Order/Create", body, look_up);
            self.create(Call { idempotence_id, ..call }, |answer| {
                CreatedOrder::read(answer.data_members())
            })
        })
    }

    /// Queries an order (section 3).
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// let order = client.query_order("644A3E60")?;
    /// println!("{}", order.value().status);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// - [`Kind::Refused`], also for an order that the service does not know; [`Kind::Auth`].
    /// - [`Kind::Network`] if no answer came, [`Kind::Protocol`] if it cannot be used.
    /// - [`Kind::Argument`] or [`Kind::Config`], before anything is sent; [`Kind::Cancelled`].
    pub fn query_order(&self, order_id: &str) -> Result<Answer<Order>> {
        self.localized(|| {
            let (reply, _) = self.query(order_id)?;
            Ok(Answer { value: Order::read(reply.envelope.data_members()), reply })
        })
    }

    /// The answer to a query that names an order, and the order's id.
    pub(crate) fn query(&self, order_id: &str) -> Result<(Reply, String)> {
        let path = with_encoded("/v1/Order/", validation::order_id(order_id)?);
        let call = Call::get("query_order", path);
        let mut reply = call.run(&self.0)?;
        let id = reply.order_id().unwrap_or_default();
        if id != order_id {
            if let Some(problem) = validation::id_problem(&id) {
                return Err(call.incomplete(&reply, message!("its id {}", problem)));
            }
            reply.compare_order_id(order_id, &["id"], self.0.token());
        }
        Ok((reply, id))
    }

    /// Retrieves an issued certificate (section 4).
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// let certificates = client.retrieve_certificate("644A3E60")?;
    /// if let Some(rsa) = &certificates.value().rsa {
    ///     println!("{}", rsa.full_chain()?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// - [`Kind::NotReady`] while the order is not issued. The document does not say how the service
    ///   refuses then, so after a refusal the order is queried once: if it can still be issued, the
    ///   error is this one; otherwise it is the refusal.
    /// - Others as [`query_order`](Self::query_order).
    pub fn retrieve_certificate(&self, order_id: &str) -> Result<Answer<Certificates>> {
        self.localized(|| {
            let scope = self.0.begin(self.0.state());
            let deadline = Instant::now() + self.0.options.timeout_for(0)?;
            let refusal = match self.fetch(order_id) {
                Err(error) if error.kind() == Kind::Refused => error,
                other => return other,
            };
            // The query belongs to the same call: it has its RequestID, and what is left of its time.
            let part = Self(self.0.part(scope, refusal.request_id(), deadline)?);
            match part.query_order(order_id).map(|order| order.into_inner().status) {
                Ok(status) if status.is_pending() => Err(refusal.with(|facts| {
                    facts.kind = Kind::NotReady;
                    facts.cause = Cause::NotIssued;
                    facts.outcome = AttemptOutcome::NotYet;
                    facts.message = message!(
                        "the certificate is not issued yet: the order is {} ({})",
                        status.as_str(),
                        facts.message.clone(),
                    );
                })),
                Err(error) if error.kind() == Kind::Cancelled => Err(error),
                _ => Err(refusal),
            }
        })
    }

    /// One attempt to retrieve, which does not find out why it was refused.
    pub(crate) fn fetch(&self, order_id: &str) -> Result<Answer<Certificates>> {
        let path = "/v1/Certificate/RetrievePem?orderID=";
        let path = with_encoded(path, validation::order_id(order_id)?);
        let call = Call::get("retrieve_certificate", path);
        let mut reply = call.run(&self.0)?;
        reply.compare_order_id(order_id, &["orderID", "id"], self.0.token());
        let envelope = &reply.envelope;
        let value = Certificates::read(envelope.data_members(), &reply.request_id, self.0.lang());
        // The table of section 4 lists a `result` that its example does not have.
        if value.is_empty() || envelope.flag("result") == Some(false) {
            let message = message!("the certificate is not issued yet: the answer contains none");
            let error = Error::new(Kind::NotReady, Cause::NotIssued, message)
                .with(|facts| facts.outcome = AttemptOutcome::NotYet);
            return Err(call.refusal(&reply, error));
        }
        Ok(Answer { value, reply })
    }

    /// Cancels an order (section 5). Once the order is issued or revoked, this is not possible.
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// client.cancel_order("644A3E60", "域名填写错误")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// - [`Kind::Refused`], also if the service took the call but did not cancel the order
    ///   (`cancelResult:false`), with its `cancelFailedReason`.
    /// - [`Kind::UnknownOutcome`] if the order may be cancelled. The call is not sent again then.
    /// - Others as [`create_order`](Self::create_order).
    pub fn cancel_order(&self, order_id: &str, reason: &str) -> Result<Reply> {
        self.localized(|| {
            validation::required("reason", reason)?;
            let body =
                plain_body(&[("orderID", validation::order_id(order_id)?), ("reason", reason)]);
            let call = Call::post("cancel_order", "/v1/Order/Cancel", body, QUERY_THE_ORDER);
            self.run_decided(
                &call,
                "cancelResult",
                "cancelFailedReason",
                message!("the order was not cancelled"),
            )
        })
    }

    /// Requests a revocation (section 6). Success means that the service took the request: at
    /// `pendingAudit` a review decides whether the certificate is revoked.
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// use wotrus::{Document, RevokeRequest};
    ///
    /// let proof = Document::from_path("proof.pdf")?;
    /// client.revoke_certificate(&RevokeRequest::new("644A3E60", "私钥泄露", proof))?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// - [`Kind::UnknownOutcome`] if the request may have been taken. The call is not sent again then.
    /// - Others as [`create_order`](Self::create_order).
    pub fn revoke_certificate(&self, revocation: &RevokeRequest) -> Result<Answer<Revocation>> {
        self.localized(|| {
            let path = "/v1/Certificate/RevokeRequest";
            let call = Call::post("revoke_certificate", path, revocation.body()?, QUERY_THE_ORDER);
            let reply = call.run(&self.0)?;
            Ok(Answer { value: Fields::read_answer(reply.envelope.data_members()), reply })
        })
    }

    /// Requests a reissue (section 7). [`ReissueRequest`] says what becomes of the old certificate.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// use wotrus::ReissueRequest;
    ///
    /// let csr = std::fs::read_to_string("new.csr")?;
    /// let mut reissue = ReissueRequest::new("644A3E60", csr, "私钥泄露");
    /// reissue.idempotence_id = Some("reissue-4711".into());
    /// let reissued = client.reissue_certificate(&reissue)?;
    /// println!("{}", reissued.value().new_order_id);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`create_order`](Self::create_order).
    pub fn reissue_certificate(&self, reissue: &ReissueRequest) -> Result<Answer<Reissued>> {
        self.localized(|| {
            let (body, idempotence_id) = reissue.body()?;
            let path = "/v1/Certificate/ReissueRequest";
            let look_up = message!("look for the new order at the service");
            let call = Call::post("reissue_certificate", path, body, look_up);
            self.create(Call { idempotence_id, ..call }, |answer| {
                Reissued::read(answer.data_members())
            })
        })
    }

    /// Has the service tell the customer by e-mail that the order is issued (section 9).
    /// `collect_url` is where the certificate can be downloaded.
    ///
    /// ```no_run
    /// # fn main() -> wotrus::Result<()> {
    /// # let client = wotrus::Client::builder().token("tk_").build()?;
    /// client.notify_by_email("644A3E60", "https://reseller.example/collect/644A3E60")?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// - [`Kind::Refused`], also if the service took the call but sent nothing (`sentResult:false`).
    /// - [`Kind::UnknownOutcome`] if the e-mail may be sent. The call is not sent again then.
    /// - Others as [`create_order`](Self::create_order).
    pub fn notify_by_email(&self, order_id: &str, collect_url: &str) -> Result<Reply> {
        self.localized(|| {
            validation::required("collectUrl", collect_url)?;
            let order_id = validation::order_id(order_id)?;
            let body = plain_body(&[("orderID", order_id), ("collectUrl", collect_url)]);
            let look_up = message!("ask the customer whether the e-mail came");
            let call = Call::post("notify_by_email", "/v1/Notification/email", body, look_up);
            self.run_decided(
                &call,
                "sentResult",
                "sentFailedReason",
                message!("the e-mail was not sent"),
            )
        })
    }

    /// A call whose answer must name what was created.
    fn create<T>(
        &self,
        call: Call,
        read: impl FnOnce(&Envelope) -> Result<T, Message>,
    ) -> Result<Answer<T>> {
        let reply = call.run(&self.0)?;
        match read(&reply.envelope) {
            Ok(value) => Ok(Answer { value, reply }),
            Err(problem) => Err(call.incomplete(&reply, problem)),
        }
    }

    /// A call whose answer has a yes or no in its data.
    fn run_decided(
        &self,
        call: &Call,
        flag: &str,
        reason: &str,
        refusal: Message,
    ) -> Result<Reply> {
        let reply = call.run(&self.0)?;
        let envelope = &reply.envelope;
        match envelope.flag(flag) {
            Some(true) => Ok(reply),
            None => Err(call.incomplete(&reply, message!("has no {}", flag))),
            Some(false) => {
                let token = self.0.token();
                let reason = envelope
                    .text(reason)
                    .map(|text| plain(&text, &|text| call.redact(token, text)));
                let message = match &reason {
                    Some(reason) => message!("{}: {}", refusal, &**reason),
                    None => message!("{}, and the service gives no reason", refusal),
                };
                let error = Error::answer(Kind::Refused, Cause::Refused, message)
                    .with(|facts| facts.service_message = reason);
                Err(call.refusal(&reply, error))
            }
        }
    }

    /// Makes a call; its error is in the language of this handle and without its token.
    pub(crate) fn localized<T>(&self, call: impl FnOnce() -> Result<T>) -> Result<T> {
        call().map_err(|error| self.localized_error(error))
    }

    /// An error may quote what the caller gave, such as the path of a file with the token in its name.
    #[cold]
    #[inline(never)]
    pub(crate) fn localized_error(&self, error: Error) -> Error {
        let redact = |text: &str| without(text.to_owned(), self.0.token());
        let error = error.in_lang(self.0.lang());
        error.with(|facts| {
            facts.message.map_quoted(&redact);
            facts.field = facts.field.take().map(|field| redact(&field));
        })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = self.0.base_url();
        f.debug_struct("Client").field("base_url", &base_url).finish_non_exhaustive()
    }
}
