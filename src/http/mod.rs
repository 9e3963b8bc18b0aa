//! One HTTP exchange over a kept connection: the only place that knows ureq, whose connectors (TCP,
//! TLS, proxies) open them.

mod cancellation;
mod connect_error;
mod connection;
mod deadline;
mod dns;
mod error;
mod head;
mod pool;
pub(crate) mod retry_after;
mod tcp;
pub(crate) mod url;

pub(crate) use error::TransportError;
pub(crate) use pool::Connections;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use self::deadline::CallEnd;
use self::error::ExchangeError;

use crate::certificate::ca_file;
use crate::error::{Error, Result};
use crate::http::url::BaseUrl;
use crate::options::ClientBuilder;
use crate::request::body::BodyReader;
use crate::secret::Secret;

/// Above this a body waits for the service's "100 Continue": a refusal (401, 413) is read then
/// instead of being lost in a broken upload. Below it the wait would cost more than it saves.
const EXPECT_ABOVE: u64 = 1024 * 1024;

/// So long the body of a refusal is waited for; there may be none, and no way to tell.
const REFUSAL: Duration = Duration::from_secs(5);

/// The settings of every exchange.
pub(crate) struct Transport {
    config: Config,
    token: Secret,
    pub(crate) base_url: BaseUrl,
    uri: Uri,
    /// The path of the base URL, without a slash at its end.
    base_path: String,
    /// The headers that every request has; the token is among them.
    lines: Secret,
    connect_timeout: Duration,
    max_answer_size: u64,
}

/// What one exchange sends.
pub(crate) struct Exchange<'a, 'b> {
    pub(crate) path: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) body: Option<&'a mut BodyReader<'b>>,
    pub(crate) deadline: Instant,
}

/// An answer that was read whole.
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
}

impl Transport {
    pub(crate) fn new(options: &ClientBuilder, base_url: BaseUrl) -> Result<Self> {
        let tls = match &options.ca_file {
            None => TlsConfig::builder().root_certs(RootCerts::WebPki).build(),
            Some(path) => TlsConfig::builder().root_certs(roots(path)?).build(),
        };
        let proxy = options.proxy.as_ref().map(|url| proxy(url.expose())).transpose()?;
        let config = Agent::config_builder()
            // Never from the environment, and never for loopback.
            .proxy(proxy.filter(|_| !base_url.loopback))
            .tls_config(tls)
            // A proxy is told none.
            .user_agent("")
            .input_buffer_size(32 * 1024)
            .output_buffer_size(32 * 1024)
            .build();
        let refuse = || Error::config("base_url", "is no URL that can be called");
        let uri: Uri = base_url.text.parse().map_err(|_| refuse())?;
        let authority = uri.authority().ok_or_else(refuse)?.as_str();
        let default = if base_url.https { ":443" } else { ":80" };
        let host = authority.strip_suffix(default).unwrap_or(authority);
        let (token, user_agent) = (options.token.expose(), &options.user_agent);
        let lines = format!(
            "Host: {host}\r\nWoTrusToken: {token}\r\nUser-Agent: {user_agent}\r\n\
             Accept: application/json\r\n"
        );
        Ok(Self {
            config,
            token: options.token.clone(),
            base_path: uri.path().trim_end_matches('/').to_owned(),
            base_url,
            uri,
            lines: Secret::new(lines),
            connect_timeout: options.connect_timeout,
            max_answer_size: options.max_answer_size,
        })
    }

    pub(crate) fn token(&self) -> &Secret {
        &self.token
    }

    /// A set of connections of its own.
    pub(crate) fn connections(&self) -> Connections {
        Connections::new(self.connect_timeout)
    }

    /// Sends one request, once, and reads its answer whole, within the given time.
    pub(crate) fn exchange(
        &self,
        connections: &Connections,
        exchange: Exchange<'_, '_>,
    ) -> Result<HttpAnswer, TransportError> {
        let _end = CallEnd::at(exchange.deadline);
        let mut status = None;
        self.exchanged(connections, exchange, &mut status)
            .map_err(|trouble| TransportError::new(&self.base_url.text, trouble, status))
    }

    fn exchanged(
        &self,
        connections: &Connections,
        Exchange { path, request_id, body, .. }: Exchange<'_, '_>,
        status: &mut Option<u16>,
    ) -> Result<HttpAnswer, ExchangeError> {
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
            &self.base_path,
            path,
            " HTTP/1.1\r\n",
            self.lines.expose(),
            &content,
            "RequestID: ",
            request_id,
            "\r\n",
        ];
        let mut connection = connections.get(&self.config, &self.uri)?;
        let through = connection.send(&head, body, length > Some(EXPECT_ABOVE))?;
        let head = connection.head()?;
        *status = Some(head.status);
        // Of a refusal the status says enough: its body may be missing, cut or in any form.
        let success = (200..300).contains(&head.status);
        if let Some(why) = head.unusable.filter(|_| success) {
            return Err(ExchangeError::Unusable(why));
        }
        // Nobody can have done what has not arrived: it is the answer to something else.
        if success && !through {
            let why = "a success came before the request was sent".to_owned();
            return Err(ExchangeError::Unusable(why));
        }
        let _end = (!success).then(|| CallEnd::within(REFUSAL));
        let mut answer = Vec::new();
        match connection.body(head.framing, self.max_answer_size, &mut answer) {
            Ok(()) if through && head.keeps && connection.is_empty() => {
                connections.keep(connection);
            }
            Err(why) if success => return Err(why),
            _ => {}
        }
        Ok(HttpAnswer { status: head.status, retry_after: head.retry_after, body: answer })
    }
}

/// The CAs in a PEM file; they replace the built-in ones.
fn roots(path: &std::path::Path) -> Result<RootCerts> {
    let refuse = |problem: &dyn std::fmt::Display| {
        Error::config("ca_file", format!("{}: {problem}", path.display()))
    };
    // Opening a FIFO would block for ever.
    if !std::fs::metadata(path).map_err(|error| refuse(&error))?.is_file() {
        return Err(refuse(&"is not a regular file"));
    }
    let pem = std::fs::read(path).map_err(|error| refuse(&error))?;
    let roots: Vec<_> = ca_file::certificates(&pem)
        .map_err(|problem| refuse(&problem))?
        .iter()
        .map(|der| Certificate::from_der(der).to_owned())
        .collect();
    Ok(RootCerts::Specific(Arc::new(roots)))
}

fn proxy(url: &str) -> Result<ureq::Proxy> {
    const RULE: &str = "is not http://[user:password@]host:port";
    let plain =
        url.len() > 7 && url.is_char_boundary(7) && url[..7].eq_ignore_ascii_case("http://");
    let proxy = Some(url).filter(|_| plain).and_then(|url| ureq::Proxy::new(url).ok());
    proxy.ok_or_else(|| Error::config("proxy", RULE))
}
