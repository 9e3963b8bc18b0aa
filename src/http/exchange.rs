//! One request and its answer.

use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::config::Config;

use super::cancel_scope::CancelScope;
use super::config::ureq_config;
use super::deadline::CallDeadline;
use super::exchange_error::{ExchangeError, Problem};
use super::pool::ConnectionPool;
use super::tcp::check;
use super::url::BaseUrl;
use crate::body::BodyReader;
use crate::error::Result;
use crate::messages::message;
use crate::options::ClientBuilder;
use crate::secret::Secret;

/// A larger body is sent only after the service's "100 Continue", in bytes: a refusal (401, 413) would
/// otherwise be lost in a broken upload. For smaller ones the round trip costs more than it saves.
const EXPECT_CONTINUE_ABOVE: u64 = 1024 * 1024;

/// The time to read the body of a refusal. There may be none, and no way to tell.
const REFUSAL_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends requests to one service.
pub(crate) struct HttpClient {
    pub(crate) options: ClientBuilder,
    pub(crate) base_url: BaseUrl,
    config: Config,
    /// The headers of every request, the token included.
    headers: Secret,
}

/// One request.
pub(crate) struct Exchange<'a, 'b> {
    /// The path below the base URL.
    pub(crate) path: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) body: Option<&'a mut BodyReader<'b>>,
    /// Whether a large body waits for "100 Continue".
    pub(crate) expect_continue: bool,
    pub(crate) deadline: Instant,
    pub(crate) cancel: Option<&'a CancelScope>,
}

/// An answer that was read whole.
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
    /// Whether the whole request had been sent before the answer came.
    pub(crate) request_complete: bool,
    /// Whether the service refused the `Expect` header (417) of a body that was not sent.
    pub(crate) expectation_failed: bool,
}

impl HttpClient {
    /// `options` were checked, except for those that are read here.
    pub(crate) fn new(options: ClientBuilder) -> Result<Self> {
        let base_url = BaseUrl::parse(&options.base_url)?;
        let config = ureq_config(&options, &base_url)?;
        let headers = format!(
            "Host: {}\r\nWoTrusToken: {}\r\nUser-Agent: {}\r\nAccept: application/json\r\n\
             Accept-Encoding: identity\r\n",
            base_url.host_header(),
            options.token.expose(),
            options.user_agent
        );
        Ok(Self { options, base_url, config, headers: Secret::new(headers) })
    }

    /// A connection pool for the exchanges of one process.
    pub(crate) fn new_pool(&self) -> ConnectionPool {
        let is_proxied = self.config.proxy().is_some();
        ConnectionPool::new(&self.base_url, self.options.connect_timeout, is_proxied)
    }

    /// Sends a request once, and reads its answer whole, before the deadline.
    pub(crate) fn exchange(
        &self,
        pool: &ConnectionPool,
        exchange: Exchange<'_, '_>,
    ) -> Result<HttpAnswer, ExchangeError> {
        let _deadline = CallDeadline::of_call(exchange.deadline, exchange.cancel);
        let mut status = None;
        self.exchange_within(pool, exchange, &mut status)
            .map_err(|problem| ExchangeError { problem, http_status: status })
    }

    /// `status` is set as soon as the head of an answer is read.
    fn exchange_within(
        &self,
        pool: &ConnectionPool,
        exchange: Exchange<'_, '_>,
        status: &mut Option<u16>,
    ) -> Result<HttpAnswer, Problem> {
        let Exchange { path, request_id, body, expect_continue, .. } = exchange;
        let length = body.as_ref().map(|body| body.length());
        let (method, content) = match length {
            None => ("GET ", String::new()),
            Some(length) => {
                let content = "Content-Type: application/json\r\nContent-Length: ";
                ("POST ", format!("{content}{length}\r\n"))
            }
        };
        let head = [
            method,
            self.base_url.path(),
            path,
            " HTTP/1.1\r\n",
            self.headers.expose(),
            &content,
            "RequestID: ",
            request_id,
            "\r\n",
        ];
        let expect = expect_continue && length > Some(EXPECT_CONTINUE_ABOVE);
        let mut connection = pool.get(&self.config, &self.base_url.uri)?;
        // Before anything is taken from the body: what fails here was not sent.
        check(Instant::now(), Timeout::SendRequest)?;
        let request_complete = connection.send(&head, body, expect)?;
        let head = connection.read_head()?;
        *status = Some(head.status);
        let (limit, mut body) = (self.options.max_answer_size, Vec::new());
        let complete = match head.is_success() {
            true if !request_complete => {
                // The service cannot have processed what it has not received, so this answers
                // something else.
                return Err(Problem::Unusable(message!(
                    "a success came before the request was sent"
                )));
            }
            true => {
                if let Some(problem) = head.unusable {
                    return Err(Problem::Unusable(problem));
                }
                connection.read_body(head.framing, limit, &mut body)?;
                true
            }
            // For a refusal the status is enough: its body may be missing, cut or in any form.
            false => {
                let _timeout = CallDeadline::within(REFUSAL_BODY_TIMEOUT);
                connection.read_body(head.framing, limit, &mut body).is_ok()
            }
        };
        let answer = HttpAnswer {
            status: head.status,
            retry_after: head.retry_after,
            expectation_failed: expect && !request_complete && head.status == 417,
            request_complete,
            body,
        };
        if complete && request_complete && head.keep_alive && connection.is_empty() {
            pool.keep(connection);
        }
        Ok(answer)
    }
}
